"""Shows what is found on live pages, by the general way and by a recipe."""

import asyncio
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

import click

from lateedition import __version__
from lateedition.cli.home import Home
from lateedition.cli.output import table

if TYPE_CHECKING:
    from archive.model import Exchange, Extraction
    from config import Recipe
    from scrapers.discovery import Found

__all__ = ["print_trial"]

#: Characters of a field that are shown.
SHOWN = 160


def print_trial(home: Home, found: Sequence["Found"], recipe: "Recipe | None") -> bool:
    """Fetch stories and print what was found on each; False when one could not be looked at."""
    good = True
    for exchange in asyncio.run(_fetched(home, [one.url for one in found], recipe)):
        click.echo()
        click.secho(exchange.url, bold=True)
        if exchange.status != 200 or exchange.problem:
            click.echo(f"  {exchange.problem or f'http_{exchange.status}'}: {exchange.detail or 'no page'}")
            good = False
            continue
        table(["Field", "Found by", "What"], _rows(exchange, recipe), empty="")
    return good


async def _fetched(home: Home, urls: Sequence[str], recipe: "Recipe | None") -> list["Exchange"]:
    from archive.model import Exchange
    from lateedition.access import clock_of
    from scrapers.crawling import open_web
    from scrapers.recipes import headers_for

    clock = clock_of(home.settings)
    async with open_web(home.settings, clock, __version__) as web:
        done = []
        for url in urls:
            refusal = await web.robots.refusal(url)
            if refusal:
                blank = Exchange(url=url, method="GET", at=clock.now(), request_headers=())
                done.append(replaced(blank, *refusal))
            else:
                exchange = await web.fetcher.fetch(url, headers=headers_for(recipe, url, url))
                done.append(await web.rendered(exchange, recipe))
        return done


def replaced(blank: "Exchange", reason: str, detail: str) -> "Exchange":
    """Return an exchange that never took place, with the reason."""
    from dataclasses import replace

    return replace(blank, problem=reason, detail=detail)


def _rows(exchange: "Exchange", recipe: "Recipe | None") -> Iterator[list[str]]:
    from archive import text
    from archive.text.selectors import apply_selectors
    from scrapers.discovery.listings import body_of
    from scrapers.fetching.answers import header_of
    from scrapers.recipes import checked_selectors

    body, kind = body_of(exchange), header_of(exchange, "content-type") or None
    general = text.extract(body, url=exchange.url, content_type=kind)
    chosen = general
    if recipe is not None:
        selectors = checked_selectors(recipe, f"recipe of {recipe.name}")
        chosen = apply_selectors(body, general, selectors, content_type=kind)
    for field, one, other in zip(FIELDS, _values(chosen), _values(general), strict=True):
        by = "recipe" if one != other else "general" if one else "nobody"
        yield [field, by, one[:SHOWN] + ("…" if len(one) > SHOWN else "")]


FIELDS = ("page kind", "headline", "dek", "authors", "published", "modified", "body", "notes", "captions")


def _values(found: "Extraction") -> list[str]:
    words = sum(len(one.split()) for one in found.body)
    body = f"{len(found.body)} paragraphs, {words} words: {' '.join(found.body)}" if found.body else ""
    return [
        str(found.page_kind),
        found.headline,
        found.dek,
        ", ".join(found.authors),
        found.published_at or "",
        found.modified_at or "",
        body,
        " | ".join(one.text for one in found.notes),
        " | ".join(found.captions),
    ]
