"""Queries on full answers: what an address has shown before, and which revisits stand for it."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Select, and_, bindparam, or_, select, update

from archive.catalog.schema import capture, url
from archive.model import PageKind, RecordType

__all__ = [
    "PayloadRow",
    "latest_payload",
    "payload_of",
    "payload_of_capture",
    "resolve_revisits",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class PayloadRow:
    """What an earlier capture of an address found: enough to write a revisit record and skip the parse."""

    capture: str
    record_id: str
    captured_at: datetime
    payload_digest: str
    page_kind: PageKind | None
    content: str | None
    is_damaged: bool
    rendition: str
    #: What it showed is what a browser made of it.
    is_rendered: bool
    #: What it asks of archives, and whether it is kept dark for that.
    rights: tuple[str, ...]
    is_dark: bool
    #: REQUEST_ONLY when the body itself was not kept.
    record_type: RecordType


# Asked for every capture, and therefore built once: a statement that is made anew costs five times as much.
_FULL = (
    select(
        capture.c.id,
        capture.c.record_id,
        capture.c.captured_at,
        capture.c.payload_digest,
        capture.c.page_kind,
        capture.c.content,
        capture.c.is_damaged,
        capture.c.rendition,
        capture.c.is_rendered,
        capture.c.rights,
        capture.c.is_dark,
        capture.c.record_type,
    )
    .where(capture.c.status == 200, capture.c.record_type != RecordType.REVISIT)
    .order_by(capture.c.captured_at.desc())
    .limit(1)
)
_BEFORE = _FULL.where(capture.c.url_id == bindparam("url"), capture.c.captured_at <= bindparam("moment"))
_OF_DIGEST = _FULL.where(
    capture.c.url_id == bindparam("url"), capture.c.payload_digest == bindparam("digest")
)
_OF_CAPTURE = _FULL.where(capture.c.id == bindparam("capture"))


def latest_payload(connection: Connection, url_id: int, before: datetime) -> PayloadRow | None:
    """Return the last full answer of an address before a moment: what a 304 confirms."""
    return _payload(connection, _BEFORE, {"url": url_id, "moment": before})


def payload_of(connection: Connection, url_id: int, digest: str) -> PayloadRow | None:
    """Return the last full answer of an address with this payload."""
    return _payload(connection, _OF_DIGEST, {"url": url_id, "digest": digest})


def payload_of_capture(connection: Connection, capture_id: str) -> PayloadRow | None:
    """Return a capture as a full answer, or None when it is none."""
    return _payload(connection, _OF_CAPTURE, {"capture": capture_id})


def _payload(
    connection: Connection, query: Select[tuple[Any, ...]], values: dict[str, object]
) -> PayloadRow | None:
    row = connection.execute(query, values).mappings().first()
    if row is None or row["payload_digest"] is None:
        return None
    return PayloadRow(
        capture=row["id"],
        record_id=row["record_id"],
        captured_at=row["captured_at"],
        payload_digest=row["payload_digest"],
        page_kind=PageKind(row["page_kind"]) if row["page_kind"] else None,
        content=row["content"],
        is_damaged=row["is_damaged"],
        rendition=row["rendition"],
        is_rendered=row["is_rendered"],
        rights=tuple(row["rights"].split(",")) if row["rights"] else (),
        is_dark=row["is_dark"],
        record_type=RecordType(row["record_type"]),
    )


_WAITING = (
    select(capture.c.id, capture.c.article_id, url.c.article_id)
    .join(url, url.c.id == capture.c.url_id)
    .where(
        capture.c.url_id == bindparam("url"),
        capture.c.captured_at >= bindparam("moment"),
        capture.c.record_type == RecordType.REVISIT,
        capture.c.page_kind.is_(None),
        capture.c.content.is_(None),
        or_(
            capture.c.refers_to == bindparam("capture"),
            capture.c.payload_digest == bindparam("digest"),
            and_(capture.c.refers_to.is_(None), capture.c.status == 304),
        ),
    )
)


def resolve_revisits(connection: Connection, url_id: int, capture_id: str) -> set[int]:
    """
    Let revisits of an address that waited for a full answer show what it shows.

    Returns the articles whose history is to be worked out anew.
    """
    shown = payload_of_capture(connection, capture_id)
    if shown is None:
        return set()
    values = {
        "url": url_id,
        "moment": shown.captured_at,
        "capture": capture_id,
        "digest": shown.payload_digest,
    }
    waiting = connection.execute(_WAITING, values).all()
    for found, bound, owner in waiting:
        connection.execute(
            update(capture)
            .where(capture.c.id == found)
            .values(
                article_id=bound if bound is not None else owner,
                page_kind=shown.page_kind,
                content=shown.content,
                is_damaged=shown.is_damaged,
                rendition=shown.rendition,
                payload_digest=shown.payload_digest,
            )
        )
    return {owner if bound is None else bound for _, bound, owner in waiting} - {None}
