"""How often articles are edited, by age and by the hour of the day."""

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scheduler.policy.ages import EDGES
from scheduler.policy.hazards import BY_CLOCK, DAY, OutletHazard

RATES = st.floats(1e-4, 3.0)
HAZARDS = st.builds(
    OutletHazard,
    st.lists(RATES, min_size=len(EDGES), max_size=len(EDGES)).map(tuple),
    st.lists(RATES, min_size=DAY, max_size=DAY).map(tuple),
)
CLOCKS, AGES = st.floats(0, 24, exclude_max=True), st.floats(0, 2000)


@given(HAZARDS, CLOCKS, st.floats(0, BY_CLOCK), st.floats(0.01, 0.99))
def test_edits_expected_add_up(hazard: OutletHazard, clock: float, age: float, share: float) -> None:
    """What is expected by an age is the sum of the rates until then, by the hours in which they hold."""
    steps = 4000
    width = age / steps
    middles = [(step + 0.5) * width for step in range(steps)]
    bins = [max(i for i, edge in enumerate(EDGES) if edge <= middle) for middle in middles]
    summed = sum(hazard.rate(bin_, clock + middle) * width for bin_, middle in zip(bins, middles, strict=True))  # fmt: skip

    assert hazard.expected_since(clock, age) == pytest.approx(summed, rel=0.02, abs=0.02)
    assert hazard.expected_since(clock, age * share) <= hazard.expected_since(clock, age)


@given(HAZARDS, CLOCKS, AGES)
def test_the_hour_of_the_first_sight_is_forgotten_after_two_days(
    hazard: OutletHazard, clock: float, age: float
) -> None:
    """From then on an article is expected to do what its outlet does at any hour."""
    then = hazard.expected_since(clock, BY_CLOCK)

    assert hazard.expected_since(clock, BY_CLOCK + age) - then == pytest.approx(
        hazard.expected(BY_CLOCK + age) - hazard.expected(BY_CLOCK), abs=1e-6
    )


@given(HAZARDS, AGES, CLOCKS, st.floats(0.5, 336))
def test_the_hours_ahead_have_no_gap(hazard: OutletHazard, age: float, clock: float, window: float) -> None:
    """Cells follow each other from the age to the end of the window, each with the rate of its middle."""
    ages, rates = hazard.ahead(age, clock, window)

    assert (ages[0], ages[-1]) == (age, age + window)
    assert all(low < high <= low + 1.0001 for low, high in itertools.pairwise(ages))
    for low, high, rate in zip(ages, ages[1:], rates, strict=False):
        middle = (low + high) / 2
        bin_ = max(i for i, edge in enumerate(EDGES) if edge <= middle)

        assert rate == hazard.rate(bin_, clock - age + middle)
