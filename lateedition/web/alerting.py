"""The pages of alerts: rules with what they matched, channels, and every delivery with how it went."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Annotated
from urllib.parse import urlencode

from fastapi import APIRouter, Query, Request
from starlette.responses import Response

from alerts.desk import Desk
from alerts.rulefile import write_rules
from archive.catalog.columns import to_micros
from archive.catalog.deliveries import DeliveryFilter, DeliveryState
from archive.errors import DarkArticleError, UnknownEventError
from archive.model import Event
from archive.reading import Archive
from lateedition.web.api import archive_of
from lateedition.web.cards import days_of
from lateedition.web.queries import moment_from, read_cursor, write_cursor
from lateedition.web.rendering import render

__all__ = ["router"]

router = APIRouter(include_in_schema=False)

#: Deliveries of one page.
PAGE = 50
#: Events of one rule that are shown.
SHOWN = 30

#: How a state looks: style of its badge, sign, words.
STATES: dict[DeliveryState, tuple[str, str, str]] = {
    DeliveryState.PENDING: ("quiet", "…", "Waits"),
    DeliveryState.RETRYING: ("partial", "↻", "Tried, comes again"),
    DeliveryState.SENT: ("disclosed", "✓", "Sent"),
    DeliveryState.DEAD: ("silent", "!", "Given up"),
    DeliveryState.HELD: ("quiet", "‖", "Held"),
}


@router.api_route("/alerts", methods=["GET", "HEAD"])
def alerts(
    request: Request,
    state: Annotated[list[DeliveryState] | None, Query()] = None,
    rule: Annotated[list[str] | None, Query()] = None,
    channel: Annotated[list[str] | None, Query()] = None,
    cursor: str | None = None,
) -> Response:
    """Rules, channels, mutes, and deliveries, newest first."""
    desk = _desk(request)
    wanted = DeliveryFilter(rules=tuple(rule or ()), channels=tuple(channel or ()), states=tuple(state or ()))
    found = desk.deliveries(wanted, limit=PAGE + 1, after=_place(cursor))
    last = found[PAGE - 1].row if len(found) > PAGE else None
    narrowing = {"state": [str(one) for one in state or ()], "rule": rule or [], "channel": channel or []}
    return render(
        request,
        "alerts.html",
        rules=desk.rules(),
        channels=desk.channels(),
        mutes=desk.mutes(),
        deliveries=found[:PAGE],
        states=STATES,
        narrowing=narrowing,
        older=_address(narrowing, cursor=write_cursor(to_micros(last.created_at), last.id)) if last else None,
    )


@router.api_route("/rule", methods=["GET", "HEAD"])
def rule(request: Request, name: str = "") -> Response:
    """One rule: what it says, what it matched, and what became of that."""
    desk, archive = _desk(request), archive_of(request)
    state = desk.rule(name)
    events = [one for known in desk.matched(name, limit=SHOWN) if (one := _event(archive, known)) is not None]
    events.sort(key=lambda one: one.first_seen_at, reverse=True)
    return render(
        request,
        "rule.html",
        state=state,
        text=write_rules([state.rule]),
        days=days_of(archive, events),
        shown=SHOWN,
        deliveries=desk.deliveries(DeliveryFilter(rules=(name,)), limit=SHOWN),
        states=STATES,
    )


def _desk(request: Request) -> Desk:
    desk: Desk = request.app.state.desk
    return desk


def _place(cursor: str | None) -> tuple[datetime, str] | None:
    """Return where a page of deliveries begins; BadRequestError when the cursor is none of ours."""
    if cursor is None:
        return None
    micros, delivery = read_cursor(cursor, int, str)
    return moment_from(micros), delivery


def _address(narrowing: Mapping[str, Sequence[str]], **more: str) -> str:
    return f"/alerts?{urlencode({**narrowing, **more}, doseq=True)}"


def _event(archive: Archive, event: str) -> Event | None:
    """Return an event; None where it was superseded since, or is kept dark."""
    try:
        return archive.event(event)
    except (UnknownEventError, DarkArticleError):
        return None
