"""What a real Chromium makes of pages whose scripts do the work, or mischief."""

import asyncio
import contextlib
import os
import signal
from pathlib import Path

import pytest

from archive.addresses import AddressGuard
from archive.clock import SystemClock
from scrapers.browsing import Browser, BrowserLimits, BrowserMissingError, Gateway, check_browser
from scrapers.fetching import Fetcher
from scrapers.fetching.routes import Route
from tests.scrapers.conftest import answer

BUILT = b"""<!doctype html><html><head><meta charset="iso-8859-1"><title>Shell</title></head><body><main></main><script>
fetch('/api.json').then(answer => answer.json()).then(said => { document.querySelector('main').innerHTML = said.html });
new Image().src = '/picture.png';
fetch('http://127.0.0.2:%d/inside').catch(() => {});
location.href = '/elsewhere';
</script></body></html>"""


class Reader:
    """Fetches and renders as a crawl does."""

    def __init__(self, *, timeout: float = 15.0) -> None:
        guard = AddressGuard(["127.0.0.1/32"])
        self.gateway = Gateway(guard, Route())
        self.fetcher = Fetcher(guard, SystemClock(), agent="LateEdition/test")
        self.browser = Browser(self.gateway, agent="LateEdition/test", limits=BrowserLimits(timeout=timeout))

    async def __aenter__(self):
        await self.fetcher.__aenter__()
        await self.browser.__aenter__()
        return self

    async def __aexit__(self, *error):
        await self.browser.__aexit__(*error)
        await self.fetcher.__aexit__(*error)

    async def read(self, url: str, **how):
        """Return an address's exchange, rendered."""
        return await self.browser.render(await self.fetcher.fetch(url), **how)


@pytest.mark.usefixtures("chromium")
async def test_what_scripts_fetch_is_there_and_nothing_else_is_fetched(press):
    """Text from an interface is in the document; pictures, inner addresses and where scripts lead are not asked for."""
    press.says("/story", answer(BUILT % press.port))
    press.says("/api.json", answer('{"html": "<p>Ça a changé</p>"}'.encode(), kind="application/json"))
    async with Reader() as reader:
        read = await reader.read(
            press.base + "/story", headers=[("Cookie", "edition=north"), ("X-Mine", "1")]
        )
        refused = list(reader.gateway.refused)

    assert (read.problem, read.body) == (None, BUILT % press.port)
    assert "<main><p>Ça a changé</p></main>" in read.rendering.html.decode("utf-8-sig")
    assert read.rendering.browser.startswith("Chromium/")
    assert press.paths() == ["/story", "/api.json"]
    asked = press.asked[1].headers
    assert (asked["user-agent"], asked["cookie"], asked.get("x-mine")) == (
        "LateEdition/test",
        "edition=north",
        None,
    )
    assert any("127.0.0.2" in one for one in refused)


@pytest.mark.usefixtures("chromium")
async def test_a_page_that_hangs_costs_its_time_and_no_more(press):
    """It is told as its problem, and the next page is rendered as ever."""
    press.says("/hangs", answer(b"<html><body><script>while (true) {}</script></body></html>"))
    press.says("/good", answer(b"<html><body><script>document.body.append('done')</script></body></html>"))
    async with Reader(timeout=4.0) as reader:
        hung = await reader.read(press.base + "/hangs")
        good = await reader.read(press.base + "/good")

    assert (hung.problem, hung.detail, hung.rendering.html) == (
        "browser_timeout",
        "the page was not done within 4 s",
        b"",
    )
    assert b"done" in good.rendering.html


@pytest.mark.usefixtures("chromium")
async def test_a_browser_that_died_is_started_again(press):
    """Killed between two pages, it renders the second."""
    press.says("/good", answer(b"<html><body><script>document.body.append('done')</script></body></html>"))
    async with Reader() as reader:
        first = await reader.read(press.base + "/good")
        gone = asyncio.Event()
        reader.browser._chromium.on("disconnected", lambda _browser: gone.set())
        for browser in _browsers(os.getpid()):
            _kill(browser)
        await gone.wait()
        second = await reader.read(press.base + "/good")

    assert first.problem is None
    assert (second.problem, b"done" in second.rendering.html) == (None, True)


def _browsers(of: int) -> list[int]:
    """Return the browsers among the processes that descend from one; a process may end while it is looked at."""
    found = []
    try:
        if "chromium" in Path(f"/proc/{of}/cmdline").read_text().partition("\0")[0]:
            found.append(of)
        children = Path(f"/proc/{of}/task/{of}/children").read_text().split()
    except (FileNotFoundError, ProcessLookupError):
        return found
    for child in children:
        found += _browsers(int(child))
    return found


def _kill(process: int) -> None:
    """End a process that may have ended with the one before it."""
    with contextlib.suppress(ProcessLookupError):
        os.kill(process, signal.SIGKILL)


async def test_a_missing_extra_is_told_with_its_cure(press, monkeypatch):
    """Every page of such a recipe says what to install; nothing is raised."""
    monkeypatch.setitem(__import__("sys").modules, "playwright", None)
    press.says("/good", answer(b"<p>hello</p>"))
    async with Reader() as reader:
        read = await reader.read(press.base + "/good")

    assert (read.problem, read.rendering.html) == ("browser", b"")
    assert "pip install 'lateedition[browser]'" in read.detail


def test_a_browser_that_is_none_is_named(tmp_path):
    """Which setting, which file."""
    file = tmp_path / "chromium"
    file.write_text("no program")

    with pytest.raises(BrowserMissingError, match=r"\[fetch\] browser: .*chromium is no program"):
        check_browser(str(file))
