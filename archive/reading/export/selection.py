"""Which captures an export holds, and their records as they lie in the archive, byte for byte."""

from collections.abc import Iterator
from dataclasses import dataclass

from archive.blobs.store import BlobStore
from archive.catalog import captures
from archive.catalog.captures import CaptureFilter
from archive.digests import capture_id
from archive.model import Capture, RecordPlace, RecordType
from archive.opening import Stores
from archive.warc.beside import RawRecord, records_beside

__all__ = ["Exported", "RawRecord", "selected"]


@dataclass(frozen=True, slots=True)
class Exported:
    """One capture with its records: its own first, then request, metadata, text."""

    capture: Capture
    records: tuple[RawRecord, ...]
    #: It was not asked for, but a revisit that was asked for stands for it.
    is_original: bool = False


def selected(stores: Stores, wanted: CaptureFilter) -> Iterator[Exported]:
    """
    Yield captures in order (WARC-Date, urlkey, record id), the original of a revisit before it.

    Raises:
        RecordDamagedError: a record cannot be read.
        BlobStoreError: a file cannot be read.
    """
    done: set[bytes] = set()
    with stores.catalogue.reading() as connection:
        for capture in captures.stream_captures(connection, wanted):
            records = tuple(_records(stores.blobs, capture.record))
            refers = _refers_to(records, capture)
            if refers is not None and bytes.fromhex(refers) not in done:
                original = captures.capture_by_id(connection, refers)
                if original is not None:
                    done.add(bytes.fromhex(refers))
                    yield Exported(original, tuple(_records(stores.blobs, original.record)), is_original=True)
            if bytes.fromhex(capture.id) not in done:
                done.add(bytes.fromhex(capture.id))
                yield Exported(capture, records)


def _refers_to(records: tuple[RawRecord, ...], capture: Capture) -> str | None:
    if capture.record.type is not RecordType.REVISIT or not records:
        return None
    named = records[0].record.fields.get("warc-refers-to")
    return capture_id(named) if named else None


def _records(blobs: BlobStore, place: RecordPlace) -> Iterator[RawRecord]:
    """Yield a capture's record, and those that follow it and speak of it."""
    if place.file is None or place.offset is None or place.length is None:
        return
    yield from records_beside(blobs, place.file.removesuffix(".open"), place.offset, place.length, place.id)
