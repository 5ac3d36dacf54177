"""Disclosure: what the note says is tied to what was done."""

import pytest

from archive.edits import compare
from archive.model import Comparison, Disclosure, NoteKind
from tests.archive.edits.histories import BODY, note, story

NUMBER = BODY[0].replace("23", "32")
NAME = BODY[1].replace("Ana Ruiz", "Jin Park")


def _change(*body: str, said: str = "", kinds: tuple[NoteKind, ...] = (NoteKind.CORRECTION,)) -> Comparison:
    return compare(story(), story(*body, notes=(note(said, *kinds),) if said else ()))


@pytest.mark.parametrize(
    ("body", "said", "kinds", "disclosure"),
    [
        pytest.param((NUMBER, *BODY[1:]), "", (), Disclosure.SILENT, id="a-fact-without-a-note"),
        pytest.param(
            (NUMBER, *BODY[1:]),
            "Correction: An earlier version misstated the height. It is 32 feet, not 23.",
            (NoteKind.CORRECTION,),
            Disclosure.DISCLOSED,
            id="a-note-that-names-it",
        ),
        pytest.param(
            (NUMBER, NAME, *BODY[2:]),
            "Correction: the river crested at 32 feet, not 23.",
            (NoteKind.CORRECTION,),
            Disclosure.PARTIAL,
            id="a-note-that-names-half-of-it",
        ),
        pytest.param(
            (NUMBER, *BODY[1:]),
            "This article has been corrected after publication.",
            (NoteKind.CORRECTION,),
            Disclosure.UNKNOWN,
            id="a-note-that-names-nothing",
        ),
        pytest.param(
            (NUMBER, *BODY[1:]),
            "Update: this story now includes a reply from the weather service.",
            (NoteKind.UPDATE,),
            Disclosure.SILENT,
            id="an-update-about-something-else",
        ),
        pytest.param(
            (*BODY, "The weather service expects more rain on Friday."),
            "",
            (),
            Disclosure.NONE,
            id="added-reporting-owes-nothing",
        ),
        pytest.param(
            (BODY[0].replace("evening", "evning"), *BODY[1:]),
            "",
            (),
            Disclosure.NONE,
            id="spelling-owes-nothing",
        ),
        pytest.param((*BODY[:2], *BODY[3:]), "", (), Disclosure.SILENT, id="a-statement-that-went"),
        pytest.param(
            (BODY[0].replace("23 feet", "32 feet"), *BODY[1:]),
            "Correction: the river crested at thirty feet.",
            (NoteKind.RETRACTION,),
            Disclosure.DISCLOSED,
            id="a-retraction-says-it-all",
        ),
        pytest.param(
            BODY,
            "Clarification: the mayor spoke on Monday.",
            (NoteKind.CLARIFICATION,),
            Disclosure.NONE,
            id="a-note-alone",
        ),
    ],
)
def test_each_verdict_has_its_case(
    body: tuple[str, ...], said: str, kinds: tuple[NoteKind, ...], disclosure: Disclosure
) -> None:
    """By what the note names, word for word."""
    assert _change(*body, said=said, kinds=kinds).disclosure is disclosure


def test_the_claim_is_tied_to_its_operation() -> None:
    """The words of the note, and which change they explain."""
    said = "Correction: An earlier version misstated the height. It is 32 feet, not 23."
    change = _change(NUMBER, NAME, *BODY[2:], said=said)
    (claim,) = change.claims

    assert claim.text == "It is 32 feet, not 23."
    assert [change.operations[place].after for place in claim.operations] == [NUMBER]
    assert [change.operations[place].after for place in change.unsaid] == [NAME]


def test_number_words_name_digits() -> None:
    """“six, not five” names 5 → 6."""
    before = story("The fire spread to 5 houses before midnight, the chief said.", *BODY)
    after = story(
        "The fire spread to 6 houses before midnight, the chief said.",
        *BODY,
        notes=(note("It was six houses, not five."),),
    )

    assert compare(before, after).disclosure is Disclosure.DISCLOSED


def test_an_update_that_names_who_was_added_is_evidence() -> None:
    """“Updated to include comment from …” explains the sentence that came."""
    added = "In an email on Friday, Helen Ashworth of Brightwell denied the report."
    change = _change(
        *BODY, added, said="Update: This story has been updated to include comment from Helen Ashworth of Brightwell.",
        kinds=(NoteKind.UPDATE,),
    )  # fmt: skip
    (claim,) = change.claims

    assert [change.operations[place].after for place in claim.operations] == [added]


def test_a_note_taken_away_discloses_nothing() -> None:
    """What a note said when it was there does not count when it goes."""
    said = note("Correction: it is 32 feet, not 23.")
    change = compare(story(notes=(said,)), story(NUMBER, *BODY[1:]))

    assert change.disclosure is Disclosure.SILENT
