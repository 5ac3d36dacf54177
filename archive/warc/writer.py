"""
Writes records to WARC files, one writer a file: append, make durable, rotate.

Nothing may be pointed at before `write` has returned.
"""

import contextlib
import re
import socket
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from archive.blobs.store import Appender, BlobStore
from archive.clock import Clock
from archive.errors import BlobStoreError, BlobTakenError
from archive.warc.records import BuiltRecord, RecordForge

__all__ = ["Place", "Rotation", "WarcWriter", "writer_of"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Rotation:
    """When a file is closed and another begun."""

    #: Bytes.
    size: int = 1 << 30
    #: Since the last record, and since the first; of the wall clock.
    idle: timedelta = timedelta(hours=1)
    age: timedelta = timedelta(hours=24)


@dataclass(frozen=True, slots=True)
class Place:
    """Where a written record lies."""

    file: str
    offset: int
    length: int


class WarcWriter:
    """
    Writes records to a file of its own, begun when the first record comes.

    A file that is full is set aside and made final by its owner, once the catalogue points at all of it.

    Args:
        about: fields of each file's warcinfo record.
        name: the process's own, of twelve hexadecimal digits, with which files are signed.
        rotation: when a file is set aside.
    """

    def __init__(
        self,
        blobs: BlobStore,
        forge: RecordForge,
        clock: Clock,
        *,
        about: Sequence[tuple[str, str]],
        name: str,
        rotation: Rotation | None = None,
    ) -> None:
        self._blobs = blobs
        self._forge = forge
        self._clock = clock
        self._about = about
        self._name = name
        self._rotation = rotation or Rotation()
        self._file: Appender | None = None
        self._blank: Appender | None = None
        self._full: list[Appender] = []
        self._serial = 0
        self._begun = self._last = clock.now()

    def write(self, groups: Sequence[Sequence[BuiltRecord]]) -> list[list[Place]]:
        """
        Write groups of records, each group to one file without a gap; when this returns, all are durable.

        Raises:
            BlobStoreError: they could not be; nothing of these records is left behind.
        """
        try:
            return self._written(groups)
        except BlobTakenError:
            # Another process believed this one dead and took the file over; what it holds is safe there.
            self._file = None
            return self._written(groups)

    def _written(self, groups: Sequence[Sequence[BuiltRecord]]) -> list[list[Place]]:
        file = self._current()
        start = file.size
        try:
            places = [[_append(file, record) for record in group] for group in groups]
            file.sync()
        except BlobTakenError:
            raise
        except BlobStoreError:
            with contextlib.suppress(BlobStoreError, OSError):
                file.cut(start)
            raise
        self._last = self._clock.now()
        return places

    def rotate_if_due(self) -> None:
        """Set a file aside that is full, idle or old; the next record begins another."""
        if self._file is None:
            return
        now, due = self._clock.now(), self._rotation
        if (
            self._file.size >= due.size
            or self._real(now - self._last) >= due.idle
            or self._real(now - self._begun) >= due.age
        ):
            self.set_aside()

    def set_aside(self) -> None:
        """Write no more to the current file."""
        if self._file is not None:
            self._full.append(self._file)
            self._file = None

    @property
    def aside(self) -> list[str]:
        """Files that were set aside and still carry their `.open`."""
        return [file.name for file in self._full]

    def close_aside(self) -> dict[str, int]:
        """Make the files that were set aside final, once all in them has its row; return their names and sizes."""
        closed = {}
        while self._full:
            file = self._full[0]
            file.close()
            closed[file.name] = file.size
            del self._full[0]
        return closed

    def _real(self, elapsed: timedelta) -> timedelta:
        """Return how long it was by the wall clock: a demonstration's hours are no reason to rotate."""
        return timedelta(seconds=self._clock.real_seconds(elapsed.total_seconds()))

    def _current(self) -> Appender:
        if self._file is None:
            # A file whose first record found no room is kept, and tried again.
            self._blank = self._blank or self._begin()
            _append(self._blank, self._forge.warcinfo(self._blank.name, self._begun, self._about))
            self._file, self._blank = self._blank, None
        return self._file

    def _begin(self) -> Appender:
        now: datetime = self._clock.now()
        host = socket.gethostname().split(".")[0] or "localhost"
        while True:
            self._serial += 1
            name = f"LE-{now:%Y%m%d%H%M%S}-{self._serial:05}-{host}-{self._name}.warc.gz"
            try:
                file = self._blobs.create(name)
                break
            except BlobTakenError:
                continue
        self._begun = self._last = now
        return file


def writer_of(file: str) -> str:
    """Return the name that a file is signed with; "" for one of other origin."""
    found = _SIGNED.search(file)
    return found[1] if found else ""


_SIGNED = re.compile(r"-([0-9a-f]{12})\.warc\.gz$")


def _append(file: Appender, record: BuiltRecord) -> Place:
    return Place(file.name, file.append(record.member), len(record.member))
