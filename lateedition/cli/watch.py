"""`lateedition watch`."""

import asyncio
from pathlib import Path
from typing import TYPE_CHECKING

import click

from lateedition import __version__
from lateedition.cli.home import Home, pass_home

if TYPE_CHECKING:
    from scrapers.discovery import Discovery


@click.command(
    "watch",
    epilog="Examples: lateedition watch https://news.example/; lateedition watch --dry-run https://news.example/feed.xml",
)
@click.argument("urls", nargs=-1)
@click.option("--name", help="Call the source so; its host unless said.")
@click.option("--dry-run", is_flag=True, help="Only say what would be watched, and why.")
@click.option(
    "--file",
    "file",
    type=click.Path(path_type=Path, exists=True, dir_okay=False),
    help="Addresses, one a line.",
)
@pass_home
def command(home: Home, urls: tuple[str, ...], name: str | None, dry_run: bool, file: Path | None) -> int:
    """Watch an outlet or one article, from any of its addresses."""
    wanted = [*urls, *(_lines(file) if file else ())]
    if not wanted:
        raise click.UsageError("give at least one address, or --file LIST")
    if name and len(wanted) > 1:
        raise click.UsageError("--name goes with one address only")
    found = look_all(home, wanted)
    failed = 0
    for one in found:
        if dry_run:
            print_discovery(one)
        failed += not (_say_failure(one) if not _usable(one) else dry_run or _watch(home, one, name))
    return 1 if failed else 0


def look(home: Home, url: str) -> "Discovery":
    """Find what one address leads to."""
    return look_all(home, [url])[0]


def look_all(home: Home, wanted: list[str]) -> list["Discovery"]:
    """Find what addresses lead to, several at a time."""
    from lateedition.access import clock_of
    from scrapers.crawling import open_web
    from scrapers.discovery import discover

    async def all_of_them() -> list["Discovery"]:
        limit = asyncio.Semaphore(8)
        async with open_web(home.settings, clock_of(home.settings), __version__) as web:

            async def one(url: str) -> "Discovery":
                async with limit:
                    return await discover(url, web.fetcher, web.robots)

            return await asyncio.gather(*[one(url) for url in wanted])

    return asyncio.run(all_of_them())


def print_discovery(found: "Discovery") -> None:
    """Print what would be watched, and why."""
    from lateedition.cli.output import table

    click.secho(f"{found.url}: {found.kind or 'nothing to watch'}", bold=True)
    if found.listings:
        table(["Kind", "Address", "Why"], ([one.kind, one.url, one.why] for one in found.listings), empty="")
    if found.articles:
        click.echo(f"articles found so far: {len(found.articles)}")
        for one in found.articles[:5]:
            click.echo(f"  {one.url}{'  ' + one.title if one.title else ''}")
    for reason, detail in found.problems:
        click.echo(f"  {reason}: {detail}")


def _usable(found: "Discovery") -> bool:
    return bool(found.listings) or found.kind == "article"


def _say_failure(found: "Discovery") -> bool:
    reason, detail = (
        found.problems[-1]
        if found.problems
        else ("no_articles", "no feed, sitemap or article was found there")
    )
    click.echo(f"lateedition: {found.url}: {reason}: {detail}; {CURES.get(reason, CURE)}.", err=True)
    return False


CURE = "check the address, or try the outlet's feed"
CURES = {
    "bad_url": "write the address as https://news.example/",
    "unsupported_scheme": "only http and https addresses are watched",
    "forbidden_address": "name its network in allowed_private_networks if it is yours",
    "robots_disallow": "the outlet does not want robots there",
    "bad_feed": "give the outlet's home page, and its feed is found",
    "timeout": "try again later, or raise [fetch] timeout",
}


def _watch(home: Home, found: "Discovery", name: str | None) -> bool:
    from archive.errors import ArchiveError
    from scheduler.watching import watch

    try:
        with home.stores() as stores:
            source = watch(stores, found, name=name or "")
    except ArchiveError as error:
        click.echo(f"lateedition: {error}", err=True)
        return False
    what = (
        "one article"
        if found.kind == "article"
        else f"{len(found.listings)} listings, {len(found.articles)} articles so far"
    )
    click.echo(f"watching {source.name}: {what}", err=True)
    return True


def _lines(file: Path) -> list[str]:
    lines = file.read_text(encoding="utf-8", errors="replace").splitlines()
    return [line.strip() for line in lines if line.strip() and not line.startswith("#")]
