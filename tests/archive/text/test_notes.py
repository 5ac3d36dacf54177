"""Notes are found by label and by sentence, and nothing else is taken for one."""

import tomllib
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive.model import NoteKind, NotePosition
from archive.text import extract, find_notes
from archive.text.notes import kinds_of
from archive.text.wording import LANGUAGES

FILES = sorted(LANGUAGES.glob("*.toml"))
PARAGRAPH = "<p>The city closed the old harbour bridge on Monday after inspectors found cracks in two of its beams.</p>"


def examples() -> list[Any]:
    """Return the examples of every language."""
    return [
        pytest.param(one["text"], one["kinds"], id=f"{file.stem}-{number}")
        for file in FILES
        for number, one in enumerate(tomllib.loads(file.read_text(encoding="utf-8"))["examples"])
    ]


def page(inner: str) -> bytes:
    """Return a page around a piece of markup."""
    return f"<html lang='en'><body><article><h1>Bridge closed</h1>{PARAGRAPH * 4}{inner}</article></body></html>".encode()


@pytest.mark.parametrize(("text", "kinds"), examples())
def test_a_language_finds_its_own_examples(text: str, kinds: list[str]) -> None:
    """What a language file gives as an example is found, with the kinds it gives."""
    assert kinds == [str(one) for one in kinds_of(text)]


@pytest.mark.parametrize("file", [pytest.param(one, id=one.stem) for one in FILES])
def test_a_language_is_complete(file: Any) -> None:
    """Every language has labels of every kind, months or none, and at least one example."""
    data = tomllib.loads(file.read_text(encoding="utf-8"))

    assert set(map(str, NoteKind)) == set(data["labels"])
    assert all(data["labels"].values())
    assert len(data["months"]) in (0, 12)


@pytest.mark.parametrize("file", [pytest.param(one, id=one.stem) for one in FILES])
def test_plain_words_are_plain(file: Any) -> None:
    """Lists of words hold no escapes: a label written as a pattern would be found nowhere."""
    data = tomllib.loads(file.read_text(encoding="utf-8"))
    plain = [
        *data["words"],
        *data["stems"],
        *data["months"],
        *data["lines"]["adverts"],
        *data["lines"]["leads"],
    ]
    plain += [label for labels in data["labels"].values() for label in labels]

    assert [one for one in plain if "\\" in one or one != one.lower()] == []
    assert data["examples"]


def test_the_sample_note_is_read_whole() -> None:
    """One paragraph, two kinds, a time without year, a zone by abbreviation."""
    published = datetime.fromisoformat("2018-07-18T09:00:00-04:00")
    text = (
        "Update July 19th, 8:15 PM ET: This story has been updated to include organizations that plan to cut relationships. "
        "It has also been corrected to reflect that Greenpeace said it is prepared to 'review' its relationship."
    )

    (note,) = find_notes([text], published_at=published)

    assert note.kinds == (NoteKind.UPDATE, NoteKind.CORRECTION)
    assert datetime(2018, 7, 20, 0, 15, tzinfo=UTC) == note.stated_at
    assert note.stated_at_assumed == ("year",)


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("Updated 19 July 2024 at 20:15", id="stamp"),
        pytest.param("Updated: January 16, 2020 Mike Blake for the Quayside Post", id="stamp with a name"),
        pytest.param("Updated 35 min ago · 614 comments", id="age and counter"),
        pytest.param("Aktualisiert: vor 20 Stunden", id="age in German"),
        pytest.param("Windows update: how to install it on older machines at home", id="software"),
        pytest.param("Sign up for our Morning Update newsletter today.", id="newsletter"),
        pytest.param(
            "“An earlier version of this article was wrong,” said the minister of the paper.", id="quotation"
        ),
        pytest.param("The correction of the exams will take until Friday, the school said.", id="topic"),
        pytest.param("Spotted an error? Report it to corrections@quayside.example", id="invitation"),
        pytest.param("This article was originally published by The Conversation.", id="syndication"),
    ],
)
def test_a_decoy_is_no_note(text: str) -> None:
    """Stamps, newsletters, topics, quotations and invitations use the words of notes and admit nothing."""
    assert find_notes([text]) == ()


@pytest.mark.parametrize(
    "markup",
    [
        pytest.param("<p><em>{}</em></p>", id="paragraph"),
        pytest.param("<aside class='correction'><p>{}</p></aside>", id="aside"),
        pytest.param("<div class='x1'><div class='x2'><p>{}</p></div></div>", id="hashed names"),
        pytest.param("<footer><p>{}</p></footer>", id="footer"),
        pytest.param("<div role='note'><span>{}</span></div>", id="role"),
        pytest.param("</article><p>{}</p><article>", id="outside"),
    ],
)
def test_a_note_is_found_wherever_it_stands(markup: str) -> None:
    """A note is a track of its own, and none of it is left in the body."""
    text = "Correction: the bridge was opened in 1987, not in 1978."

    said = extract(page(markup.format(text)))

    assert [text] == [note.text for note in said.notes]
    assert [note.position for note in said.notes] == [NotePosition.BOTTOM]
    assert text not in said.body


def test_a_heading_and_what_stands_below_it_are_one_note() -> None:
    """A label in a heading of its own is joined with the paragraphs of its box."""
    said = extract(
        page(
            "<section class='updates'><h3>Correction</h3><p>The bridge was opened in 1987.</p><p>We regret the error.</p></section>"
        )
    )

    assert [note.text for note in said.notes] == [
        "Correction: The bridge was opened in 1987. We regret the error."
    ]


def test_a_sentence_at_the_end_of_a_paragraph_is_cut_off() -> None:
    """The paragraph in front of an admission stays in the body."""
    paragraph = "The ferry has carried forty thousand people across the harbour since the spring, more than in any year before."

    said = extract(page(f"<p>{paragraph} This article has been corrected: it named the wrong pier.</p>"))

    assert paragraph in said.body
    assert [note.text for note in said.notes] == ["This article has been corrected: it named the wrong pier."]


@given(st.text(max_size=3000))
def test_the_note_finder_never_raises(text: str) -> None:
    """Any text is a paragraph that is a note or is none."""
    assert len(find_notes([text])) <= 1


@given(
    st.lists(
        st.sampled_from(
            [
                "Update",
                "Correction:",
                "This article",
                "has been corrected",
                "19 July",
                "12/02/2024",
                "(",
                "]",
                "“",
                ". ",
                "8:15 PM ET",
                "訂正",
                "【",
                "31/02/2024",
            ]
        ),
        max_size=30,
    )
)
def test_notes_made_of_their_own_words_never_raise(words: list[str]) -> None:
    """The worst texts are those that nearly are notes."""
    for note in find_notes([" ".join(words)]):
        assert note.kinds
        assert note.stated_at is None or note.stated_at.tzinfo is not None
