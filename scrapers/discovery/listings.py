"""Reads any listing: says which articles a feed, sitemap or page names."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from archive.model import Exchange
from archive.warc.bodies import decode_entity
from scrapers.discovery.feeds import read_feed
from scrapers.discovery.found import Found, ListingError
from scrapers.discovery.pages import read_page
from scrapers.discovery.sitemaps import read_sitemap

__all__ = ["Found", "ListingContent", "ListingError", "body_of", "header_of", "read_listing"]

#: Articles that one look at a listing may bring.
MOST = 50_000


@dataclass(frozen=True, slots=True, kw_only=True)
class ListingContent:
    """What a listing names."""

    found: Sequence[Found] = ()
    #: Further listings: the sitemaps of an index.
    listings: Sequence[str] = ()
    #: The listing named more than is taken.
    is_cut: bool = field(default=False)


def read_listing(kind: str, exchange: Exchange) -> ListingContent:
    """
    Read a listing by what it was found to be.

    Raises:
        ListingError: it is not what it should be.
    """
    body = body_of(exchange)
    if kind == "feed":
        content = ListingContent(found=read_feed(body, exchange.url))
    elif kind in ("sitemap", "news_sitemap"):
        sitemap = read_sitemap(body, exchange.url)
        content = ListingContent(found=sitemap.found, listings=sitemap.sitemaps)
    else:
        content = ListingContent(found=read_page(body, exchange.url).articles)
    if len(content.found) <= MOST:
        return content
    return ListingContent(found=content.found[:MOST], listings=content.listings, is_cut=True)


def body_of(exchange: Exchange) -> bytes:
    """Return an exchange's body, content coding undone."""
    return decode_entity(exchange.body, header_of(exchange, "content-encoding")).data


def header_of(exchange: Exchange, name: str) -> str:
    """Return the first value of a field, or ""."""
    wanted = name.lower().encode()
    return next(
        (value.decode("latin-1") for key, value in exchange.response_headers if key.lower() == wanted), ""
    )
