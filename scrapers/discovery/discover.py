"""
From any address of an outlet to what is watched: feeds, sitemaps and sections, or one article.

Every listing says why it was chosen.
"""

import asyncio
import re
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from archive import text
from archive.model import Exchange
from archive.urls import UrlKind, clean_url, kind_of, same_site
from scrapers.discovery.feeds import looks_like_feed, read_feed
from scrapers.discovery.found import Found, ListingError
from scrapers.discovery.listings import body_of
from scrapers.discovery.pages import PageLinks, read_page
from scrapers.discovery.sitemaps import looks_like_sitemap, read_sitemap
from scrapers.fetching import Fetcher
from scrapers.fetching.answers import header_of, redirect_of
from scrapers.robots import Robots

__all__ = ["Discovery", "Listing", "Renders", "discover"]

#: Returns an exchange with what a browser makes of it.
Renders = Callable[[Exchange], Awaitable[Exchange]]

#: Sections, and sitemaps of an index, that are watched.
SECTIONS, SITEMAPS = 8, 4
HOPS = 5
OLD_SITEMAP = re.compile(r"(19|20)\d\d|page|tag|category|author|image|video|-\d+\.xml", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Listing:
    """Something that names articles, and why it is watched."""

    url: str
    #: feed, news_sitemap, sitemap, section or home.
    kind: str
    why: str


@dataclass(slots=True, kw_only=True)
class Discovery:
    """What was found from one address."""

    url: str
    #: "outlet", "article", or "" when nothing could be made of it.
    kind: str = ""
    name: str = ""
    listings: list[Listing] = field(default_factory=list)
    articles: list[Found] = field(default_factory=list)
    #: (reason, detail) of what went wrong.
    problems: list[tuple[str, str]] = field(default_factory=list)


async def discover(url: str, fetcher: Fetcher, robots: Robots, *, render: Renders | None = None) -> Discovery:
    """
    Find what to watch from one address. Never raises: what went wrong is among the problems.

    Args:
        render: lets a browser look at the page first, where its outlet needs one.
    """
    found = Discovery(url=url)
    try:
        start = clean_url(url)
    except ValueError as error:
        found.problems.append(("bad_url", str(error)))
        return found
    found.name = urlsplit(start).netloc.removeprefix("www.")
    exchange = await _fetch(start, fetcher, robots, found)
    if exchange is None:
        return found
    exchange = await render(exchange) if render is not None else exchange
    if exchange.problem:
        found.problems.append((exchange.problem, exchange.detail))
    body = body_of(exchange)
    try:
        if looks_like_feed(body):
            _from_feed(found, exchange, body)
        elif looks_like_sitemap(body):
            _from_sitemap(found, exchange, body)
        elif _is_article(exchange, body):
            found.kind = "article"
            found.articles = [Found(url=exchange.url)]
        else:
            await _from_page(found, exchange, body, fetcher, robots)
    except ListingError as error:
        found.problems.append((error.reason, str(error)))
    return found


async def _fetch(url: str, fetcher: Fetcher, robots: Robots, found: Discovery) -> Exchange | None:
    """Fetch an address and follow its hops, as far as robots.txt and the guard allow."""
    for _ in range(HOPS):
        refusal = await fetcher.refusal(url) or await robots.refusal(url)
        if refusal:
            found.problems.append((refusal[0], f"{url}: {refusal[1]}"))
            return None
        exchange = await fetcher.fetch(url)
        if exchange.problem and exchange.status is None:
            found.problems.append((exchange.problem, f"{url}: {exchange.detail}"))
            return None
        if target := redirect_of(exchange):
            url = target
            continue
        if exchange.status != 200:
            found.problems.append((f"http_{exchange.status}", f"{url}: answers {exchange.status}"))
            return None
        return exchange
    found.problems.append(("too_many_redirects", f"{url}: more than {HOPS} redirects"))
    return None


def _is_article(exchange: Exchange, body: bytes) -> bool:
    kind = kind_of(exchange.url)
    if kind is UrlKind.HOME:
        return False
    extraction = text.extract(
        body, url=exchange.url, content_type=header_of(exchange, "content-type") or None
    )
    # Where the address does not look like a story's, the page has to say when it was published.
    return extraction.page_kind.is_trusted and (kind is UrlKind.ARTICLE or bool(extraction.published_at))


def _from_feed(found: Discovery, exchange: Exchange, body: bytes) -> None:
    found.kind = "outlet"
    found.articles = list(read_feed(body, exchange.url))
    found.listings = [Listing(url=exchange.url, kind="feed", why="the address given is a feed")]


def _from_sitemap(found: Discovery, exchange: Exchange, body: bytes) -> None:
    sitemap = read_sitemap(body, exchange.url)
    found.kind = "outlet"
    found.articles = list(sitemap.found)
    kind = "news_sitemap" if sitemap.is_news else "sitemap"
    found.listings = [Listing(url=exchange.url, kind=kind, why="the address given is a sitemap")]


async def _from_page(
    found: Discovery, exchange: Exchange, body: bytes, fetcher: Fetcher, robots: Robots
) -> None:
    page = read_page(body, exchange.url)
    kind = kind_of(exchange.url)
    feeds, sitemaps = await asyncio.gather(
        _feeds(page, fetcher, robots, found), _sitemaps(exchange.url, fetcher, robots, found)
    )
    if not (page.articles or page.sections or feeds or sitemaps):
        raise _nothing_there(exchange.url, kind)
    home = kind is UrlKind.HOME
    found.kind = "outlet"
    _remember(found, page.articles)
    found.listings = [
        Listing(url=exchange.url, kind="home" if home else "section", why="the address given lists articles")
    ]
    found.listings += feeds
    found.listings += sitemaps
    if home:
        found.listings += [
            Listing(url=one, kind="section", why="a section in the page's menu")
            for one in page.sections[:SECTIONS]
        ]


def _nothing_there(url: str, kind: UrlKind) -> ListingError:
    if kind in (UrlKind.FEED, UrlKind.SITEMAP):
        return ListingError("bad_feed", f"{url}: is an HTML page that names no articles, not a {kind}")
    return ListingError("no_articles", f"{url}: no feed, sitemap, section or article was found there")


async def _feeds(page: PageLinks, fetcher: Fetcher, robots: Robots, found: Discovery) -> list[Listing]:
    listings = []
    for url in page.feeds[:6]:
        exchange = await _fetch(url, fetcher, robots, found)
        if exchange is None:
            continue
        try:
            entries = read_feed(body_of(exchange), exchange.url)
        except ListingError as error:
            found.problems.append((error.reason, str(error)))
            continue
        listings.append(
            Listing(
                url=exchange.url, kind="feed", why=f"the page names it as its feed; {len(entries)} entries"
            )
        )
        _remember(found, entries)
    return listings


async def _sitemaps(url: str, fetcher: Fetcher, robots: Robots, found: Discovery) -> list[Listing]:
    rules = await robots.rules(url)
    listings: list[Listing] = []
    waiting = [(one, "robots.txt names it") for one in rules.sitemaps]
    while waiting and len(listings) < SITEMAPS:
        place, why = waiting.pop(0)
        exchange = await _fetch(place, fetcher, robots, found)
        if exchange is None:
            continue
        try:
            sitemap = read_sitemap(body_of(exchange), exchange.url)
        except ListingError as error:
            found.problems.append((error.reason, str(error)))
            continue
        if sitemap.sitemaps:
            waiting += [(one, f"{exchange.url} names it") for one in _recent(sitemap.sitemaps)]
            continue
        kind = "news_sitemap" if sitemap.is_news else "sitemap"
        listings.append(Listing(url=exchange.url, kind=kind, why=f"{why}; {len(sitemap.found)} addresses"))
        _remember(found, sitemap.found if sitemap.is_news or len(sitemap.found) <= 1000 else ())
    return listings


def _recent(sitemaps: Sequence[str]) -> list[str]:
    """Take the sitemaps that name today's articles first; those of past years are left to an import."""
    ranked = sorted(sitemaps, key=lambda one: 0 if "news" in one else 2 if OLD_SITEMAP.search(one) else 1)
    return ranked[:SITEMAPS]


def _remember(found: Discovery, entries: Sequence[Found]) -> None:
    known = {one.url for one in found.articles}
    found.articles += [one for one in entries if one.url not in known and same_site(one.url, found.url)]
