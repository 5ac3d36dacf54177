"""Cursors: readers hand back what they were given, and nothing else works."""

from datetime import UTC, datetime

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from archive.model import Event, EventKind
from lateedition.web.problems import BadRequestError
from lateedition.web.queries import EditFilters, after_event, place_of_event, read_cursor, write_cursor


@given(st.lists(st.one_of(st.text(), st.integers()), max_size=4))
def test_a_cursor_reads_back_as_it_was_written(parts: list[str | int]) -> None:
    """Writing and reading a cursor are inverse."""
    assert list(read_cursor(write_cursor(*parts), *map(type, parts))) == parts


@given(st.text(max_size=60))
@example("é")
@example("W10")
def test_no_text_breaks_a_cursor(text: str) -> None:
    """What is no cursor is refused as such, whatever it is."""
    with pytest.raises(BadRequestError, match="cursor"):
        read_cursor(text, int, str, int, str)


@given(st.datetimes(timezones=st.just(UTC)))
def test_an_events_place_is_exact(moment: datetime) -> None:
    """No fraction of a second is lost on the way."""
    event = Event(id="ab" * 16, article="https://a.example/", kind=EventKind.EDIT, first_seen_at=moment)

    assert after_event(place_of_event(event)) == (moment, "ab" * 16)


def test_filters_keep_what_narrows_in_their_address() -> None:
    """An address made from filters narrows as they do; paging does not stick to it."""
    filters = EditFilters.model_validate(
        {"source": ["a&b", ""], "silent": "true", "kind": [], "limit": 7, "cursor": "x"}
    )

    assert filters.address("/", cursor="y") == "/?source=a%26b&silent=true&cursor=y"
