"""Reads a home or section page: which of its links are articles, sections and feeds."""

from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urljoin, urlsplit

import lxml.html
from lxml.etree import ParserError

from archive.text.decoding import decode_html
from archive.urls import UrlKind, clean_url, kind_of, same_site
from scrapers.discovery.found import Found, ListingError

__all__ = ["PageLinks", "read_page"]

FEED_TYPES = frozenset({"application/rss+xml", "application/atom+xml", "application/feed+json"})
#: A headline is longer than a menu entry.
HEADLINE = 15
#: What no menu entry is: so many characters and words, or so many characters of a script without spaces.
SENTENCE, WORDS, IDEOGRAPHS = 25, 4, 12
HEADINGS = frozenset({"h1", "h2", "h3", "h4"})
#: Where links lead through a site, not to a story.
ASIDE = frozenset({"nav", "footer"})


@dataclass(frozen=True, slots=True)
class PageLinks:
    """Where a page leads, on its own site."""

    articles: Sequence[Found]
    sections: Sequence[str]
    feeds: Sequence[str]
    title: str


def read_page(body: bytes, url: str) -> PageLinks:
    """
    Return the links of a page.

    Raises:
        ListingError: it is no HTML; `bad_feed`.
    """
    try:
        # Decoded here, because lxml takes a page that names no charset for Latin-1.
        decoded = decode_html(body).encode("utf-8", "replace")
        tree = lxml.html.document_fromstring(decoded, parser=lxml.html.HTMLParser(encoding="utf-8"))
    except (ParserError, ValueError) as error:
        raise ListingError("bad_feed", f"{url}: is no HTML page ({error})") from error
    articles: dict[str, Found] = {}
    sections: dict[str, None] = {}
    for link in tree.iter("a"):
        target = _target(link.get("href"), url)
        if target is None:
            continue
        text = " ".join("".join(map(str, link.itertext())).split())
        kind = kind_of(target)
        if kind is UrlKind.ARTICLE or _reads_as_story(kind, text, link):
            articles.setdefault(target, Found(url=target, title=text))
        elif kind is UrlKind.SECTION and _is_menu(link):
            sections.setdefault(target)
    feeds = [
        urljoin(url, href)
        for link in tree.iter("link")
        if (link.get("type") or "").lower() in FEED_TYPES
        and (href := link.get("href") or "")
        and "comment" not in href.lower()
    ]
    title = tree.findtext(".//title") or ""
    return PageLinks(
        list(articles.values()), list(sections), list(dict.fromkeys(feeds)), " ".join(title.split())
    )


def _target(href: str | None, url: str) -> str | None:
    if not href or href.startswith(("#", "mailto:", "javascript:", "tel:", "data:")):
        return None
    try:
        target = clean_url(urljoin(url, href))
    except ValueError:
        return None
    return target if same_site(target, url) and target != clean_url(url) else None


def _reads_as_story(kind: UrlKind, text: str, link: lxml.html.HtmlElement) -> bool:
    """Tell whether a link's words make up for an address that says little: many stories have short ones."""
    if kind is UrlKind.UNKNOWN and len(text) >= HEADLINE:
        return True
    if kind not in (UrlKind.SECTION, UrlKind.UNKNOWN) or any(
        one.tag in ASIDE for one in link.iterancestors()
    ):
        return False
    words = len(text.split())
    if (len(text) >= SENTENCE and words >= WORDS) or sum(ord(one) > 0x2E80 for one in text) >= IDEOGRAPHS:
        return True
    return len(text) >= HEADLINE and words > 1 and _is_heading(link)


def _is_heading(link: lxml.html.HtmlElement) -> bool:
    """Tell whether a link is a heading, or holds one."""
    parent = link.getparent()
    return (parent is not None and parent.tag in HEADINGS) or any(one.tag in HEADINGS for one in link.iter())


def _is_menu(link: lxml.html.HtmlElement) -> bool:
    """Tell whether a link stands where sections stand."""
    return (
        any(one.tag in ("nav", "header") for one in link.iterancestors())
        or len(urlsplit(link.get("href") or "").path) < 25
    )
