"""Histories of edits: read from CSV files, and written as what a policy would have fetched."""

import csv
import gzip
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TextIO

from archive.errors import ArchiveError

__all__ = ["HistoryError", "Story", "Visits", "read_history", "write_visits"]

#: Columns of a history.
COLUMNS = ("article", "outlet", "first_seen_epoch", "edit_ages_s")
SECONDS = 3600.0

#: Ages in hours of the visits to each article, ascending.
Visits = Mapping[str, Sequence[float]]


class HistoryError(ArchiveError, ValueError):
    """A history file cannot be used."""

    def __init__(self, path: Path, what: str) -> None:
        self.path, self.what = path, what
        super().__init__(f"{path}: {what}")


@dataclass(frozen=True, slots=True)
class Story:
    """One article of a history."""

    article: str
    outlet: str
    #: When it was first seen, in hours since the epoch.
    clock: float
    #: Ages in hours at which it was edited, ascending, inside the horizon.
    edits: tuple[float, ...]


def read_history(path: Path, horizon: float) -> list[Story]:
    """
    Read a history, plain or gzipped.

    Raises:
        HistoryError: the file is no history; says in which line.
    """
    try:
        with _open(path) as file:
            return _stories(path, file, horizon)
    except (UnicodeDecodeError, gzip.BadGzipFile, EOFError) as error:
        raise HistoryError(path, f"cannot be read as CSV text: {error}") from error


def _open(path: Path) -> TextIO:
    if path.suffix == ".gz":
        return gzip.open(path, "rt", encoding="utf-8", newline="")
    return path.open(encoding="utf-8", newline="")


def _stories(path: Path, file: Iterable[str], horizon: float) -> list[Story]:
    rows = csv.DictReader(file)
    missing = [name for name in COLUMNS if name not in (rows.fieldnames or ())]
    if missing:
        raise HistoryError(path, f"has no column {missing[0]}; a history has {','.join(COLUMNS)}")
    stories: dict[str, Story] = {}
    for row in rows:
        try:
            ages = sorted(float(age) / SECONDS for age in row["edit_ages_s"].split())
            clock = float(row["first_seen_epoch"]) / SECONDS
        except (ValueError, AttributeError, TypeError) as error:
            raise HistoryError(path, f"line {rows.line_num}: {error}") from error
        if row["article"] in stories:
            raise HistoryError(path, f"line {rows.line_num}: article {row['article']} is there twice")
        edits = tuple(age for age in ages if 0 < age < horizon)
        stories[row["article"]] = Story(row["article"], row["outlet"], clock, edits)
    if not stories:
        raise HistoryError(path, "names no article")
    return list(stories.values())


def write_visits(path: Path, visits: Visits) -> None:
    """Write one row a counted fetch."""
    with path.open("w", encoding="utf-8", newline="") as file:
        rows = csv.writer(file, lineterminator="\n")
        rows.writerow(("article", "visit_age_s"))
        for article, ages in visits.items():
            rows.writerows((article, f"{age * SECONDS:.3f}") for age in ages)
