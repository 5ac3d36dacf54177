"""Reads a capture's record and those that stand behind it and speak of it: request, rendering, metadata, text."""

from collections.abc import Iterator
from dataclasses import dataclass

from archive.blobs.store import BlobStore
from archive.warc.members import Member, walk_members
from archive.warc.reader import ReadRecord, read_member

__all__ = ["RawRecord", "records_beside", "rendering_beside"]

#: Bytes read behind a record for what belongs to it, and at a time after that.
BEHIND, MORE = 1 << 14, 1 << 16


@dataclass(frozen=True, slots=True)
class RawRecord:
    """One record: its gzip member as it is, and what it says."""

    member: bytes
    record: ReadRecord


def records_beside(
    blobs: BlobStore, name: str, offset: int, length: int, record_id: str
) -> Iterator[RawRecord]:
    """
    Yield a capture's record, and those that follow it and speak of it, byte for byte.

    Raises:
        BlobStoreError: the file cannot be read.
    """
    kept = bytearray()
    first = True
    for found in walk_members(_read_on(blobs, name, offset, length, kept), offset):
        if not isinstance(found, Member):
            return
        try:
            record = read_member(found.data)
        except ValueError:
            return
        if not first and not _speaks_of(record, record_id):
            return
        start = found.offset - offset
        yield RawRecord(bytes(kept[start : start + found.length]), record)
        first = False


def rendering_beside(blobs: BlobStore, name: str, offset: int, length: int, record_id: str) -> bytes | None:
    """Return the document that a browser made of a capture, or None where none is kept."""
    return next(
        (
            one.record.block
            for one in records_beside(blobs, name, offset, length, record_id)
            if one.record.is_rendering
        ),
        None,
    )


def _speaks_of(record: ReadRecord, record_id: str) -> bool:
    refers = record.fields.get("warc-refers-to") if record.type in ("metadata", "conversion") else None
    return record_id in (record.fields.get("warc-concurrent-to"), refers)


def _read_on(blobs: BlobStore, name: str, offset: int, length: int, kept: bytearray) -> Iterator[bytes]:
    """Yield a file's bytes from a record on, with what is mostly one read; they are kept as well."""
    size = blobs.size(name) or 0
    at, step = offset, length + BEHIND
    while at < size:
        piece = blobs.read(name, at, min(step, size - at))
        kept += piece
        yield piece
        at += len(piece)
        step = MORE
