"""
What an article's first page needs beside it: the pages that were fetched for its sake, and what they come to.

The first page's capture is said to show the text of all of them. Where one of them could not be had it shows nothing
that is trusted, for half a text looks like one from which the rest was removed.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from archive import text
from archive.ingest.observing import Gathered, Seen
from archive.model import Exchange, Extraction, PageKind
from archive.text.joining import Misfit, holds_all, joined, misfit_of
from archive.text.pagination import PageLinks

__all__ = ["Composed", "Pages", "Unfinished", "compose", "incomplete", "links_of", "with_pages"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Pages:
    """What was fetched for a first page's sake; nothing at first."""

    #: Of further pages in order, or of the single page; hops of redirects among them.
    exchanges: tuple[Exchange, ...] = ()
    is_single: bool = False
    #: Why there are no more of them, where more were announced; else "".
    missing: str = ""
    #: What is there is taken for all there is to be had.
    is_enough: bool = False
    #: There are more pages than are ever fetched.
    goes_on: bool = False

    def __bool__(self) -> bool:
        """Tell whether anything was tried."""
        return bool(self.exchanges or self.missing)


@dataclass(frozen=True, slots=True)
class Unfinished:
    """An exchange that was not archived yet: its article goes on elsewhere."""

    #: What the page says by itself.
    first: Extraction
    links: PageLinks


@dataclass(frozen=True, slots=True)
class Composed:
    """What a first page and its further pages come to."""

    #: The texts that are part of it, by their place among what was fetched.
    taken: tuple[int, ...] = ()
    #: Why it is not whole; "" when it is, or when the pages are of something else.
    missing: str = ""


def links_of(seen: Seen) -> PageLinks:
    """Return where an article goes on, as its first page announces it; nothing for what is no article's page."""
    if seen.extraction is None or seen.content is None or seen.is_damaged or seen.rendition:
        return PageLinks()
    return PageLinks(seen.extraction.pages, seen.extraction.single)


def compose(first: Extraction, shown: Sequence[tuple[str, Seen]], pages: Pages) -> Composed:
    """
    Say which pages go on with a first one.

    Args:
        shown: address of each page, and what it shows; hops of redirects among them.
    """
    before: list[Extraction] = [first]
    taken: list[int] = []
    for place, (address, seen) in enumerate(shown):
        if seen.aim is not None:
            continue
        misfit = _misfit(seen, before, is_single=pages.is_single)
        if misfit is not None:
            reason = f"{address}: {misfit.reason}"
            return Composed(tuple(taken), reason if taken or misfit.is_failure else "")
        assert seen.extraction is not None  # noqa: S101 - else it were a misfit
        before.append(seen.extraction)
        taken.append(place)
    return Composed(tuple(taken), pages.missing)


def _misfit(seen: Seen, before: Sequence[Extraction], *, is_single: bool) -> Misfit | None:
    said = seen.extraction if seen.content is not None and not seen.is_damaged else None
    if is_single:
        misfit = misfit_of(said, seen.page_kind, before)
        # A page without a text says so for good: there are others to be read.
        is_failure = misfit is not None and misfit.is_failure and seen.page_kind is not PageKind.EMPTY
        return misfit if is_failure else _lie(before[0], said)
    return misfit_of(said, seen.page_kind, before)


def _lie(first: Extraction, single: Extraction | None) -> Misfit | None:
    return None if holds_all(first, single) else Misfit("it does not hold the article", is_failure=False)


def with_pages(seen: Seen, texts: Sequence[Extraction], gathered: Gathered) -> Seen:
    """Return what a first page shows together with its further pages."""
    assert seen.extraction is not None  # noqa: S101 - the caller has looked
    whole = joined(seen.extraction, texts, goes_on=gathered.goes_on)
    content = text.content_digest(whole)
    return replace(seen, extraction=whole, content=content, is_rendered=True, signature="", gathered=gathered)


def incomplete(seen: Seen, missing: str) -> Seen:
    """Return what a first page shows whose further pages could not be had: nothing that is trusted."""
    return replace(
        seen,
        extraction=None,
        content=None,
        is_damaged=True,
        is_rendered=True,
        signature="",
        gathered=Gathered(missing=missing),
    )
