"""A moment whose zone was only supposed is kept where captures prove it."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive.edits.bearing import borne_out
from archive.model import Note, NoteChange, NoteDelta, NoteKind
from tests.archive.edits.histories import START, History, story

AT = datetime(2026, 7, 19, 16, 51, tzinfo=UTC)


def added(*assumed: str, change: NoteChange = NoteChange.ADDED) -> NoteDelta:
    """Return a note that came, some parts of whose moment were inferred."""
    note = Note(
        text="Update, 16:51: more.", kinds=(NoteKind.UPDATE,), stated_at=AT, stated_at_assumed=assumed
    )
    return NoteDelta(change=change, note=note)


@given(st.integers(0, 58), st.integers(0, 58))
def test_captures_within_the_hour_prove_a_zone(before: int, after: int) -> None:
    """Between a capture without the note and one with it lies no other whole hour."""
    since, until = AT - timedelta(minutes=before), AT + timedelta(minutes=min(after, 58 - before))

    assert borne_out(added("timezone"), since, until) == added("timezone")


@pytest.mark.parametrize(
    ("before", "after"),
    [
        pytest.param(100, 5, id="another hour fits too"),
        pytest.param(-30, 60, id="before the capture without it"),
        pytest.param(60, -10, id="after the capture with it"),
    ],
)
def test_a_moment_that_is_not_proved_is_left_out(before: int, after: int) -> None:
    """It may be an hour off, and nobody would see it."""
    since, until = AT - timedelta(minutes=before), AT + timedelta(minutes=after)

    note = borne_out(added("timezone"), since, until).note

    assert note.stated_at is None
    assert note.stated_at_assumed == ()


@pytest.mark.parametrize(
    "assumed",
    [
        pytest.param((), id="all stated"),
        pytest.param(("year",), id="year"),
        pytest.param(("timezone", "time"), id="a day"),
    ],
)
def test_what_a_note_states_is_its_own_word(assumed: tuple[str, ...]) -> None:
    """A moment with its zone, and a bare day, stand whatever was seen when."""
    late = AT + timedelta(days=9)

    assert borne_out(added(*assumed), None, late) == added(*assumed)


def test_the_time_of_a_note_that_went_is_not_supposed() -> None:
    """When it went says nothing of when it was made."""
    gone = added("timezone", change=NoteChange.REMOVED)

    assert borne_out(gone, AT - timedelta(minutes=5), AT + timedelta(minutes=5)).note.stated_at is None


@pytest.mark.parametrize(
    ("gap", "is_known"), [pytest.param(40, True, id="close"), pytest.param(150, False, id="far")]
)
def test_an_event_gives_the_moment_that_its_captures_prove(gap: float, is_known: bool) -> None:
    """The last capture without the note and the first with it are those of the event."""
    history = History(START).show(story(), story())
    at = history.at + timedelta(minutes=gap - 10)
    note = Note(text="Update: more.", kinds=(NoteKind.UPDATE,), stated_at=at, stated_at_assumed=("timezone",))
    history.show(story(notes=(note,)), after=gap).show(story(notes=(note,)))

    assert (at if is_known else None) == history.alerts[0].notes[0].note.stated_at
