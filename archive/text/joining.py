"""
Makes one text of an article's pages.

A further page is believed when it is an article under the same headline with words of its own; the single page of a
split article when it is one that holds the first page's words. Pure: extractions in, extraction out.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import chain

from archive.model import Extraction, PageKind
from archive.text.texts import words_of

__all__ = ["Misfit", "holds_all", "joined", "misfit_of"]

#: Share of the first page's words, by paragraph, that a single page must have; share of repeats that makes a page no new one.
HOLDS, REPEATS = 0.9, 0.6
#: Pages that stand in front of a page, or of which not enough was read.
FAILING = frozenset(
    {
        PageKind.CONSENT,
        PageKind.CHALLENGE,
        PageKind.LOGIN,
        PageKind.PAYWALLED,
        PageKind.EMPTY,
        PageKind.ERROR,
        None,
    }
)


@dataclass(frozen=True, slots=True)
class Misfit:
    """Why a page does not go on with an article."""

    reason: str
    #: It may fit another time; else it is of something else.
    is_failure: bool


def misfit_of(page: Extraction | None, kind: PageKind | None, before: Sequence[Extraction]) -> Misfit | None:
    """
    Say why a page does not go on where others ended, or None when it does.

    Args:
        page: what it says; None when nothing that can be trusted.
        kind: what it is; None when it was not read.
        before: the article's pages up to there, the first page first.
    """
    if page is None or not page.page_kind.is_trusted:
        is_failure = kind in FAILING or bool(kind and kind.is_trusted)
        return Misfit(f"it is no article ({kind})" if kind else "it could not be read", is_failure)
    if not _same_headline(before[0].headline, page.headline):
        return Misfit(f'it is of another article, "{page.headline[:80]}"', is_failure=False)
    if not page.body:
        return Misfit("it shows no text", is_failure=True)
    if _share(page, before) > REPEATS:
        return Misfit("it repeats what came before", is_failure=False)
    return None


def holds_all(first: Extraction, single: Extraction | None) -> bool:
    """Tell whether a page is the single page of an article: it holds the first page's words, and more."""
    if single is None or not single.page_kind.is_trusted or not first.body:
        return False
    return _share(first, [single]) >= HOLDS and _length(single) > _length(first)


def joined(first: Extraction, pages: Sequence[Extraction], *, goes_on: bool = False) -> Extraction:
    """
    Return an article with the text of its pages: that of the single page that holds all, or all in order.

    Args:
        first: its first page, which says all else: headline, dates, people.
        pages: the single page, or the further pages.
        goes_on: there are further pages that are not among them.
    """
    if len(pages) == 1 and holds_all(first, pages[0]):
        whole = pages[0]
        return replace(
            first,
            body=whole.body,
            captions=whole.captions or first.captions,
            notes=whole.notes or first.notes,
            is_split=False,
            is_joined=True,
        )
    every = [first, *pages]
    seen: set[tuple[str, ...]] = set()
    body: list[str] = []
    for page in every:
        # What every page repeats, such as a line about the author, is said once; within a page all stays.
        body += [text for text in page.body if _key(text) not in seen]
        seen |= {_key(text) for text in page.body}
    notes = {_key(note.text): note for page in reversed(every) for note in reversed(page.notes)}
    said = set(notes)
    return replace(
        first,
        body=tuple(text for text in body if _key(text) not in said),
        captions=tuple(dict.fromkeys(chain.from_iterable(page.captions for page in every))),
        notes=tuple(reversed(notes.values())),
        is_split=goes_on,
        is_joined=True,
    )


def _same_headline(one: str, other: str) -> bool:
    """Tell whether two headlines are one, perhaps with a page's number behind it."""
    short, long = sorted((words_of(one), words_of(other)), key=len)
    return bool(short) and long[: len(short)] == short and len(long) - len(short) <= 4


def _share(page: Extraction, others: Sequence[Extraction]) -> float:
    """Return which share of a page's words stands in paragraphs that others have too."""
    known = {_key(text) for other in others for text in other.body}
    lengths = [(len(text), _key(text) in known) for text in page.body]
    return sum(length for length, is_known in lengths if is_known) / max(
        sum(length for length, _ in lengths), 1
    )


def _length(page: Extraction) -> int:
    return sum(map(len, page.body))


def _key(text: str) -> tuple[str, ...]:
    return tuple(words_of(text))
