"""
The spider that visits what the frontier hands out: articles are archived, listings are read.

Every hop of a redirect is archived under the address that gave it. Every visit is settled, whatever happens.
"""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import suppress
from dataclasses import replace
from typing import Any, Protocol
from weakref import WeakValueDictionary

from scrapy import Request, Spider
from scrapy.crawler import Crawler
from scrapy.exceptions import CloseSpider
from scrapy.http import Response
from twisted.python.failure import Failure

from archive.errors import ArchiveError
from archive.ingest import Catalogued, Pages, Unfinished
from archive.model import Exchange
from archive.urls import same_site
from config import Recipe
from scrapers.browsing import Browser, rendered_by
from scrapers.fetching import BUSY, Fetcher
from scrapers.fetching.answers import redirect_of
from scrapers.fetching.handler import FETCHER, FetchFailedError, exchange_of
from scrapers.fetching.manners import host_of
from scrapers.frontier import Frontier, ListFrontier, Outcome, Visit
from scrapers.recipes import headers_for
from scrapers.robots import RobotsRefusedError
from scrapers.spiders.gathering import NotToBeHadError, gather
from scrapers.spiders.outcomes import other_hosts, outcome_of, wishes_of, with_listing

__all__ = ["BROWSER", "SKIPS_UNWANTED", "ArticleSpider", "Store"]


class Store(Protocol):
    """Archives exchanges."""

    def __call__(
        self, exchange: Exchange, source_id: int, pages: Pages | None = None
    ) -> Awaitable[Catalogued | Unfinished]:
        """
        Archive one exchange for a source; return once it is acknowledged, or when pages are wanted first.

        Args:
            exchange: what was fetched.
            source_id: for which source.
            pages: what was fetched for its sake; None where no pages are to be fetched.
        """
        raise NotImplementedError


#: Scrapy setting that holds the browser of a crawl that Late Edition started.
BROWSER = "LATEEDITION_BROWSER"
#: Scrapy setting: pages that ask archives to keep away are not archived.
SKIPS_UNWANTED = "LATEEDITION_SKIPS_UNWANTED"
NOTHING_GIVEN = (
    "give addresses (`-a urls=https://…,https://…`), or use `lateedition crawl` for all that is due"
)
HOPS = 10
#: Requests that may be under way, and how many must be free before more are claimed.
ROOM, WORTH_ASKING = 256, 64
#: Bytes of a listing from which on it is read in a thread: the crawl must not stand still for a huge sitemap.
LONG = 100_000
#: Hosts of other sites that a listing names and that are looked up.
PROBED = 12
#: Visits in a row without all pages of an article, after which those that can be had are taken for the article.
PATIENCE = 3
PERMANENT = frozenset({301, 308})
#: Problems of exchanges that never left this machine.
UNSENT = frozenset({"forbidden_address", "unsupported_scheme", "bad_url", BUSY})


class ArticleSpider(Spider):
    """Visits articles and listings."""

    name = "articles"
    # Hops, error answers and coded bytes are all archived, so nobody may follow, retry, decode or hide them;
    # what does nothing here is left out, because each layer costs every page.
    custom_settings = {  # noqa: RUF012 - Scrapy's way
        "DOWNLOADER_MIDDLEWARES_BASE": {},
        "DOWNLOADER_MIDDLEWARES": {"scrapers.robots.RobotsMiddleware": 100},
        "SPIDER_MIDDLEWARES_BASE": {},
        "EXTENSIONS_BASE": {},
        "SCHEDULER": "scrapers.queueing.PassingScheduler",
        "STATS_CLASS": "scrapy.statscollectors.DummyStatsCollector",
        "CONCURRENT_REQUESTS": ROOM,
        "CONCURRENT_REQUESTS_PER_DOMAIN": ROOM,
        # Each answer's requests are handed on one by one: a hundred idle tasks an answer cost more than the fetch.
        "CONCURRENT_ITEMS": 1,
    }

    def __init__(
        self,
        frontier: Frontier | None = None,
        store: Store | None = None,
        on_settled: Callable[[Visit, Outcome], None] = lambda _visit, _outcome: None,
        urls: str = "",
        recipes: Mapping[str, Recipe] | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(**kwargs)
        self._frontier: Frontier = frontier or ListFrontier(
            [Visit(uri=one) for one in urls.split(",") if one]
        )
        self._store = store
        self._recipes = recipes or {}
        self._fetcher: Fetcher | None = None
        self._browser: Browser | None = None
        self._skips_unwanted = False
        self._under_way = 0
        self._free = asyncio.Event()
        self._stopping = False
        self._on_settled = on_settled
        #: One article's pages at a time are fetched of a host, so that articles are done one by one.
        self._gathering: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()

    @classmethod
    def from_crawler(cls, crawler: Crawler, *args: Any, **kwargs: Any) -> "ArticleSpider":
        """Build the spider; `scrapy crawl articles -a urls=…` brings addresses and no frontier."""
        spider = super().from_crawler(crawler, *args, **kwargs)
        spider._fetcher = crawler.settings.get(FETCHER)
        spider._browser = crawler.settings.get(BROWSER)
        spider._skips_unwanted = crawler.settings.getbool(SKIPS_UNWANTED)
        return spider

    def stop(self) -> None:
        """Claim nothing more; what is under way is finished."""
        self._stopping = True
        self._free.set()

    async def start(self) -> AsyncIterator[Any]:
        """Yield a request for each visit that the frontier hands out."""
        if self._store is None and isinstance(self._frontier, ListFrontier) and not self._frontier.left:
            self.logger.error("%s", NOTHING_GIVEN)
        while not self._stopping:
            self._free.clear()
            room = ROOM - self._under_way
            if room < WORTH_ASKING:
                await self._free.wait()
                continue
            visits = await self._frontier.claim(room)
            self._under_way += len(visits)
            for visit in visits:
                yield self._request(visit, visit.uri, hops=0)
            if not visits and not await self._frontier.wait():
                if not self._under_way:
                    return
                # Nothing more will be due, but what is under way may lead on.
                await self._free.wait()

    def _request(self, visit: Visit, url: str, *, hops: int, temporary: bool = False) -> Request:
        recipe = self._recipes.get(visit.source)
        headers: dict[str, str] = dict(headers_for(recipe, url, visit.uri))
        # A shell that did not change says nothing of the text that its scripts fetch.
        is_telling = hops == 0 and not (recipe is not None and recipe.browser)
        if is_telling and visit.etag:
            headers["If-None-Match"] = visit.etag
        if is_telling and visit.last_modified:
            headers["If-Modified-Since"] = visit.last_modified
        return Request(
            url,
            headers=headers,
            callback=self.answered,
            errback=self.failed,
            dont_filter=True,
            meta={"visit": visit, "hops": hops, "temporary": temporary},
        )

    async def answered(self, response: Response) -> AsyncIterator[Any]:
        """Archive an answer or read a listing, and follow where it leads."""
        request = response.request
        assert request is not None  # noqa: S101 - Scrapy sets it
        visit, hops, exchange = request.meta["visit"], request.meta["hops"], exchange_of(request)
        if self._skips_unwanted and visit.kind == "article" and (asked := wishes_of(exchange)):
            detail = f"the page asks for {' and '.join(asked)}; it is not kept"
            await self._settle(
                visit,
                Outcome(status=exchange.status, problem="noarchive", detail=detail, problem_uri=visit.uri),
            )
            return
        exchange = await self._rendered(visit, exchange)
        try:
            stored = await self._archived(visit, exchange)
        except ArchiveError as error:
            await self._settle(visit, Outcome(problem="archive", detail=str(error), problem_uri=exchange.url))
            raise CloseSpider(str(error)) from error
        outcome = outcome_of(exchange, stored)
        target = redirect_of(exchange)
        if target is not None:
            trouble = await self._trouble_with(visit, target, hops)
            if trouble is None:
                temporary = request.meta["temporary"] or exchange.status not in PERMANENT
                yield self._request(visit, target, hops=hops + 1, temporary=temporary)
                return
            outcome = replace(outcome, problem=trouble[0], detail=trouble[1], problem_uri=visit.uri)
        elif visit.kind == "article":
            if hops and not request.meta["temporary"]:
                outcome = replace(outcome, moved_to=exchange.url)
        elif len(exchange.body) > LONG:
            outcome = await self._probed(
                visit, await asyncio.to_thread(with_listing, visit, exchange, outcome)
            )
        else:
            outcome = await self._probed(visit, with_listing(visit, exchange, outcome))
        await self._settle(visit, outcome)

    async def _rendered(self, visit: Visit, exchange: Exchange) -> Exchange:
        recipe = self._recipes.get(visit.source)
        if self._browser is None or self._fetcher is None:
            return exchange
        return await rendered_by(self._browser, self._fetcher, exchange, recipe)

    async def _probed(self, visit: Visit, outcome: Outcome) -> Outcome:
        """Look up where a listing's links to other sites lead: one that points inside is no slip of a partner's."""
        if outcome.listing is None or self._fetcher is None:
            return outcome
        inside = set()
        for host, url in other_hosts(visit.uri, outcome.listing.found, most=PROBED).items():
            refusal = await self._fetcher.refusal(url)
            if refusal is not None and refusal.reason == "forbidden_address":
                inside.add(host)
        return replace(outcome, listing=replace(outcome.listing, inside=frozenset(inside)))

    async def _trouble_with(self, visit: Visit, target: str, hops: int) -> tuple[str, str] | None:
        """Say why a redirect is not followed."""
        if hops >= HOPS:
            return "too_many_redirects", f"more than {HOPS} hops"
        if same_site(target, visit.uri):
            return None
        refusal = await self._fetcher.refusal(target) if self._fetcher is not None else None
        if refusal is not None and refusal.reason != "dns":
            return refusal
        return ("offsite", f"leads to {target}") if visit.kind == "article" else None

    async def failed(self, failure: Failure) -> None:
        """Settle a visit that nothing came back from."""
        request = failure.request  # type: ignore[attr-defined]  # Scrapy puts it there
        visit = request.meta["visit"]
        match failure.value:
            case FetchFailedError() as error:
                await self._settle(visit, await self._unanswered(visit, error.exchange))
            case RobotsRefusedError() as error:
                await self._settle(
                    visit, Outcome(problem=error.reason, detail=error.detail, problem_uri=request.url)
                )
            case error:
                self.logger.error("visit.failed url=%s error=%r", request.url, error)
                await self._settle(
                    visit, Outcome(problem="error", detail=str(error), problem_uri=request.url)
                )

    async def _archived(self, visit: Visit, exchange: Exchange) -> Catalogued | None:
        """Archive what belongs to an article; listings are read, not kept."""
        if visit.kind != "article" or self._store is None:
            return None
        stored = await self._store(exchange, visit.source_id, Pages())
        if isinstance(stored, Catalogued):
            return stored
        async with self._gathering.setdefault(host_of(exchange.url), asyncio.Lock()):
            while isinstance(stored, Unfinished):
                pages = await gather(
                    exchange,
                    stored,
                    lambda url: self._page(visit, url),
                    is_enough=visit.failures >= PATIENCE,
                )
                stored = await self._store(exchange, visit.source_id, pages)
        return stored

    async def _page(self, visit: Visit, url: str) -> Exchange:
        """
        Fetch a page of an article for its first page's sake, as robots.txt and the host's pace allow.

        Raises:
            NotToBeHadError: it is not to be fetched, or not to be kept.
        """
        headers = headers_for(self._recipes.get(visit.source), url, visit.uri)
        request = Request(url, headers=dict(headers), dont_filter=True)
        assert self.crawler.engine is not None  # noqa: S101 - it runs the spider
        try:
            await self.crawler.engine.download_async(request)
        except RobotsRefusedError as error:
            raise NotToBeHadError(error.detail) from error
        except FetchFailedError as error:
            if error.exchange.problem in UNSENT:
                raise NotToBeHadError(error.exchange.detail) from error
            return error.exchange
        exchange = exchange_of(request)
        if self._skips_unwanted and (asked := wishes_of(exchange)):
            message = f"the page asks for {' and '.join(asked)}; it is not kept"
            raise NotToBeHadError(message)
        return await self._rendered(visit, exchange)

    async def _unanswered(self, visit: Visit, exchange: Exchange) -> Outcome:
        if exchange.problem == BUSY:
            return Outcome(is_postponed=True)
        stored = None
        with suppress(ArchiveError):
            # The request alone is evidence that we asked and nothing came.
            if exchange.problem not in UNSENT:
                stored = await self._archived(visit, exchange)
        return outcome_of(exchange, stored)

    async def _settle(self, visit: Visit, outcome: Outcome) -> None:
        if self._fetcher is not None:
            name = host_of(visit.uri)
            manners = self._fetcher.manners
            outcome = replace(outcome, ready_in=manners.ready_in(name), gap=manners.gap(name))
        try:
            await self._frontier.settle(visit, outcome)
        finally:
            self._under_way -= 1
            self._free.set()
            self._on_settled(visit, outcome)
