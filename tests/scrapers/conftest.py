"""A real HTTP server on loopback that misbehaves as it is told, and a fetcher that may talk to it."""

import asyncio
import threading
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field

import pytest

from archive.addresses import AddressGuard
from archive.clock import SystemClock
from scrapers.fetching import Fetcher, FetchLimits

#: Sends what it likes, when it likes.
Handler = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Asked:
    """One request that came in."""

    path: str
    headers: dict[str, str]
    raw: bytes = field(repr=False)


def answer(body: bytes = b"", status: str = "200 OK", kind: str = "text/html", extra: bytes = b"") -> bytes:
    """Return an ordinary answer."""
    head = f"HTTP/1.1 {status}\r\nContent-Type: {kind}\r\nContent-Length: {len(body)}\r\n".encode()
    return head + extra + b"\r\n" + body


class Press:
    """An outlet whose every byte is chosen by the test; runs in a thread of its own."""

    def __init__(self) -> None:
        self.routes: dict[str, bytes | Handler] = {}
        self.asked: list[Asked] = []
        self._loop = asyncio.new_event_loop()
        self._ready = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()
        self._ready.wait(5)

    @property
    def base(self) -> str:
        """Return the outlet's origin."""
        return f"http://127.0.0.1:{self.port}"

    def says(self, path: str, what: bytes | Handler) -> str:
        """Let an address give these bytes, or be handled so; return the address."""
        self.routes[path] = what
        return self.base + path

    def paths(self) -> list[str]:
        """Return the paths that were asked for, in order."""
        return [one.path for one in self.asked]

    def clear(self) -> None:
        """Forget what it says and what it was asked."""
        self.routes.clear()
        self.asked.clear()

    def close(self) -> None:
        """End the thread."""
        self._loop.call_soon_threadsafe(self._end.set)
        self._thread.join(5)

    def _run(self) -> None:
        self._loop.run_until_complete(self._serve())
        self._loop.close()

    async def _serve(self) -> None:
        self._end = asyncio.Event()
        self._open: set[asyncio.StreamWriter] = set()
        server = await asyncio.start_server(self._talk, "127.0.0.1", 0)
        self.port: int = server.sockets[0].getsockname()[1]
        self._ready.set()
        await self._end.wait()
        server.close()
        talks = [one for one in asyncio.all_tasks() if one is not asyncio.current_task()]
        for talk in talks:
            talk.cancel()
        await asyncio.gather(*talks, return_exceptions=True)

    async def _talk(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(ConnectionError, asyncio.IncompleteReadError, asyncio.CancelledError):
            while not writer.is_closing():
                raw = await reader.readuntil(b"\r\n\r\n")
                lines = raw.decode("latin-1").split("\r\n")
                path = lines[0].split(" ")[1]
                headers = {
                    name.lower(): value.strip()
                    for name, _, value in (line.partition(":") for line in lines[1:] if line)
                }
                self.asked.append(Asked(path, headers, raw))
                what = self.routes.get(path, answer(b"nothing here", "404 Not Found"))
                if isinstance(what, bytes):
                    writer.write(what)
                    await writer.drain()
                    if b"connection: close" in what.lower():
                        break
                else:
                    await what(reader, writer)
        writer.close()


@pytest.fixture(scope="session")
def _press() -> Iterator[Press]:
    """The server, started once."""
    press = Press()
    yield press
    press.close()


@pytest.fixture
def press(_press: Press) -> Press:
    """The server with nothing to say yet."""
    _press.clear()
    return _press


@pytest.fixture
async def fetcher() -> AsyncIterator[Fetcher]:
    """A fetcher that may contact this machine's 127.0.0.0/8, with small limits of size so that tests are quick."""
    async with _fetcher(timeout=10.0) as opened:
        yield opened


@pytest.fixture
async def hasty() -> AsyncIterator[Fetcher]:
    """The same with little time: for servers that would take for ever."""
    async with _fetcher(timeout=0.6) as opened:
        yield opened


def _fetcher(timeout: float) -> Fetcher:
    limits = FetchLimits(timeout=timeout, entity=200_000, decoded=1_000_000)
    return Fetcher(AddressGuard(["127.0.0.0/8"]), SystemClock(), agent="LateEdition/test", limits=limits)
