"""Through a SOCKS proxy, against a real one on loopback (RFC 1928, with the log-in of RFC 1929)."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import suppress

import pytest

from archive.addresses import AddressGuard
from archive.clock import SystemClock
from scrapers.browsing import Gateway
from scrapers.fetching import Fetcher
from scrapers.fetching.routes import Route
from tests.scrapers.browsing.test_gateway import ask
from tests.scrapers.conftest import answer

DONE = b"\x05\x00\x00\x01\x7f\x00\x00\x01\x00\x00"


class SocksServer:
    """Carries connections to the test's outlet, whatever name they are for; remembers the names and who asked."""

    def __init__(self, outlet: int) -> None:
        self._outlet = outlet
        self.asked: list[str] = []
        self.users: list[str] = []

    async def __aenter__(self) -> "SocksServer":
        """Listen."""
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", 0)
        self.port = self._server.sockets[0].getsockname()[1]
        return self

    async def __aexit__(self, *_error: object) -> None:
        """Stop."""
        self._server.close()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(asyncio.IncompleteReadError, ConnectionError):
            await self._carry(reader, writer)
        writer.close()

    async def _carry(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        methods = await reader.readexactly((await reader.readexactly(2))[1])
        if 2 in methods:
            writer.write(b"\x05\x02")
            name = await reader.readexactly((await reader.readexactly(2))[1])
            await reader.readexactly((await reader.readexactly(1))[0])
            self.users.append(name.decode())
            writer.write(b"\x01\x00")
        else:
            writer.write(b"\x05\x00")
        kind = (await reader.readexactly(4))[3]
        length = {1: 4, 4: 16}.get(kind) or (await reader.readexactly(1))[0]
        host = await reader.readexactly(length)
        port = int.from_bytes(await reader.readexactly(2), "big")
        self.asked.append(f"{host.decode() if kind == 3 else 'by number'}:{port}")
        inner_reader, inner_writer = await asyncio.open_connection("127.0.0.1", self._outlet)
        writer.write(DONE)
        ways = [_copied(reader, inner_writer), _copied(inner_reader, writer)]
        await asyncio.gather(*ways)


async def _copied(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    with suppress(ConnectionError):
        while piece := await reader.read(65536):
            writer.write(piece)
    writer.close()


@pytest.fixture
async def socks(press) -> AsyncIterator[SocksServer]:
    """A running SOCKS proxy in front of the outlet."""
    async with SocksServer(press.port) as running:
        yield running


async def test_names_are_looked_up_by_the_proxy(press, socks):
    """The proxy gets the name and the log-in; the answer is kept byte for byte as ever."""
    sent = answer(b"<p>hello</p>", extra=b"x-Odd-CASE: 1\r\n")
    press.says("/story", sent)
    route = Route(proxy_url=f"socks5://desk:secret@127.0.0.1:{socks.port}")
    async with Fetcher(AddressGuard(), SystemClock(), agent="LateEdition/test", route=route) as fetcher:
        exchange = await fetcher.fetch("http://news.example:8080/story")

    assert (exchange.problem, exchange.head + exchange.body) == (None, sent)
    assert (socks.asked, socks.users) == (["news.example:8080"], ["desk"])
    assert press.asked[0].headers["host"] == "news.example:8080"


@pytest.mark.parametrize(
    "url", ["http://10.0.0.1/", "http://127.1/", "http://localhost/", "http://wiki.internal/"]
)
async def test_what_leads_inside_is_not_asked_of_the_proxy(socks, url):
    """The guard holds before the proxy is connected to."""
    route = Route(proxy_url=f"socks5://127.0.0.1:{socks.port}")
    async with Fetcher(AddressGuard(), SystemClock(), agent="LateEdition/test", route=route) as fetcher:
        exchange = await fetcher.fetch(url)

    assert (exchange.problem, socks.asked) == ("forbidden_address", [])


async def test_a_proxy_that_is_not_there_is_named(unused_tcp_port):
    """The reason is the proxy, not the outlet."""
    route = Route(proxy_url=f"socks5://127.0.0.1:{unused_tcp_port}")
    async with Fetcher(AddressGuard(), SystemClock(), agent="LateEdition/test", route=route) as fetcher:
        exchange = await fetcher.fetch("http://news.example/")

    assert exchange.problem == "proxy"


async def test_a_browsers_requests_take_the_same_way(press, socks):
    """What a page's scripts ask for goes through the operator's proxy as well."""
    press.says("/api", answer(b"42", extra=b"Connection: close\r\n"))
    async with Gateway(AddressGuard(), Route(proxy_url=f"socks5://127.0.0.1:{socks.port}")) as gateway:
        got = await ask(gateway, "GET http://news.example/api HTTP/1.1\r\nHost: news.example")

    assert got.endswith(b"42")
    assert socks.asked == ["news.example:80"]
