"""What is sent: the events with their links, and the webhook's body and signature."""

import base64
import binascii
import hashlib
import hmac
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import quote

from sqlalchemy import Connection

from archive.catalog import captures, ledger, outlets
from archive.model import Event, Track
from archive.reading.lines import event_line, iso

__all__ = ["Links", "Message", "Told", "load_message", "signature", "webhook_body"]

#: What a memento's address may hold as it stands.
UNTOUCHED = "/:?&=%+,;@!$'()*~[]#"


@dataclass(frozen=True, slots=True, kw_only=True)
class Links:
    """Where to look."""

    article: str
    diff: str
    #: The captures between which it happened.
    before: str
    after: str
    #: A picture of the headline before and after, where that changed.
    picture: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """One event as it is told."""

    event: Event
    links: Links
    #: From publication to the event, where the page names a date.
    age: timedelta | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """One delivery's content; the same on every try."""

    delivery: str
    rule: str
    #: When its first event was put on its way.
    at: datetime
    events: tuple[Told, ...]
    #: Where the page is reached.
    base_url: str
    is_late: bool = False
    #: Title and text of a message without events.
    notice: tuple[str, str] | None = None


def load_message(connection: Connection, events: Sequence[str], *, base_url: str, **fields: Any) -> Message:
    """Return a delivery's content from the ledger; events that hold no more are left out."""
    told = []
    for one in events:
        event = ledger.event_by_id(connection, one)
        if event is not None:
            links, age = _links(connection, event, base_url), _age(connection, event)
            told.append(Told(event=event, links=links, age=age))
    return Message(events=tuple(told), base_url=base_url, **fields)


def _age(connection: Connection, event: Event) -> timedelta | None:
    try:
        moment = datetime.fromisoformat(outlets.published_at_of(connection, event.id) or "")
    except ValueError:
        return None
    age = event.first_seen_at - (moment if moment.tzinfo else moment.replace(tzinfo=UTC))
    return age if age > timedelta(0) else None


def _links(connection: Connection, event: Event, base_url: str) -> Links:
    page = f"{base_url}/article?url={quote(event.article, safe='')}"
    first, last = event.from_version or 1, event.to_version or event.from_version or 1
    return Links(
        article=page,
        diff=f"{page}&from={first}&to={last}&event={event.id}",
        before=_memento(connection, event.from_capture, base_url) or f"{page}&from={first}&to={first}",
        after=_memento(connection, event.to_capture, base_url) or f"{page}&from={last}&to={last}",
        picture=f"{base_url}/picture/{event.id}.svg" if Track.HEADLINE in event.tracks else None,
    )


def _memento(connection: Connection, capture_id: str | None, base_url: str) -> str | None:
    found = captures.capture_by_id(connection, capture_id) if capture_id else None
    if found is None:
        return None
    moment = found.captured_at.astimezone(UTC)
    return f"{base_url}/web/{moment:%Y%m%d%H%M%S}/{quote(found.requested_uri, safe=UNTOUCHED)}"


def webhook_body(message: Message) -> bytes:
    """Return the body of a webhook."""
    data: dict[str, Any] = {
        "rule": message.rule,
        "events": [
            event_line(one.event)
            | {
                "links": {
                    "article": one.links.article,
                    "diff": one.links.diff,
                    "before": one.links.before,
                    "after": one.links.after,
                }
                | ({"picture": one.links.picture} if one.links.picture else {})
            }
            for one in message.events
        ],
    }
    if message.is_late:
        data["late"] = True
    if message.notice is not None:
        data["notice"] = {"title": message.notice[0], "text": message.notice[1]}
    kind = "edits" if message.notice is None else "notice"
    body = {"type": kind, "timestamp": iso(message.at), "data": data}
    return json.dumps(body, ensure_ascii=False, separators=(",", ":")).encode()


def signature(secrets: Sequence[str], delivery: str, timestamp: int, body: bytes) -> str:
    """
    Return the `webhook-signature` of Standard Webhooks, version 1: one for each secret, so that they can be rotated.

    Args:
        secrets: each `whsec_` and base64.
        delivery: the `webhook-id`.
        timestamp: the `webhook-timestamp`.
        body: what is posted.

    Raises:
        ValueError: a secret is not of that form; the message does not repeat it.
    """
    signed = f"{delivery}.{timestamp}.".encode() + body
    return " ".join(
        "v1," + base64.b64encode(hmac.new(_key(one), signed, hashlib.sha256).digest()).decode()
        for one in secrets
    )


def _key(secret: str) -> bytes:
    try:
        key = base64.b64decode(secret.removeprefix("whsec_"), validate=True)
    except binascii.Error as error:
        message = "the secret is not `whsec_` followed by base64"
        raise ValueError(message) from error
    if not key:
        message = "the secret is empty"
        raise ValueError(message)
    return key
