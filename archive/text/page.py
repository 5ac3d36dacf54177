"""A page: its outline, its meta fields and its JSON-LD, read once for everything that looks at it."""

import json
import re
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from archive.text.language import language_of
from archive.text.outline import Block, Element, Outline, outline_of, tidy

__all__ = ["Block", "Element", "Page", "parse_page", "tidy", "words_in"]

#: Scripts longer than this are no article's data.
LONGEST_SCRIPT = 2_000_000
ARTICLE_TYPES = re.compile(r"(Article|BlogPosting|LiveBlogPosting|Report|SocialMediaPosting|Review|Recipe)$")
LIVE = "LiveBlogPosting"
KANA_AND_HAN = re.compile(r"[\u3040-\u9fff]")
#: Where JSON-LD nests one object in another.
NESTS = ("@graph", "mainEntity", "mainEntityOfPage", "itemListElement", "hasPart")
CDATA = re.compile(r"^\s*(//|/\*)?\s*(<!\[CDATA\[|<!--)\s*(\*/)?|(//|/\*)?\s*(\]\]>|-->)\s*(\*/)?\s*$")
COMMAS = re.compile(r",(\s*[}\]])")


@dataclass
class Page:
    """One page; its outline is shared by all who look at it, so nobody changes it but for the marks."""

    outline: Outline
    url: str
    html: str = field(repr=False)

    @cached_property
    def metas(self) -> dict[str, str]:
        """Meta fields by lower-case name or property; the first of a name counts."""
        found: dict[str, str] = {}
        for meta in self.outline.metas:
            content = tidy(meta.get("content"))
            if not content:
                continue
            for key in ("property", "name", "itemprop", "http-equiv"):
                if name := (meta.get(key) or "").strip().lower():
                    found.setdefault(name, content)
        return found

    def every_meta(self, *names: str) -> list[str]:
        """Return all values of the meta fields of these names, in the order of the page."""
        return [
            content
            for meta in self.outline.metas
            if (meta.get("property") or meta.get("name") or "").strip().lower() in names
            and (content := tidy(meta.get("content")))
        ]

    @cached_property
    def article_data(self) -> dict[str, Any]:
        """The JSON-LD object that describes the article, or an empty one."""
        best: dict[str, Any] = {}
        rank = (False, False, 0)
        for one in self.data_objects:
            if ARTICLE_TYPES.search(_type(one)):
                mine = ("datePublished" in one, "headline" in one, len(one))
                if mine > rank:
                    best, rank = one, mine
        return best

    @cached_property
    def is_live_data(self) -> bool:
        """JSON-LD says that this is a live blog."""
        return _type(self.article_data) == LIVE or any(_type(one) == LIVE for one in self.data_objects)

    @cached_property
    def article_text(self) -> str:
        """The article's text as JSON-LD gives it, or ""."""
        stated = self.article_data.get("articleBody")
        return stated if isinstance(stated, str) else ""

    @cached_property
    def h1s(self) -> list[Element]:
        """The top headings that say something."""
        return [one for one in self.outline.elements if one.tag == "h1" and self.outline.text(one)]

    @cached_property
    def headings(self) -> list[str]:
        """Texts of the top headings."""
        return [self.outline.text(one) for one in self.h1s]

    @property
    def title(self) -> str:
        """The document's title."""
        return self.outline.title

    @cached_property
    def visible(self) -> str:
        """All that a reader sees."""
        return " ".join(block.text for block in self.outline.blocks)

    @cached_property
    def languages(self) -> frozenset[str]:
        """Codes of the languages its words may be in; empty when they cannot be told."""
        spoken = language_of(self.visible)
        stated = (self.outline.root.get("lang") or "")[:2].lower()
        return frozenset({spoken, stated, "en"} - {"", None}) if spoken else frozenset()

    @cached_property
    def words(self) -> int:
        """How many words a reader sees."""
        return words_in([self.visible])

    @cached_property
    def data_objects(self) -> list[dict[str, Any]]:
        """All objects of the page's JSON-LD."""
        found: list[dict[str, Any]] = []
        for text in self.outline.data:
            if len(text) <= LONGEST_SCRIPT:
                found += _flat(_loaded(text))
        return found


def parse_page(html: str, url: str) -> Page:
    """Parse a page."""
    return Page(outline=outline_of(html), url=url, html=html)


def words_in(texts: list[str]) -> int:
    """Count words; ideographs count in pairs."""
    text = " ".join(texts)
    found = len(text.split())
    return found if text.isascii() else found + len(KANA_AND_HAN.findall(text)) // 2


def _loaded(text: str) -> Any:
    try:
        return json.loads(text, strict=False)
    except RecursionError:
        return None
    except ValueError:
        pass
    try:
        # Publishers put comments, CDATA marks and trailing commas around it.
        return json.loads(COMMAS.sub(r"\1", CDATA.sub("", text)), strict=False)
    except (ValueError, RecursionError):
        return None


def _flat(value: Any, depth: int = 0) -> list[dict[str, Any]]:
    if depth > 6:
        return []
    if isinstance(value, list):
        return [one for item in value for one in _flat(item, depth + 1)]
    if isinstance(value, dict):
        inner = [one for key in NESTS for one in _flat(value.get(key), depth + 1)]
        return [value, *inner]
    return []


def _type(one: dict[str, Any]) -> str:
    kind = one.get("@type", "")
    return str(kind[0] if isinstance(kind, list) and kind else kind)
