"""Reads sitemaps as they come: indexes, news fields, gzip; entry by entry, never whole in memory as a tree."""

import gzip
import io
import zlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from lxml import etree

from scrapers.discovery.found import Found, ListingError, joined, stated_moment

__all__ = ["Sitemap", "looks_like_sitemap", "read_sitemap"]

#: Entries that are read (sitemaps.org allows 50,000).
MOST = 50_000
#: How often a sitemap may be packed: as a `.gz` file that was packed once more on its way.
PACKED = 3
GZIP = b"\x1f\x8b"


#: Namespace of Google's news extension, whose fields are kept.
NEWS = "{http://www.google.com/schemas/sitemap-news/"


@dataclass(frozen=True, slots=True)
class Sitemap:
    """What a sitemap names."""

    found: Sequence[Found]
    #: Further sitemaps, for an index.
    sitemaps: Sequence[str]
    is_news: bool
    #: It names more than is taken, or ends in the middle of an entry.
    is_cut: bool = False


def looks_like_sitemap(body: bytes) -> bool:
    """Tell whether bytes begin like a sitemap."""
    start = body[:2000].lower()
    return body[:2] == b"\x1f\x8b" or b"<urlset" in start or b"<sitemapindex" in start


def read_sitemap(body: bytes, url: str) -> Sitemap:
    """
    Return what a sitemap names.

    Raises:
        ListingError: it is no sitemap; `bad_feed`.
    """
    found: list[Found] = []
    sitemaps: list[str] = []
    is_cut = False
    try:
        file = _opened(body, url)
        start = file.peek(10_000)[:10_000]
        if b"<!ENTITY" in start:
            raise ListingError("bad_feed", f"{url}: declares XML entities; it is not read")
        for name, values, news in _entries(file):
            place = values.get("loc", "")
            if not place:
                continue
            if name == "sitemap":
                sitemaps.append(joined(url, place))
            else:
                found.append(_found(joined(url, place), values, news))
            if len(found) + len(sitemaps) >= MOST:
                is_cut = True
                break
    except (etree.XMLSyntaxError, OSError, EOFError, zlib.error) as error:
        if not found and not sitemaps:
            raise ListingError("bad_feed", f"{url}: is no sitemap ({_in_words(error)})") from error
        is_cut = True
    if not found and not sitemaps and b"<urlset" not in start and b"<sitemapindex" not in start:
        raise ListingError("bad_feed", f"{url}: is no sitemap")
    return Sitemap(found, sitemaps, any(one.news for one in found), is_cut)


def _in_words(error: Exception) -> str:
    return getattr(error, "msg", None) or str(error)


def _found(place: str, values: Mapping[str, str], news: Mapping[str, str]) -> Found:
    updated = stated_moment(values.get("lastmod") or news.get("publication_date") or "")
    return Found(url=place, title=news.get("title", ""), updated=updated, news=news)


def _entries(file: io.BufferedReader | gzip.GzipFile) -> Iterator[tuple[str, dict[str, str], dict[str, str]]]:
    """Yield each entry as its name, its own fields and those of the news extension."""
    values: dict[str, str] = {}
    news: dict[str, str] = {}
    events = etree.iterparse(file, events=("end",), resolve_entities=False, no_network=True, recover=False)
    for _, element in events:
        tag = element.tag
        name = tag.rpartition("}")[2]
        if name in ("url", "sitemap"):
            yield name, values, news
            values, news = {}, {}
            parent = element.getparent()
            element.clear()
            # What was read is let go: a tree of 50,000 entries would be ten times the file.
            while parent is not None and element.getprevious() is not None:
                del parent[0]
        elif tag.startswith(NEWS):
            news.setdefault(name, (element.text or "").strip())
        else:
            values.setdefault(name, (element.text or "").strip())


def _opened(body: bytes, url: str) -> io.BufferedReader | gzip.GzipFile:
    """Return a sitemap's text as a file that is inflated while it is read, however often it was packed."""
    file: io.BufferedReader | gzip.GzipFile = io.BufferedReader(io.BytesIO(body))
    for _ in range(PACKED):
        if file.peek(2)[:2] != GZIP:
            return file
        file = gzip.GzipFile(fileobj=file)
    raise ListingError("bad_feed", f"{url}: is packed more than {PACKED} times")
