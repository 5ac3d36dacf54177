"""
Edits as they are confirmed, by server-sent events: a page or a script keeps one connection open and is told.

The ledger is asked again and again; nothing is kept between connections. Captures are not committed in the order of
their times, so each look reaches back a little, and a reader that comes back may be told of an edit twice: same id.
"""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Annotated

from fastapi import APIRouter, Depends, Header, Request
from fastapi.sse import EventSourceResponse, ServerSentEvent
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException

from archive.catalog.columns import from_micros, to_micros
from archive.model import Event
from archive.reading import Archive, EditQuery
from archive.reading.lines import event_line
from lateedition.web.api import archive_of
from lateedition.web.queries import Filters, edit_query, read_cursor, write_cursor

__all__ = ["router"]

router = APIRouter(prefix="/feeds", include_in_schema=False)

#: Seconds between two looks.
PAUSE = 1.0
#: How long after its time a capture may be committed and still be told of.
OVERLAP = timedelta(minutes=2)
#: Connections that are kept open at once.
MOST = 64


async def _a_place(request: Request) -> AsyncIterator[None]:
    """Count the connection, unless there are too many."""
    state = request.app.state
    if getattr(state, "streams", 0) >= MOST:
        raise HTTPException(503, f"{MOST} readers are connected already", {"Retry-After": "30"})
    state.streams = getattr(state, "streams", 0) + 1
    try:
        yield
    finally:
        state.streams -= 1


@dataclass(slots=True)
class Following:
    """How far a reader was told."""

    archive: Archive
    wanted: EditQuery
    #: Nothing that was confirmed well before this is told.
    since: datetime
    #: What was told, or is older than the connection, with when it was confirmed.
    told: dict[str, datetime]

    def look(self) -> list[Event]:
        """Return what is new, and count it as told."""
        confirmed = self.archive.edits_confirmed_since(self.since - OVERLAP, self.wanted)
        found = [one for one in confirmed if one.id not in self.told]
        self.told |= {one.id: _confirmed(one) for one in found}
        self.since = max([self.since, *self.told.values()])
        self.told = {name: at for name, at in self.told.items() if at >= self.since - OVERLAP}
        return found


def _following(request: Request, filters: Filters, last_event_id: Annotated[str, Header()] = "") -> Following:
    """Begin now, or where the reader was told last; what is wrong with the question is said before anything is sent."""
    archive = archive_of(request)
    if last_event_id:
        micros, last = read_cursor(last_event_id, int, str)
        since = from_micros(micros)
        return Following(archive, edit_query(filters), since, {last: since})
    begun = Following(archive, edit_query(filters), archive.now, {})
    begun.look()
    return begun


@router.get("/edits.events", response_class=EventSourceResponse, dependencies=[Depends(_a_place)])
async def stream(
    request: Request, following: Annotated[Following, Depends(_following)]
) -> AsyncIterator[ServerSentEvent]:
    """Tell of edits as they are confirmed, from now on or from the last one that the reader was told of."""
    yield ServerSentEvent(comment="edits are told here", retry=5000)
    while not request.app.state.is_ending():
        for event in await run_in_threadpool(following.look):
            place = write_cursor(to_micros(_confirmed(event)), event.id)
            yield ServerSentEvent(event="edit", id=place, data=event_line(event))
        await asyncio.sleep(PAUSE)


def _confirmed(event: Event) -> datetime:
    return event.confirmed_at or event.first_seen_at
