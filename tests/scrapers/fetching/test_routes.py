"""Through a proxy: what is asked of it, and what is refused without asking."""

import pytest

from archive.addresses import AddressGuard
from archive.clock import SystemClock
from scrapers.fetching import Fetcher
from scrapers.fetching.routes import Route, RouteError
from tests.scrapers.conftest import answer


async def test_everything_goes_through_the_proxy(press):
    """The whole address is asked of the proxy, which may stand on an inner address; the answer is kept as ever."""
    sent = answer(b"<p>hello</p>", extra=b"Via: 1.1 proxy\r\n")
    press.routes["http://news.example/story"] = sent
    route = Route(proxy_url=press.base)
    async with Fetcher(AddressGuard(), SystemClock(), agent="LateEdition/test", route=route) as fetcher:
        exchange = await fetcher.fetch("http://news.example/story")

    assert (exchange.problem, exchange.head + exchange.body) == (None, sent)
    assert press.asked[0].headers["host"] == "news.example"


@pytest.mark.parametrize(
    "url",
    [
        "http://10.0.0.1/",
        "http://127.1/",
        "http://2130706433/",
        "http://[::1]/",
        "http://[64:ff9b::a00:1]/",
        "http://localhost/",
        "http://printer.local/",
        "http://wiki.corp.internal/",
        "http://intranet/",
    ],
)
async def test_what_leads_inside_is_not_asked_of_the_proxy(press, url):
    """Numbers and names that are never public are refused here."""
    route = Route(proxy_url=press.base)
    async with Fetcher(AddressGuard(), SystemClock(), agent="LateEdition/test", route=route) as fetcher:
        exchange = await fetcher.fetch(url)

    assert exchange.problem == "forbidden_address"
    assert press.asked == []


async def test_a_proxy_that_cannot_be_reached_is_named(unused_tcp_port):
    """The reason is the proxy, not the outlet."""
    route = Route(proxy_url=f"http://127.0.0.1:{unused_tcp_port}")
    async with Fetcher(AddressGuard(), SystemClock(), agent="x", route=route) as fetcher:
        assert (await fetcher.fetch("http://news.example/")).problem == "proxy"


async def test_a_file_that_holds_no_certificates_is_said(tmp_path):
    """Which setting, which file."""
    file = tmp_path / "ca.pem"
    file.write_text("no certificate")

    with pytest.raises(RouteError, match="ca_file"):
        Route(ca_file=str(file)).connector(AddressGuard())
