"""The timeline: every version is on the line, in order, and none covers another."""

from datetime import timedelta
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from archive.model import Capture, RecordPlace, RecordType, Verdict, Version
from lateedition.web.timeline import NAME, describe, timeline
from tests.lateedition.web.press import BEGIN


def version(number: int, minutes: int) -> Version:
    """A version that was first seen so many minutes after the beginning."""
    moment = BEGIN + timedelta(minutes=minutes)
    return Version(
        article="a",
        number=number,
        captured_at=moment,
        last_seen_at=moment,
        capture="c",
        content="d",
        headline="h",
        words=1,
    )


def capture(minutes: int, verdict: Verdict = Verdict.UNCHANGED) -> Capture:
    """A check so many minutes after the beginning."""
    place = RecordPlace(type=RecordType.RESPONSE, id="<r>", file=None, offset=None, length=None)
    return Capture(
        id="c",
        captured_at=BEGIN + timedelta(minutes=minutes),
        requested_uri="https://a.example/",
        article="a",
        source="s",
        status=200,
        verdict=verdict,
        version=None,
        payload_digest=None,
        record=place,
        page_kind=None,
    )


@given(
    st.lists(st.integers(0, 50_000), min_size=1, max_size=70).map(sorted),
    st.sampled_from([330, 1160]),
)
def test_versions_stand_in_order_on_the_line(minutes: list[int], width: int) -> None:
    """However close they were, dots keep their order and their place inside the drawing."""
    versions = [version(number, at) for number, at in enumerate(minutes, 1)]
    drawn = timeline(versions, [capture(at) for at in minutes], {}, (1, len(minutes)), width)
    places = [dot.x for dot in drawn.dots]

    assert [dot.number for dot in drawn.dots] == [one.number for one in versions]
    assert all(one < other for one, other in pairwise(places))
    assert all(0 <= x <= width for x in places)


@given(st.lists(st.integers(0, 500), min_size=2, max_size=70).map(sorted))
def test_names_never_cover_each_other(minutes: list[int]) -> None:
    """A name stands only where there is room, and the versions that are compared come first."""
    versions = [version(number, at) for number, at in enumerate(minutes, 1)]
    drawn = timeline(versions, [capture(at) for at in minutes], {}, (1, len(minutes)), 1160)
    named = [dot.x for dot in drawn.dots if dot.name]

    assert all(other - one >= NAME for one, other in pairwise(named))
    assert drawn.dots[0].name == "v1"


def test_checks_that_found_nothing_are_marked() -> None:
    """A gap stands where the article was missing, and no ordinary tick there."""
    drawn = timeline([version(1, 0)], [capture(0), capture(60, Verdict.MISSING)], {}, (1, 1), 330)

    assert len(drawn.gaps) == 1
    assert not set(drawn.gaps) & set(drawn.ticks)


def test_the_picture_is_told_in_words() -> None:
    """Who does not see it learns the same."""
    said = describe([version(1, 0)], [capture(0), capture(90)])

    assert said == "1 version in 2 checks between 2026-03-02 08:00 UTC and 2026-03-02 09:30 UTC."
