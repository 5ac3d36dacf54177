"""Reads RSS, Atom and JSON feeds; a fast parser first, a forgiving one for what it cannot read."""

import re
import warnings
from collections.abc import Sequence
from typing import Any

from archive.model import Exchange
from scrapers.discovery.found import Found, ListingError, joined, stated_moment
from scrapers.fetching.answers import headers_of

__all__ = ["hub_of", "looks_like_feed", "read_feed"]

#: XML that declares entities can grow without bound; no feed needs them.
BOMB = b"<!ENTITY"


def looks_like_feed(body: bytes) -> bool:
    """Tell whether bytes begin like a feed."""
    start = body[:2000].lstrip(b"\xef\xbb\xbf \r\n\t").lower()
    return any(mark in start for mark in (b"<rss", b"<feed", b"<rdf:rdf")) or (
        start.startswith(b"{") and b"jsonfeed.org" in start
    )


#: A hub as feeds name it: `<link rel="hub" href="…">` of Atom, with or without a prefix (WebSub §4).
HUB = re.compile(
    rb"""<(?:\w+:)?link\b(?=[^>]*\brel=["']hub["'])[^>]*\bhref=["']([^"'>]{1,500})["']""", re.IGNORECASE
)
#: One link of a Link field (RFC 8288 §3), with its relations.
LINKS = re.compile(r"""<([^>]*)>[^,<]*?\brel="?([^",;]+)""")


def hub_of(exchange: Exchange, body: bytes) -> str:
    """Return the WebSub hub that a feed names in its headers or itself, or ""."""
    for field in headers_of(exchange, "link"):
        for target, rel in LINKS.findall(field):
            if "hub" in rel.lower().split():
                return joined(exchange.url, target)
    named = HUB.search(body[:20_000])
    return joined(exchange.url, named.group(1).decode("utf-8", "replace")) if named else ""


def read_feed(body: bytes, url: str) -> Sequence[Found]:
    """
    Return the articles of a feed.

    Raises:
        ListingError: it is no feed; `bad_feed`.
    """
    if BOMB in body[:10_000]:
        raise ListingError("bad_feed", f"{url}: declares XML entities; it is not read")
    if not looks_like_feed(body):
        kind = "an HTML page" if b"<html" in body[:2000].lower() else "no RSS, Atom or JSON feed"
        raise ListingError("bad_feed", f"{url}: is {kind}; give the feed's own address")
    entries = _entries(body, url)
    return [
        Found(
            url=joined(url, str(entry["link"])),
            title=str(entry.get("title") or ""),
            updated=stated_moment(str(entry.get("updated") or entry.get("published") or "")),
        )
        for entry in entries
        if entry.get("link")
    ]


def _entries(body: bytes, url: str) -> Sequence[Any]:
    import fastfeedparser

    try:
        return list(fastfeedparser.parse(body).entries)
    except Exception:  # noqa: BLE001 - it raises whatever its XML parser does; the other parser has the last word
        return _forgiving(body, url)


def _forgiving(body: bytes, url: str) -> Sequence[Any]:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        import feedparser

        parsed = feedparser.parse(body)
    if not parsed.entries and parsed.bozo:
        raise ListingError(
            "bad_feed", f"{url}: the feed is broken ({parsed.get('bozo_exception', 'no entries')})"
        )
    return list(parsed.entries)
