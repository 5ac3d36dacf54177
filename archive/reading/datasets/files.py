"""Writes rows as JSON lines, CSV or Parquet; rows go through one by one and are never all held."""

import csv
import json
from collections.abc import Callable, Iterable, Iterator
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any

from archive.reading.datasets.columns import Column
from archive.reading.datasets.rows import Row

if TYPE_CHECKING:
    import pyarrow

__all__ = ["WRITERS", "arrow_batches", "cell"]

#: Rows that become one Parquet row group: some megabytes.
GROUP = 20_000
#: How a cell begins that a spreadsheet would run as a formula.
FORMULA = ("=", "+", "-", "@", "\t", "\r")


def write_jsonl(rows: Iterable[Row], columns: tuple[Column, ...], path: Path) -> None:  # noqa: ARG001 - a line names its keys
    """Write one JSON object a line: what the command line prints."""
    with path.open("w", encoding="utf-8", errors="surrogatepass", newline="\n") as file:
        for row in rows:
            file.write(json.dumps(row, ensure_ascii=False, separators=(",", ":")) + "\n")


def write_csv(rows: Iterable[Row], columns: tuple[Column, ...], path: Path) -> None:
    """Write CSV (RFC 4180, UTF-8); lists are JSON, and text that would run as a formula begins with `'`."""
    with path.open("w", encoding="utf-8", errors="backslashreplace", newline="") as file:
        writer = csv.writer(file)
        writer.writerow([column.name for column in columns])
        for row in rows:
            writer.writerow([cell(row[column.name]) for column in columns])


def write_parquet(rows: Iterable[Row], columns: tuple[Column, ...], path: Path) -> None:
    """Write Parquet, compressed with zstd."""
    from pyarrow import parquet

    from archive.reading.datasets.arrow import arrow_schema

    with parquet.ParquetWriter(path, arrow_schema(columns), compression="zstd") as writer:
        for batch in arrow_batches(rows, columns):
            writer.write_batch(batch)


def arrow_batches(rows: Iterable[Row], columns: tuple[Column, ...]) -> Iterator["pyarrow.RecordBatch"]:
    """Return rows as Arrow record batches."""
    from archive.reading.datasets.arrow import arrow_batch

    left = iter(rows)
    while some := list(islice(left, GROUP)):
        yield arrow_batch(some, columns)


def cell(value: Any) -> Any:
    """Return a value as a spreadsheet takes it."""
    if isinstance(value, list | dict):
        return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str) and value.startswith(FORMULA):
        return "'" + value
    return value


#: Format → writer.
WRITERS: dict[str, Callable[[Iterable[Row], tuple[Column, ...], Path], None]] = {
    "jsonl": write_jsonl,
    "csv": write_csv,
    "parquet": write_parquet,
}
