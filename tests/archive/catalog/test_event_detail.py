"""What is kept of an event beside its columns comes back without loss."""

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from archive.catalog.event_detail import detail_from, detail_of
from archive.edits import compare
from archive.model import Event, EventKind, NoteChange, NoteKind
from tests.archive.edits.histories import START, note, story

EVENT = Event(id="ab" * 16, article="https://paper.example/a", kind=EventKind.EDIT, first_seen_at=START)


@given(before=st.text(max_size=40), after=st.text(max_size=40), said=st.text(max_size=40))
def test_detail_comes_back_as_it_was(before: str, after: str, said: str) -> None:
    """Operations, notes, claims and reasons, whatever characters they hold."""
    notes = [(note(f"Correction: it was {one}", NoteKind.CORRECTION),) for one in (before, said)]
    change = compare(story(before, notes=notes[0]), story(after, notes=notes[1]))
    event = replace(EVENT, operations=change.operations, notes=change.notes, claims=change.claims)

    found = detail_from(detail_of(event))

    assert (found.operations, found.notes, found.claims) == (event.operations, event.notes, event.claims)


def test_how_a_note_read_before_is_kept() -> None:
    """A note that was rewritten can be shown as it was."""
    notes = [(note(f"Correction: the river rose {feet} feet.", NoteKind.CORRECTION),) for feet in (23, 32)]
    change = compare(story(notes=notes[0]), story(notes=notes[1]))

    (delta,) = detail_from(detail_of(replace(EVENT, notes=change.notes))).notes

    assert (delta.change, delta.before) == (NoteChange.CHANGED, "Correction: the river rose 23 feet.")
