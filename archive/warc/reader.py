"""Reads records back: from the bytes of one member, or streaming through a file of any origin."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from warcio.archiveiterator import ArchiveIterator
from warcio.exceptions import ArchiveLoadFailed
from warcio.recordloader import ArcWarcRecord

from archive.errors import NotAWarcError
from archive.warc.bodies import Decoded, dechunk, decode_entity

__all__ = ["HttpMessage", "ReadRecord", "parse_http", "read_member", "records_in"]


@dataclass(frozen=True, slots=True)
class HttpMessage:
    """An HTTP answer out of a record's block."""

    status: int | None
    #: Names in lower case, values as text, in order.
    headers: tuple[tuple[str, str], ...]
    #: As it stands in the block.
    body: bytes

    def header(self, name: str) -> str:
        """Return the first value of a field, or ""."""
        return next((value for key, value in self.headers if key == name), "")

    def entity(self) -> bytes:
        """Return the body without chunk framing, content coding kept."""
        if "chunked" in self.header("transfer-encoding").lower():
            return dechunk(self.body).data
        return self.body

    def decoded(self) -> Decoded:
        """Return the body without framing and coding."""
        chunked = "chunked" in self.header("transfer-encoding").lower()
        plain = dechunk(self.body) if chunked else Decoded(self.body)
        step = decode_entity(plain.data, self.header("content-encoding"))
        return Decoded(step.data, plain.is_damaged or step.is_damaged, plain.reason or step.reason)


@dataclass(frozen=True, slots=True)
class ReadRecord:
    """One WARC record, whole."""

    type: str
    id: str
    uri: str
    date: datetime
    #: All WARC header fields, names in lower case.
    fields: dict[str, str] = field(repr=False)
    block: bytes = field(repr=False)

    @property
    def payload_digest(self) -> str | None:
        """The labelled payload digest as the record states it."""
        return self.fields.get("warc-payload-digest")

    def http(self) -> HttpMessage:
        """Return the block as an HTTP message."""
        return parse_http(self.block)


def parse_http(block: bytes) -> HttpMessage:
    """Split an HTTP block; never raises: what is no HTTP has no status."""
    head, _, body = block.partition(b"\r\n\r\n")
    first, *lines = head.split(b"\r\n")
    parts = first.split(b" ", 2)
    status = (
        int(parts[1]) if len(parts) > 1 and parts[0].startswith(b"HTTP/") and parts[1].isdigit() else None
    )
    headers = tuple(
        (name.strip().lower().decode("latin-1"), value.strip().decode("latin-1"))
        for name, colon, value in (line.partition(b":") for line in lines)
        if colon
    )
    return HttpMessage(status, headers, body)


def read_member(data: bytes) -> ReadRecord:
    """
    Parse the inflated bytes of one record.

    Raises:
        ValueError: they are no WARC record, or one that ends early.
    """
    head, separator, rest = data.partition(b"\r\n\r\n")
    version, *lines = head.decode("utf-8", "replace").split("\r\n")
    if not separator or not version.startswith("WARC/"):
        message = "not a WARC record"
        raise ValueError(message)
    fields: dict[str, str] = {}
    for line in lines:
        name, _, value = line.partition(":")
        fields.setdefault(name.strip().lower(), value.strip())
    length = int(fields.get("content-length", "-1"))
    if length < 0 or len(rest) < length:
        message = f"the block ends early: {len(rest)} of {length} bytes"
        raise ValueError(message)
    return _record(fields, rest[:length])


def records_in(path: Path) -> Iterator[ReadRecord | NotAWarcError]:
    """
    Yield every record of a WARC file of any origin: plain, gzip by record, or gzip as a whole.

    One record is in memory at a time. Where the file breaks off, the last thing yielded is a `NotAWarcError`
    that says where; what came before it stands.
    """
    with path.open("rb") as file:
        iterator = ArchiveIterator(file, no_record_parse=True, check_digests=False)
        count = 0
        try:
            for record in iterator:
                yield _from_warcio(record)
                count += 1
        except (ArchiveLoadFailed, EOFError, ValueError, OSError) as error:
            place = f"broken after {count} records, near byte {file.tell()}" if count else "is no WARC file"
            yield NotAWarcError(str(path), f"{place} ({_reason(error)})")
            return
    if count == 0:
        yield NotAWarcError(str(path), "holds no records")


def _from_warcio(record: ArcWarcRecord) -> ReadRecord:
    block = record.raw_stream.read()
    length = int(record.rec_headers.get_header("Content-Length") or len(block))
    if len(block) < length:
        message = f"the block of {record.rec_headers.get_header('WARC-Target-URI')} ends early"
        raise EOFError(message)
    fields: dict[str, str] = {}
    for name, value in record.rec_headers.headers:
        fields.setdefault(name.lower(), value)
    return _record(fields, block)


def _record(fields: dict[str, str], block: bytes) -> ReadRecord:
    return ReadRecord(
        type=fields.get("warc-type", ""),
        id=fields.get("warc-record-id", ""),
        uri=fields.get("warc-target-uri", "").strip("<>"),
        date=_date(fields.get("warc-date", "")),
        fields=fields,
        block=block,
    )


def _date(text: str) -> datetime:
    moment = datetime.fromisoformat(text)
    return moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)


def _reason(error: Exception) -> str:
    return (str(error).strip().splitlines() or [type(error).__name__])[0][:160]
