"""The time that a note states as its own, told from the days it tells of."""

from datetime import UTC, datetime, timedelta, timezone

import pytest

from archive.text.stamps import find_own_time

PUBLISHED = datetime(2026, 5, 1, 9, tzinfo=timezone(timedelta(hours=2)))


@pytest.mark.parametrize(
    ("note", "stated"),
    [
        pytest.param(
            "Update July 19th, 8:15 PM ET: This story has been updated.", "2026-07-20T00:15", id="label"
        ),
        pytest.param(
            "UPDATE, 14:30 GMT, 5 May 2026: This story now includes a reply.",
            "2026-05-05T14:30",
            id="clock first",
        ),
        pytest.param(
            "Correction, added May 5, 8:15 p.m. CT: The story said 12.", "2026-05-06T01:15", id="added"
        ),
        pytest.param(
            "Updated May 5: an earlier version misstated a detail.", "2026-05-05T00:00", id="colon behind"
        ),
        pytest.param(
            "Updated: June 16, 2026 – The mayor replied to us.", "2026-06-16T00:00", id="colon before"
        ),
        pytest.param("[Update: 5 May 2026, 3pm] The mayor has replied.", "2026-05-05T13:00", id="bracket"),
        pytest.param("5 May 2026: Correction: the mayor is Ann.", "2026-05-05T00:00", id="day first"),
        pytest.param(
            "This article was amended on 10 September 2026. The 14:30 train is late.",
            "2026-09-10T00:00",
            id="verb",
        ),
        pytest.param(
            "On May 5, this story was updated with a reply.", "2026-05-05T00:00", id="before the verb"
        ),
        pytest.param(
            "Dieser Artikel wurde am 5. Mai 2026 um 14 Uhr korrigiert.", "2026-05-05T12:00", id="de"
        ),
        pytest.param(
            "Rectificatif, le 3 mai 2026 à 14h05 : une version précédente de cet article, et plus.",
            "2026-05-03T12:05",
            id="a word like a zone",
        ),
        pytest.param("この記事は2026年6月1日に訂正しました。", "2026-06-01T00:00", id="ja"),
        pytest.param(
            "【追記 2026年6月1日】会社側のコメントを追加しました。", "2026-06-01T00:00", id="ja label"
        ),
        pytest.param(
            "An earlier version misspelled the mayor. (May 5, 2026)", "2026-05-05T00:00", id="at the end"
        ),
    ],
)
def test_a_note_states_its_time_in_a_stamp_or_beside_its_verb(note: str, stated: str) -> None:
    """Behind the label, in front of it, at the end, or beside the word for the change."""
    found = find_own_time(note, PUBLISHED)

    assert found is not None
    assert datetime.fromisoformat(stated).replace(tzinfo=UTC) == found.at


@pytest.mark.parametrize(
    "note",
    [
        pytest.param(
            "Correction: On May 5, the Times reported that the mayor left. She did not.", id="reported"
        ),
        pytest.param(
            "Correction: An earlier version of this article said the strike began on May 3, 2026. It began on May 4.",
            id="what was wrong",
        ),
        pytest.param(
            "An earlier version of this article misstated the date of the hearing. It is May 5, not May 6.",
            id="what is right",
        ),
        pytest.param(
            "Clarification: The article about the vote on June 3 has been changed to make clear who voted.",
            id="topic",
        ),
        pytest.param(
            "Editor's note: This story was first published on 1 March 2019 and has been corrected.",
            id="published",
        ),
        pytest.param(
            "Korrektur: In einer früheren Version hieß es, die Wahl sei am 5. Mai 2026. Richtig ist der 6. Mai.",
            id="de",
        ),
        pytest.param("Correction: The number of homes is 900, not 400.", id="no day"),
    ],
)
def test_a_day_that_a_note_tells_of_is_not_its_own(note: str) -> None:
    """What was wrong, what is right and when the article was published say nothing of when the note was made."""
    assert find_own_time(note, PUBLISHED) is None
