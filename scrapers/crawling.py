"""Runs the spider inside an event loop that is already running, over a frontier it is handed."""

import logging
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

from scrapy.crawler import AsyncCrawlerRunner
from scrapy.settings import Settings as ScrapySettings

from archive.clock import Clock
from archive.model import Exchange
from config import Recipe, Settings
from scrapers import settings as project
from scrapers.browsing import Browser, BrowserLimits, Gateway, rendered_by
from scrapers.fetching import Fetcher, fetcher_for, user_agent
from scrapers.fetching.handler import FETCHER
from scrapers.fetching.opening import guard_for, route_for
from scrapers.frontier import Frontier, Outcome, Visit
from scrapers.robots import ROBOTS, Robots
from scrapers.spiders.articles import BROWSER, SKIPS_UNWANTED, ArticleSpider, Store

__all__ = ["Crawl", "Web", "open_web"]

#: Seconds that a request may wait for its turn, and then some.
PATIENCE = 300


@dataclass(frozen=True, slots=True)
class Web:
    """The way out: a fetcher, the robots rules that bind it, and a browser for what is more than it seems."""

    fetcher: Fetcher
    robots: Robots
    browser: Browser

    async def rendered(self, exchange: Exchange, recipe: Recipe | None) -> Exchange:
        """Return an exchange as it is, or with what a browser makes of it where its outlet's recipe asks for that."""
        return await rendered_by(self.browser, self.fetcher, exchange, recipe)


@asynccontextmanager
async def open_web(settings: Settings, clock: Clock, version: str) -> AsyncIterator[Web]:
    """Open the way out while the block runs."""
    async with (
        fetcher_for(settings, clock, version) as fetcher,
        Browser(
            Gateway(guard_for(settings), route_for(settings)),
            path=settings.fetch_browser,
            agent=user_agent(version, settings.contact),
            limits=BrowserLimits(timeout=settings.fetch_timeout),
        ) as browser,
    ):
        yield Web(fetcher, Robots(fetcher, clock), browser)


class Crawl:
    """One crawl: runs until its frontier has nothing more, or it is stopped."""

    def __init__(
        self,
        frontier: Frontier,
        store: Store,
        web: Web,
        settings: Settings,
        *,
        recipes: Mapping[str, Recipe] | None = None,
        on_settled: Callable[[Visit, Outcome], None] = lambda _visit, _outcome: None,
    ) -> None:
        self._recipes = recipes or {}
        self._frontier = frontier
        self._store = store
        self._on_settled = on_settled
        self._runner = AsyncCrawlerRunner(_scrapy_settings(web, settings))
        self._crawler = self._runner.create_crawler(ArticleSpider)

    async def run(self) -> None:
        """Crawl; returns when the frontier is finished and everything claimed is settled."""
        logging.getLogger("scrapy").setLevel(logging.WARNING)
        await self._runner.crawl(
            self._crawler,
            frontier=self._frontier,
            store=self._store,
            recipes=self._recipes,
            on_settled=self._on_settled,
        )

    def stop(self) -> None:
        """Claim nothing more; `run` returns when what is under way is settled."""
        if isinstance(self._crawler.spider, ArticleSpider):
            self._crawler.spider.stop()


def _scrapy_settings(web: Web, settings: Settings) -> ScrapySettings:
    values: dict[str, Any] = {name: getattr(project, name) for name in dir(project) if name.isupper()}
    values |= {
        "TWISTED_REACTOR_ENABLED": False,
        # The fetcher bounds each exchange and keeps the pace; Scrapy's clock only guards against a hang of ours.
        "DOWNLOAD_TIMEOUT": settings.fetch_timeout * 2 + PATIENCE,
        "LOG_ENABLED": False,
        "LOG_LEVEL": "WARNING",
        FETCHER: web.fetcher,
        BROWSER: web.browser,
        SKIPS_UNWANTED: settings.rights_noarchive == "skip",
        ROBOTS: web.robots,
    }
    return ScrapySettings(values)
