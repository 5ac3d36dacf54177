"""The captions of an article's pictures, kept apart from its body."""

import re
from collections.abc import Sequence
from functools import lru_cache

from archive.text.outline import Block, Element, Outline

__all__ = ["find_captions"]

NAMED = re.compile(
    r"(^|[\s_-])(caption|captions|figcaption|wp-caption-text|image-?caption|photo-?caption|bildunterschrift|bildtext|legende|pie-foto|didascalia)($|[\s_-])",
    re.IGNORECASE,
)
MARKS = frozenset({"caption", "picture", ""})
SHORTEST, LONGEST = 3, 600


def find_captions(outline: Outline, body: Sequence[Block]) -> tuple[str, ...]:
    """Return the captions that stand between the headline and the end of the text."""
    if not body:
        return ()
    first, last = _reach(outline, body)
    found: dict[str, None] = {}
    taken: Element | None = None
    for element in outline.elements[first : last + 1]:
        if taken is not None and taken.holds(element):
            continue
        if element.mark in MARKS and (
            element.tag == "figcaption" or (element.name and _is_named(element.name))
        ):
            taken = element
            text = outline.text(element)
            if SHORTEST <= len(text) <= LONGEST and not any(
                block.is_linked for block in outline.inside(element)
            ):
                found.setdefault(text)
    return tuple(found)


@lru_cache(maxsize=1 << 14)
def _is_named(name: str) -> bool:
    return bool(NAMED.search(name))


def _reach(outline: Outline, body: Sequence[Block]) -> tuple[int, int]:
    """Return the numbers of the first and the last element that are of the article."""
    first, last = body[0].element.number, body[-1].element.last
    tops = [one.number for one in outline.elements if one.tag == "h1" and one.number < first]
    holder = next(
        (one for one in body[0].element.above() if one.tag == "article" and one.holds(body[-1].element)), None
    )
    return (
        min([first, *tops[-1:], *([holder.number] if holder else [])]),
        max(last, holder.last if holder else last),
    )
