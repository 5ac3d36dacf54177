"""What a recipe means for fetching, discovery and text."""

import re
from collections.abc import Sequence
from pathlib import Path

from archive.text.selectors import SelectorError, Selectors
from archive.urls import same_site
from config import Recipe, SettingsError, load_recipes, recipe_file
from scrapers.discovery import Listing

__all__ = ["checked_selectors", "headers_for", "is_article", "listings_of", "selectors_in", "selectors_of"]


def selectors_in(home: Path) -> dict[str, Selectors]:
    """
    Return the selectors of all recipes of a home, by source.

    Raises:
        SettingsError: one cannot be used; it names the file.
    """
    return {
        name: checked_selectors(recipe, str(recipe_file(home, name)))
        for name, recipe in load_recipes(home).items()
        if recipe.select or recipe.remove
    }


def headers_for(recipe: Recipe | None, url: str, visited: str) -> tuple[tuple[str, str], ...]:
    """Return what is sent along to an address: an outlet's cookies never leave its own site."""
    return recipe.headers if recipe is not None and same_site(url, visited) else ()


def listings_of(recipe: Recipe, *, known: Sequence[str] = ()) -> list[Listing]:
    """Return the listings that a recipe adds."""
    why = "the recipe names it"
    kinds = (("feed", recipe.feeds), ("sitemap", recipe.sitemaps), ("section", recipe.sections))
    return [Listing(url=url, kind=kind, why=why) for kind, urls in kinds for url in urls if url not in known]


def is_article(recipe: Recipe | None, url: str) -> bool | None:
    """Tell whether a recipe takes an address for an article; None when it does not say."""
    if recipe is None or not recipe.articles:
        return None
    return re.search(recipe.articles, url) is not None


def selectors_of(recipe: Recipe) -> Selectors:
    """Return a recipe's selectors as values of the text room."""
    return Selectors(**dict(recipe.select), remove=recipe.remove)


def checked_selectors(recipe: Recipe, where: str) -> Selectors:
    """
    Return a recipe's selectors after every one of them was tried.

    Raises:
        SettingsError: one is no CSS; it names the file.
    """
    selectors = selectors_of(recipe)
    try:
        selectors.check()
    except SelectorError as error:
        raise SettingsError(where, "select", str(error)) from error
    return selectors
