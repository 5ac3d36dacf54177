"""Visits planned by dynamic programming."""

import itertools

import pytest

from scheduler.policy.ages import grid
from scheduler.policy.planning import CHANGES, plan, plan_ages
from scheduler.policy.waiting import Ahead

HORIZON = 48.0


def hours(rate_at) -> Ahead:
    """Return hours ahead with a hazard of an age."""
    cells = grid(HORIZON)
    return Ahead(cells.ages, tuple(rate_at(middle) for middle in cells.middles), HORIZON)


def visits(outline, changes: int = 0) -> list[float]:
    """Return the ages of a plan for an article that has changed so often and does no more."""
    index, ages = 0, []
    while (index := outline.after(index, changes)) >= 0:
        ages.append(outline.ages[index])
    return ages


def test_one_visit_lies_where_it_saves_most() -> None:
    """With a steady hazard and a price that pays for one visit, it lies in the middle: found by hand."""
    # The shape is large: an article's own past teaches nothing here.
    outline = plan(hours(lambda _: 0.01), 1e6, 5.0)
    ages = visits(outline)

    assert len(ages) == 1
    assert ages[0] == pytest.approx(HORIZON / 2, abs=3.0)


def test_a_lively_article_is_visited_oftener() -> None:
    """More changes seen, more visits to come."""
    outline = plan(hours(lambda middle: 0.2 / (1 + middle)), 0.5, 0.5)

    counts = [len(visits(outline, changes)) for changes in range(CHANGES)]

    assert counts == sorted(counts)
    assert counts[0] < counts[-1]


def test_nothing_is_visited_when_a_visit_costs_more_than_all_delay() -> None:
    """A price beyond everything that can be lost buys no visit."""
    assert visits(plan(hours(lambda _: 0.001), 1.0, 1e6)) == []


def test_the_ages_of_a_plan_ascend_to_the_horizon() -> None:
    """The grid begins at 0, ends at the horizon and never stands still."""
    ages = plan_ages(HORIZON)

    assert ages[0] == 0
    assert ages[-1] == HORIZON
    assert all(low < high for low, high in itertools.pairwise(ages))
