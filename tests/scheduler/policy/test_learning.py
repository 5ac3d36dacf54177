"""Hazards learnt from what articles did."""

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scheduler.policy.ages import EDGES, bin_of
from scheduler.policy.hazards import liveliness, shipped
from scheduler.policy.learning import Past, learn


def pasts(rate: float, *, outlet: str = "a", count: int = 600, night: bool = False) -> list[Past]:
    """Return articles of an outlet that edits at a steady rate for six hours, or only by day."""
    dice = random.Random(3)
    found = []
    for number in range(count):
        clock, age, edits = 1000.0 + number * 0.37, 0.0, []
        while (age := age + dice.expovariate(rate)) < 6:
            if not night or 8 <= (clock + age) % 24 < 20:
                edits.append(age)
        found.append(Past(outlet, clock, edits, 200.0))
    return found


def test_the_rate_of_an_outlet_is_found() -> None:
    """Edits that come at a known rate are learnt at that rate, and their end is learnt too."""
    hazard = learn(pasts(0.5)).of("a")

    assert hazard.by_age[bin_of(2.5)] == pytest.approx(0.5, rel=0.15)
    assert hazard.by_age[bin_of(30)] < 0.01


def test_the_hours_of_a_newsroom_are_found() -> None:
    """An outlet that never edits at night is expected not to."""
    hazard = learn(pasts(0.5, night=True)).of("a")

    assert max(hazard.by_hour[hour] for hour in (0, 2, 4)) < 0.3
    assert min(hazard.by_hour[hour] for hour in (10, 13, 17)) > 1.2


def test_without_evidence_the_shipped_priors_hold() -> None:
    """A new installation begins with what is known of news in general."""
    assert learn([]) == shipped()
    assert len(shipped().stranger.by_age) == len(EDGES)


def test_an_outlet_never_seen_keeps_a_hazard_at_every_age() -> None:
    """Others that fall silent after six hours do not make a stranger's later edits impossible."""
    hazard = learn(pasts(0.5)).of("nobody has heard of it")

    assert hazard.by_age[bin_of(30)] > 0.001


@settings(max_examples=25, deadline=None)
@given(
    st.lists(
        st.tuples(st.floats(0, 500), st.lists(st.floats(0.01, 99), max_size=4), st.floats(0, 200)), max_size=8
    )
)
def test_hazards_are_positive_whatever_was_seen(found: list[tuple[float, list[float], float]]) -> None:
    """No past, however odd, makes an hour in which no edit can come."""
    learnt = learn(
        [
            Past("a", clock, sorted(age for age in edits if age < watched), watched)
            for clock, edits, watched in found
        ]
    )

    hazard = learnt.of("a")
    assert min(*hazard.by_age, *hazard.by_hour, *learnt.recency, learnt.shape) > 0


@given(st.floats(0.1, 10), st.integers(0, 50), st.floats(0, 50))
def test_liveliness_rises_with_changes_and_falls_with_silence(
    shape: float, changes: int, expected: float
) -> None:
    """One more change says more, one more expected edit that did not come says less."""
    here = liveliness(shape, changes, expected)

    assert liveliness(shape, changes + 1, expected) > here > liveliness(shape, changes, expected + 1)
