"""A correction that a page states in its data is a note, once."""

import json
from datetime import UTC, datetime
from typing import Any

import pytest

from archive.model import Extraction, NoteKind
from archive.text import extract

TEXT = "".join(
    f"<p>Paragraph {number} tells of the old bridge over the harbour and of all those who cross it on their way.</p>"
    for number in range(6)
)
SAID = "The bridge is 140 metres long, not 400 as first stated."
COMMENT = {"@type": "CorrectionComment", "text": SAID, "datePublished": "2026-03-02T10:30:00+01:00"}


def page(correction: Any, *, shown: str = "", beside: Any = None) -> Extraction:
    """Extract an article whose data states a correction."""
    article = {
        "@type": "NewsArticle",
        "headline": "Bridge closed",
        "datePublished": "2026-03-01T08:00:00+01:00",
        "correction": correction,
    }
    data = json.dumps({"@graph": [article, beside]} if beside else article)
    return extract(
        f"<html lang='en'><head><title>Bridge closed</title><script type='application/ld+json'>{data}</script></head>"
        f"<body><main><article><h1>Bridge closed</h1>{TEXT}{shown}</article></main></body></html>".encode(),
        "https://quayside.example/news/bridge",
    )


@pytest.mark.parametrize(
    ("correction", "beside"),
    [
        pytest.param(SAID, None, id="text"),
        pytest.param(COMMENT, None, id="comment"),
        pytest.param([COMMENT, COMMENT], None, id="list that repeats itself"),
        pytest.param({"@type": "CorrectionComment", "text": f"<p>{SAID}</p>"}, None, id="markup"),
        pytest.param(None, COMMENT, id="object of its own"),
    ],
)
def test_a_stated_correction_is_a_note(correction: Any, beside: Any) -> None:
    """In whichever of its forms, and the page says where it stands."""
    found = page(correction, beside=beside)

    assert [(note.text, note.kinds) for note in found.notes] == [(SAID, (NoteKind.CORRECTION,))]
    assert dict(found.origins)["notes"] == "json-ld"


def test_its_date_is_the_comments() -> None:
    """A text without a date takes that of its comment, in UTC."""
    assert page(COMMENT).notes[0].stated_at == datetime(2026, 3, 2, 9, 30, tzinfo=UTC)


def test_a_date_without_an_offset_says_so() -> None:
    """What was inferred is marked."""
    assert page({**COMMENT, "datePublished": "2026-03-02"}).notes[0].stated_at_assumed == ("timezone",)


def test_its_own_words_may_say_more() -> None:
    """A stated note that calls itself a clarification is one."""
    note = page("Clarification: This article has been updated to say that ferries sail on Sundays.").notes[0]

    assert NoteKind.CLARIFICATION in note.kinds


def test_what_readers_see_is_not_said_twice() -> None:
    """The note on the page stands for the one in the data, label or not."""
    found = page(COMMENT, shown=f"<p><strong>Correction:</strong> {SAID}</p>")

    assert [note.text for note in found.notes] == [f"Correction: {SAID}"]
    assert dict(found.origins)["notes"] == "dom"


def test_another_note_on_the_page_stays_beside_it() -> None:
    """Two admissions are two notes, and both places are named."""
    found = page(COMMENT, shown="<p>Update: This story has been updated with the mayor's reply.</p>")

    assert len(found.notes) == 2
    assert dict(found.origins)["notes"] == "dom, json-ld"


@pytest.mark.parametrize(
    "correction",
    [
        pytest.param("https://quayside.example/corrections", id="address"),
        pytest.param("", id="empty"),
        pytest.param({"@type": "CorrectionComment"}, id="nothing said"),
        pytest.param(True, id="no text"),
        pytest.param([[[["deep " * 20]]]], id="lists in lists"),
    ],
)
def test_what_says_nothing_is_no_note(correction: Any) -> None:
    """An address of a policy, an empty comment, a wrong type."""
    assert page(correction).notes == ()
