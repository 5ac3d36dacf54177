"""Severity: what is said, or only how; and why."""

import pytest

from archive.edits import compare
from archive.model import Severity
from tests.archive.edits.histories import BODY, story


@pytest.mark.parametrize(
    ("before", "after", "reason"),
    [
        pytest.param("It cost 5 million dollars.", "It cost 7 million dollars.", "number", id="digits"),
        pytest.param(
            "It cost five million dollars.", "It cost seven million dollars.", "number", id="number-words"
        ),
        pytest.param(
            "They did agree to the plan.", "They did not agree to the plan.", "negation", id="negation"
        ),
        pytest.param(
            "Sie haben zugestimmt am Abend.", "Sie haben nicht zugestimmt am Abend.", "negation", id="german"
        ),
        pytest.param(
            "The firm Brightwell paid the fine.", "The firm Northlight paid the fine.", "name", id="name"
        ),
        pytest.param(
            "It was built by Ana Ruiz alone.", "It was built by Ana Ruis alone.", "name", id="name-respelled"
        ),
        pytest.param(
            "Die Sprecherin Anna Schmidt wollte den Bericht der Behörde am Montag nicht bestätigen.",
            "Die Sprecherin Petra Vogel wollte den Bericht der Behörde am Montag nicht bestätigen.",
            "name",
            id="whole-name-among-nouns",
        ),
        pytest.param(
            "Der Verein zahlte den Preis für den Strom der Halle im Winter.",
            "Der Verein zahlte den Preis für das Wasser der Halle im Winter.",
            "words",
            id="noun-is-no-name",
        ),
        pytest.param("The road opens on monday again.", "The road opens on friday again.", "date", id="day"),
        pytest.param(
            "He called it “a great success” then.",
            "He called it “a great failure” then.",
            "quotation",
            id="quote",
        ),
        pytest.param(
            "The dam is safe for the winter.", "The dam is doomed for the winter.", "words", id="content-word"
        ),
    ],
)
def test_a_change_of_fact_is_material_and_says_why(before: str, after: str, reason: str) -> None:
    """Numbers, negations, names, dates, quotations and what is said of a thing."""
    change = compare(story(before, *BODY), story(after, *BODY))

    assert change.severity is Severity.MATERIAL
    assert change.reasons[0].startswith(f"{reason}: ")


@pytest.mark.parametrize(
    ("before", "after", "reason"),
    [
        pytest.param(
            "The council recieved the letter.", "The council received the letter.", "spelling", id="slip"
        ),
        pytest.param(
            "They are cooperating well now.", "They are co-operating well now.", "spelling", id="hyphen"
        ),
        pytest.param(
            "It lasted 6 months in all.", "It lasted six months in all.", "wording", id="number-in-words"
        ),
        pytest.param(
            "The people who came were many.", "The people that came were many.", "wording", id="grammar"
        ),
        pytest.param(
            "They were more knowledge than we.",
            "They were more knowledgeable than we.",
            "spelling",
            id="ending",
        ),
        pytest.param(
            "See https://a.example/old for more.",
            "See https://b.example/new for more.",
            "wording",
            id="address",
        ),
    ],
)
def test_a_change_of_wording_is_minor_and_says_why(before: str, after: str, reason: str) -> None:
    """Spelling, grammar, style and addresses change nothing that is said."""
    change = compare(story(before, *BODY), story(after, *BODY))

    assert change.severity is Severity.MINOR
    assert change.reasons[0].startswith(reason)


def test_a_heading_says_nothing_by_itself() -> None:
    """A line without a figure is minor, one with a figure is not."""
    assert compare(story(), story(*BODY[:2], "What happens next", *BODY[2:])).severity is Severity.MINOR
    assert compare(story(), story(*BODY[:2], "Deaths: 23", *BODY[2:])).severity is Severity.MATERIAL


def test_the_gravest_reason_stands_first() -> None:
    """However the sentences are ordered."""
    after = [BODY[0].replace("evening", "evning"), BODY[1].replace("had held", "had not held"), *BODY[2:]]

    assert compare(story(), story(*after)).reasons[0].startswith("negation")
    assert compare(story(), story(*after)).reasons[-1].startswith("spelling")


def test_nouns_of_a_language_that_writes_them_large_are_no_names() -> None:
    """A slip in a German noun is a slip."""
    before = "Die Stadt hat das Rückhaltebecken am Fluss vor dem Winter erneuert."
    change = compare(story(before, *BODY), story(before.replace("Rückhaltebecken", "Rückhaltebeken"), *BODY))

    assert change.severity is Severity.MINOR


def test_the_same_words_arranged_otherwise_are_minor() -> None:
    """Made a heading, moved or split: nothing is said that was not said."""
    before = story("The Hub: a central place where the team shares its notes.", *BODY)
    after = story("The Hub", "a central place where the team shares its notes.", *BODY)

    assert compare(before, after).severity in (None, Severity.MINOR)
