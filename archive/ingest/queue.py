"""
Lets an event loop hand captures to the recorder: one thread writes, and many captures share one flush.

`store` returns once its capture is acknowledged. The queue is bounded, so that fetching waits for writing.
"""

import asyncio
import logging
import queue
import threading
from dataclasses import dataclass
from time import monotonic

from archive.errors import ArchiveError
from archive.ingest.cataloguing import Catalogued
from archive.ingest.gathering import Unfinished
from archive.ingest.recorder import Fetched, Recorder

__all__ = ["IngestQueue"]

#: Captures that may share one flush, and how long the first of them waits for company, in seconds.
BATCH = 64
COMPANY = 0.05
#: Captures that may wait; beyond it `store` waits.
WAITING = 256
#: Seconds without a capture after which files are looked at for their age.
QUIET = 30.0

log = logging.getLogger(__name__)


@dataclass(slots=True)
class _Waiting:
    fetched: Fetched
    done: "asyncio.Future[Catalogued | Unfinished]"
    loop: asyncio.AbstractEventLoop


class IngestQueue:
    """Runs a recorder in a thread of its own; use as a context manager."""

    def __init__(self, recorder: Recorder) -> None:
        self._recorder = recorder
        self._queue: queue.Queue[_Waiting | None] = queue.Queue()
        self._room = asyncio.Semaphore(WAITING)
        self._thread = threading.Thread(target=self._run, name="ingest", daemon=True)

    def __enter__(self) -> "IngestQueue":
        """Start the thread."""
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        """Finish what waits, close the WARC file, end the thread."""
        self._queue.put(None)
        self._thread.join()
        self._recorder.close()

    async def store(self, fetched: Fetched) -> Catalogued | Unfinished:
        """
        Archive one exchange; return once it is durable and catalogued, or when pages are to be fetched first.

        Raises:
            ArchiveError: it could not be; it was not acknowledged.
        """
        loop = asyncio.get_running_loop()
        async with self._room:
            waiting = _Waiting(fetched, loop.create_future(), loop)
            self._queue.put(waiting)
            return await waiting.done

    def _run(self) -> None:
        while (batch := self._next_batch()) is not None:
            if not batch:
                self._rotate()
                continue
            try:
                done = self._recorder.take([one.fetched for one in batch])
            except Exception as error:  # noqa: BLE001 - handed to those who wait, who know what to do
                for one in batch:
                    one.loop.call_soon_threadsafe(_fail, one.done, error)
            else:
                for one, result in zip(batch, done, strict=True):
                    one.loop.call_soon_threadsafe(_finish, one.done, result)

    def _rotate(self) -> None:
        try:
            self._recorder.rotate_if_due()
        except ArchiveError as error:
            log.warning("warc.rotation_failed error=%s", error)

    def _next_batch(self) -> list[_Waiting] | None:
        try:
            first = self._queue.get(timeout=QUIET)
        except queue.Empty:
            return []
        if first is None:
            return None
        batch = [first]
        end = monotonic() + COMPANY
        while len(batch) < BATCH and (left := end - monotonic()) > 0:
            try:
                one = self._queue.get(timeout=left)
            except queue.Empty:
                break
            if one is None:
                # What came before the end is still written; the end is looked at next.
                self._queue.put(None)
                break
            batch.append(one)
        return batch


def _finish(future: "asyncio.Future[Catalogued | Unfinished]", result: Catalogued | Unfinished) -> None:
    if not future.done():
        future.set_result(result)


def _fail(future: "asyncio.Future[Catalogued | Unfinished]", error: Exception) -> None:
    if not future.done():
        future.set_exception(error)
