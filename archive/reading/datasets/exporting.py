"""Exports a dataset to a file with its manifest: the same archive and query give the same bytes."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import asdict, dataclass
from datetime import datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any

from archive.reading.archive import Archive
from archive.reading.datasets.columns import DATASETS
from archive.reading.datasets.files import WRITERS
from archive.reading.datasets.rows import Row, RowQuery, rows_of
from archive.reading.lines import iso
from archive.reading.whole import digest_of, whole_file, write_manifest

__all__ = ["DatasetReport", "export_dataset"]


@dataclass(frozen=True, slots=True, kw_only=True)
class DatasetReport:
    """What was written."""

    rows: int
    bytes: int
    digest: str


def export_dataset(
    archive: Archive,
    query: RowQuery,
    form: str,
    output: Path,
    *,
    software: str,
    progress: Callable[[int], None] = lambda _rows: None,
) -> DatasetReport:
    """
    Write a dataset to a file, and `FILE.manifest.json` beside it.

    Args:
        form: "jsonl", "csv" or "parquet".
        output: whole afterwards, or as it was before.
        software: named in the manifest.
        progress: told how many rows were written, now and then.

    Raises:
        UnknownUrlError, UnknownSourceError: a filter names what is not there.
        BlobStoreError: the file cannot be written.
    """
    counted = _Counted(rows_of(archive, query), progress)
    columns = DATASETS[query.dataset]
    with whole_file(output) as aside:
        WRITERS[form](counted, columns, aside)
        report = DatasetReport(rows=counted.count, bytes=aside.stat().st_size, digest=digest_of(aside))
    manifest = {
        "dataset": query.dataset,
        "format": form,
        "query": _asked(query),
        "counts": {"rows": report.rows},
        "bytes": report.bytes,
        "digest": report.digest,
        "columns": [{"name": one.name, "type": one.kind.value, "help": one.help} for one in columns],
        "software": software,
        "libraries": {"pyarrow": version("pyarrow")} if form == "parquet" else {},
    }
    write_manifest(output, manifest)
    return report


class _Counted:
    """Rows that are counted as they go by."""

    def __init__(self, rows: Iterable[Row], progress: Callable[[int], None]) -> None:
        self._rows = rows
        self._progress = progress
        self.count = 0

    def __iter__(self) -> Iterator[Row]:
        for row in self._rows:
            self.count += 1
            if self.count % 1000 == 0:
                self._progress(self.count)
            yield row


def _asked(query: RowQuery) -> dict[str, Any]:
    """Return what was asked, unset fields left out."""
    return {
        name: iso(value)
        if isinstance(value, datetime)
        else list(value)
        if isinstance(value, tuple)
        else value
        for name, value in asdict(query).items()
        if value not in (None, (), False)
    }
