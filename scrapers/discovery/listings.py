"""Reads any listing: says which articles a feed, sitemap or page names."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from archive.model import Exchange
from archive.warc.bodies import decode_entity
from scrapers.discovery.feeds import hub_of, read_feed
from scrapers.discovery.found import Found, ListingError
from scrapers.discovery.pages import read_page
from scrapers.discovery.sitemaps import read_sitemap
from scrapers.fetching.answers import header_of

__all__ = ["Found", "ListingContent", "ListingError", "body_of", "read_listing"]

#: Articles that one look at a listing may bring.
MOST = 50_000


@dataclass(frozen=True, slots=True, kw_only=True)
class ListingContent:
    """What a listing names."""

    found: Sequence[Found] = ()
    #: Further listings: the sitemaps of an index.
    listings: Sequence[str] = ()
    #: The listing named more than is taken.
    is_cut: bool = False
    #: WebSub hub that would push what is new.
    hub: str = ""
    #: Hosts of other sites that lead to addresses which may not be contacted.
    inside: frozenset[str] = frozenset()


def read_listing(kind: str, exchange: Exchange) -> ListingContent:
    """
    Read a listing by what it was found to be.

    Raises:
        ListingError: it is not what it should be.
    """
    if kind in ("sitemap", "news_sitemap"):
        sitemap = read_sitemap(_packed(exchange), exchange.url)
        return ListingContent(found=sitemap.found, listings=sitemap.sitemaps, is_cut=sitemap.is_cut)
    body = body_of(exchange)
    if kind == "feed":
        content = ListingContent(found=read_feed(body, exchange.url), hub=hub_of(exchange, body))
    else:
        content = ListingContent(found=read_page(body, exchange.url).articles)
    if len(content.found) <= MOST:
        return content
    return replace(content, found=content.found[:MOST], is_cut=True)


def _packed(exchange: Exchange) -> bytes:
    """Return a sitemap's body as it came, where its reader can unpack it bit by bit."""
    coding = header_of(exchange, "content-encoding").strip().lower()
    return exchange.body if coding in ("", "identity", "gzip", "x-gzip") else body_of(exchange)


def body_of(exchange: Exchange) -> bytes:
    """Return what an exchange shows its reader: what a browser made of it, or its body, content coding undone."""
    if exchange.rendering is not None:
        return exchange.rendering.html
    return decode_entity(exchange.body, header_of(exchange, "content-encoding")).data
