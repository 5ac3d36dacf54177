"""One text is made of an article's pages, and only of those."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive.model import Extraction, Note, NoteKind, PageKind
from archive.text.joining import holds_all, joined, misfit_of

BIO = "Ada Marsh writes about the harbour for this paper."


def page(*body: str, **changed: object) -> Extraction:
    """Return a page of an article."""
    return replace(
        Extraction(page_kind=PageKind.ARTICLE, headline="Council votes on the bridge", body=body), **changed
    )


FIRST = page("The council voted on Monday.", "Work begins in March.", BIO)
SECOND = page("Residents had asked for a ferry.", "The bridge costs 41 million.", BIO)


def test_pages_are_joined_in_order_and_what_every_page_repeats_is_said_once() -> None:
    """The first page gives headline and dates; paragraphs follow each other."""
    whole = joined(FIRST, [SECOND])

    assert whole.body == (*FIRST.body, *SECOND.body[:2])
    assert (whole.headline, whole.is_joined, whole.is_split) == (FIRST.headline, True, False)
    assert joined(FIRST, [SECOND], goes_on=True).is_split


def test_notes_of_all_pages_are_the_articles() -> None:
    """A correction on the last page is one of the article; the same one on each page is one."""
    one, other = (
        Note(text=text, kinds=(NoteKind.CORRECTION,))
        for text in ("Correction: it is March.", "Correction: 41.")
    )
    whole = joined(replace(FIRST, notes=(one,)), [replace(SECOND, notes=(one, other))])

    assert whole.notes == (one, other)


def test_the_single_page_takes_the_place_of_all() -> None:
    """Its text is taken whole, and nothing of the first page is said twice."""
    single = page(*FIRST.body[:2], *SECOND.body)

    assert holds_all(FIRST, single)
    assert joined(FIRST, [single]).body == single.body


@pytest.mark.parametrize(
    "single",
    [
        pytest.param(None, id="nothing"),
        pytest.param(FIRST, id="no more than the first"),
        pytest.param(SECOND, id="another page"),
        pytest.param(page(*FIRST.body[:2], *SECOND.body, page_kind=PageKind.LISTING), id="listing"),
    ],
)
def test_a_page_that_does_not_hold_the_first_is_no_single_page(single: Extraction | None) -> None:
    """It must be an article, hold what page one says, and more."""
    assert not holds_all(FIRST, single)


def test_a_page_under_the_same_headline_fits() -> None:
    """A number may stand behind the headline."""
    assert misfit_of(SECOND, SECOND.page_kind, [FIRST]) is None
    numbered = replace(SECOND, headline=f"{FIRST.headline} - Page 2 of 3")
    assert misfit_of(numbered, numbered.page_kind, [FIRST]) is None


@pytest.mark.parametrize(
    ("other", "kind", "is_failure"),
    [
        pytest.param(None, None, True, id="not read"),
        pytest.param(None, PageKind.CONSENT, True, id="wall"),
        pytest.param(None, PageKind.ARTICLE, True, id="damaged"),
        pytest.param(page(), PageKind.ARTICLE, True, id="no text"),
        pytest.param(None, PageKind.LISTING, False, id="listing"),
        pytest.param(
            replace(SECOND, headline="Ferry cuts service"), PageKind.ARTICLE, False, id="other headline"
        ),
        pytest.param(replace(SECOND, headline=""), PageKind.ARTICLE, False, id="no headline"),
        pytest.param(FIRST, PageKind.ARTICLE, False, id="the first once more"),
    ],
)
def test_what_does_not_go_on_says_why(
    other: Extraction | None, kind: PageKind | None, is_failure: bool
) -> None:
    """A wall may be gone next time; a listing is something else for good."""
    misfit = misfit_of(other, kind, [FIRST])

    assert misfit is not None
    assert (misfit.is_failure, bool(misfit.reason)) == (is_failure, True)


TEXTS = st.lists(st.text("abc ", min_size=1, max_size=12), max_size=6)


@given(st.lists(TEXTS, min_size=1, max_size=5))
def test_no_paragraph_is_lost_and_none_is_invented(pages: list[list[str]]) -> None:
    """Whatever pages say stands in the whole, in their order, the first page's unchanged."""
    first, *further = (page(*texts) for texts in pages)
    whole = joined(first, further)

    every = [text for texts in pages for text in texts]
    assert {tuple(text.split()) for text in whole.body} == {tuple(text.split()) for text in every}
    if not (len(further) == 1 and holds_all(first, further[0])):
        assert whole.body[: len(first.body)] == first.body
    remaining = iter(every)
    assert all(text in remaining for text in whole.body)
