"""A parsed page: its tree, its meta fields and its JSON-LD, read once for everything that looks at it."""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import lxml.html
from lxml.etree import ParserError, XMLSyntaxError

__all__ = ["Page", "PageError", "parse_page", "tidy", "visible_text"]

#: Scripts longer than this are no article's data.
LONGEST_SCRIPT = 2_000_000
#: Elements whose text nobody sees.
UNSEEN = frozenset(
    {"script", "style", "noscript", "template", "svg", "iframe", "head", "title", "select", "option"}
)
ARTICLE_TYPES = re.compile(r"(Article|BlogPosting|LiveBlogPosting|Report|SocialMediaPosting)$")
SPACES = re.compile(r"[\s\u200b\ufeff]+")


class PageError(ValueError):
    """A page that cannot be parsed."""


def tidy(text: str | None) -> str:
    """Return text with every run of white space as one space."""
    return SPACES.sub(" ", text or "").strip()


@dataclass
class Page:
    """One page; do not change its tree, ask for `copy_of_tree`."""

    tree: lxml.html.HtmlElement
    url: str
    html: str = field(repr=False)

    @cached_property
    def metas(self) -> dict[str, str]:
        """Meta fields by lower-case name or property; the first of a name counts."""
        found: dict[str, str] = {}
        for meta in self.tree.iter("meta"):
            name = (meta.get("property") or meta.get("name") or meta.get("itemprop") or "").strip().lower()
            content = tidy(meta.get("content"))
            if name and content:
                found.setdefault(name, content)
        return found

    @cached_property
    def article_data(self) -> dict[str, Any]:
        """The JSON-LD object that describes the article, or an empty one."""
        best: dict[str, Any] = {}
        for one in self._objects:
            if ARTICLE_TYPES.search(_type(one)) and len(one) > len(best):
                best = one
        return best

    @cached_property
    def is_live_data(self) -> bool:
        """JSON-LD says that this is a live blog."""
        return _type(self.article_data) == "LiveBlogPosting"

    @cached_property
    def h1s(self) -> list[str]:
        """Texts of the top headings."""
        return [text for one in self.tree.iter("h1") if (text := tidy(one.text_content()))]

    @cached_property
    def title(self) -> str:
        """The document's title."""
        found = self.tree.find(".//title")
        return tidy(found.text_content()) if found is not None else ""

    @cached_property
    def words(self) -> int:
        """How many words a reader sees; ideographs count in pairs."""
        text = visible_text(self.tree)
        return len(text.split()) + sum("\u3040" <= character <= "\u9fff" for character in text) // 2

    @cached_property
    def _objects(self) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = []
        for script in self.tree.iter("script"):
            if "ld+json" not in (script.get("type") or "").lower():
                continue
            text = script.text or ""
            if len(text) <= LONGEST_SCRIPT:
                found += _flat(_loaded(text))
        return found


def parse_page(html: str, url: str) -> Page:
    """
    Parse a page.

    Raises:
        PageError: there is no element in it.
    """
    try:
        # An encoding declaration would make lxml refuse text: what was decoded is decoded.
        tree = lxml.html.document_fromstring(html.encode("utf-8", "replace"), parser=_parser())
    except (ParserError, XMLSyntaxError, AssertionError) as error:
        raise PageError(str(error)) from error
    return Page(tree=tree, url=url, html=html)


def _parser() -> lxml.html.HTMLParser:
    return lxml.html.HTMLParser(encoding="utf-8", remove_comments=True, remove_pis=True)


def visible_text(element: lxml.html.HtmlElement) -> str:
    """Return what a reader sees of an element, tidied."""
    return tidy(" ".join(_visible(element)))


def _visible(element: lxml.html.HtmlElement) -> Iterator[str]:
    skipped: lxml.html.HtmlElement | None = None
    for one in element.iter():
        if skipped is not None and skipped in one.iterancestors():
            continue
        skipped = None
        if not isinstance(one.tag, str) or one.tag in UNSEEN:
            skipped = one
        elif one.text:
            yield one.text
        if one is not element and one.tail:
            yield one.tail


def _loaded(text: str) -> Any:
    try:
        return json.loads(text, strict=False)
    except ValueError:
        pass
    try:
        # Publishers put comments, CDATA marks and trailing commas around it.
        return json.loads(
            re.sub(r",\s*([}\]])", r"\1", re.sub(r"^\s*(//)?\s*<!\[CDATA\[|(//)?\s*\]\]>\s*$", "", text)),
            strict=False,
        )
    except (ValueError, RecursionError):
        return None


def _flat(value: Any, depth: int = 0) -> list[dict[str, Any]]:
    if depth > 6:
        return []
    if isinstance(value, list):
        return [one for item in value for one in _flat(item, depth + 1)]
    if isinstance(value, dict):
        inner = [
            one
            for key in ("@graph", "mainEntity", "mainEntityOfPage", "itemListElement")
            for one in _flat(value.get(key), depth + 1)
        ]
        return [value, *inner]
    return []


def _type(one: dict[str, Any]) -> str:
    kind = one.get("@type", "")
    return str(kind[0] if isinstance(kind, list) and kind else kind)
