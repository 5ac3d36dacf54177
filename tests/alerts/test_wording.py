"""Wording: a message that an editor can act on, without colour and without another look."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alerts.wording import age_in_words, passages, title_of, told_in_html, told_in_text
from archive.model import (
    Disclosure,
    EventKind,
    Note,
    NoteChange,
    NoteDelta,
    NoteKind,
    Operation,
    OperationKind,
    Track,
)
from tests.alerts.conftest import an_event
from tests.alerts.test_mail import LINKS, a_message

CORRECTION = NoteDelta(
    change=NoteChange.ADDED,
    note=Note(
        text="A previous version of the article said Greenpeace would “end” its relationship.",
        kinds=(NoteKind.CORRECTION,),
    ),
)


def an_operation(before: str, after: str, kind=OperationKind.REPLACE, track=Track.BODY) -> Operation:
    """Return a change of one sentence."""
    return Operation(track=track, kind=kind, before=before, after=after)


def test_a_message_in_plain_text():
    """Outlet, headline, what changed from what to what, severity, disclosure, age, and where to look."""
    assert told_in_text(a_message()).splitlines() == [
        "news.example: Council sets aside money for bridge 1",
        "Material edit, silent: no note says so",
        "  Text: The council set aside [40 → 70] million for the works.",
        "First seen 2026-07-19 11:58 UTC, 2 hours after publication; confirmed 2026-07-19 12:00 UTC",
        f"Difference: {LINKS.diff}",
        f"Before: {LINKS.before}",
        f"After: {LINKS.after}",
        "Article: https://news.example/city/story-1.html",
        "",
        "Rule: money",
    ]


def test_a_note_is_quoted_with_what_it_admits():
    """The outlet's own words are the news."""
    event = an_event(
        operations=(
            an_operation("It plans to end the relationship.", "It plans to review the relationship."),
        ),
        notes=(CORRECTION,),
        disclosure=Disclosure.DISCLOSED,
    )
    text = told_in_text(a_message(event))

    assert "Material edit, disclosed by a note" in text
    assert "It plans to [end → review] the relationship." in text
    assert "Note added (correction): “A previous version of the article said Greenpeace" in text


@pytest.mark.parametrize(
    ("operation", "said"),
    [
        pytest.param(
            an_operation("", "New sentence.", OperationKind.INSERT), "[added: New sentence.]", id="added"
        ),
        pytest.param(an_operation("Old one.", "", OperationKind.DELETE), "[removed: Old one.]", id="removed"),
        pytest.param(
            an_operation("Mayor resigns", "Mayor quits", track=Track.HEADLINE),
            "Headline: Mayor [resigns → quits]",
            id="headline",
        ),
        pytest.param(an_operation("He never paid.", "He paid."), "[removed: never", id="word-that-went"),
    ],
)
def test_every_kind_of_change_has_its_words(operation, said):
    """Nobody has to know what an operation is."""
    assert said in told_in_text(a_message(an_event(operations=(operation,))))


def test_what_has_no_words_says_what_happened():
    """A removal has no difference; its summary is told."""
    event = an_event(
        kind=EventKind.REMOVED,
        severity=None,
        disclosure=Disclosure.NONE,
        operations=(),
        summary="Removed: not found in 3 captures since it was last seen",
    )

    assert "Article removed\n  Removed: not found in 3 captures" in told_in_text(a_message(event))


@pytest.mark.parametrize(
    ("events", "title"),
    [
        pytest.param([an_event()], "news.example: Council sets aside money for bridge 1", id="one"),
        pytest.param(
            [an_event(), an_event()],
            "news.example: Council sets aside money for bridge 1 (2 changes)",
            id="burst",
        ),
        pytest.param([an_event(1), an_event(2), an_event(2)], "3 changes in 2 articles (money)", id="digest"),
    ],
)
def test_titles(events, title):
    """One line that says whether to open it."""
    assert title_of(a_message(*events)) == title


def test_what_is_late_says_so():
    """In the title and the text."""
    message = a_message(is_late=True)

    assert title_of(message).startswith("Late: ")
    assert told_in_text(message).startswith("Late: these could not be sent when they were found.")


def test_a_digest_tells_ten_and_counts_the_rest():
    """Forty-seven events are ten, and thirty-seven more behind a link."""
    text = told_in_text(a_message(*[an_event(number) for number in range(47)]))

    assert "and 37 more: http://127.0.0.1:8765/" in text
    assert text.count("Difference:") == 10


@pytest.mark.parametrize(
    ("age", "words"),
    [
        pytest.param(timedelta(minutes=1), "1 minute", id="minute"),
        pytest.param(timedelta(minutes=59), "59 minutes", id="minutes"),
        pytest.param(timedelta(hours=1), "1 hour", id="hour"),
        pytest.param(timedelta(hours=47), "47 hours", id="hours"),
        pytest.param(timedelta(days=3), "3 days", id="days"),
    ],
)
def test_ages(age, words):
    """Roughly is enough."""
    assert age_in_words(age) == words


TEXTS = st.text(st.sampled_from(list("abc <>&\"'\n“”é.")), max_size=40)


@given(TEXTS, TEXTS)
def test_whatever_an_outlet_writes_stays_text(before, after):
    """No markup of a page becomes markup of a mail, and nothing raises."""
    message = a_message(an_event(headline=after, operations=(an_operation(before, after),)))
    page = told_in_html(message)
    for tag in ("<a>", "<c", "<&", '<"'):
        assert tag not in page
    assert title_of(message).splitlines() in ([title_of(message)], [])


@given(st.lists(st.sampled_from(["one", "two", "three", "four", "40", "70"]), max_size=30), st.data())
def test_every_word_that_changed_is_told(words, data):
    """Around each change stands a little context, and nothing that came or went is left out."""
    others = data.draw(st.permutations(words))
    for one in passages(an_operation(" ".join(words), " ".join(others))):
        assert one.gone or one.come
