"""A home over real SQLite and real WARC files, and the misbehaving server of the scrapers' tests."""

import asyncio
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from archive.clock import SystemClock
from archive.opening import Stores, open_stores
from archive.reading import Archive
from config import Settings
from scheduler.crawling import CrawlReport, crawl_once
from scheduler.frontier import Goal
from scheduler.watching import watch
from scrapers.crawling import open_web
from scrapers.discovery import discover
from tests.scrapers.conftest import Press, _press, press  # noqa: F401 - fixtures

SETTINGS = Settings(
    allowed_private_networks=("127.0.0.0/8",),
    politeness_delay=0.0,
    politeness_concurrency_per_host=4,
    fetch_timeout=3.0,
)


@dataclass
class Home:
    """One home under test."""

    stores: Stores
    settings: Settings = SETTINGS

    def watch(self, url: str, **how: str):
        """Watch an address as the command does."""

        async def look():
            async with open_web(self.settings, self.stores.clock, "test") as web:
                return await discover(url, web.fetcher, web.robots)

        return watch(self.stores, asyncio.run(look()), **how)

    def crawl(self, *, refetch: bool = False) -> CrawlReport:
        """Crawl once, as the command does."""
        return asyncio.run(
            crawl_once(self.stores, self.settings, Goal(once=True), version="test", refetch=refetch)
        )

    @property
    def archive(self) -> Archive:
        """What readers see."""
        return Archive(self.stores)

    def verdicts(self) -> list[tuple[str, str]]:
        """Return (path, verdict) of every capture, in order."""
        return [
            ("/" + one.requested_uri.partition("://")[2].partition("/")[2], str(one.verdict))
            for one in self.archive.captures()
        ]

    def problems(self) -> dict[str, str]:
        """Return the problems of all sources, by reason."""
        return {problem.reason: problem.detail for one in self.archive.sources() for problem in one.problems}


@pytest.fixture(scope="session")
def _template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A catalogue that all migrations were run on, to be copied."""
    folder = tmp_path_factory.mktemp("template")
    open_stores(folder, catalogue="", blobs="", clock=SystemClock()).close()
    return folder / "catalog.sqlite"


@pytest.fixture
def home(tmp_path: Path, _template: Path) -> Iterator[Home]:
    """An empty home."""
    shutil.copy(_template, tmp_path / "catalog.sqlite")
    stores = open_stores(tmp_path, catalogue="", blobs="", clock=SystemClock())
    yield Home(stores)
    stores.close()
