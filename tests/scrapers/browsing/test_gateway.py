"""The browser's only way out: what it lets through, and what it refuses."""

import asyncio
import base64
from collections.abc import AsyncIterator

import pytest

from archive.addresses import AddressGuard
from scrapers.browsing import Gateway
from scrapers.fetching.routes import Route
from tests.scrapers.conftest import answer


@pytest.fixture
async def gateway() -> AsyncIterator[Gateway]:
    """A gateway that may contact 127.0.0.1 and nothing else inside."""
    async with Gateway(AddressGuard(["127.0.0.1/32"]), Route()) as opened:
        yield opened


async def ask(
    gateway: Gateway, request: str, *, password: str = "", body: bytes = b"", then: bytes = b""
) -> bytes:
    """Send a request to the gateway and return all that comes back."""
    said = base64.b64encode(f"{gateway.user}:{password or gateway.password}".encode()).decode()
    reader, writer = await asyncio.open_connection("127.0.0.1", int(gateway.address.rpartition(":")[2]))
    writer.write(f"{request}\r\nProxy-Authorization: Basic {said}\r\n\r\n".encode() + body)
    received = b""
    if then:
        received = await reader.readuntil(b"\r\n\r\n")
        writer.write(then)
    received += await reader.read()
    writer.close()
    return received


async def test_a_request_goes_on_as_its_origin_takes_it(gateway, press):
    """The path alone is asked for, one request a connection, and the password goes no further."""
    press.says("/api?a=1", answer(b"42", extra=b"Connection: close\r\n"))

    got = await ask(gateway, f"GET {press.base}/api?a=1 HTTP/1.1\r\nHost: 127.0.0.1\r\nX-Mine: yes")

    assert got.endswith(b"\r\n\r\n42")
    assert press.asked[0].headers == {"host": "127.0.0.1", "x-mine": "yes", "connection": "close"}


async def test_a_connection_serves_one_request_only(gateway, press):
    """An origin that keeps its connection open does not get the next request, which may be for another host."""
    press.says("/first", answer(b"1", extra=b"Connection: keep-alive\r\nKeep-Alive: timeout=9\r\n"))
    press.says("/second", answer(b"2"))
    said = base64.b64encode(f"{gateway.user}:{gateway.password}".encode()).decode()
    reader, writer = await asyncio.open_connection("127.0.0.1", int(gateway.address.rpartition(":")[2]))
    for path in ("/first", "/second"):
        request = f"GET {press.base}{path} HTTP/1.1\r\nHost: x\r\nProxy-Authorization: Basic {said}\r\n\r\n"
        writer.write(request.encode())

    head = (await reader.readuntil(b"\r\n\r\n")).lower()
    body = await reader.readexactly(1)
    writer.close()

    assert (b"connection: close" in head, b"keep-alive" in head, body) == (True, False, b"1")
    assert press.paths() == ["/first"]


async def test_a_body_goes_along(gateway, press):
    """As long as it says that it is."""
    got: list[bytes] = []

    async def take(reader, writer):
        got.append(await reader.readexactly(5))
        writer.write(answer(b"42", extra=b"Connection: close\r\n"))
        await writer.drain()
        writer.close()

    press.says("/api", take)
    request = f"POST {press.base}/api HTTP/1.1\r\nHost: x\r\nContent-Length: 5"

    answered = await ask(gateway, request, body=b"hello and more")

    assert (answered[-2:], got) == (b"42", [b"hello"])


async def test_a_tunnel_carries_bytes_as_they_are(gateway, press):
    """What is said in a tunnel is between the browser and the origin."""
    press.says("/api", answer(b"42", extra=b"Connection: close\r\n"))

    got = await ask(
        gateway,
        f"CONNECT 127.0.0.1:{press.port} HTTP/1.1\r\nHost: 127.0.0.1",
        then=b"GET /api HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n",
    )

    assert got.startswith(b"HTTP/1.1 200 ")
    assert got.endswith(b"42")


@pytest.mark.parametrize(
    "target",
    [
        pytest.param("127.0.0.2", id="loopback"),
        pytest.param("10.0.0.1", id="private"),
        pytest.param("169.254.169.254", id="link-local"),
        pytest.param("[::ffff:10.0.0.1]", id="mapped"),
        pytest.param("0x7f.2", id="odd spelling"),
    ],
)
@pytest.mark.parametrize(
    "form",
    ["CONNECT {0}:80 HTTP/1.1\r\nHost: x", "GET http://{0}/ HTTP/1.1\r\nHost: x"],
    ids=["tunnel", "plain"],
)
async def test_what_leads_inside_is_refused(gateway, target, form):
    """Whatever the spelling, in a tunnel or not; why is remembered."""
    got = await ask(gateway, form.format(target))

    assert got.startswith(b"HTTP/1.1 403 ")
    assert "not public" in gateway.refused[-1]


async def test_a_name_is_judged_by_where_it_leads():
    """A harmless name that leads inside is refused, because the address is looked at and not the name."""
    async with Gateway(AddressGuard(), Route()) as strict:
        assert (await ask(strict, "CONNECT localhost:80 HTTP/1.1\r\nHost: x")).startswith(b"HTTP/1.1 403 ")


async def test_other_programs_may_not_use_it(gateway, press):
    """Without the password nothing is asked of anybody."""
    got = await ask(gateway, f"GET {press.base}/api HTTP/1.1\r\nHost: x", password="wrong")

    assert got.startswith(b"HTTP/1.1 407 ")
    assert press.asked == []


async def test_what_cannot_be_reached_is_said(gateway, unused_tcp_port):
    """The browser is told at once."""
    got = await ask(gateway, f"GET http://127.0.0.1:{unused_tcp_port}/ HTTP/1.1\r\nHost: x")

    assert got.startswith(b"HTTP/1.1 502 ")


async def test_the_operators_proxy_is_used(press):
    """Through a proxy the whole address is asked of it, with the operator's name and password."""
    press.routes["http://news.example/api"] = answer(b"42", extra=b"Connection: close\r\n")
    route = Route(proxy_url=press.base.replace("//", "//me:secret@"))
    async with Gateway(AddressGuard(), route) as gateway:
        got = await ask(gateway, "GET http://news.example/api HTTP/1.1\r\nHost: news.example")
        inside = await ask(gateway, "GET http://10.0.0.1/ HTTP/1.1\r\nHost: x")

    assert got.endswith(b"42")
    assert press.asked[0].headers["proxy-authorization"] == "Basic " + base64.b64encode(b"me:secret").decode()
    assert inside.startswith(b"HTTP/1.1 403 ")
