"""Timing: groups, digests and quiet hours, in local time and over changes of the clock."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alerts.timing import Grouping, Pace, QuietHours, ready_at

BERLIN = Pace(zone=ZoneInfo("Europe/Berlin"), burst=timedelta(seconds=60))
MOMENTS = st.integers(0, 63_072_000).map(
    lambda one: datetime(2025, 1, 1, tzinfo=UTC) + timedelta(seconds=one)
)
TIMES = st.times().map(lambda one: one.replace(second=0, microsecond=0, fold=0))
ZONES = st.sampled_from(["UTC", "Europe/Berlin", "America/New_York", "Asia/Kolkata", "Australia/Lord_Howe"])


def moment(text: str) -> datetime:
    """Read a moment."""
    return datetime.fromisoformat(text).astimezone(UTC)


@pytest.mark.parametrize(
    ("group", "at", "expected"),
    [
        pytest.param("none", "2026-07-19T12:34:56Z", "2026-07-19T12:34:56Z", id="none"),
        pytest.param("article", "2026-07-19T12:34:56Z", "2026-07-19T12:35:56Z", id="burst"),
        pytest.param("hour", "2026-07-19T12:34:56Z", "2026-07-19T13:00:00Z", id="hour"),
        pytest.param("hour", "2026-07-19T12:00:00Z", "2026-07-19T13:00:00Z", id="full-hour"),
        pytest.param("day", "2026-07-19T05:59:00Z", "2026-07-19T06:00:00Z", id="day-before-eight"),
        pytest.param("day", "2026-07-19T06:00:00Z", "2026-07-20T06:00:00Z", id="day-at-eight"),
        pytest.param(
            "day", "2026-10-24T12:00:00Z", "2026-10-25T07:00:00Z", id="day-over-a-change-of-the-clock"
        ),
    ],
)
def test_when_a_message_is_complete(group, at, expected):
    """Eight o'clock is eight o'clock in Berlin, in summer and in winter."""
    assert ready_at(Grouping(group), time(8), moment(at), BERLIN) == moment(expected)


def test_hours_of_zones_that_are_off_by_a_half():
    """The full hour is that of local clocks."""
    pace = Pace(zone=ZoneInfo("Asia/Kolkata"), burst=timedelta(0))

    assert ready_at(Grouping.HOUR, time(8), moment("2026-07-19T12:10:00Z"), pace) == moment(
        "2026-07-19T12:30:00Z"
    )


@pytest.mark.parametrize(
    ("hours", "at", "end"),
    [
        pytest.param("22:00-07:00", "2026-07-19T20:30:00Z", "2026-07-20T05:00:00Z", id="evening"),
        pytest.param("22:00-07:00", "2026-07-20T04:59:59Z", "2026-07-20T05:00:00Z", id="early-morning"),
        pytest.param("22:00-07:00", "2026-07-20T05:00:00Z", None, id="the-end-is-not-quiet"),
        pytest.param("22:00-07:00", "2026-07-19T12:00:00Z", None, id="noon"),
        pytest.param("12:00-14:00", "2026-07-19T10:00:00Z", "2026-07-19T12:00:00Z", id="within-a-day"),
        pytest.param("00:00-23:59", "2026-07-19T22:00:00Z", "2026-07-20T21:59:00Z", id="all-day"),
    ],
)
def test_when_quiet_hours_end(hours, at, end):
    """They are local, may go over midnight, and their last minute is open."""
    assert QuietHours.parse(hours).end_of(moment(at), BERLIN.zone) == (None if end is None else moment(end))


@pytest.mark.parametrize("text", ["22:00", "25:00-07:00", "22:00-7", "22:00-22:00", "a-b", "-"])
def test_what_is_no_span_of_a_day_is_refused(text):
    """A slip is said when the rule is added, not at night."""
    with pytest.raises(ValueError, match=r"write it as|mute it"):
        QuietHours.parse(text)


@given(MOMENTS, TIMES, TIMES, ZONES)
def test_quiet_hours_are_over_when_they_end(at, start, end, zone):
    """Whatever the zone and season: the end lies ahead, within a day and an hour, and is not quiet."""
    if start == end:
        return
    hours = QuietHours(start, end)
    over = hours.end_of(at, ZoneInfo(zone))
    if over is not None:
        assert at < over <= at + timedelta(hours=25)
        # Where clocks are put back over the end, it comes twice: then a second short wait follows.
        later = hours.end_of(over, ZoneInfo(zone))
        assert later is None or later - over <= timedelta(hours=1)


@given(MOMENTS, TIMES, ZONES, st.sampled_from(list(Grouping)))
def test_no_message_waits_longer_than_its_group(at, digest, zone, group):
    """A digest of a day is sent within a day, and nothing is due before it happened."""
    pace = Pace(zone=ZoneInfo(zone), burst=timedelta(seconds=60))

    assert at <= ready_at(group, digest, at, pace) <= at + timedelta(hours=25)


@given(
    year=st.integers(2020, 2030),
    digest=TIMES,
    zone=st.sampled_from(["Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Asia/Kolkata"]),
)
def test_a_digest_is_sent_once_a_local_day_all_year(year, digest, zone):
    """Over both changes of the clock: at a time that comes twice once, at one that is left out once, later that day."""
    pace = Pace(zone=ZoneInfo(zone), burst=timedelta(0))
    at = datetime(year, 1, 1, tzinfo=pace.zone).astimezone(UTC) - timedelta(microseconds=1)
    sent = []
    while (at := ready_at(Grouping.DAY, digest, at, pace)).astimezone(pace.zone).year == year:
        sent.append(at.astimezone(pace.zone))

    first = sent[0].date()
    assert [one.date() for one in sent] == [first + timedelta(days=day) for day in range(len(sent))]
    assert len(sent) == (date(year + 1, 1, 1) - date(year, 1, 1)).days
    late = [one for one in sent if one.time() != digest]
    assert len(late) <= 1
    assert all(timedelta(0) < _since(digest, one) <= timedelta(hours=1) for one in late)


def _since(earlier, moment):
    """Return by how much the clock on the wall shows more than a time of day."""
    return moment.replace(tzinfo=None) - datetime.combine(moment.date(), earlier)


@given(
    days=st.lists(st.integers(0, 23 * 60), min_size=1, max_size=30),
    digest=TIMES,
    zone=ZONES,
    change=st.sampled_from(
        ["2026-03-08", "2026-03-29", "2026-04-05", "2026-10-04", "2026-10-25", "2026-11-01"]
    ),
)
def test_what_happens_around_a_change_of_the_clock_joins_one_digest_a_day(days, digest, zone, change):
    """Whenever events come, no local day has two digests, and none waits for more than a day and an hour."""
    pace = Pace(zone=ZoneInfo(zone), burst=timedelta(0))
    begin = moment(change + "T00:00:00Z") - timedelta(days=1)
    events = [begin + timedelta(minutes=4 * minutes) for minutes in days]
    sent = {ready_at(Grouping.DAY, digest, at, pace) for at in events}

    assert len({one.astimezone(pace.zone).date() for one in sent}) == len(sent)
    assert all(ready_at(Grouping.DAY, digest, at, pace) - at <= timedelta(hours=25) for at in events)
