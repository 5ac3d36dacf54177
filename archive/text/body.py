"""
Finds an article's paragraphs in a tree that was stripped of its surroundings.

The part of the page that holds most running text is the article; its blocks are the paragraphs. The choice
rests on the text and its nesting alone, never on class names, which change from load to load.
"""

from collections import defaultdict
from collections.abc import Iterator

import lxml.html

from archive.text.page import UNSEEN, tidy

__all__ = ["Paragraph", "find_body"]

BLOCKS = frozenset({
    "p", "div", "li", "ul", "ol", "blockquote", "pre", "h2", "h3", "h4", "h5", "h6", "section", "article", "main", "aside",
    "header", "table", "tbody", "tr", "td", "th", "dl", "dd", "dt", "figure", "figcaption", "details", "summary", "center", "hr",
    "body", "html",
})  # fmt: skip
SKIPPED = UNSEEN | {"h1", "figure", "figcaption", "address"}
#: Text of this many characters is running text; an ideograph says as much as three letters.
RUNNING = 50
#: How much of a paragraph's weight each level above its parent is given.
FADING = 0.8
HEADINGS = frozenset({"h2", "h3", "h4", "h5", "h6"})

Paragraph = tuple[lxml.html.HtmlElement, str]


def find_body(tree: lxml.html.HtmlElement) -> list[Paragraph]:
    """Return the article's paragraphs with the elements they begin in."""
    weights: dict[lxml.html.HtmlElement, float] = defaultdict(float)
    for element, text in _paragraphs(tree):
        weight = _weight(text)
        if weight < RUNNING:
            continue
        share = 1.0
        holder = element if element.tag not in ("p", "li", "blockquote") else element.getparent()
        while holder is not None and holder.tag not in ("body", "html") and share > 0.2:
            weights[holder] += weight * share
            holder, share = holder.getparent(), share * FADING
        if holder is not None and holder.tag == "body":
            weights[holder] += weight * share * FADING
    if not weights:
        return []
    best = max(weights, key=weights.__getitem__)
    return _trimmed(list(_paragraphs(_widened(best))))


def _widened(best: lxml.html.HtmlElement) -> lxml.html.HtmlElement:
    """Take the article element around the densest part, if that part is most of it."""
    for above in best.iterancestors("article"):
        inside, around = _mass(best), _mass(above)
        if around <= inside * 1.6:
            return above
    return best


def _mass(element: lxml.html.HtmlElement) -> int:
    return sum(weight for _, text in _paragraphs(element) if (weight := _weight(text)) >= RUNNING)


def _weight(text: str) -> int:
    return len(text) + 2 * sum(
        "\u3040" <= character <= "\u9fff" or "\uac00" <= character <= "\ud7af" for character in text
    )


def _paragraphs(element: lxml.html.HtmlElement) -> Iterator[Paragraph]:
    """Yield runs of inline text: what a reader sees as one paragraph."""
    pieces: list[str] = []

    def flush() -> Iterator[Paragraph]:
        text = tidy("".join(pieces))
        pieces.clear()
        if text:
            yield element, text

    stack = _walk(element)
    for part in stack:
        if isinstance(part, str):
            pieces.append(part)
        else:
            yield from flush()
            yield from _paragraphs(part)
    yield from flush()


def _walk(element: lxml.html.HtmlElement) -> Iterator["str | lxml.html.HtmlElement"]:
    """Yield text, and block children to be walked by themselves; two line breaks part paragraphs."""
    if element.text:
        yield element.text
    breaks = 0
    for child in element:
        if not isinstance(child.tag, str) or child.tag in SKIPPED:
            pass
        elif child.tag in BLOCKS:
            yield child
        elif child.tag == "br":
            breaks += 1
            yield "\n"
            if breaks >= 2:
                yield child
                breaks = 0
        else:
            yield from _walk(child)
        if child.tail:
            if child.tail.strip():
                breaks = 0
            yield child.tail


def _trimmed(found: list[Paragraph]) -> list[Paragraph]:
    """Drop what is no prose at the ends: short lines before the first and behind the last running paragraph."""
    running = [number for number, (_, text) in enumerate(found) if _weight(text) >= RUNNING]
    if not running:
        return []
    kept = found[running[0] : running[-1] + 1]
    # A short last line that ends as a sentence belongs to the article.
    for element, text in found[running[-1] + 1 :]:
        if not text.endswith((".", "!", "?", "”", '"', "。", "」", "»", "…")) or element.tag in HEADINGS:
            break
        kept.append((element, text))
    return kept
