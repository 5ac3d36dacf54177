"""The entries of a live blog, from its data or from how it is laid out: many siblings that each begin with a time."""

import re
from collections.abc import Iterator
from typing import Any

from archive.digests import sha256_hex
from archive.model import LiveEntry
from archive.text.lines import is_counter
from archive.text.outline import Block, Element, Outline
from archive.text.page import Page, tidy
from archive.text.texts import first_text
from archive.text.wording import wording

__all__ = ["entry_elements", "find_entries"]

#: A time of day, a minute of play, an age: what an entry begins with.
CLOCK = re.compile(
    r"^\W*(?:[^\W\d_]{2,12}\.? ?,? )?(?:\d{1,2}[:.h]\d{2}\b|\d{1,2}(?:[:.]\d\d)? ?(?:uhr|h|am|pm|a\.m|p\.m|時|시)\b|\d{1,3}(?:\+\d)?\s?['’′.](?:\s|$)|(?:오전|오후|午前|午後|上午|下午) ?\d|\d{1,2}時\d{2}分)",
    re.IGNORECASE,
)
NAMED = re.compile(r"live|ticker|directo|diretta", re.IGNORECASE)
ITEMS = ("article", "div", "section", "li", "p", "tr", "dd")
ELSEWHERE = frozenset({"navigation", "related", "comments", "footer", "newsletter", "aside", "form"})
#: Fewer dated siblings are no live blog.
FEWEST = 3


def find_entries(page: Page) -> tuple[LiveEntry, ...]:
    """Return a live blog's entries, newest first as pages show them; empty for other pages."""
    for one in page.data_objects:
        stated = one.get("liveBlogUpdate")
        if isinstance(stated, list) and (
            found := tuple(entry for item in stated if isinstance(item, dict) and (entry := _from_data(item)))
        ):
            return found
    return tuple(_from_markup(page.outline, one) for one in entry_elements(page))


def entry_elements(page: Page) -> list[Element]:
    """Return the elements that are entries; empty when the page is no live blog."""
    titled = _says_live(page)
    names = " ".join([one.name for one in page.outline.elements if one.name]).lower()
    if not titled and "live" not in names and "ticker" not in names:
        return []
    groups: dict[Element, list[Element]] = {}
    for element in page.outline.elements:
        if (
            element.tag in ITEMS
            and element.up is not None
            and element.mark not in ELSEWHERE
            and _is_dated(page.outline, element)
        ):
            groups.setdefault(element.up, []).append(element)
    best = max(groups.values(), key=len, default=[])
    if len(best) < FEWEST or not (
        titled or sum(bool(NAMED.search(one.name)) for one in best) * 2 > len(best)
    ):
        return []
    blocks = [block for one in best for block in page.outline.inside(one)]
    return best if sum(one.linked for one in blocks) < 0.5 * sum(len(one.text) for one in blocks) else []


def _is_dated(outline: Outline, element: Element) -> bool:
    """Tell whether an element begins with a time and goes on with text."""
    first = _first_block(outline, element)
    if first is None or not _starts_with_time(outline, element, first):
        return False
    return len(outline.text(element)) >= 30


def _first_block(outline: Outline, element: Element) -> Block | None:
    if element.first < len(outline.blocks):
        block = outline.blocks[element.first]
        if element.holds(block.element):
            return block
    return None


def _starts_with_time(outline: Outline, element: Element, first: Block) -> bool:
    if CLOCK.match(first.text[:40]) or (len(first.text) <= 40 and is_counter(first.text)):
        return True
    return any(
        one.tag == "time"
        for one in outline.elements[element.number + 1 : element.number + 6]
        if element.holds(one)
    )


def _says_live(page: Page) -> bool:
    """Tell whether a page's title, heading or address says that it is live."""
    top = f"{page.title} {' '.join(page.headings)} {page.url}".lower().replace("-", " ").replace("/", " ")
    words = wording().pages["live"]
    # In any language first: which one the page is in takes longer to tell.
    return page.is_live_data or (words.has(top) and words.has(top, page.languages))


def _from_data(one: dict[str, Any]) -> LiveEntry | None:
    headline, text = first_text(one.get("headline")), first_text(one.get("articleBody"))
    if not headline and not text:
        return None
    return LiveEntry(
        id=str(one.get("@id") or one.get("url") or _digest(headline + text)),
        at=str(one.get("datePublished") or ""),
        headline=headline,
        text=text,
    )


def _from_markup(outline: Outline, element: Element) -> LiveEntry:
    headline = next(
        (outline.text(one) for one in outline.within(element) if one.tag in ("h2", "h3", "h4", "h5")), ""
    )
    at = next((_moment(outline, one) for one in outline.within(element) if one.tag == "time"), "")
    texts = list(_said(outline, element, headline))
    if not at and texts and len(texts) > 1 and len(texts[0]) <= 40 and CLOCK.match(texts[0]):
        at = texts.pop(0)
    elif not at and texts and (clock := CLOCK.match(texts[0])):
        at = clock.group().strip()
    return LiveEntry(
        id=element.attributes.get("id") or _digest(headline or " ".join(texts)[:80]),
        at=at,
        headline=headline,
        text=tidy(" ".join(texts)),
    )


def _moment(outline: Outline, element: Element) -> str:
    return element.attributes.get("datetime") or outline.text(element)


def _said(outline: Outline, element: Element, headline: str) -> Iterator[str]:
    times = {outline.text(one) for one in outline.within(element) if one.tag == "time"}
    for block in outline.inside(element):
        if (
            block.text != headline
            and block.text not in times
            and (not block.element.mark or block.element.mark == element.mark)
        ):
            yield block.text


def _digest(text: str) -> str:
    return sha256_hex(text.encode())[:16]
