"""What others make of a page whose text our own engine did not find: its JSON-LD, and trafilatura."""

import re

import lxml.html

from archive.text.page import Page, tidy

__all__ = ["second_opinion"]

#: An opinion counts when it finds at least this much more.
BETTER = 1.5
TAGS = re.compile(r"<[^>]{1,200}>")


def second_opinion(page: Page, stripped: lxml.html.HtmlElement, *, than: int) -> tuple[str, list[str]] | None:
    """
    Return engine and paragraphs of the best other opinion, or None when none finds clearly more.

    Args:
        page: the page as it came.
        stripped: its tree without surroundings.
        than: words that our own engine found.
    """
    stated = page.article_data.get("articleBody")
    if isinstance(stated, str):
        paragraphs = [tidy(TAGS.sub(" ", one)) for one in re.split(r"\n\s*\n|\r\n|\n|<br */?>|</p>", stated)]
        paragraphs = [one for one in paragraphs if one]
        if _words(paragraphs) > max(than * BETTER, 40):
            return "json-ld", paragraphs
    paragraphs = _trafilatura(stripped)
    return ("trafilatura", paragraphs) if _words(paragraphs) > max(than * BETTER, 25) else None


def _trafilatura(stripped: lxml.html.HtmlElement) -> list[str]:
    # Imported when needed: it takes longer to load than most pages take to read.
    import trafilatura

    found = trafilatura.extract(stripped, include_comments=False, include_tables=False, favor_precision=True)
    return [one for line in (found or "").split("\n") if (one := tidy(line))]


def _words(paragraphs: list[str]) -> int:
    return sum(len(one.split()) + sum("\u3040" <= c <= "\u9fff" for c in one) // 2 for one in paragraphs)
