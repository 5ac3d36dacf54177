"""Says which answers a browser has to look at, and lets it."""

from archive.model import Exchange
from config import Recipe
from scrapers.browsing.browser import Browser
from scrapers.fetching import Fetcher
from scrapers.fetching.answers import header_of
from scrapers.fetching.manners import host_of
from scrapers.recipes import headers_for

__all__ = ["rendered_by"]

#: What a browser shows as a document.
DOCUMENTS = ("text/html", "application/xhtml+xml")


async def rendered_by(
    browser: Browser, fetcher: Fetcher, exchange: Exchange, recipe: Recipe | None
) -> Exchange:
    """Return an exchange with what a browser makes of it, where its outlet's recipe asks for that."""
    if recipe is None or not recipe.browser or exchange.status != 200 or exchange.problem:
        return exchange
    if not header_of(exchange, "content-type").lower().startswith(DOCUMENTS):
        return exchange
    try:
        return await browser.render(exchange, headers=headers_for(recipe, exchange.url, exchange.url))
    finally:
        # What the scripts asked the host for was no turn of ours: the next one begins after a whole gap.
        host = host_of(exchange.url)
        fetcher.manners.hush(host, fetcher.manners.gap(host))
