"""`lateedition crawl`."""

import asyncio
from typing import TYPE_CHECKING

import click

from lateedition import __version__
from lateedition.cli.home import Home, pass_home

if TYPE_CHECKING:
    from scheduler.crawling import CrawlReport


@click.command("crawl", epilog="Example: lateedition crawl --once --source news.example")
@click.option("--source", "names", multiple=True, help="Only this source; may be repeated.")
@click.option("--once", is_flag=True, help="End when everything that is due is done (it always does).")
@click.option("--refetch", is_flag=True, help="Every known article and listing is due now.")
@click.option("--max", "most", type=click.IntRange(min=1), help="At most so many articles.")
@pass_home
def command(home: Home, names: tuple[str, ...], once: bool, refetch: bool, most: int | None) -> None:  # noqa: ARG001 - scripts name --once
    """Discover and fetch everything that is due, then end; a summary on standard error."""
    from alerts.outbox import Outbox
    from archive.ingest import recover
    from archive.opening import as_writer, lock_home
    from scheduler.crawling import crawl_once
    from scheduler.frontier import Goal

    with home.stores() as stores, lock_home(home.path), as_writer(stores, "crawl"):
        outbox = Outbox.of(home.settings, stores.clock)
        recover(stores, on_events=outbox, say=lambda line: click.echo(line, err=True))
        goal = Goal(once=True, sources=_rows(stores, names), most=most)
        report = asyncio.run(
            crawl_once(stores, home.settings, goal, version=__version__, refetch=refetch, on_events=outbox)
        )
    click.echo(summary(report), err=True)


def _rows(stores: object, names: tuple[str, ...]) -> list[int]:
    from archive.catalog.sources import source_id
    from archive.errors import UnknownSourceError
    from archive.opening import Stores

    assert isinstance(stores, Stores)  # noqa: S101 - imported late, typed here
    rows = []
    with stores.catalogue.reading() as connection:
        for name in names:
            row = source_id(connection, name)
            if row is None:
                raise UnknownSourceError(name)
            rows.append(row)
    return rows


def summary(report: "CrawlReport") -> str:
    """Say in one line what a crawl did."""
    verdicts = ", ".join(
        f"{count} {verdict}" for verdict, count in sorted(report.verdicts.items(), key=lambda one: -one[1])
    )
    problems = f"; {report.problems} problems, `lateedition sources` names them" if report.problems else ""
    return f"{report.articles} articles visited ({verdicts or 'nothing was due'}), {report.listings} listings read{problems}"
