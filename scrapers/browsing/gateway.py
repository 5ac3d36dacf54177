"""
A forward proxy on loopback: the browser's only way out.

Names are looked up here, and the very address that is connected to is asked of the guard, so that a page's
scripts reach no more than its reader could, whatever names they use and however often these resolve anew.
"""

import asyncio
import base64
import logging
import secrets
import socket
from collections import deque
from contextlib import suppress
from types import TracebackType
from urllib.parse import unquote, urlsplit

from aiohappyeyeballs import start_connection

from archive.addresses import AddressGuard
from archive.sockets import ForbiddenAddressError, guarded_sockets
from scrapers.fetching.routes import Route
from scrapers.fetching.socks import connect_socks
from scrapers.fetching.troubles import ProxyFailedError

__all__ = ["Gateway"]

#: Bytes of a request's head, of an answer, and at a time.
HEAD, MOST, PIECE = 64 << 10, 16 << 20, 64 << 10
#: Seconds until a connection stands, and without a byte until it is given up.
CONNECT, SILENCE = 10.0, 30.0
#: Refusals that are remembered for messages.
REMEMBERED = 100
FORBIDDEN = b"HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
UNREACHED = b"HTTP/1.1 502 Bad Gateway\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
WHO = (
    b'HTTP/1.1 407 Proxy Authentication Required\r\nProxy-Authenticate: Basic realm="lateedition"\r\n'
    b"Content-Length: 0\r\nConnection: close\r\n\r\n"
)

Streams = tuple[asyncio.StreamReader, asyncio.StreamWriter]

log = logging.getLogger(__name__)


class Gateway:
    """The proxy; use as an async context manager."""

    def __init__(self, guard: AddressGuard, route: Route) -> None:
        self._guard = guard
        self._route = route
        self._server: asyncio.Server | None = None
        self._talks: set[asyncio.Task[None]] = set()
        #: Other programs of this machine must not use it.
        self.user, self.password = "browser", secrets.token_urlsafe(24)
        #: Hosts that were refused, and why: the latest.
        self.refused: deque[str] = deque(maxlen=REMEMBERED)

    async def __aenter__(self) -> "Gateway":
        """Listen on a free port of loopback."""
        self._server = await asyncio.start_server(self._accept, "127.0.0.1", 0, limit=HEAD)
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """End what is under way and stop listening."""
        if self._server is not None:
            self._server.close()
        for talk in list(self._talks):
            talk.cancel()
        await asyncio.gather(*self._talks, return_exceptions=True)

    @property
    def address(self) -> str:
        """Where it listens, as a browser takes it."""
        assert self._server is not None, "use the gateway as a context manager"  # noqa: S101 - a programmer's slip
        return f"http://127.0.0.1:{self._server.sockets[0].getsockname()[1]}"

    async def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None  # noqa: S101 - a coroutine runs in a task
        self._talks.add(task)
        try:
            with suppress(OSError, EOFError, ValueError, TimeoutError, asyncio.LimitOverrunError):
                await self._talk(reader, writer)
        finally:
            self._talks.discard(task)
            writer.close()

    async def _talk(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = await asyncio.wait_for(reader.readuntil(b"\r\n\r\n"), SILENCE)
        first, _, fields = head.partition(b"\r\n")
        method, target, _ = first.decode("latin-1").split(" ", 2)
        if self._secret() not in fields:
            writer.write(WHO)
            await writer.drain()
            return
        url = f"https://{target}/" if method == "CONNECT" else target
        try:
            async with asyncio.timeout(CONNECT):
                beyond = await self._connected(url)
        except ForbiddenAddressError as error:
            self.refused.append(str(error))
            log.info("browser.refused url=%s why=%s", url, error)
            writer.write(FORBIDDEN)
            return
        except (OSError, ValueError, TimeoutError, ProxyFailedError):
            writer.write(UNREACHED)
            return
        opening = self._opening(method, target, fields)
        try:
            if method == "CONNECT":
                await _tunnelled((reader, writer), beyond, opening)
            else:
                await _exchanged((reader, writer), beyond, opening)
        finally:
            beyond[1].close()

    async def _connected(self, url: str) -> Streams:
        """
        Connect to where an address leads.

        Raises:
            ForbiddenAddressError: it leads inside.
            OSError: it cannot be reached.
        """
        if refusal := self._route.refusal(url, self._guard):
            raise ForbiddenAddressError(refusal.detail)
        parts = urlsplit(url)
        host, port = parts.hostname or "", parts.port or (443 if parts.scheme == "https" else 80)
        if self._route.proxy:
            proxy = urlsplit(self._route.proxy)
            return await asyncio.open_connection(proxy.hostname, proxy.port or 80, limit=HEAD)
        if self._route.proxy_url:
            opened = await connect_socks(self._route.proxy_url, host, port)
            return await asyncio.open_connection(sock=opened, limit=HEAD)
        found = await asyncio.get_running_loop().getaddrinfo(host, port, type=socket.SOCK_STREAM)
        places = [one for one in found if self._guard.allows(str(one[4][0]))]
        if not places:
            message = f"{host} leads to {found[0][4][0] if found else 'nowhere'}, which is not public"
            raise ForbiddenAddressError(message)
        opened = await start_connection(places, socket_factory=guarded_sockets(self._guard))
        return await asyncio.open_connection(sock=opened, limit=HEAD)

    def _opening(self, method: str, target: str, fields: bytes) -> bytes:
        """Return what is sent first: nothing in a tunnel of ours, else the request, one a connection."""
        further = self._route.proxy
        if method == "CONNECT" and not further:
            return b""
        kept = [
            line
            for line in fields.split(b"\r\n")
            if line and not line.lower().startswith((b"proxy-", b"connection:"))
        ]
        if method != "CONNECT":
            kept.append(b"Connection: close")
        if further and (name := urlsplit(further).username) is not None:
            said = f"{unquote(name)}:{unquote(urlsplit(further).password or '')}"
            kept.append(b"Proxy-Authorization: Basic " + base64.b64encode(said.encode()))
        parts = urlsplit(target)
        path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        asked = target if further else path
        return f"{method} {asked} HTTP/1.1\r\n".encode("latin-1") + b"\r\n".join(kept) + b"\r\n\r\n"

    def _secret(self) -> bytes:
        return b"Basic " + base64.b64encode(f"{self.user}:{self.password}".encode())


async def _tunnelled(browser: Streams, beyond: Streams, opening: bytes) -> None:
    """Carry bytes both ways until one side ends."""
    if opening:
        beyond[1].write(opening)
    else:
        browser[1].write(b"HTTP/1.1 200 Connection established\r\n\r\n")
    ways = [
        asyncio.create_task(_carry(browser[0], beyond[1])),
        asyncio.create_task(_carry(beyond[0], browser[1])),
    ]
    try:
        await asyncio.wait(ways, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for way in ways:
            way.cancel()
        await asyncio.gather(*ways, return_exceptions=True)


async def _exchanged(browser: Streams, beyond: Streams, opening: bytes) -> None:
    """
    Carry one request and its answer.

    The connection is for nothing else, whatever the origin says: the browser's next request may be for another
    host, and hold what only that one is to know.
    """
    beyond[1].write(opening)
    sending = asyncio.create_task(_carry(browser[0], beyond[1], most=_length(opening)))
    try:
        head = await _head(beyond[0])
        while head.startswith(b"HTTP/1.1 1"):
            head = await _head(beyond[0])
        browser[1].write(_closing(head))
        await _carry(beyond[0], browser[1])
    finally:
        sending.cancel()
        await asyncio.gather(sending, return_exceptions=True)


async def _head(reader: asyncio.StreamReader) -> bytes:
    return await asyncio.wait_for(reader.readuntil(b"\r\n\r\n"), SILENCE)


def _closing(head: bytes) -> bytes:
    """Return a head that says that its connection ends."""
    lines = [
        line
        for line in head.removesuffix(b"\r\n\r\n").split(b"\r\n")
        if not line.lower().startswith((b"connection:", b"keep-alive:", b"proxy-connection:"))
    ]
    return b"\r\n".join([*lines, b"Connection: close", b"", b""])


def _length(opening: bytes) -> int:
    """Return how many bytes follow a request's head; ValueError when it does not say."""
    for line in opening.lower().split(b"\r\n"):
        if line.startswith(b"transfer-encoding:"):
            message = "a request whose length is not told"
            raise ValueError(message)
        if line.startswith(b"content-length:"):
            return int(line.partition(b":")[2])
    return 0


async def _carry(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, *, most: int = MOST) -> None:
    """Carry bytes one way, so many and no more; a connection that says nothing for long is given up."""
    left = min(most, MOST)
    while left > 0 and (piece := await asyncio.wait_for(reader.read(min(PIECE, left)), SILENCE)):
        left -= len(piece)
        writer.write(piece)
        await writer.drain()
