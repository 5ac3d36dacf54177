"""Captures as one WARC file: their records as they lie in the archive, behind one warcinfo record."""

import hashlib
import uuid
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Protocol

from archive.reading.export.selection import Exported, RawRecord
from archive.warc.records import RecordForge

__all__ = ["Placed", "Sink", "warc_records", "write_warc"]

#: WARC-Date of a file's warcinfo when it holds no capture: exports of the same captures have the same bytes.
NO_DATE = datetime(1970, 1, 1, tzinfo=UTC)


class Sink(Protocol):
    """Where bytes go."""

    def write(self, data: bytes, /) -> object:
        """Take bytes."""
        raise NotImplementedError


@dataclass(frozen=True, slots=True)
class Placed:
    """A record and where it lies in the export; a capture's own record comes with the capture."""

    raw: RawRecord
    offset: int
    exported: Exported | None


def write_warc(found: Iterable[Exported], software: str, sink: Sink) -> Iterator[Placed]:
    """Write a WARC file; yield what was written, record by record."""
    offset = 0
    for raw, exported in warc_records(found, software):
        sink.write(raw.member if isinstance(raw, RawRecord) else raw)
        if isinstance(raw, RawRecord):
            yield Placed(raw, offset, exported)
        offset += len(raw.member if isinstance(raw, RawRecord) else raw)


def warc_records(
    found: Iterable[Exported], software: str
) -> Iterator[tuple[RawRecord | bytes, Exported | None]]:
    """Yield the warcinfo record's bytes, then every capture's records; the first of each with its capture."""
    started = False
    for exported in found:
        if not started:
            yield _info(software, exported.capture.captured_at), None
            started = True
        for number, raw in enumerate(exported.records):
            yield raw, exported if number == 0 else None
    if not started:
        yield _info(software, NO_DATE), None


def _info(software: str, at: datetime) -> bytes:
    # The id follows from what the record says, so that the same export has the same bytes.
    seed = hashlib.sha256(f"{software} {at.isoformat()}".encode()).hexdigest()
    forge = RecordForge(lambda: f"<urn:uuid:{uuid.uuid5(uuid.NAMESPACE_OID, seed)}>")
    fields = [("software", software), ("format", "WARC File Format 1.1")]
    return forge.warcinfo("", at, fields).member
