"""The one line that an editor reads: true, complete, and clear without the difference beside it."""

import pytest

from archive.edits import compare
from archive.model import Disclosure, NoteKind
from tests.archive.edits.histories import BODY, note, story

GREENPEACE = "Greenpeace said it was prepared to end its relationship with Salesforce by the end of the year."
SAMPLE = note(
    "Update July 19th, 8:15 PM ET: This story has been updated to include organizations that plan to cut relationships "
    "with Salesforce. It has also been corrected to reflect that Greenpeace said it is prepared to “review” its "
    "relationship with Salesforce. A previous version of the article said Greenpeace would “end” its relationship.",
    NoteKind.UPDATE,
    NoteKind.CORRECTION,
)


def _summary(before: str, after: str) -> str:
    return compare(story(before, *BODY), story(after, *BODY)).summary


def test_the_changed_words_stand_between_words_that_stayed() -> None:
    """The article this project began with: softened, and the note says so."""
    from datetime import UTC, datetime

    dated = note(SAMPLE.text, *SAMPLE.kinds)
    dated = type(dated)(
        text=dated.text, kinds=dated.kinds, stated_at=datetime(2018, 7, 20, 0, 15, tzinfo=UTC)
    )
    change = compare(
        story(GREENPEACE, *BODY), story(GREENPEACE.replace("to end", "to review"), *BODY, notes=(dated,))
    )

    assert change.summary.startswith(
        "Softened: … said it was prepared to ‘end’ → ‘review’ its relationship with Salesforce …; correction added (8:15 PM ET): "
    )
    assert change.disclosure is Disclosure.DISCLOSED


@pytest.mark.parametrize(
    ("before", "after", "summary"),
    [
        pytest.param(
            "About 400 homes were evacuated on Monday.",
            "About 900 homes were evacuated on Monday.",
            "Number changed: About ‘400’ → ‘900’ homes were evacuated on …; no note",
            id="number",
        ),
        pytest.param(
            "The board will accept the money if the contract ends.",
            "The board will not accept the money if the contract ends.",
            "Reversed: The board will ‘accept’ → ‘not accept’ the money if the …; no note",
            id="negation",
        ),
        pytest.param(
            "The levee held, according to Ana Ruiz, a county spokesperson.",
            "The levee held, according to Jin Park, a county spokesperson.",
            "Source changed: The levee held, according to ‘Ana Ruiz’ → ‘Jin Park’, a county spokesperson; no note",
            id="source",
        ),
        pytest.param(
            "“We will never leave,” the mayor said at the shelter.",
            "“We will surely leave,” the mayor said at the shelter.",
            'Reversed: We will ‘never’ → ‘surely’ leave," the mayor said …; no note',
            id="negated-quotation",
        ),
        pytest.param(
            "“We will rebuild it soon,” the mayor said at the shelter.",
            "“We will rebuild it some day,” the mayor said at the shelter.",
            'Quotation changed: We will rebuild it ‘soon’ → ‘some day’," the mayor said at …; no note',
            id="quotation",
        ),
        pytest.param(
            "The council met for a long debate in the evning.",
            "The council met for a long debate in the evening.",
            "Spelling: … a long debate in the ‘evning’ → ‘evening’",
            id="spelling",
        ),
    ],
)
def test_each_kind_of_change_has_its_word(before: str, after: str, summary: str) -> None:
    """A busy editor reads the first word and knows what it is."""
    assert _summary(before, after) == summary


def test_what_the_note_leaves_out_is_named() -> None:
    """Partial disclosure says what is missing."""
    body = [BODY[0].replace("23", "32"), BODY[1].replace("Ana Ruiz", "Jin Park"), *BODY[2:]]
    said = note("Correction: the river crested at 32 feet, not 23.")
    change = compare(story(), story(*body, notes=(said,)))

    assert change.disclosure is Disclosure.PARTIAL
    assert change.summary.endswith("the note leaves out ‘Ana Ruiz’ → ‘Jin Park’")


def test_sentences_that_came_are_told_together() -> None:
    """Four new sentences are one part of the line."""
    added = [f"Report {number} says that the road is closed until further notice." for number in range(4)]

    assert compare(story(), story(*BODY, *added)).summary.startswith("Added 4 sentences, among them “Report ")


def test_a_withdrawn_article_is_said_to_be_retracted() -> None:
    """First of all, whatever else went."""
    gone = story("x", notes=(note("This article has been retracted.", NoteKind.RETRACTION),))

    assert compare(story(), gone).summary.startswith("Retracted: “This article has been retracted.”")


@pytest.mark.parametrize(
    ("before", "after", "told"),
    [
        pytest.param(
            "Correction: An earlier version misstated the number of homes. It was 400.",
            "Correction: An earlier version misstated the number of homes. It was 900, not 400.",
            "correction reworded: … number of homes. It was ‘400’ → ‘900, not 400’",
            id="a-word",
        ),
        pytest.param(
            "Correction: The first name of the mayor was wrong.",
            "Correction: The first name of a councillor in Easton and her age were wrong there.",
            "correction reworded: “Correction: The first name of the mayor was wrong.” → "
            "“Correction: The first name of a councillor in Easton and her age were wrong there.”",
            id="all-of-it",
        ),
    ],
)
def test_a_note_that_changed_is_told_as_it_was_and_as_it_is(before: str, after: str, told: str) -> None:
    """The outlet rewrote what it had admitted; that is to be seen without both notes beside it."""
    pages = (story(notes=(note(text, NoteKind.CORRECTION),)) for text in (before, after))

    assert compare(*pages).summary == told


def test_a_long_note_that_changed_stays_a_line() -> None:
    """Whatever it said, and however much of it changed."""
    words = [f"word{number}" for number in range(120)]
    texts = (" ".join(["Correction:", *words]), " ".join(["Correction:", *words[:70], *map(str, range(50))]))
    pages = (story(notes=(note(text, NoteKind.CORRECTION),)) for text in texts)

    assert len(compare(*pages).summary) < 300


def test_a_headline_is_told_whole_when_it_is_another() -> None:
    """And by its changed words when it is not."""
    other = compare(story(), story(headline="Hundreds flee their homes")).summary
    reworded = compare(story(), story(headline="River crests at 32 feet")).summary

    assert other.startswith("Headline: “River crests at 23 feet” → “Hundreds flee their homes”")
    assert reworded.startswith("Headline: River crests at ‘23’ → ‘32’ feet")


def test_long_sentences_are_cut_between_words() -> None:
    """The line stays a line."""
    long = " ".join(f"word{number}" for number in range(200)) + "."

    assert len(compare(story(), story(*BODY, long)).summary) < 250


def test_only_dates_changed_is_said_so() -> None:
    """Quiet tracks are named."""
    assert compare(story(), story(modified_at="2026-07-20")).summary == "Only dates changed"
    assert compare(story(), story(section="Local")).summary == "Only the section or the picture changed"


def test_scripts_without_spaces_are_cut_too() -> None:
    """A Japanese sentence of hundreds of characters does not fill the screen."""
    long = "川の水位が上がり、住民は避難した。" + "さらに雨が続く見通しだと気象台は話した" * 20 + "。"

    assert len(compare(story("川の話。"), story("川の話。", long)).summary) < 200
