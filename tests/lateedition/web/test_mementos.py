"""Times of mementos: what digits and dates mean, and which capture is nearest."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive.catalog.cdx import IndexRow
from lateedition.web.mementos import http_date, nearest, parse_http_date, span_of
from lateedition.web.problems import BadRequestError
from lateedition.web.times import timestamp

moments = st.datetimes(datetime(1990, 1, 1), datetime(2200, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001 - hypothesis adds the zone


def memento(moment: datetime) -> IndexRow:
    """A capture at a moment."""
    return IndexRow(
        capture=moment.isoformat(),
        urlkey="example,a)/",
        uri="https://a.example/",
        captured_at=moment,
        status=200,
        payload_digest=None,
        record_type="response",
        record_id="<r>",
        file="f",
        offset=0,
        length=1,
    )


@given(moments, st.sampled_from([4, 6, 8, 10, 12, 14]))
def test_digits_name_the_span_they_are_the_beginning_of(moment: datetime, length: int) -> None:
    """A moment lies in the span that any beginning of its digits names."""
    start, end = span_of(timestamp(moment)[:length])

    assert start <= moment < end
    assert timestamp(start)[:length] == timestamp(moment)[:length] != timestamp(end)[:length]


@given(st.text(max_size=16))
def test_digits_that_name_no_time_are_refused(text: str) -> None:
    """Whatever is asked, it is a span or a refusal."""
    try:
        start, end = span_of(text)
    except BadRequestError:
        return

    assert start < end


@given(moments)
def test_dates_read_back_as_they_were_written(moment: datetime) -> None:
    """Writing and reading an HTTP date are inverse, to the second."""
    assert parse_http_date(http_date(moment)) == moment.replace(microsecond=0)


@given(st.lists(moments, min_size=1, max_size=6).map(sorted), moments)
def test_no_capture_is_nearer_than_the_nearest(captured: list[datetime], asked: datetime) -> None:
    """The nearest is nearest, and one of the second that is asked for wins."""
    asked = asked.replace(microsecond=0)
    chosen = nearest([memento(one) for one in captured], asked).captured_at

    assert chosen in captured
    assert all(abs(chosen - asked) <= max(abs(one - asked), timedelta(seconds=1)) for one in captured)


def test_of_several_in_one_second_the_last_is_taken() -> None:
    """Fourteen digits cannot tell them apart: the later answer is the one that held."""
    second = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)
    rows = [memento(second + timedelta(microseconds=one)) for one in (10, 900_000)]

    assert nearest(rows, second) is rows[1]


def test_no_date_is_refused_with_an_example() -> None:
    """The error shows how it is written."""
    with pytest.raises(BadRequestError, match="Fri, 20 Jul 2018 00:00:00 GMT"):
        parse_http_date("tomorrow")
