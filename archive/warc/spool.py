"""Sorts more lines than memory holds: sorted runs on disk, merged when they are read."""

import json
import tempfile
from collections.abc import Iterator
from heapq import merge
from pathlib import Path
from typing import IO, Any

__all__ = ["Spool"]

#: Lines that are sorted in memory at once.
RUN = 20_000


class Spool:
    """Takes JSON lists, gives them back in order; use as a context manager, it leaves nothing behind."""

    def __init__(self, folder: Path, *, run: int = RUN) -> None:
        self._folder = folder
        self._run = run
        self._waiting: list[list[Any]] = []
        self._runs: list[IO[str]] = []
        self._count = 0

    def __len__(self) -> int:
        """Return how many lines were added."""
        return self._count

    def __enter__(self) -> "Spool":
        """Take lines."""
        return self

    def __exit__(self, *_: object) -> None:
        """Drop what is on the disk."""
        for run in self._runs:
            run.close()

    def add(self, line: list[Any]) -> None:
        """Add a list; the first elements that differ decide the order."""
        self._waiting.append(line)
        self._count += 1
        if len(self._waiting) >= self._run:
            self._write()

    def in_order(self) -> Iterator[list[Any]]:
        """Yield all lines in order; once."""
        self._waiting.sort()
        yield from merge(*[_read(run) for run in self._runs], self._waiting)

    def _write(self) -> None:
        self._waiting.sort()
        run = tempfile.TemporaryFile("w+", dir=self._folder, encoding="utf-8")  # noqa: SIM115 - closed on exit
        for line in self._waiting:
            run.write(json.dumps(line, separators=(",", ":")) + "\n")
        run.seek(0)
        self._runs.append(run)
        self._waiting = []


def _read(run: IO[str]) -> Iterator[list[Any]]:
    for line in run:
        yield json.loads(line)
