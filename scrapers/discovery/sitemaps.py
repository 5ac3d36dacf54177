"""Reads sitemaps as they come: indexes, news fields, gzip; entry by entry, never whole in memory as a tree."""

import gzip
import io
from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urljoin

from lxml import etree

from scrapers.discovery.found import Found, ListingError, stated_moment

__all__ = ["Sitemap", "looks_like_sitemap", "read_sitemap"]

#: Bytes of an inflated sitemap, and entries of one, that are read (sitemaps.org: 50 MB, 50,000).
LONGEST, MOST = 52 << 20, 50_000


@dataclass(frozen=True, slots=True)
class Sitemap:
    """What a sitemap names."""

    found: Sequence[Found]
    #: Further sitemaps, for an index.
    sitemaps: Sequence[str]
    is_news: bool


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
    plain = _inflated(body, url)
    if b"<!ENTITY" in plain[:10_000]:
        raise ListingError("bad_feed", f"{url}: declares XML entities; it is not read")
    found: list[Found] = []
    sitemaps: list[str] = []
    is_news = False
    try:
        events = etree.iterparse(
            io.BytesIO(plain), events=("end",), resolve_entities=False, no_network=True, recover=False
        )
        for _, element in events:
            name = etree.QName(element).localname
            if name not in ("url", "sitemap"):
                continue
            values = {
                etree.QName(one).localname: (one.text or "").strip()
                for one in element.iter()
                if isinstance(one.tag, str)
            }
            place = values.get("loc", "")
            if place and name == "sitemap":
                sitemaps.append(urljoin(url, place))
            elif place:
                is_news = is_news or "publication_date" in values
                updated = stated_moment(values.get("lastmod") or values.get("publication_date") or "")
                found.append(Found(url=urljoin(url, place), title=values.get("title", ""), updated=updated))
            element.clear()
            if len(found) + len(sitemaps) >= MOST:
                break
    except etree.XMLSyntaxError as error:
        if not found and not sitemaps:
            raise ListingError("bad_feed", f"{url}: is no sitemap ({error.msg})") from error
    if not found and not sitemaps and b"<urlset" not in plain[:5000] and b"<sitemapindex" not in plain[:5000]:
        raise ListingError("bad_feed", f"{url}: is no sitemap")
    return Sitemap(found, sitemaps, is_news)


def _inflated(body: bytes, url: str) -> bytes:
    if body[:2] != b"\x1f\x8b":
        return body
    try:
        with gzip.open(io.BytesIO(body)) as file:
            return file.read(LONGEST)
    except (OSError, EOFError) as error:
        raise ListingError("bad_feed", f"{url}: the gzip file is broken ({error})") from error
