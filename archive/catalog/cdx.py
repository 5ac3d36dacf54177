"""The index as CDX servers read it: captures with a record, by (urlkey, WARC-Date, record id)."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Select, or_, select, tuple_

from archive.catalog.darkness import shown_capture
from archive.catalog.schema import capture, url, warc_file
from archive.model import RecordType

__all__ = ["IndexFilter", "IndexRow", "Place", "index_rows"]

#: urlkey, WARC-Date and record id: where a capture stands in the index.
Place = tuple[str, datetime, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class IndexFilter:
    """Which captures are wanted; an unset field does not narrow."""

    uri: str | None = None
    urlkey: str | None = None
    #: urlkeys that begin with one of these.
    prefixes: tuple[str, ...] = ()
    since: datetime | None = None
    #: Exclusive.
    until: datetime | None = None
    #: What is kept dark as well.
    dark: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class IndexRow:
    """One capture whose answer is archived."""

    capture: str
    urlkey: str
    uri: str
    captured_at: datetime
    status: int
    payload_digest: str | None
    record_type: str
    record_id: str
    file: str
    offset: int
    length: int
    #: What a browser made of the answer stands behind it.
    is_rendered: bool = False

    @property
    def place(self) -> Place:
        """Where it stands in the index."""
        return (self.urlkey, self.captured_at, self.record_id)


def index_rows(
    connection: Connection,
    wanted: IndexFilter,
    *,
    after: Place | None = None,
    newest_first: bool = False,
) -> Iterator[IndexRow]:
    """
    Yield captures with an archived answer, in the order of the index, without holding them all.

    Args:
        after: the place of the last row of the part before.
        newest_first: reverse the order.
    """
    order = (url.c.urlkey, capture.c.captured_at, capture.c.record_id)
    query = _narrowed(_rows(), wanted)
    if after is not None:
        place = tuple_(*order)
        query = query.where(place < after if newest_first else place > after)
    query = query.order_by(*[column.desc() for column in order] if newest_first else order)
    for row in connection.execute(query, execution_options={"yield_per": 1000}).mappings():
        yield IndexRow(**row)


def _rows() -> Select[Any]:
    return (
        select(
            capture.c.id.label("capture"),
            url.c.urlkey,
            url.c.uri,
            capture.c.captured_at,
            capture.c.status,
            capture.c.payload_digest,
            capture.c.record_type,
            capture.c.record_id,
            warc_file.c.name.label("file"),
            capture.c.offset,
            capture.c.length,
            capture.c.is_rendered,
        )
        .join(url, url.c.id == capture.c.url_id)
        .join(warc_file, warc_file.c.id == capture.c.file_id)
        .where(
            capture.c.status.is_not(None),
            capture.c.record_type.in_((RecordType.RESPONSE, RecordType.REVISIT)),
        )
    )


def _narrowed(query: Select[Any], wanted: IndexFilter) -> Select[Any]:
    if not wanted.dark:
        query = query.where(shown_capture())
    if wanted.uri is not None:
        query = query.where(url.c.uri == wanted.uri)
    if wanted.urlkey is not None:
        query = query.where(url.c.urlkey == wanted.urlkey)
    if wanted.prefixes:
        # A range, not LIKE: the index on urlkey answers it, and no character of an address is a wildcard.
        query = query.where(
            or_(*[(url.c.urlkey >= one) & (url.c.urlkey < one + "\U0010ffff") for one in wanted.prefixes])
        )
    if wanted.since is not None:
        query = query.where(capture.c.captured_at >= wanted.since)
    if wanted.until is not None:
        query = query.where(capture.c.captured_at < wanted.until)
    return query
