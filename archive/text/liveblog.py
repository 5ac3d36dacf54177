"""The entries of a live blog, from its data or from its markup."""

import re
from typing import Any

import lxml.html

from archive.digests import sha256_hex
from archive.model import LiveEntry
from archive.text.page import Page, tidy, visible_text

__all__ = ["drop_entries", "find_entries"]

ENTRY = re.compile(
    r"(?:^|[\s_-])(live-?(entry|post|update|item)|liveblog-?(entry|post|item)|lb-?(post|entry)|ticker-?(entry|item)|timeline-?entry)(?=$|[\s_-])",
    re.IGNORECASE,
)


def find_entries(page: Page) -> tuple[LiveEntry, ...]:
    """Return a live blog's entries, newest first as pages show them; empty for other pages."""
    stated = page.article_data.get("liveBlogUpdate") if page.is_live_data else None
    if isinstance(stated, list) and stated:
        return tuple(entry for one in stated if isinstance(one, dict) and (entry := _from_data(one)))
    elements = _entry_elements(page.tree)
    return tuple(_from_markup(one) for one in elements) if len(elements) >= 3 else ()


def drop_entries(tree: lxml.html.HtmlElement) -> None:
    """Take the entries out of a tree, so that what is left is the summary above them."""
    for element in _entry_elements(tree):
        if element.getparent() is not None:
            element.drop_tree()


def _entry_elements(tree: lxml.html.HtmlElement) -> list[lxml.html.HtmlElement]:
    found = []
    for element in tree.iter("article", "div", "section", "li"):
        named = f"{element.get('class') or ''} {element.get('itemprop') or ''}"
        if (ENTRY.search(named) or "liveBlogUpdate" in named) and element.find(".//time") is not None:
            found.append(element)
    inner = {one for one in found if any(above in found for above in one.iterancestors())}
    return [one for one in found if one not in inner]


def _from_data(one: dict[str, Any]) -> LiveEntry | None:
    headline, text = tidy(str(one.get("headline") or "")), tidy(str(one.get("articleBody") or ""))
    if not headline and not text:
        return None
    return LiveEntry(
        id=str(one.get("@id") or one.get("url") or _digest(headline + text)),
        at=str(one.get("datePublished") or ""),
        headline=headline,
        text=text,
    )


def _from_markup(element: lxml.html.HtmlElement) -> LiveEntry:
    time = element.find(".//time")
    heading = next(iter(element.iter("h2", "h3", "h4")), None)
    headline = tidy(heading.text_content()) if heading is not None else ""
    text = " ".join(visible_text(one) for one in element.iter("p"))
    return LiveEntry(
        id=element.get("id") or _digest(headline or text[:80]),
        at=(time.get("datetime") or "") if time is not None else "",
        headline=headline,
        text=tidy(text),
    )


def _digest(text: str) -> str:
    return sha256_hex(text.encode())[:16]
