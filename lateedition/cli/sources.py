"""`lateedition sources`."""

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from lateedition.cli.home import Home, pass_home
from lateedition.cli.output import format_option, jsonl, table, when

if TYPE_CHECKING:
    from archive.catalog.sources import Aside, Problem
    from config import Recipe

#: Articles of a source whose next visit is explained.
SHOWN = 5


@click.group(
    "sources",
    invoke_without_command=True,
    epilog="Examples: lateedition sources; lateedition sources show harbour-lantern; lateedition sources pause NAME",
)
@format_option("table", "jsonl")
@click.pass_context
def command(context: click.Context, output: str) -> None:
    """What is watched, and how it fares."""
    if context.invoked_subcommand is None:
        context.invoke(list_sources, output=output)


@command.command("list")
@format_option("table", "jsonl")
@pass_home
def list_sources(home: Home, output: str) -> None:
    """Print every source with its health."""
    from archive.reading import source_line, words_of

    with home.archive() as archive:
        found = archive.sources()
        load = words_of(archive.load())
    if output == "jsonl":
        jsonl(source_line(one) for one in found)
        return
    table(
        ["Source", "Health", ">Articles", "Why", "Address"],
        (
            [
                one.source.name,
                one.health,
                str(one.articles),
                one.reason.partition(":")[0] or "–",
                one.source.url,
            ]
            for one in found
        ),
        empty="Nothing is watched yet. `lateedition watch https://news.example/` begins.",
    )
    if load:
        click.echo()
    for sentence in load:
        click.echo(sentence)


@command.command("show")
@click.argument("name")
@click.option("--aside", type=click.IntRange(min=1), help="Write this unreadable body to standard output.")
@pass_home
def show(home: Home, name: str, aside: int | None) -> None:
    """Print one source: what is looked at, what went wrong, and what could not be read."""
    with home.archive() as archive:
        one = archive.sources(name)[0]
        asides = archive.asides(one.source.name)
    if aside is not None:
        _print_aside(asides, name, aside)
        return
    click.secho(one.source.name, bold=True)
    click.echo(f"{one.source.url}  ({one.source.kind}, watched since {when(one.source.added_at)})")
    click.echo(f"health: {one.health}; articles: {one.articles}")
    if one.reason:
        click.echo(f"why: {one.reason}\nwhat to do: {one.advice}")
    click.echo()
    table(
        ["Kind", "Next look", "Listing"],
        (
            [listing.kind, when(listing.next_due), f"{listing.url}{_hub(listing.hub)}"]
            for listing in one.listings
        ),
        empty="No feeds, sitemaps or sections: only this article is watched.",
    )
    _show_signals(home, one.source.name)
    _show_upcoming(home, name)
    _print_problems(one.problems)
    if asides:
        click.echo()
        table(
            [">No.", "When", "Reason", ">Bytes", "Kept aside; `--aside NO` writes it out"],
            (
                [str(no), when(kept.problem.at), kept.problem.reason, str(len(kept.body)), kept.problem.uri]
                for no, kept in enumerate(asides, 1)
            ),
            empty="",
        )


def _print_problems(problems: Sequence["Problem"]) -> None:
    if problems:
        click.echo()
        table(
            ["When", "Reason", "What"],
            ([when(one.at), one.reason, f"{one.uri}\n{one.detail}"] for one in problems),
            empty="",
        )


def _show_signals(home: Home, name: str) -> None:
    """Say whether what the source announces of changes is believed."""
    from scheduler.explaining import signals_told

    with home.stores() as stores, stores.catalogue.reading() as connection:
        said = signals_told(connection, name)
    click.echo()
    click.echo(f"signals (`updated` of feeds, `lastmod` of sitemaps): {said}")


def _show_upcoming(home: Home, name: str) -> None:
    """Print which articles are visited next, and why then."""
    from archive.catalog.revisits import upcoming
    from scheduler.explaining import why_due
    from scheduler.refitting import known, pace_of

    with home.stores() as stores:
        pace = pace_of(home.settings, known(stores))
        with stores.catalogue.reading() as connection:
            visits = upcoming(connection, name, limit=SHOWN)
        now = stores.clock.now()
    if visits:
        click.echo()
        table(
            ["Next visit", "Article, and why then"],
            ([when(one.next_due), f"{one.uri}\n{why_due(one, pace, now)}"] for one in visits),
            empty="",
        )


def _print_aside(asides: Sequence["Aside"], name: str, number: int) -> None:
    if number > len(asides):
        message = f"{name}: nothing is kept aside under number {number}; there are {len(asides)}"
        raise click.UsageError(message)
    sys.stdout.buffer.write(asides[number - 1].body)


def _hub(hub: str) -> str:
    return f"  (hub {hub})" if hub else ""


@command.command("pause")
@click.argument("name")
@pass_home
def pause(home: Home, name: str) -> None:
    """Fetch nothing more of a source until it is resumed."""
    _set_paused(home, name, paused=True)


@command.command("resume")
@click.argument("name")
@pass_home
def resume(home: Home, name: str) -> None:
    """Go on with a paused source."""
    _set_paused(home, name, paused=False)


@command.command("remove")
@click.argument("name")
@pass_home
def remove(home: Home, name: str) -> None:
    """Stop watching a source; what it brought stays in the archive."""
    from archive.catalog.sources import remove_source
    from archive.errors import UnknownSourceError

    with home.stores() as stores, stores.catalogue.writing() as connection:
        if not remove_source(connection, name):
            raise UnknownSourceError(name)
    click.echo(f"{name}: no longer watched; its captures stay.", err=True)


@command.command("test")
@click.argument("name")
@click.option("--pages", type=click.IntRange(0, 20), default=2, show_default=True, help="Stories to look at.")
@click.option(
    "--recipe",
    "file",
    type=click.Path(path_type=Path, exists=True, dir_okay=False),
    help="Try this recipe instead of the source's own.",
)
@pass_home
def test(home: Home, name: str, pages: int, file: Path | None) -> int:
    """Fetch a source now and show what is found, on the listings and on live pages; nothing is kept."""
    from config import load_recipes, recipe_file
    from lateedition.cli.trial import print_trial
    from lateedition.cli.watch import check_needs, look, print_discovery, read_recipe

    with home.archive() as archive:
        one = archive.sources(name)[0]
    if file is not None:
        recipe: Recipe | None = read_recipe(home, file, name=one.source.name)
    elif (recipe := load_recipes(home.path).get(one.source.name)) is not None:
        check_needs(home, recipe, str(recipe_file(home.path, recipe.name)))
    found = look(home, one.source.url, recipe=recipe)
    print_discovery(found)
    looked = print_trial(home, found.articles[:pages], recipe)
    return 0 if looked and (found.listings or found.articles) else 1


def _set_paused(home: Home, name: str, *, paused: bool) -> None:
    from archive.catalog.sources import set_paused
    from archive.errors import UnknownSourceError

    with home.stores() as stores, stores.catalogue.writing() as connection:
        if not set_paused(connection, name, paused=paused):
            raise UnknownSourceError(name)
    click.echo(f"{name}: {'paused' if paused else 'resumed'}.", err=True)
