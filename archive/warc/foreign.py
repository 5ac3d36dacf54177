"""
Reads WARC, ARC and WACZ files of any origin: plain, gzip by record, or gzip as a whole.

Files are read from front to back with one record in memory at a time. A damaged record is told with its place,
and reading goes on behind it.
"""

import gzip
import re
import struct
import uuid
import zipfile
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import IO, cast

from warcio.archiveiterator import ArchiveIterator
from warcio.exceptions import ArchiveLoadFailed

from archive.digests import sha256_hex
from archive.errors import ArchiveError, NotAWarcError, RecordDamagedError
from archive.warc.members import GZIP, find_member, inflated_head
from archive.warc.reader import END_OF_HEAD, ReadRecord, parse_head, record_of

__all__ = ["records_in"]

#: Bytes read, and inflated, at a time.
PIECE, INFLATED = 1 << 16, 1 << 20
#: The longest head, and the largest block that is taken: a page is never that long.
HEAD, LARGEST = 1 << 20, 64 << 20
#: Bytes of a damaged member that are searched for the beginning of the next one.
SEARCHED = 8 << 20

ZIP, ARC = b"PK\x03\x04", b"filedesc://"
NEXT_RECORD = re.compile(rb"(?<=\n)WARC/[01]\.")
IN_WACZ = re.compile(r"^archive/.+\.w?arc(\.gz)?$")

#: What the standard library raises over a damaged zip file.
BROKEN_ZIP = (
    zipfile.BadZipFile, zlib.error, OSError, EOFError, ValueError, NotImplementedError, RuntimeError, struct.error,
)  # fmt: skip

Moved = Callable[[int], None]


def records_in(path: Path, *, moved: Moved = lambda _at: None) -> Iterator[ReadRecord | ArchiveError]:
    """
    Yield every record of a file; in its place, what is wrong with one that cannot be read.

    Args:
        path: a WARC, ARC or WACZ file.
        moved: told how many bytes of it were read.

    Raises:
        OSError: the file cannot be opened or read.
    """
    count = 0
    troubles: list[RecordDamagedError] = []
    for found in _records(path, moved):
        if isinstance(found, ReadRecord):
            count += 1
            yield from troubles
            troubles = []
            yield found
        elif count:
            yield found
        else:
            troubles.append(found)
    if count == 0:
        reason = f"is no WARC file ({troubles[0].reason})" if troubles else "holds no records"
        yield NotAWarcError(str(path), reason)


def _records(path: Path, moved: Moved) -> Iterator[ReadRecord | RecordDamagedError]:
    with path.open("rb") as file:
        if file.read(4) != ZIP:
            file.seek(0)
            yield from _in_stream(str(path), file, moved)
            return
        try:
            with zipfile.ZipFile(file) as wacz:
                for entry in sorted(wacz.infolist(), key=lambda entry: entry.header_offset):
                    if IN_WACZ.match(entry.filename):
                        with wacz.open(entry) as stream:
                            yield from _in_stream(
                                f"{path}!{entry.filename}", stream, _behind(moved, entry.header_offset)
                            )
        except BROKEN_ZIP as error:
            yield RecordDamagedError(str(path), file.tell(), f"damaged WACZ: {error}")


def _behind(moved: Moved, start: int) -> Moved:
    return lambda at: moved(start + at)


def _in_stream(name: str, stream: IO[bytes], moved: Moved) -> Iterator[ReadRecord | RecordDamagedError]:
    first = stream.read(PIECE)
    zipped = first.startswith(GZIP)
    begins = inflated_head(first) if zipped else first
    if begins.startswith(ARC):
        stream.seek(0)
        yield from _in_arc(name, cast("IO[bytes]", gzip.GzipFile(fileobj=stream)) if zipped else stream)
        return
    reader = _Gzip(name, stream, first, moved) if zipped else _Plain(name, stream, first, moved)
    yield from reader.records()


class _Parser:
    """Takes bytes as they come, gives records as they are whole."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._bytes = bytearray()
        self._fields: dict[str, str] | None = None
        self._left = 0
        #: Where the record that is being read begins.
        self.offset = 0

    @property
    def is_between(self) -> bool:
        """No record is half read."""
        return self._fields is None and self._left == 0 and not self._bytes.strip(b"\r\n")

    def reset(self, offset: int) -> None:
        """Forget what is half read; the next bytes come from an offset."""
        self._bytes.clear()
        self._fields, self._left, self.offset = None, 0, offset

    def trouble(self, reason: str) -> RecordDamagedError:
        """Say what is wrong with the record that is being read."""
        return RecordDamagedError(self._name, self.offset, reason)

    def feed(self, data: bytes) -> Iterator[ReadRecord | RecordDamagedError]:
        """Take bytes; give what is whole."""
        self._bytes += data
        found: bool | ReadRecord | RecordDamagedError | None
        while True:
            if self._fields is None and self._left == 0:
                found = self._head()
            elif self._fields is None:
                found = self._skip()
            else:
                found = self._block()
            if found is None:
                return
            if not isinstance(found, bool):
                yield found

    def _drop(self, count: int) -> None:
        del self._bytes[:count]
        self.offset += count

    def _head(self) -> bool | RecordDamagedError | None:
        blank = len(self._bytes) - len(self._bytes.lstrip(b"\r\n"))
        self._drop(blank)
        if len(self._bytes) < 5:
            return None
        if not self._bytes.startswith(b"WARC/"):
            return self._lost("no record begins here")
        end = END_OF_HEAD.search(self._bytes, 0, HEAD)
        if end is None:
            return self._lost("the record's head does not end") if len(self._bytes) >= HEAD else None
        fields = parse_head(bytes(self._bytes[: end.start()]))
        length = fields.get("content-length", "")
        if not length.isdigit():
            trouble = self.trouble("the record does not say how long it is")
            self._drop(end.end())
            return trouble
        if int(length) > LARGEST:
            trouble = self.trouble(
                f"the record is {int(length) >> 20} MB long; over {LARGEST >> 20} MB none is taken"
            )
            self._drop(end.end())
            self._left = int(length)
            return trouble
        del self._bytes[: end.end()]
        self._fields, self._left, self._consumed = fields, int(length), end.end()
        return True

    def _lost(self, reason: str) -> RecordDamagedError | None:
        """Go on at the next line that begins like a record."""
        trouble = self.trouble(reason)
        found = NEXT_RECORD.search(self._bytes, 1)
        if found:
            self._drop(found.start())
            return trouble
        if len(self._bytes) < HEAD:
            return None
        self._drop(len(self._bytes) - 16)
        return trouble

    def _skip(self) -> bool | None:
        count = min(self._left, len(self._bytes))
        self._drop(count)
        self._left -= count
        return True if self._left == 0 else None

    def _block(self) -> ReadRecord | RecordDamagedError | None:
        if len(self._bytes) < self._left:
            return None
        assert self._fields is not None  # noqa: S101 - the caller has looked
        block = bytes(self._bytes[: self._left])
        try:
            return _with_id(record_of(self._fields, block))
        except ValueError:
            return self.trouble(f"WARC-Date {self._fields.get('warc-date', '')!r} is no date")
        finally:
            del self._bytes[: self._left]
            self.offset += self._consumed + self._left
            self._fields, self._left = None, 0


class _Plain:
    """A file of records without compression."""

    def __init__(self, name: str, stream: IO[bytes], first: bytes, moved: Moved) -> None:
        self._stream, self._first, self._moved = stream, first, moved
        self._parser = _Parser(name)

    def records(self) -> Iterator[ReadRecord | RecordDamagedError]:
        """Yield the records."""
        piece, at = self._first, 0
        while piece:
            yield from self._parser.feed(piece)
            at += len(piece)
            self._moved(at)
            piece = self._stream.read(PIECE)
        if not self._parser.is_between:
            yield self._parser.trouble("the file ends within a record")


class _Gzip:
    """A file of gzip members, one a record or not."""

    def __init__(self, name: str, stream: IO[bytes], first: bytes, moved: Moved) -> None:
        self._stream, self._rest, self._moved = stream, first, moved
        self._parser = _Parser(name)
        #: Offset of `_rest` in the file.
        self._at = 0
        #: So far every member ended where a record ended.
        self._aligned = False

    def records(self) -> Iterator[ReadRecord | RecordDamagedError]:
        """Yield the records."""
        members = 0
        while self._more():
            start = self._at
            if self._parser.is_between:
                self._parser.reset(start)
            seen = bytearray()
            try:
                yield from self._member(seen)
            except (zlib.error, EOFError) as error:
                self._parser.reset(start)
                yield self._parser.trouble(f"the record is damaged: {error}")
                self._find_next(start, seen)
                continue
            between = self._parser.is_between
            if self._aligned and not between:
                yield self._parser.trouble("the record's block ends early")
                self._parser.reset(self._at)
            self._aligned = between and (self._aligned or members == 0)
            members += 1
        if not self._parser.is_between:
            yield self._parser.trouble("the file ends within a record")

    def _more(self) -> bool:
        """Have bytes at hand, zero padding dropped; False at the end."""
        while True:
            if not self._rest:
                self._rest = self._stream.read(PIECE)
                if not self._rest:
                    return False
            stripped = self._rest.lstrip(b"\0")
            self._at += len(self._rest) - len(stripped)
            self._rest = stripped
            if stripped:
                return True

    def _member(self, seen: bytearray) -> Iterator[ReadRecord | RecordDamagedError]:
        inflate = zlib.decompressobj(31)
        while not inflate.eof:
            piece = self._rest or self._stream.read(PIECE)
            self._rest = b""
            if not piece:
                message = "the file ends within it"
                raise EOFError(message)
            if len(seen) < SEARCHED:
                seen += piece
            self._at += len(piece)
            self._moved(self._at)
            while piece and not inflate.eof:
                data = inflate.decompress(piece, INFLATED)
                piece = inflate.unconsumed_tail
                yield from self._parser.feed(data)
        self._rest = inflate.unused_data
        self._at -= len(self._rest)

    def _find_next(self, start: int, seen: bytearray) -> None:
        """Go on at the next member that begins like a record."""
        # Of a member that was too long to keep, only what lies behind what was read of it is searched.
        window, begin = (bytes(seen), start) if self._at == start + len(seen) else (b"", self._at)
        skipped, self._rest = find_member(window, lambda: self._stream.read(PIECE))
        self._at = begin + skipped


def _in_arc(name: str, stream: IO[bytes]) -> Iterator[ReadRecord | RecordDamagedError]:
    count = 0
    try:
        for record in ArchiveIterator(stream, arc2warc=True, no_record_parse=True):
            if record.rec_type != "response":
                continue
            if record.length > LARGEST:
                yield RecordDamagedError(name, stream.tell(), f"the record is {record.length >> 20} MB long")
                continue
            block = record.raw_stream.read()
            fields = {key.lower(): value for key, value in reversed(record.rec_headers.headers)}
            # warcio makes up an id for each reading; ours follows from the record.
            del fields["warc-record-id"]
            yield _with_id(record_of(fields, block))
            count += 1
    except (ArchiveLoadFailed, EOFError, ValueError, OSError, zlib.error) as error:
        reason = (str(error).strip().splitlines() or [type(error).__name__])[0][:160]
        yield RecordDamagedError(name, stream.tell(), f"the ARC file breaks after {count} records ({reason})")


def _with_id(record: ReadRecord) -> ReadRecord:
    """Give a record without an id one that follows from its address, date and block."""
    if record.id:
        return record
    made = uuid.uuid5(
        uuid.NAMESPACE_URL, f"{record.uri} {record.date.isoformat()} {sha256_hex(record.block)}"
    )
    fields = record.fields | {"warc-record-id": f"<urn:uuid:{made}>"}
    return record_of(fields, record.block)
