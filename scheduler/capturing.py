"""Captures addresses at once, whatever the frontier says is due."""

from collections.abc import Sequence
from dataclasses import dataclass

from archive import urls
from archive.catalog import sources
from archive.ingest import OnEvents, outlet_of
from archive.opening import Stores, as_writer
from config import Settings
from scheduler.crawling import open_engine
from scrapers.frontier import ListFrontier, Outcome, Visit

__all__ = ["Captured", "capture_now"]


@dataclass(frozen=True, slots=True)
class Captured:
    """One address that was asked for, and how it went."""

    url: str
    outcome: Outcome


async def capture_now(
    stores: Stores,
    settings: Settings,
    wanted: Sequence[str],
    *,
    version: str,
    on_events: OnEvents | None = None,
) -> list[Captured]:
    """
    Fetch and archive addresses, each once, politely; answer in the order they were given.

    It may run beside a crawl of the same home: it writes a WARC file of its own.

    Raises:
        CatalogueInUseError: a rebuild, or its like, has the catalogue for itself.
    """
    with as_writer(stores, "capture"):
        return await _capture(stores, settings, wanted, version=version, on_events=on_events)


async def _capture(
    stores: Stores, settings: Settings, wanted: Sequence[str], *, version: str, on_events: OnEvents | None
) -> list[Captured]:
    refused: dict[str, Captured] = {}
    visits: dict[str, Visit] = {}
    with stores.catalogue.writing() as connection:
        for url in dict.fromkeys(wanted):
            try:
                clean = urls.clean_url(url)
            except ValueError as error:
                refused[url] = Captured(url, Outcome(problem="bad_url", detail=str(error), problem_uri=url))
                continue
            row = outlet_of(connection, clean, stores.clock.now())
            name = sources.source_of_row(connection, row).name
            visits[url] = Visit(uri=clean, source_id=row, source=name)
    listed = ListFrontier(list(dict.fromkeys(visits.values())))
    async with open_engine(
        stores, settings, listed, version=version, on_events=on_events, on_settled=lambda *_: None
    ) as crawl:
        await crawl.run()
    outcomes = dict(listed.outcomes)
    done = refused | {url: Captured(url, outcomes[visit]) for url, visit in visits.items()}
    return [done[url] for url in dict.fromkeys(wanted)]
