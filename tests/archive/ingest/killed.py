"""A child that archives a story and is killed at a named step of the write path; what was acknowledged it prints first."""

import os
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from sqlalchemy import Connection

from archive.blobs.local import LocalBlobs
from archive.blobs.store import Appender
from archive.catalog.catalogue import Catalogue
from archive.ingest import Recorder, StorePolicy, import_files
from archive.warc.writer import Rotation
from tests.archive.paper import fetches, opened, story

#: Every step between an answer and its acknowledgement, and the rotation behind it.
STEPS = [
    "before create", "after create", "half an append", "after append", "before sync", "after sync",
    "before begin", "before commit", "after commit", "before close", "after close",
]  # fmt: skip


class Death:
    """Kills the process when a step is reached for the nth time."""

    def __init__(self, step: str, turn: int) -> None:
        self._step, self._left = step, turn

    def at(self, step: str) -> None:
        """Die here, if it is the time."""
        if step == self._step:
            self._left -= 1
            if self._left == 0:
                os.kill(os.getpid(), signal.SIGKILL)


class MortalAppender:
    """An appender that may die."""

    def __init__(self, inner: Appender, death: Death) -> None:
        self._inner, self._death = inner, death

    @property
    def name(self) -> str:
        """The blob's name."""
        return self._inner.name

    @property
    def size(self) -> int:
        """Bytes so far."""
        return self._inner.size

    def append(self, data: bytes) -> int:
        """Add bytes, half of them first."""
        offset = self._inner.append(data[: len(data) // 2])
        self._death.at("half an append")
        self._inner.append(data[len(data) // 2 :])
        self._death.at("after append")
        return offset

    def cut(self, size: int) -> None:
        """Drop bytes."""
        self._inner.cut(size)

    def sync(self) -> None:
        """Flush."""
        self._death.at("before sync")
        self._inner.sync()
        self._death.at("after sync")

    def close(self) -> None:
        """Make final."""
        self._death.at("before close")
        self._inner.close()
        self._death.at("after close")


class MortalBlobs(LocalBlobs):
    """A folder whose writers may die."""

    def __init__(self, folder: Path, death: Death) -> None:
        super().__init__(folder)
        self._death = death

    def create(self, name: str) -> MortalAppender:  # type: ignore[override]  # an appender all the same
        """Begin a file."""
        self._death.at("before create")
        made = super().create(name)
        self._death.at("after create")
        return MortalAppender(made, self._death)


class MortalCatalogue:
    """A catalogue whose transactions may die."""

    def __init__(self, inner: Catalogue, death: Death) -> None:
        self._inner, self._death = inner, death
        self.url = inner.url
        self.reading = inner.reading
        self.close = inner.close

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """Give a transaction."""
        self._death.at("before begin")
        with self._inner.writing() as connection:
            yield connection
            self._death.at("before commit")
        self._death.at("after commit")


def main(home: Path, step: str, turn: int, path: Path | None = None) -> None:
    """Archive the story, one exchange after the other, in files of two or three captures; or import a file."""
    stores = opened(home)
    death = Death(step, turn)
    mortal = replace(
        stores,
        catalogue=MortalCatalogue(stores.catalogue, death),  # type: ignore[arg-type]  # nothing is rebuilt here
        blobs=MortalBlobs(home / "warc", death),
    )
    if path is not None:
        import_files(mortal, [path], software="lateedition/test")
        return
    recorder = Recorder(
        mortal, software="lateedition/test", policy=StorePolicy(rotation=Rotation(size=2_000))
    )
    for fetched in fetches(stores, story()):
        for done in recorder.store([fetched]):
            sys.stdout.write(done.id + "\n")
            sys.stdout.flush()
    recorder.close()


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2], int(sys.argv[3]), *map(Path, sys.argv[4:]))
