"""`lateedition watch`."""

import asyncio
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from lateedition import __version__
from lateedition.cli.home import Home, pass_home
from lateedition.cli.output import progress

if TYPE_CHECKING:
    from config import Recipe
    from scrapers.discovery import Discovery
    from scrapers.discovery.lists import Listed


@click.command(
    "watch",
    epilog="Examples: lateedition watch https://news.example/; lateedition watch --dry-run https://news.example/feed.xml; "
    "lateedition watch --file subscriptions.opml; lateedition watch https://news.example/ --recipe news.toml",
)
@click.argument("urls", nargs=-1)
@click.option("--name", help="Call the source so; its host unless said.")
@click.option("--dry-run", is_flag=True, help="Only say what would be watched, and why.")
@click.option(
    "--recipe",
    type=click.Path(path_type=Path, exists=True, dir_okay=False),
    help="What this outlet needs beyond the general way; kept in the home's `sources/`.",
)
@click.option(
    "--file",
    "file",
    type=click.Path(path_type=Path, exists=True, dir_okay=False),
    help="Addresses, one a line, or an OPML file.",
)
@pass_home
def command(
    home: Home,
    urls: tuple[str, ...],
    name: str | None,
    dry_run: bool,
    recipe: Path | None,
    file: Path | None,
) -> int:
    """Watch an outlet or one article, from any of its addresses."""
    wanted = [*urls, *(one.url for one in (_listed(file) if file else ()))]
    if not wanted:
        raise click.UsageError("give at least one address, or --file LIST")
    if len(wanted) > 1 and (name or recipe):
        raise click.UsageError("--name and --recipe go with one address only")
    read = read_recipe(home, recipe) if recipe else None
    failed = 0
    for one in look_all(home, wanted, recipe=read):
        if read is not None:
            _follow_recipe(one, read)
        if dry_run:
            print_discovery(one)
        failed += not (_say_failure(one) if not _usable(one) else dry_run or _watch(home, one, name, recipe))
    return 1 if failed else 0


def look(home: Home, url: str, *, recipe: "Recipe | None" = None) -> "Discovery":
    """Find what one address leads to."""
    return look_all(home, [url], recipe=recipe)[0]


def look_all(home: Home, wanted: list[str], *, recipe: "Recipe | None" = None) -> list["Discovery"]:
    """Find what addresses lead to, several at a time; a recipe may say that a browser has to look."""
    from lateedition.access import clock_of
    from scrapers.crawling import open_web
    from scrapers.discovery import discover

    async def all_of_them() -> list["Discovery"]:
        limit = asyncio.Semaphore(8)
        done = 0
        async with open_web(home.settings, clock_of(home.settings), __version__) as web:

            async def one(url: str) -> "Discovery":
                nonlocal done
                async with limit:
                    found = await discover(
                        url, web.fetcher, web.robots, render=lambda one: web.rendered(one, recipe)
                    )
                done += 1
                move(done, len(wanted))
                return found

            return await asyncio.gather(*[one(url) for url in wanted])

    with progress("looking") as move:
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
    from archive.reading.health import cure_of

    reason, detail = (
        found.problems[-1]
        if found.problems
        else ("no_articles", "no feed, sitemap or article was found there")
    )
    said = detail if detail.startswith(found.url) else f"{found.url}: {detail}"
    click.echo(f"lateedition: {reason}: {said}; {cure_of(reason)}.", err=True)
    return False


def _watch(home: Home, found: "Discovery", name: str | None, recipe: Path | None) -> bool:
    from archive.errors import ArchiveError
    from config import recipe_file
    from scheduler.watching import watch

    try:
        with home.stores() as stores:
            source = watch(stores, found, name=name or "")
    except ArchiveError as error:
        click.echo(f"lateedition: {error}", err=True)
        return False
    if recipe is not None:
        place = recipe_file(home.path, source.name)
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(recipe.read_bytes())
    what = (
        "one article"
        if found.kind == "article"
        else f"{len(found.listings)} listings, {len(found.articles)} articles so far"
    )
    click.echo(f"watching {source.name}: {what}", err=True)
    return True


def read_recipe(home: Home, file: Path, *, name: str = "") -> "Recipe":
    """Read a recipe; its selectors and its browser are tried, so that a slip is said now and not at night."""
    from config import load_recipe
    from scrapers.recipes import checked_selectors

    read = load_recipe(file, name=name)
    checked_selectors(read, str(file))
    check_needs(home, read, str(file))
    return read


def check_needs(home: Home, recipe: "Recipe", where: str) -> None:
    """Make sure that what a recipe needs is installed; SettingsError when it is not."""
    from config import SettingsError
    from scrapers.browsing import BrowserMissingError, check_browser

    if recipe.browser:
        try:
            check_browser(home.settings.fetch_browser)
        except BrowserMissingError as error:
            raise SettingsError(where, "fetch.browser", str(error)) from error


def _follow_recipe(found: "Discovery", recipe: "Recipe") -> None:
    from scrapers.recipes import listings_of

    found.listings += listings_of(recipe, known=[one.url for one in found.listings])
    if found.listings:
        found.kind = found.kind or "outlet"


def _listed(file: Path) -> Sequence["Listed"]:
    from scrapers.discovery import ListingError
    from scrapers.discovery.lists import read_list

    try:
        return read_list(file.read_bytes(), str(file))
    except ListingError as error:
        raise click.UsageError(str(error)) from error
