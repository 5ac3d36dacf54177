"""
Writes records to WARC files, one writer a file: append, make durable, rotate.

Nothing may be pointed at before `sync` has returned.
"""

import socket
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from archive.blobs.store import Appender, BlobStore
from archive.clock import Clock
from archive.errors import BlobStoreError
from archive.warc.records import BuiltRecord, RecordForge

__all__ = ["Place", "WarcWriter"]

#: Size at which a file is closed and another begun.
FULL = 1 << 30
#: Age of the last append at which an idle file is closed.
IDLE = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Place:
    """Where an appended record lies."""

    file: str
    offset: int
    length: int


class WarcWriter:
    """Appends records to a file of its own, begun when the first record comes."""

    def __init__(
        self,
        blobs: BlobStore,
        forge: RecordForge,
        clock: Clock,
        *,
        software: str,
        operator: str = "",
        on_closed: Callable[[str], None] = lambda _name: None,
    ) -> None:
        self._blobs = blobs
        self._forge = forge
        self._clock = clock
        self._about = [("software", software), ("format", "WARC File Format 1.1")]
        self._about += [
            ("conformsTo", "http://iipc.github.io/warc-specifications/specifications/warc-format/warc-1.1/")
        ]
        self._about += [("operator", operator)] if operator else []
        self._on_closed = on_closed
        self._file: Appender | None = None
        self._serial = 0
        self._last: datetime | None = None

    def append(self, records: Sequence[BuiltRecord]) -> list[Place]:
        """
        Append records, all to one file, and return their places. They are not durable before `sync`.

        Raises:
            BlobStoreError: no room; nothing of these records is left behind.
        """
        file = self._current()
        start = file.size
        places = []
        try:
            for record in records:
                offset = file.append(record.member)
                places.append(Place(file.name, offset, len(record.member)))
        except BlobStoreError:
            file.cut(start)
            raise
        self._last = self._clock.now()
        return places

    def sync(self) -> None:
        """Return once everything appended survives a power cut."""
        if self._file is not None:
            self._file.sync()

    def rotate_if_due(self) -> None:
        """Close the file when it is full or has been idle; the next append begins another."""
        if self._file is None or self._last is None:
            return
        if self._file.size >= FULL or self._clock.now() - self._last >= IDLE:
            self.close()

    def close(self) -> None:
        """Make the current file final; idempotent."""
        if self._file is None:
            return
        file, self._file = self._file, None
        file.close()
        self._on_closed(file.name)

    def _current(self) -> Appender:
        if self._file is None:
            self._file = self._begin()
        return self._file

    def _begin(self) -> Appender:
        now = self._clock.now()
        host = socket.gethostname().split(".")[0] or "localhost"
        while True:
            self._serial += 1
            name = f"LE-{now:%Y%m%d%H%M%S}-{self._serial:05}-{host}.warc.gz"
            if self._blobs.size(name) is None:
                break
        file = self._blobs.create(name)
        info = self._forge.warcinfo(name, now, self._about)
        file.append(info.member)
        return file
