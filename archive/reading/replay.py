"""Reads archived answers back: which mementos an address has, and what was answered then."""

import zlib
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime

from archive import urls
from archive.catalog import captures, cdx
from archive.catalog.cdx import IndexFilter, IndexRow
from archive.digests import capture_id
from archive.errors import BlobStoreError, RecordDamagedError
from archive.model import RecordType
from archive.opening import Stores
from archive.warc.beside import rendering_beside
from archive.warc.reader import HttpMessage, ReadRecord, parse_http, read_member

__all__ = ["ArchivedAnswer", "answer_of", "head_of", "index", "mementos_of"]

#: Compressed bytes that hold the heads of nearly every record.
HEAD = 8192


@dataclass(frozen=True, slots=True)
class ArchivedAnswer:
    """What was answered to a request, as archived."""

    status: int
    #: Names in lower case, in the order in which they were sent.
    headers: tuple[tuple[str, str], ...]
    #: Head and body that belong together: of the record itself, or of the one that a revisit stands for.
    message: HttpMessage
    #: The document that a browser made of it, as UTF-8; None where the answer says it all.
    rendering: bytes | None = None

    def header(self, name: str) -> str:
        """Return the first value of a field, or ""."""
        return next((value for key, value in self.headers if key == name), "")


def mementos_of(stores: Stores, uri: str, *, dark: bool = True) -> list[IndexRow]:
    """
    Return the captures of an address that have an archived answer, oldest first.

    The address as it stands comes first; one that was never captured stands for those with its urlkey, which
    differ from it in scheme, `www.`, or the order of the query only.

    Args:
        dark: those that are kept dark as well.
    """
    with stores.catalogue.reading() as connection:
        found = list(cdx.index_rows(connection, IndexFilter(uri=uri, dark=dark)))
        if found:
            return found
        try:
            key = urls.urlkey(uri)
        except ValueError:
            return []
        return list(cdx.index_rows(connection, IndexFilter(urlkey=key, dark=dark)))


def index(
    stores: Stores, wanted: IndexFilter, *, after: cdx.Place | None = None, newest_first: bool = False
) -> Iterator[IndexRow]:
    """Yield rows of the index in its order."""
    with stores.catalogue.reading() as connection:
        yield from cdx.index_rows(connection, wanted, after=after, newest_first=newest_first)


def answer_of(stores: Stores, row: IndexRow) -> ArchivedAnswer | None:
    """
    Return what a capture archived; a revisit's body is that of the record it refers to.

    None when that record is not in the archive.

    Raises:
        RecordDamagedError: the record cannot be read.
    """
    answer = _answer_of(stores, row)
    if answer is None or not row.is_rendered:
        return answer
    rendering = rendering_beside(stores.blobs, row.file, row.offset, row.length, row.record_id)
    return replace(answer, rendering=rendering)


def _answer_of(stores: Stores, row: IndexRow) -> ArchivedAnswer | None:
    record = _record(stores, row)
    own = record.http()
    if row.record_type != RecordType.REVISIT:
        return ArchivedAnswer(row.status, own.headers, own)
    original = _original(stores, row, record)
    if original is None:
        return None
    message = _record(stores, original).http()
    if row.status == 304:
        return ArchivedAnswer(original.status, message.headers, message)
    return ArchivedAnswer(row.status, own.headers or message.headers, message)


def head_of(stores: Stores, row: IndexRow) -> HttpMessage:
    """Return status line and headers of a capture's own record; the body may be cut off."""
    try:
        data = stores.blobs.read(row.file, row.offset, min(row.length, HEAD))
        plain = zlib.decompressobj(31).decompress(data, 1 << 20)
    except (BlobStoreError, zlib.error) as error:
        raise RecordDamagedError(row.file, row.offset, str(error)) from error
    return parse_http(plain.partition(b"\r\n\r\n")[2])


def _record(stores: Stores, row: IndexRow) -> ReadRecord:
    try:
        data = stores.blobs.read(row.file, row.offset, row.length)
        return read_member(zlib.decompress(data, 31))
    except (BlobStoreError, zlib.error, ValueError) as error:
        raise RecordDamagedError(row.file, row.offset, str(error)) from error


def _original(stores: Stores, row: IndexRow, record: ReadRecord) -> IndexRow | None:
    """Find the response that a revisit stands for: by record id, by address and date, by payload."""
    fields = record.fields
    uri = fields.get("warc-refers-to-target-uri", "").strip("<>") or row.uri
    with stores.catalogue.reading() as connection:
        if named := fields.get("warc-refers-to"):
            capture = captures.capture_by_id(connection, capture_id(named))
            uri = capture.requested_uri if capture else uri
        rows = [
            one
            for one in cdx.index_rows(connection, IndexFilter(uri=uri))
            if one.record_type == RecordType.RESPONSE
        ]
    tests = (
        lambda one: bool(named) and one.record_id == named,
        lambda one: _same_second(one.captured_at, fields.get("warc-refers-to-date", "")),
        lambda one: one.payload_digest is not None and one.payload_digest == row.payload_digest,
        lambda one: row.status == 304 and one.status == 200 and one.captured_at <= row.captured_at,
    )
    for test in tests:
        if found := [one for one in rows if test(one)]:
            return found[-1]
    return None


def _same_second(moment: datetime, stated: str) -> bool:
    try:
        other = datetime.fromisoformat(stated)
    except ValueError:
        return False
    other = other if other.tzinfo else other.replace(tzinfo=moment.tzinfo)
    return moment.replace(microsecond=0) == other.replace(microsecond=0)
