"""Faithful, bounded, and never raising: one exchange at a time, against a server that misbehaves for real."""

import asyncio
import gzip
import zlib

import pytest

from archive.addresses import AddressGuard
from archive.clock import SystemClock
from scrapers.fetching import Fetcher, user_agent

PAGE = b"<html><body><p>The quay stays open.</p></body></html>"


def chunked(body: bytes, size: int = 7, extension: bytes = b"", trailer: bytes = b"") -> bytes:
    """Return a body in chunks."""
    parts = [
        b"%x%s\r\n%s\r\n" % (len(body[at : at + size]), extension, body[at : at + size])
        for at in range(0, len(body), size)
    ]
    return b"".join(parts) + b"0\r\n" + trailer + b"\r\n"


HEAD = (
    b"HTTP/1.1 200 Very Fine Indeed\r\nserver: Odd-Case/1\r\nX-weird-CASE:  v1\r\nContent-type: text/html\r\n"
)


@pytest.mark.parametrize(
    ("sent", "entity"),
    [
        pytest.param(HEAD + b"content-length: %d\r\n\r\n" % len(PAGE) + PAGE, PAGE, id="length"),
        pytest.param(HEAD + b"Transfer-Encoding: chunked\r\n\r\n" + chunked(PAGE), PAGE, id="chunked"),
        pytest.param(
            HEAD + b"Transfer-Encoding: chunked\r\nTrailer: X-T\r\n\r\n" + chunked(PAGE, 9, b";x=y", b"X-T: end\r\n"),
            PAGE,
            id="chunk extensions and a trailer",
        ),
        pytest.param(HEAD + b"connection: close\r\n\r\n" + PAGE, PAGE, id="until the connection closes"),
        pytest.param(
            HEAD + b"Content-Encoding: gzip\r\nTransfer-Encoding: chunked\r\n\r\n" + chunked(gzip.compress(PAGE, mtime=0)),
            gzip.compress(PAGE, mtime=0),
            id="gzip in chunks",
        ),
    ],
)  # fmt: skip
async def test_an_answer_is_kept_byte_for_byte(press, fetcher, sent, entity):
    """Status line, reason, order and case of headers, spaces and framing stay as the server wrote them."""
    exchange = await fetcher.fetch(press.says("/story", sent))

    assert sent == exchange.head + (exchange.framed or exchange.body)
    assert entity == exchange.body
    assert (exchange.problem, exchange.truncated, exchange.ip) == (None, None, "127.0.0.1")


async def test_an_interim_answer_is_left_out(press, fetcher):
    """What came before the answer that counts (103 Early Hints) is no part of it."""
    last = HEAD + b"content-length: 2\r\n\r\nhi"

    exchange = await fetcher.fetch(
        press.says("/early", b"HTTP/1.1 103 Early Hints\r\nLink: </a.css>\r\n\r\n" + last)
    )

    assert exchange.head + exchange.body == last


async def test_answers_on_one_connection_do_not_mix(press, fetcher):
    """Requests one after another over a kept connection each keep their own bytes."""
    for number in range(5):
        press.says(f"/{number}", HEAD + b"content-length: 1\r\n\r\n%d" % number)

    kept = [await fetcher.fetch(f"{press.base}/{number}") for number in range(5)]

    assert [one.body for one in kept] == [b"0", b"1", b"2", b"3", b"4"]
    assert all(one.head.endswith(b"content-length: 1\r\n\r\n") for one in kept)


async def test_the_request_is_kept_as_it_was_sent(press, fetcher):
    """What the archive says was asked is what the server heard."""
    exchange = await fetcher.fetch(
        press.says("/q?a=1&b=%C3%A9&c=x+y", HEAD + b"content-length: 0\r\n\r\n"), headers=[("If-None-Match", '"1"')]
    )  # fmt: skip

    lines = b"".join(b"%s: %s\r\n" % pair for pair in exchange.request_headers)
    assert press.asked[0].raw == b"GET /q?a=1&b=%C3%A9&c=x+y HTTP/1.1\r\n" + lines + b"\r\n"


async def _slow_body(_reader, writer):
    writer.write(HEAD + b"content-length: 100000\r\n\r\n" + PAGE)
    await writer.drain()
    await asyncio.sleep(30)


async def _slow_head(_reader, writer):
    for number in range(100):
        writer.write(b"HTTP/1.1 200 OK\r\n" if not number else b"X-%d: y\r\n" % number)
        await writer.drain()
        await asyncio.sleep(0.1)


async def _endless(_reader, writer):
    writer.write(b"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n")
    while not writer.is_closing():
        writer.write(b"word " * 10_000)
        await writer.drain()


async def _endless_headers(_reader, writer):
    writer.write(b"HTTP/1.1 200 OK\r\n")
    for number in range(100_000):
        writer.write(b"X-A%d: " % number + b"b" * 1000 + b"\r\n")
        await writer.drain()


async def _hangs_up(_reader, writer):
    writer.close()


async def _cut(_reader, writer):
    writer.write(HEAD + b"content-length: 5000\r\n\r\n" + PAGE)
    await writer.drain()
    writer.close()


async def _bad_chunks(_reader, writer):
    writer.write(HEAD + b"Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n")
    await writer.drain()
    await asyncio.sleep(0.05)
    writer.write(b"zz\r\nworld\r\n")
    await writer.drain()
    writer.close()


async def _old(_reader, writer):
    writer.write(PAGE)
    await writer.drain()
    writer.close()


def _coded(body: bytes) -> bytes:
    return HEAD + b"Content-Encoding: gzip\r\nContent-Length: %d\r\n\r\n" % len(body) + body


ZIPPED = gzip.compress(PAGE * 50)


@pytest.mark.parametrize(
    ("what", "reason", "truncated"),
    [
        pytest.param(_endless, "too_large", "length", id="body without end"),
        pytest.param(_endless_headers, "bad_http", None, id="headers without end"),
        pytest.param(_hangs_up, "bad_http", None, id="no answer"),
        pytest.param(_cut, "truncated", "disconnect", id="shorter than announced"),
        pytest.param(_bad_chunks, "truncated", "disconnect", id="bad chunks"),
        pytest.param(_old, "bad_http", None, id="HTTP/0.9"),
        pytest.param(b"HTTP/1.1 200 OK\r\nX-A: " + b"b" * 100_000 + b"\r\n\r\n", "bad_http", None, id="one huge header"),
        pytest.param(_coded(ZIPPED[:-12]), "truncated", "disconnect", id="gzip without its end"),
        pytest.param(_coded(ZIPPED[:20] + b"!!!!" + ZIPPED[24:]), "bad_encoding", "unspecified", id="damaged gzip"),
        pytest.param(_coded(gzip.compress(bytes(2_000_000))), "too_large", "length", id="gzip bomb"),
    ],
)  # fmt: skip
async def test_a_misbehaving_server_costs_little_and_is_named(press, fetcher, what, reason, truncated):
    """Every failure has one of the contract's reasons, and a body that is not whole says so."""
    exchange = await fetcher.fetch(press.says("/bad", what))

    assert (reason, truncated) == (exchange.problem, exchange.truncated)
    assert exchange.detail
    assert len(exchange.body) <= 200_000


async def test_what_came_of_a_slow_body_is_kept(press, hasty):
    """A body that did not end in time is evidence of what was there until then."""
    exchange = await hasty.fetch(press.says("/slow", _slow_body))

    assert (exchange.problem, exchange.truncated) == ("timeout", "time")
    assert exchange.detail
    assert (exchange.status, exchange.body) == (200, PAGE)


async def test_deflate_of_both_kinds_is_whole(press, fetcher):
    """Deflate with and without its zlib wrapper is a whole body."""
    raw = zlib.compressobj(wbits=-15)
    bodies = [zlib.compress(PAGE), raw.compress(PAGE) + raw.flush()]
    for number, body in enumerate(bodies):
        press.says(
            f"/{number}", HEAD + b"Content-Encoding: deflate\r\nContent-Length: %d\r\n\r\n" % len(body) + body
        )

    kept = [await fetcher.fetch(f"{press.base}/{number}") for number in range(2)]

    assert [one.problem for one in kept] == [None, None]


@pytest.mark.parametrize(
    ("url", "reason"),
    [
        pytest.param("ftp://127.0.0.1/x", "unsupported_scheme", id="ftp"),
        pytest.param("file:///etc/hostname", "unsupported_scheme", id="file"),
        pytest.param("http://", "bad_url", id="no host"),
        pytest.param("http://[", "bad_url", id="half a bracket"),
        pytest.param("http://127.0.0.1:99999/x", "bad_url", id="no such port"),
        pytest.param("http://127.0.0.1/a b", "bad_url", id="a space"),
        pytest.param("http://127.0.0.1/" + "u" * 100_000, "bad_url", id="endless"),
        pytest.param("http://no-such-name.invalid/", "dns", id="a name nobody has"),
    ],
)
async def test_an_address_that_cannot_be_asked_for_is_named(fetcher, url, reason):
    """A bad address is one line with a reason, not an exception."""
    exchange = await fetcher.fetch(url)

    assert (reason, None) == (exchange.problem, exchange.status)
    assert "\n" not in exchange.detail
    assert len(exchange.detail) < 400


async def test_a_closed_port_is_named(fetcher, unused_tcp_port):
    """Nobody listening is `connect`."""
    exchange = await fetcher.fetch(f"http://127.0.0.1:{unused_tcp_port}/")

    assert exchange.problem == "connect"


@pytest.mark.parametrize(
    "host", ["127.0.0.1", "localhost", "0x7f000001", "2130706433", "127.1", "0177.0.0.1", "[::ffff:127.0.0.1]"]
)  # fmt: skip
async def test_no_spelling_of_an_inner_address_is_contacted(press, host):
    """However the address is written, the guard sees the socket that would be opened."""
    press.says("/secret", HEAD + b"content-length: 6\r\n\r\nsecret")
    async with Fetcher(AddressGuard(["127.9.0.0/16"]), SystemClock(), agent="LateEdition/test") as guarded:
        exchange = await guarded.fetch(f"http://{host}:{press.port}/secret")

    assert exchange.problem in ("forbidden_address", "bad_url", "dns")
    assert press.paths() == []


async def test_the_limits_hold_for_the_whole_exchange(press, hasty):
    """Bytes that keep coming do not buy more time: headers that would drip for ten seconds are not waited for."""
    exchange = await hasty.fetch(press.says("/slow", _slow_head))

    assert (exchange.problem, exchange.truncated) == ("timeout", None)
    assert exchange.detail


async def test_cookies_are_not_sent_back(press, fetcher):
    """No cookie of a server is remembered: a page is seen as a first visitor sees it."""
    url = press.says("/biscuits", HEAD + b"Set-Cookie: a=1; Path=/\r\ncontent-length: 0\r\n\r\n")

    await fetcher.fetch(url)
    await fetcher.fetch(url)

    assert [one.headers.get("cookie") for one in press.asked] == [None, None]


def test_the_user_agent_names_the_operator_when_there_is_one():
    """Software and contact, so that an outlet knows whom to write to."""
    assert user_agent("1.0", "ops@news.example") == "LateEdition/1.0 (+ops@news.example)"
    assert user_agent("1.0", "") == "LateEdition/1.0"
