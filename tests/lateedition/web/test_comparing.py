"""Two versions side by side: nothing of the text is lost, whatever is folded."""

from hypothesis import given
from hypothesis import strategies as st

from archive.model import (
    Disclosure,
    Event,
    EventKind,
    Extraction,
    Note,
    NoteChange,
    NoteDelta,
    NoteKind,
    Operation,
    OperationKind,
    PageKind,
    Track,
)
from lateedition.web.comparing import Block, Fold, audit_of, blocks_of, chosen_versions
from tests.lateedition.web.press import BEGIN

paragraphs = st.lists(
    st.sampled_from(["One stays.", "Two go.", "Three came late.", "Four, 17 and 18."]), max_size=5
)


def page(body: list[str]) -> Extraction:
    """An article that says this."""
    return Extraction(page_kind=PageKind.ARTICLE, headline="A headline", body=tuple(body))


def shown(blocks: list[Block | Fold]) -> list[Block]:
    """Unfold what is folded."""
    return [one for block in blocks for one in (block.blocks if isinstance(block, Fold) else (block,))]


@given(paragraphs, paragraphs, st.booleans())
def test_both_versions_can_be_read_off_a_comparison(before: list[str], after: list[str], fold: bool) -> None:
    """Equal and inserted runs are the newer text, in order; equal and deleted ones the older."""
    blocks = [
        one for one in shown(blocks_of(page(before), page(after), fold=fold)) if one.row.track is Track.BODY
    ]
    newer = ["".join(text for _, text in one.after) for one in blocks]
    older = ["".join(text for _, text in one.before) for one in blocks]

    assert [one for one in newer if one] == after
    assert sorted(one for one in older if one) == sorted(before)


@given(paragraphs, paragraphs)
def test_changes_are_counted_from_one_without_gaps(before: list[str], after: list[str]) -> None:
    """The links from change to change lead somewhere, each to its own."""
    counted = [one.change for one in shown(blocks_of(page(before), page(after), fold=True)) if one.change]

    assert counted == list(range(1, len(counted) + 1))


@given(
    st.lists(st.integers(1, 9), min_size=1, unique=True).map(sorted),
    st.tuples(st.text(max_size=3), st.text(max_size=3)),
)
def test_chosen_versions_exist_whatever_is_asked(numbers: list[int], asked: tuple[str, str]) -> None:
    """An address with nonsense shows the last change."""
    first, last = chosen_versions(numbers, asked)

    assert first in numbers
    assert last in numbers


def test_versions_are_taken_as_asked_then_from_the_event() -> None:
    """The address decides, then the event it names, then the latest change."""
    event = Event(id="e", article="a", kind=EventKind.EDIT, first_seen_at=BEGIN, from_version=1, to_version=2)

    assert chosen_versions([1, 2, 3], ("1", "3"), event) == (1, 3)
    assert chosen_versions([1, 2, 3], ("", ""), event) == (1, 2)
    assert chosen_versions([1, 2, 3], ("", "")) == (2, 3)
    assert chosen_versions([1], ("", "")) == (1, 1)


def test_an_audit_tells_named_changes_from_the_rest() -> None:
    """A note that names one number accounts for that change and for no other."""
    named = Operation(
        track=Track.BODY,
        kind=OperationKind.REPLACE,
        before="It counted 4200 homes.",
        after="It counted 3900 homes.",
    )
    other = Operation(
        track=Track.BODY,
        kind=OperationKind.REPLACE,
        before="Nine people were hurt on Monday.",
        after="Seven people were hurt on Monday.",
    )
    note = Note(text="Correction: we said 4200 homes; it is 3900.", kinds=(NoteKind.CORRECTION,))
    event = Event(
        id="e",
        article="a",
        kind=EventKind.EDIT,
        first_seen_at=BEGIN,
        operations=(named, other),
        notes=(NoteDelta(change=NoteChange.ADDED, note=note),),
        disclosure=Disclosure.PARTIAL,
    )

    assert audit_of(event).named == (named,)
    assert audit_of(event).unnamed == (other,)
