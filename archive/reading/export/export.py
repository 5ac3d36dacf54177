"""Runs an export: chooses the writer of a format, writes beside the target, then puts both files in place."""

from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from archive.catalog import captures
from archive.catalog.captures import CaptureFilter
from archive.opening import Stores
from archive.reading.export.selection import selected
from archive.reading.export.wacz import write_wacz
from archive.reading.export.warc import Placed, write_warc
from archive.reading.whole import digest_of, whole_file, write_manifest

__all__ = ["FORMATS", "ExportQuery", "ExportReport", "export"]

#: Format → datasets it can hold; the first is meant when none is named.
FORMATS: dict[str, tuple[str, ...]] = dict.fromkeys(("warc", "wacz"), ("captures", "edits", "versions"))


@dataclass(frozen=True, slots=True, kw_only=True)
class ExportQuery:
    """What is to be exported; an unset field does not narrow."""

    dataset: str = "captures"
    format: str
    url: str | None = None
    source: str | None = None
    since: datetime | None = None
    #: Exclusive.
    until: datetime | None = None
    #: Of edits.
    kinds: tuple[str, ...] = ()
    severities: tuple[str, ...] = ()
    disclosures: tuple[str, ...] = ()
    tracks: tuple[str, ...] = ()
    all: bool = False

    def values(self) -> dict[str, Any]:
        """Return what was asked, as a manifest states it."""
        return {
            name: value.isoformat().replace("+00:00", "Z") if isinstance(value, datetime) else value
            for name, value in asdict(self).items()
            if value not in (None, (), False)
        }


@dataclass(slots=True)
class ExportReport:
    """What was written."""

    captures: int = 0
    #: Captures that were not asked for, and that revisits among the others stand for.
    originals: int = 0
    records: int = 0
    bytes: int = 0
    digest: str = ""


def export(
    stores: Stores,
    query: ExportQuery,
    wanted: CaptureFilter,
    output: Path,
    *,
    software: str,
    progress: Callable[[int, int], None] = lambda _done, _all: None,
) -> ExportReport:
    """
    Write a dataset to a file, and `FILE.manifest.json` beside it; the same archive and query give the same bytes.

    Args:
        query: what was asked, for the manifest.
        wanted: the captures that follow from it.
        output: written aside first, so that it is whole or not there.
        software: named in the file.
        progress: told how many captures of how many were written.

    Raises:
        RecordDamagedError: a record cannot be read.
        BlobStoreError: the archive cannot be read, or the file not be written.
    """
    with whole_file(output) as aside:
        report = _written(stores, query, wanted, aside, software, progress)
    manifest = {
        "query": query.values(),
        "counts": {"captures": report.captures, "originals": report.originals, "records": report.records},
        "bytes": report.bytes,
        "digest": report.digest,
        "software": software,
    }
    write_manifest(output, manifest)
    return report


def _written(
    stores: Stores,
    query: ExportQuery,
    wanted: CaptureFilter,
    path: Path,
    software: str,
    progress: Callable[[int, int], None],
) -> ExportReport:
    report = ExportReport()
    with stores.catalogue.reading() as connection:
        total = captures.count_captures(connection, wanted)
    for placed in WRITERS[query.format](stores, wanted, path, software):
        report.records += 1
        if placed.exported is None:
            continue
        report.originals += placed.exported.is_original
        report.captures += not placed.exported.is_original
        progress(report.captures, total)
    report.bytes = path.stat().st_size
    report.digest = digest_of(path)
    return report


def _as_warc(stores: Stores, wanted: CaptureFilter, path: Path, software: str) -> Iterator[Placed]:
    with path.open("wb") as file:
        yield from write_warc(selected(stores, wanted), software, file)


def _as_wacz(stores: Stores, wanted: CaptureFilter, path: Path, software: str) -> Iterator[Placed]:
    yield from write_wacz(selected(stores, wanted), software, path)


#: Format → writer.
WRITERS: dict[str, Callable[[Stores, CaptureFilter, Path, str], Iterator[Placed]]] = {
    "warc": _as_warc,
    "wacz": _as_wacz,
}
