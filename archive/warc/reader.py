"""Reads records back: one range read, one gzip member, one record."""

import re
import zlib
from dataclasses import dataclass, field
from datetime import UTC, datetime

import deflate

from archive.blobs.store import BlobStore
from archive.errors import RecordDamagedError
from archive.warc.bodies import Decoded, dechunk, decode_entity

__all__ = ["HttpMessage", "ReadRecord", "parse_head", "parse_http", "read_member", "read_record", "record_of"]

#: Inflated size up to which a member's trailer is believed and inflated at once.
AT_ONCE = 256 << 20
#: The empty line that ends a head; old writers forgot the carriage returns.
END_OF_HEAD = re.compile(rb"\r?\n\r?\n")
#: What a shortened WARC-Date leaves out (WARC 1.1 §5.4).
FIRST_INSTANT = "0001-01-01T00:00:00"


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

    @property
    def is_rendering(self) -> bool:
        """Tell whether the record holds what a browser made of the answer that it refers to."""
        return self.type == "conversion" and self.fields.get("content-type", "").startswith("text/html")

    def http(self) -> HttpMessage:
        """Return the block as an HTTP message."""
        return parse_http(self.block)


def parse_http(block: bytes) -> HttpMessage:
    """Split an HTTP block; never raises: what is no HTTP has no status."""
    end = END_OF_HEAD.search(block)
    head, body = (block[: end.start()], block[end.end() :]) if end else (block, b"")
    first, *lines = head.split(b"\n")
    parts = first.strip().split(b" ", 2)
    status = (
        int(parts[1])
        if len(parts) > 1 and parts[0].startswith(b"HTTP/") and parts[1].isdigit() and len(parts[1]) == 3
        else None
    )
    headers = tuple(
        (name.strip().lower().decode("latin-1"), value.strip().decode("latin-1"))
        for name, colon, value in (line.partition(b":") for line in lines)
        if colon
    )
    return HttpMessage(status, headers, body)


def read_record(blobs: BlobStore, file: str, offset: int, length: int) -> ReadRecord:
    """
    Read one record with one range read.

    Raises:
        RecordDamagedError: the bytes there are no whole record.
        BlobStoreError: the file cannot be read, or ends before.
    """
    data = blobs.read(file, offset, length)
    try:
        return read_member(_inflated(data))
    except (ValueError, zlib.error, deflate.DeflateError) as error:
        raise RecordDamagedError(file, offset, str(error)) from error


def _inflated(member: bytes) -> bytes:
    # RFC 1952 §2.3.1: the trailer says what a member inflates to, so that libdeflate can do it at once.
    size = int.from_bytes(member[-4:], "little")
    if len(member) < 18 or size > AT_ONCE:
        return zlib.decompress(member, 31)
    return bytes(deflate.gzip_decompress(member, max(size, 1)))


def read_member(data: bytes) -> ReadRecord:
    """
    Parse the inflated bytes of one record.

    Raises:
        ValueError: they are no WARC record, or one that ends early.
    """
    end = END_OF_HEAD.search(data)
    if end is None or not data.startswith(b"WARC/"):
        message = "not a WARC record"
        raise ValueError(message)
    fields = parse_head(data[: end.start()])
    length = int(fields.get("content-length", "-1"))
    if length < 0 or len(data) - end.end() < length:
        message = f"the block ends early: {len(data) - end.end()} of {length} bytes"
        raise ValueError(message)
    return record_of(fields, data[end.end() : end.end() + length])


def parse_head(head: bytes) -> dict[str, str]:
    """Return a WARC head's fields, names in lower case; of repeated ones the first, folded lines joined."""
    fields: dict[str, str] = {}
    last = ""
    for line in head.decode("utf-8", "replace").split("\n")[1:]:
        if line[:1] in (" ", "\t") and last:
            fields[last] += " " + line.strip()
            continue
        name, _, value = line.partition(":")
        last = name.strip().lower()
        fields.setdefault(last, value.strip())
    return fields


def record_of(fields: dict[str, str], block: bytes) -> ReadRecord:
    """Return a record from its fields and block; ValueError when its date is none."""
    return ReadRecord(
        type=fields.get("warc-type", ""),
        id=fields.get("warc-record-id", ""),
        uri=fields.get("warc-target-uri", "").strip("<>"),
        date=_date(fields.get("warc-date", "")),
        fields=fields,
        block=block,
    )


def _date(text: str) -> datetime:
    if 4 <= len(text) < 10:
        text += FIRST_INSTANT[len(text) :]
    moment = datetime.fromisoformat(text)
    return moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)
