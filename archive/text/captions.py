"""The captions of an article's pictures, kept apart from its body."""

import re
from collections.abc import Sequence
from functools import lru_cache

from archive.text.outline import Block, Element, Outline

__all__ = ["find_captions", "is_caption_name", "may_be_caption"]

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
        if may_be_caption(element):
            taken = element
            text = outline.text(element)
            if SHORTEST <= len(text) <= LONGEST and not any(
                block.is_linked for block in outline.inside(element)
            ):
                found.setdefault(text)
    return tuple(found)


def may_be_caption(element: Element) -> bool:
    """Tell whether an element is a caption wherever it stands in reach of an article."""
    return element.mark in MARKS and (
        element.tag == "figcaption" or (bool(element.name) and is_caption_name(element.name))
    )


@lru_cache(maxsize=1 << 14)
def is_caption_name(name: str) -> bool:
    """Tell whether a class name or id says that this is a caption."""
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
