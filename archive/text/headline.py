"""
Which of the titles a page has is the headline that readers see, and which one search engines are given.

A page tells its title up to four times: in a heading, in JSON-LD, in `og:title` and in the document's title. The
heading is what readers see; the others say which heading it is, and which words of it are a kicker.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from archive.text.outline import Element, Outline, tidy
from archive.text.page import Page
from archive.text.texts import first_text, same_words, words_of

__all__ = ["find_headline", "find_seo_title"]

#: What stands between a headline and the outlet's name in a document's title.
SEAM = re.compile(r"\s+(?:[|–—·•:»\-]|::)\s+|\s*\|\s*")
#: Names of what stands above a headline in its own heading.
KICKERS = re.compile(
    r"kicker|overline|eyebrow|dachzeile|spitzmarke|roofline|topline|rubric|label|category|tag|preheadline|pre-?title|antetitulo|surtitre|occhiello|badge|flag|section|hidden|sr-only|topic",
    re.IGNORECASE,
)
#: What sets a kicker off from the headline behind it.
SIGNS = " :|/–—-"
#: A short heading that has less than this in common with every title the page states is something else: "Log in".
UNLIKE = 0.15
#: A heading of this many words says what the article says, whatever the titles are.
LONG = 5
#: A kicker is shorter than this share of its heading.
KICKER = 0.6
#: So much of a title's end is more than a word that happens to end it too.
FEWEST = 3
#: Longer titles, and headings of more pieces of text, are none.
LONGEST, MOST_PIECES = 400, 40
#: Headings that pages without a top heading show their headline in.
LOWER = frozenset({"h2", "h3", "h4"})
#: Names of what shows a headline without being a heading.
TITLED = re.compile(
    r"(^|[\s_-])(headline|entry-?title|post-?title|article-?title|page-?title|titel)($|[\s_-])", re.IGNORECASE
)
ELSEWHERE = frozenset({"navigation", "comments", "footer", "related", "aside", "dialog", "advert", "hidden"})


@dataclass(frozen=True, slots=True)
class _Heading:
    """One heading: all of it, and what is left without the kicker that stands in it."""

    element: Element
    whole: str
    #: The readings without a first element of its own, the one without a named kicker first.
    rests: tuple[str, ...]
    #: One of its elements says that it is the kicker.
    has_kicker: bool

    @property
    def own(self) -> str:
        """The heading's words as far as the heading itself can tell."""
        return self.rests[0] if self.has_kicker else self.whole


def find_headline(page: Page) -> tuple[str, str]:
    """Return the headline as on the page, and where it stands."""
    stated = _stated(page)
    titles = [text for _, text in stated]
    tops = [
        one
        for one in (_read(page.outline, top) for top in page.h1s)
        if one.own and not _is_outlet(page, one.own)
    ]
    lower = _shown_lower(page, titles) if all(_ends_title(page, one.own) for one in tops) else None
    if lower is not None:
        return lower, "dom"
    if tops:
        best = max(
            tops, key=lambda one: (_in_place(one.element), _likeness(one, titles), -one.element.number)
        )
        text = _worded(page, best, titles)
        if not stated or _likest(text, titles) >= UNLIKE or len(words_of(text)) >= LONG:
            return text, "dom"
    for origin, text in stated:
        return text, origin
    return (tops[0].own, "dom") if tops else ("", "")


def find_seo_title(page: Page, headline: str) -> tuple[str, str]:
    """Return what shared links and search engines show where it differs from the headline; else ""."""
    for text in (page.metas.get("og:title", ""), without_outlet(page)):
        if text and not same_words(text, headline) and headline not in text:
            return text, "meta"
    return "", ""


def without_outlet(page: Page) -> str:
    """Return the document's title without the outlet's name."""
    return _without_outlet(page.title, page.metas.get("og:site_name", ""))


def _without_outlet(title: str, site: str) -> str:
    seams = list(SEAM.finditer(title))
    if not seams:
        return title
    head, tail = title[: seams[-1].start()], title[seams[-1].end() :]
    if (site and same_words(tail, site)) or len(tail) < len(title) * 0.5:
        return head if len(head) > 12 or len(seams) == 1 else title
    first = title[: seams[0].start()]
    return title[seams[0].end() :] if site and same_words(first, site) else title


def _stated(page: Page) -> list[tuple[str, str]]:
    """Return the titles the page's data gives, best first."""
    found = [
        ("json-ld", first_text(page.article_data.get("headline"))),
        ("meta", _without_outlet(page.metas.get("og:title", ""), page.metas.get("og:site_name", ""))),
        ("meta", page.metas.get("twitter:title", "")),
        ("title", without_outlet(page)),
    ]
    return [(origin, text) for origin, text in found if text]


def _read(outline: Outline, element: Element) -> _Heading:
    """Read a heading with and without what its first element says."""
    named: list[str] = []
    others: list[str] = []
    whole = outline.text(element)
    for inner in outline.within(element):
        said = outline.text(inner)
        if inner.start > element.start + 1:
            break
        if not said or not whole.startswith(said):
            continue
        rest = tidy("".join(outline.pieces[inner.end : element.end])).lstrip(SIGNS)
        if rest and len(said) < len(whole) * KICKER:
            (named if inner.name and KICKERS.search(inner.name) else others).append(rest)
    return _Heading(element, whole, (*named, *others), bool(named))


def _worded(page: Page, heading: _Heading, titles: Sequence[str]) -> str:
    """
    Return a heading's words as the page's data has them: without its kicker where one title is, else with it where one is.

    Words that the page shows apart and its data has as one title are taken from the data, with the sign between them.
    """
    for rest in heading.rests:
        if any(same_words(rest, one) for one in titles):
            return rest
    return _with_kicker(page, heading, titles)


def _with_kicker(page: Page, heading: _Heading, titles: Sequence[str]) -> str:
    """Return a headline with the words in front of it, where the page's data has them as one title."""
    text, top = heading.own, heading.element
    if any(same_words(text, one) for one in titles):
        return text
    outline = page.outline
    before = [block.text for block in outline.blocks[max(0, top.first - 3) : top.first]]
    behind = [block.text for block in outline.blocks[top.first + 1 : top.first + 3]]
    wholes = [
        heading.whole,
        *(f"{heading.whole[: -len(rest)]} {rest}" for rest in heading.rests if heading.whole.endswith(rest)),
        *(f"{kicker} {text}" for kicker in before if len(kicker) < 80),
        *(f"{kicker} {text}" for kicker in behind if len(kicker) < 80),
    ]
    return next((one for one in titles if any(same_words(one, whole) for whole in wholes)), text)


def _shown_lower(page: Page, titles: Sequence[str]) -> str | None:
    """
    Return the title that a lower heading shows, with or without a kicker; None when none is shown.

    A heading may also show a part of a title, from its beginning or to its end: the rest names outlet and section.
    """
    every = [*titles, *(part for title in (page.title, *titles) for part in _parts(title))]
    wanted = {tuple(words_of(one)): one for one in reversed(every) if len(one) <= LONGEST}
    for element in page.outline.elements:
        if (
            element.mark not in ELSEWHERE
            and element.end - element.start <= MOST_PIECES
            and (element.tag in LOWER or (element.name and _is_titled(element.name)))
        ):
            heading = _read(page.outline, element)
            for reading in (*heading.rests, heading.whole):
                words = tuple(words_of(reading))
                if len(words) >= FEWEST and words in wanted:
                    return wanted[words]
    return None


@lru_cache(maxsize=1 << 14)
def _is_titled(name: str) -> bool:
    return bool(TITLED.search(name))


def _parts(title: str) -> list[str]:
    """Return what stands before and behind each seam of a title, the longest first."""
    seams = list(SEAM.finditer(title)) if len(title) <= LONGEST else []
    return [
        *(title[: one.start()] for one in reversed(seams) if one.start()),
        *(title[one.end() :] for one in seams),
    ]


def _ends_title(page: Page, text: str) -> bool:
    """Tell whether a heading is what a title ends with behind a seam: the outlet's name, or its section's."""
    title = page.title
    return len(title) <= LONGEST and any(
        same_words(text, title[seam.end() :]) for seam in SEAM.finditer(title)
    )


def _likeness(heading: _Heading, titles: Sequence[str]) -> float:
    return _likest(heading.own, titles)


def _likest(text: str, titles: Sequence[str]) -> float:
    return max((_alike(text, one) for one in titles), default=0.0)


def _in_place(top: Element) -> bool:
    return all(one.tag not in ("nav", "footer", "aside") for one in top.above())


def _is_outlet(page: Page, text: str) -> bool:
    return same_words(text, page.metas.get("og:site_name", ""))


def _alike(one: str, other: str) -> float:
    mine, theirs = set(words_of(one)), set(words_of(other))
    return len(mine & theirs) / max(1, len(mine | theirs))
