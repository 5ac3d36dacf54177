"""
Extraction of many pages for anybody's pipeline: streaming, in order, each page within limits.

One process reads pages itself, under an alarm of CPU time. Several are children that a page may kill: the line
it was on becomes an error, and another child takes over.
"""

import base64
import binascii
import gzip
import json
import resource
import signal
import threading
import zlib
from collections import deque
from collections.abc import Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import deflate

from archive.model import Extraction, PageKind
from archive.model.times import iso
from archive.text import extract

__all__ = ["Limits", "answers"]

#: Pages that wait for one process, so that it never waits for the next.
AHEAD = 4
#: Bytes a page may have once it is unpacked; extraction itself refuses it above its own limit.
LARGEST = 64 << 20


@dataclass(frozen=True, slots=True)
class Limits:
    """What one page may cost."""

    seconds: float
    megabytes: int


class PageTooDearError(RuntimeError):
    """A page used up its CPU time."""


def answers(lines: Iterable[bytes], *, workers: int, limits: Limits) -> Iterator[dict[str, Any]]:
    """Yield one answer a line, in the order of the lines; whatever a page does, its line gets one."""
    if workers == 1:
        _limit(limits)
        for line in lines:
            yield _answer(line, limits)
    else:
        yield from _spread(lines, workers, limits)


def _spread(lines: Iterable[bytes], workers: int, limits: Limits) -> Iterator[dict[str, Any]]:
    """Give lines to processes; those that a dying process had in hand are done again, one by one."""
    pool = _pool(workers, limits)
    waiting: deque[tuple[bytes, Future[dict[str, Any]]]] = deque()
    try:
        for line in lines:
            waiting.append((line, _submit(pool, line, limits)))
            if len(waiting) >= workers * AHEAD:
                pool, answer = _first(pool, waiting, workers, limits)
                yield answer
        while waiting:
            pool, answer = _first(pool, waiting, workers, limits)
            yield answer
    finally:
        pool.shutdown(wait=True, cancel_futures=True)


def _first(
    pool: ProcessPoolExecutor,
    waiting: deque[tuple[bytes, Future[dict[str, Any]]]],
    workers: int,
    limits: Limits,
) -> tuple[ProcessPoolExecutor, dict[str, Any]]:
    """Return the answer to the first waiting line, and the pool to go on with."""
    line, future = waiting.popleft()
    try:
        return pool, future.result()
    except BrokenProcessPool:
        pool.shutdown(wait=False, cancel_futures=True)
    answer = _alone(line, limits)
    fresh = _pool(workers, limits)
    for number, (other, done) in enumerate(waiting):
        if not done.done() or done.cancelled() or done.exception() is not None:
            waiting[number] = (other, _submit(fresh, other, limits))
    return fresh, answer


def _alone(line: bytes, limits: Limits) -> dict[str, Any]:
    """Answer one line in a process of its own, which it may kill."""
    with _pool(1, limits) as pool:
        try:
            return pool.submit(_answer, line, limits).result()
        except BrokenProcessPool:
            return _line(_id_of(line), _failed("the page ended the process that read it"))


def _submit(pool: ProcessPoolExecutor, line: bytes, limits: Limits) -> Future[dict[str, Any]]:
    try:
        return pool.submit(_answer, line, limits)
    except BrokenProcessPool as error:
        broken: Future[dict[str, Any]] = Future()
        broken.set_exception(error)
        return broken


def _pool(workers: int, limits: Limits) -> ProcessPoolExecutor:
    return ProcessPoolExecutor(workers, initializer=_limit, initargs=(limits,))


def _limit(limits: Limits) -> None:
    """Bound this process's memory; a page that wants more gets a MemoryError."""
    wanted = limits.megabytes << 20
    _, hard = resource.getrlimit(resource.RLIMIT_DATA)
    resource.setrlimit(
        resource.RLIMIT_DATA, (wanted if hard == resource.RLIM_INFINITY else min(wanted, hard), hard)
    )


def _answer(line: bytes, limits: Limits) -> dict[str, Any]:
    asked: Any = None
    try:
        asked = json.loads(line)
        if not isinstance(asked, dict):
            message = "a line must be one JSON object"
            raise TypeError(message)
        with _at_most(limits.seconds):
            said = extract(_html(asked), str(asked.get("url") or ""), content_type=asked.get("content_type"))
    except PageTooDearError:
        said = _failed(f"it took more than {limits.seconds:g} s of CPU time")
    except (
        ValueError,
        TypeError,
        OSError,
        KeyError,
        binascii.Error,
        EOFError,
        zlib.error,
        MemoryError,
        RecursionError,
    ) as error:
        said = _failed(str(error) or type(error).__name__)
    return _line(asked.get("id") if isinstance(asked, dict) else None, said)


def _id_of(line: bytes) -> Any:
    try:
        asked = json.loads(line)
    except (ValueError, RecursionError):
        return None
    return asked.get("id") if isinstance(asked, dict) else None


def _failed(reason: str) -> Extraction:
    return Extraction(page_kind=PageKind.ERROR, error=reason[:300])


@contextmanager
def _at_most(seconds: float) -> Iterator[None]:
    """Raise PageTooDearError in this block once it has used so much CPU time."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return

    def stop(*_: object) -> None:
        raise PageTooDearError

    before = signal.signal(signal.SIGVTALRM, stop)
    signal.setitimer(signal.ITIMER_VIRTUAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
        signal.signal(signal.SIGVTALRM, before)


def _html(asked: dict[str, Any]) -> bytes:
    if "html_b64" in asked:
        return base64.b64decode(asked["html_b64"])
    if "html_path" not in asked:
        message = "neither html_path nor html_b64 is given"
        raise ValueError(message)
    path = Path(asked["html_path"])
    if path.suffix != ".gz":
        return path.read_bytes()
    packed = path.read_bytes()
    # The last four bytes say how long it is when unpacked (RFC 1952 §2.3.1); what they say need not be true.
    stated = int.from_bytes(packed[-4:], "little")
    if 0 < stated <= LARGEST:
        try:
            return bytes(deflate.gzip_decompress(packed, stated))
        except (deflate.DeflateError, ValueError):
            # Several members, or a damaged one: read piece by piece, with a word about what is wrong.
            pass
    with gzip.open(path) as file:
        data = file.read(LARGEST + 1)
    if len(data) > LARGEST:
        message = f"{path} is longer than {LARGEST} bytes when unpacked"
        raise ValueError(message)
    return data


def _line(asked_id: Any, said: Extraction) -> dict[str, Any]:
    return {
        "id": asked_id,
        "page_kind": said.page_kind,
        "headline": said.headline,
        "dek": said.dek,
        "authors": list(said.authors),
        "published_at": said.published_at,
        "modified_at": said.modified_at,
        "body": "\n".join(said.body),
        "captions": list(said.captions),
        "notes": [
            {
                "kinds": list(note.kinds),
                "text": note.text,
                "stated_at": iso(note.stated_at),
                "stated_at_assumed": list(note.stated_at_assumed),
                "position": note.position,
            }
            for note in said.notes
        ],
        "entries": [
            {"id": one.id, "at": one.at, "headline": one.headline, "text": one.text} for one in said.entries
        ],
        "canonical": said.canonical,
        "language": said.language,
        "image": said.image,
        "section": said.section,
        "engine": said.engine,
        "origins": dict(said.origins),
        "error": said.error,
    }
