"""
Renders pages in the machine's own Chromium, started when the first page needs it and again when it has died.

The document itself was fetched before, politely and as it came over the wire; the browser is handed those bytes
and fetches nothing but what the document's scripts ask for, through the gateway.
"""

import asyncio
import codecs
import logging
from collections.abc import Sequence
from contextlib import AsyncExitStack, suppress
from dataclasses import dataclass, replace
from types import TracebackType
from typing import TYPE_CHECKING

from archive.model import Exchange, Rendering
from archive.warc.bodies import decode_entity
from scrapers.browsing.chromium import BrowserMissingError, check_browser, find_chromium, launch_arguments
from scrapers.browsing.gateway import Gateway
from scrapers.fetching.answers import header_of

if TYPE_CHECKING:
    from playwright.async_api import Browser as Chromium
    from playwright.async_api import BrowserContext, Page, Route

__all__ = ["Browser", "BrowserLimits"]

#: What a document does not need for its words.
LEFT_OUT = frozenset({"image", "media", "font", "texttrack", "manifest", "ping", "eventsource", "other"})
#: Pages after which the browser is started anew, so that what it forgot to give back is given back.
LIFE = 100
#: Seconds for the start, for a goodbye, and of quiet that a page is waited for once it has loaded.
START, GOODBYE, QUIET = 30.0, 3.0, 5.0
#: Headers of the document that are no more true of what the browser is handed.
UNDONE = frozenset({"content-encoding", "content-length", "transfer-encoding", "connection", "keep-alive"})

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class BrowserLimits:
    """What one page may cost."""

    #: Seconds, everything included.
    timeout: float = 30.0
    #: Requests of its scripts.
    requests: int = 200
    #: Bytes of the document it comes to.
    document: int = 8 << 20
    #: Pages at a time.
    pages: int = 2


class _RenderError(Exception):
    """A page came to no end; its text says why."""


class Browser:
    """Renders pages; use as an async context manager. Nothing is started before a page needs it."""

    def __init__(
        self, gateway: Gateway, *, path: str = "", agent: str, limits: BrowserLimits | None = None
    ) -> None:
        self._gateway = gateway
        self._path = path
        self._agent = agent
        self._limits = limits or BrowserLimits()
        self._room = asyncio.Semaphore(self._limits.pages)
        self._starting = asyncio.Lock()
        self._stack: AsyncExitStack | None = None
        self._chromium: Chromium | None = None
        self._pages = 0

    def __deepcopy__(self, _memo: object) -> "Browser":
        """Stay one: Scrapy copies its settings deeply, and this is a live thing that stands in them."""
        return self

    async def __aenter__(self) -> "Browser":
        """Begin; the browser itself is started later."""
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """End the browser."""
        await self._end()

    async def render(self, exchange: Exchange, *, headers: Sequence[tuple[str, str]] = ()) -> Exchange:
        """
        Return an exchange with what a browser makes of it; never raises.

        Where it comes to no end, the exchange tells so as its problem, and its rendering is empty.

        Args:
            exchange: a full answer that holds a document.
            headers: what went along with the document; its cookies go along with what scripts ask of that host.
        """
        async with self._room:
            try:
                html = await self._rendered(exchange, headers)
            except BrowserMissingError as error:
                return self._failed(exchange, "browser", str(error))
            except TimeoutError:
                seconds = self._limits.timeout
                return self._failed(
                    exchange, "browser_timeout", f"the page was not done within {seconds:g} s"
                )
            except _RenderError as error:
                return self._failed(exchange, "browser", str(error))
        return replace(exchange, rendering=Rendering(html=html, browser=self._name()))

    def _failed(self, exchange: Exchange, reason: str, detail: str) -> Exchange:
        empty = Rendering(html=b"", browser=self._name())
        return replace(exchange, rendering=empty, problem=reason, detail=detail)

    def _name(self) -> str:
        return f"Chromium/{self._chromium.version}" if self._chromium is not None else "Chromium"

    async def _rendered(self, exchange: Exchange, headers: Sequence[tuple[str, str]]) -> bytes:
        from playwright.async_api import Error

        chromium = await self._started()
        self._pages += 1
        try:
            async with asyncio.timeout(self._limits.timeout):
                context = await chromium.new_context(
                    user_agent=self._agent, service_workers="block", accept_downloads=False
                )
                try:
                    # Kept by the browser for this host alone, on redirects too; a header set on a request would follow it.
                    await context.add_cookies(
                        [
                            {"name": name, "value": value, "url": exchange.url}
                            for name, value in _cookies(headers)
                        ]
                    )
                    return await self._loaded(context, exchange)
                finally:
                    await self._leave(context)
        except Error as error:
            await self._end_if_dead()
            raise _RenderError(_plain(error.message)) from error

    async def _leave(self, context: "BrowserContext") -> None:
        """Close a page with all it holds; a browser that cannot any more is ended."""
        from playwright.async_api import Error

        try:
            await asyncio.wait_for(context.close(), GOODBYE)
        except TimeoutError:
            await self._end()
        except Error:
            await self._end_if_dead()

    async def _loaded(self, context: "BrowserContext", exchange: Exchange) -> bytes:
        """Load a document, wait until its scripts are quiet, and return what it has become."""
        from playwright.async_api import TimeoutError as Unquiet

        page = await context.new_page()
        crash = asyncio.Event()
        page.on("crash", lambda _page: crash.set())
        await page.route("**/*", _Visit(exchange, self._limits.requests).answer)
        work = asyncio.create_task(self._document(page, exchange.url, Unquiet))
        crashed = asyncio.create_task(crash.wait())
        try:
            await asyncio.wait([work, crashed], return_when=asyncio.FIRST_COMPLETED)
            if crash.is_set():
                message = "the page took all the memory that one may take"
                raise _RenderError(message)
            return work.result()
        finally:
            for task in (work, crashed):
                task.cancel()
            await asyncio.gather(work, crashed, return_exceptions=True)

    async def _document(self, page: "Page", url: str, unquiet: type[Exception]) -> bytes:
        await page.goto(url, wait_until="commit", timeout=0)
        # The event `load` is never told of a document that wanted to lead elsewhere; the document itself knows.
        await page.wait_for_function("document.readyState === 'complete'", timeout=0)
        with suppress(unquiet):
            # A page that never falls quiet has said by now what it has to say.
            await page.wait_for_load_state("networkidle", timeout=QUIET * 1000)
        if page.url.startswith("chrome-error:"):
            message = "the document was lost to an error page"
            raise _RenderError(message)
        size = await page.evaluate("document.documentElement.outerHTML.length")
        if size > self._limits.document:
            message = f"the document grew over {self._limits.document} characters"
            raise _RenderError(message)
        # The mark outweighs whatever charset the document was sent in and still names.
        return codecs.BOM_UTF8 + (await page.content()).encode("utf-8", "replace")

    async def _started(self) -> "Chromium":
        async with self._starting:
            if self._chromium is not None and self._chromium.is_connected() and self._pages < LIFE:
                return self._chromium
            if self._pages >= LIFE and self._room.locked() and self._chromium is not None:
                # Another page is under way in it; the next one that is alone starts it anew.
                return self._chromium
            await self._end()
            return await self._start()

    async def _start(self) -> "Chromium":
        check_browser(self._path)
        from playwright.async_api import Error, async_playwright

        path = find_chromium(self._path)
        async with AsyncExitStack() as stack:
            try:
                await stack.enter_async_context(self._gateway)
                playwright = await stack.enter_async_context(async_playwright())
                self._chromium = await playwright.chromium.launch(
                    executable_path=path,
                    args=launch_arguments(),
                    chromium_sandbox=not _is_root(),
                    proxy={
                        "server": self._gateway.address,
                        "username": self._gateway.user,
                        "password": self._gateway.password,
                    },
                    handle_sigint=False,
                    handle_sigterm=False,
                    handle_sighup=False,
                    timeout=START * 1000,
                )
            except Error as error:
                message = f"{path} cannot be started ({_plain(error.message)})"
                raise _RenderError(message) from error
            self._stack = stack.pop_all()
        self._pages = 0
        log.info("browser.started path=%s version=%s", path, self._chromium.version)
        return self._chromium

    async def _end_if_dead(self) -> None:
        if self._chromium is not None and not self._chromium.is_connected():
            await self._end()

    async def _end(self) -> None:
        chromium, stack = self._chromium, self._stack
        self._chromium = self._stack = None
        if chromium is None or stack is None:
            return
        from playwright.async_api import Error

        with suppress(Error, TimeoutError):
            await asyncio.wait_for(chromium.close(), GOODBYE)
        with suppress(Error, TimeoutError):
            await asyncio.wait_for(stack.aclose(), GOODBYE)


class _Visit:
    """What the requests of one page are answered with."""

    def __init__(self, exchange: Exchange, most: int) -> None:
        self._exchange = exchange
        self._left = most
        self._handed = False

    async def answer(self, route: "Route") -> None:
        """Hand the document over, let through what its scripts ask for, and refuse the rest."""
        from playwright.async_api import Error

        # The page may be gone by the time its request is looked at.
        with suppress(Error):
            await self._answer(route)

    async def _answer(self, route: "Route") -> None:
        request = route.request
        if request.is_navigation_request():
            if self._handed or request.frame.parent_frame is not None:
                # Where scripts or frames want to lead is not followed, as it is not by any other fetch; an answer
                # without content leaves the document where it is, a failure would put an error page in its place.
                await route.abort("aborted")
                return
            self._handed = True
            await route.fulfill(
                status=self._exchange.status or 200,
                headers=_headers_of(self._exchange),
                body=decode_entity(self._exchange.body, header_of(self._exchange, "content-encoding")).data,
            )
            return
        self._left -= 1
        if request.resource_type in LEFT_OUT or self._left < 0:
            await route.abort()
        else:
            await route.continue_()


def _cookies(headers: Sequence[tuple[str, str]]) -> list[tuple[str, str]]:
    """Return names and values of the cookies among headers."""
    sent = [part for name, value in headers if name.lower() == "cookie" for part in value.split(";")]
    pairs = [part.strip().partition("=") for part in sent]
    return [(name, value) for name, equals, value in pairs if name and equals]


def _headers_of(exchange: Exchange) -> dict[str, str]:
    """Return the document's headers as they fit what the browser is handed; of repeated ones the last."""
    return {
        name.decode("latin-1"): value.decode("latin-1").strip()
        for name, value in exchange.response_headers
        if name.decode("latin-1").lower() not in UNDONE
    }


def _plain(message: str) -> str:
    """Return the first line of a browser's complaint."""
    return next((line.strip() for line in message.splitlines() if line.strip()), "it ended")[:300]


def _is_root() -> bool:
    import os

    return os.geteuid() == 0
