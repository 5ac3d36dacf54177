"""One crawl over the catalogue: opens the way out and the way in, and runs until its goal is reached."""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from archive.catalog import frontier, sources
from archive.ingest import (
    Catalogued,
    Fetched,
    IngestQueue,
    Keep,
    OnEvents,
    Pages,
    Recorder,
    StorePolicy,
    Unfinished,
)
from archive.model import Exchange
from archive.opening import Stores
from archive.text.selectors import Selectors
from config import Settings, load_recipes
from scheduler.frontier import CatalogueFrontier, Goal
from scheduler.refitting import known, pace_of
from scheduler.sharing import take_back
from scheduler.trouble import EndingFrontier
from scrapers.crawling import Crawl, open_web
from scrapers.frontier import Frontier, Outcome, Visit
from scrapers.recipes import selectors_in

__all__ = ["CrawlReport", "crawl_once", "open_engine"]


@dataclass(slots=True)
class CrawlReport:
    """What a crawl did."""

    articles: int = 0
    listings: int = 0
    problems: int = 0
    verdicts: dict[str, int] = field(default_factory=dict)

    def count(self, visit: Visit, outcome: Outcome) -> None:
        """Count one settled visit."""
        if visit.kind == "article":
            self.articles += 1
            verdict = str(outcome.verdict or outcome.problem or "none")
            self.verdicts[verdict] = self.verdicts.get(verdict, 0) + 1
        else:
            self.listings += 1
        self.problems += bool(outcome.problem)


@asynccontextmanager
async def open_engine(
    stores: Stores,
    settings: Settings,
    frontier_: Frontier,
    *,
    version: str,
    on_events: OnEvents | None,
    on_settled: Callable[[Visit, Outcome], None],
) -> AsyncIterator[Crawl]:
    """
    Open everything a crawl needs while the block runs; what is under way is written before it ends.

    Raises:
        ArchiveError: when the block ends, if the crawl ended because the archive could not be written.
    """
    recorder = Recorder(
        stores,
        software=f"lateedition/{version}",
        operator=settings.contact,
        policy=StorePolicy(keep=Keep(settings.store_keep), darkens=settings.rights_noarchive == "store-dark"),
        on_events=on_events,
    )
    recipes = load_recipes(stores.home)
    selectors = _selectors(stores)
    with IngestQueue(recorder) as queue:

        async def store(
            exchange: Exchange, source_id: int, pages: Pages | None = None
        ) -> Catalogued | Unfinished:
            fetched = Fetched(
                exchange=exchange, source_id=source_id, selectors=selectors.get(source_id), pages=pages
            )
            return await queue.store(fetched)

        ending = EndingFrontier(frontier_, store)
        async with open_web(settings, stores.clock, version) as web:
            yield Crawl(ending, ending.store, web, settings, recipes=recipes, on_settled=on_settled)
        if ending.error is not None:
            raise ending.error


def _selectors(stores: Stores) -> dict[int, Selectors]:
    """Return the selectors of recipes by their source's row."""
    by_name = selectors_in(stores.home)
    with stores.catalogue.reading() as connection:
        rows = {name: sources.source_id(connection, name) for name in by_name}
    return {row: by_name[name] for name, row in rows.items() if row is not None}


async def crawl_once(
    stores: Stores,
    settings: Settings,
    goal: Goal,
    *,
    version: str,
    refetch: bool,
    on_events: OnEvents | None = None,
    on_settled: Callable[[Visit, Outcome], None] = lambda _visit, _outcome: None,
) -> CrawlReport:
    """Visit everything that is due, and what is found meanwhile, then return; the caller is among the writers."""
    report = CrawlReport()

    def settled(visit: Visit, outcome: Outcome) -> None:
        report.count(visit, outcome)
        on_settled(visit, outcome)

    take_back(stores)
    if refetch:
        with stores.catalogue.writing() as connection:
            frontier.make_all_due(connection, stores.clock.now(), goal.sources)
    due = CatalogueFrontier(
        stores, pace_of(settings, known(stores)), goal, owner=stores.writer, gap=settings.politeness_delay
    )
    async with open_engine(
        stores, settings, due, version=version, on_events=on_events, on_settled=settled
    ) as crawl:
        await crawl.run()
        await due.flush()
    return report
