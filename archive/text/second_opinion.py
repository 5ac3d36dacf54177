"""What others make of a page whose text our own engine did not find: its JSON-LD, and trafilatura."""

import re

from archive.text.page import Page, tidy, words_in

__all__ = ["second_opinion"]

#: An opinion counts when it finds at least this much more.
BETTER = 1.5
#: Fewer words are no text.
FEWEST = 25
#: Larger pages are not given to slower engines.
LARGEST = 1_500_000
TAGS = re.compile(r"<[^>]{1,200}>")
SEAMS = re.compile(r"\n\s*\n|\r\n|\n|<br */?>|</p>")


def second_opinion(page: Page, *, than: int) -> tuple[str, list[str]] | None:
    """
    Return engine and paragraphs of the best other opinion, or None when none finds clearly more.

    Args:
        page: the page as it came, its surroundings marked.
        than: words that our own engine found.
    """
    paragraphs = [one for part in SEAMS.split(page.article_text) if (one := tidy(TAGS.sub(" ", part)))]
    if words_in(paragraphs) > max(than * BETTER, FEWEST):
        return "json-ld", paragraphs
    if len(page.html) > LARGEST or page.words < FEWEST:
        return None
    paragraphs = _trafilatura(page)
    return ("trafilatura", paragraphs) if words_in(paragraphs) > max(than * BETTER, FEWEST) else None


def _trafilatura(page: Page) -> list[str]:
    """Return trafilatura's paragraphs, without those that our own rules know for surroundings."""
    # Imported when needed: it takes longer to load than most pages take to read.
    import trafilatura

    found = trafilatura.extract(page.html, include_comments=False, include_tables=False, favor_precision=True)
    around = {block.text for block in page.outline.blocks if block.element.mark or block.is_linked}
    return [one for line in (found or "").split("\n") if (one := tidy(line)) and one not in around]
