"""Which of the titles a page has is the headline that readers see, and which one search engines are given."""

import re

from archive.text.outline import Element
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
#: A short heading that has less than this in common with every title the page states is something else: "Log in".
UNLIKE = 0.15
#: A heading of this many words says what the article says, whatever the titles are.
LONG = 5


def find_headline(page: Page) -> tuple[str, str]:
    """Return the headline as on the page, and where it stands."""
    stated = _stated(page)
    tops = [(one, _own_words(page, one)) for one in page.h1s]
    tops = [(one, text) for one, text in tops if text and not _is_outlet(page, text)]
    if tops:
        best = max(
            tops,
            key=lambda one: (
                _in_place(one[0]),
                max((_alike(one[1], text) for _, text in stated), default=0.0),
                -one[0].number,
            ),
        )
        text = _with_kicker(page, best[0], best[1], [one for _, one in stated])
        if (
            not stated
            or max(_alike(text, other) for _, other in stated) >= UNLIKE
            or len(words_of(text)) >= LONG
        ):
            return text, "dom"
    for origin, text in stated:
        return text, origin
    return (tops[0][1], "dom") if tops else ("", "")


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


def _own_words(page: Page, top: Element) -> str:
    """Return a heading's text without the kicker that stands in it."""
    outline = page.outline
    whole = outline.text(top)
    for inner in outline.within(top):
        if (
            inner.name
            and KICKERS.search(inner.name)
            and (said := outline.text(inner))
            and whole.startswith(said)
            and len(said) < len(whole) * 0.6
        ):
            rest = whole[len(said) :].lstrip(" :|–—-")
            if rest:
                return rest
    return whole


def _with_kicker(page: Page, top: Element, text: str, stated: list[str]) -> str:
    """Return a headline with the words in front of it, where the page's data has them as one title."""
    if any(same_words(text, one) for one in stated):
        return text
    outline = page.outline
    before = [block.text for block in outline.blocks[max(0, top.first - 3) : top.first]]
    behind = [block.text for block in outline.blocks[top.first + 1 : top.first + 3]]
    wholes = [
        outline.text(top),
        *(f"{kicker} {text}" for kicker in before if len(kicker) < 80),
        *(f"{kicker} {text}" for kicker in behind if len(kicker) < 80),
    ]
    return next((one for one in stated if any(same_words(one, whole) for whole in wholes)), text)


def _in_place(top: Element) -> bool:
    return all(one.tag not in ("nav", "footer", "aside") for one in top.above())


def _is_outlet(page: Page, text: str) -> bool:
    return same_words(text, page.metas.get("og:site_name", ""))


def _alike(one: str, other: str) -> float:
    mine, theirs = set(words_of(one)), set(words_of(other))
    return len(mine & theirs) / max(1, len(mine | theirs))
