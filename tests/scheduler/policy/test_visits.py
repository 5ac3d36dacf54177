"""When an article is visited next."""

import math
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive.model import Verdict
from scheduler.policy import (
    Learnt,
    Pace,
    Prices,
    VisitPast,
    explain,
    from_values,
    learn,
    next_visit,
    to_values,
)
from scheduler.policy.budgets import LONGEST_WAIT, SHORTEST_WAIT
from scheduler.policy.hazards import liveliness, shipped
from scheduler.policy.visits import DEAR
from scheduler.policy.waiting import Ahead, Rule, Walk, next_age
from tests.scheduler.policy.test_learning import pasts

NOW = datetime(2026, 7, 19, 12, tzinfo=UTC)


def past(age: timedelta, **more) -> VisitPast:
    """Return an article of an age whose visit met nothing new."""
    values = {"now": NOW, "since": NOW - age, "verdict": Verdict.UNCHANGED} | more
    return VisitPast(**values)


@given(
    age=st.timedeltas(timedelta(0), timedelta(days=4000)),
    changes=st.integers(0, 40),
    price=st.floats(1e-3, 1e6),
    chance=st.floats(0, 1),
    changed=st.none() | st.floats(0, 1),
)
def test_a_visit_is_never_sooner_nor_later_than_the_bounds(
    age: timedelta, changes: int, price: float, chance: float, changed: float | None
) -> None:
    """No storm and no gap, whatever was learnt, whatever a visit costs."""
    pace = Pace(learnt=Learnt(prices=Prices(price)))
    at = None if changed is None else NOW - age * changed
    wait = next_visit(past(age, changes=changes, chance=chance, changed_at=at), pace) - NOW

    assert timedelta(hours=SHORTEST_WAIT) * 0.999 <= wait <= timedelta(hours=LONGEST_WAIT) * 1.001


def test_old_articles_wait_longer_than_young_ones() -> None:
    """Hours after publication matter more than weeks after."""
    waits = [next_visit(past(timedelta(hours=hours)), Pace()) for hours in (1, 30, 300, 3000)]

    assert waits == sorted(waits)
    assert waits[0] < NOW + timedelta(hours=2) < waits[-1]


def test_an_article_that_changes_often_is_visited_sooner() -> None:
    """Its own past says more than its age."""
    quiet = next_visit(past(timedelta(days=2)), Pace())
    lively = next_visit(past(timedelta(days=2), changes=6, changed_at=NOW - timedelta(hours=10)), Pace())

    assert lively < quiet


def test_a_change_is_confirmed_within_minutes() -> None:
    """What was seen once is looked at again between two and five minutes later, at any price."""
    pace = Pace(learnt=Learnt(prices=Prices(1e6)))
    wait = next_visit(past(timedelta(days=9), verdict=Verdict.EDIT), pace) - NOW

    assert timedelta(minutes=2) <= wait <= timedelta(minutes=5)


def test_a_fixed_interval_replaces_everything() -> None:
    """The operator's word comes first."""
    pace = Pace(fixed_interval=timedelta(minutes=7))

    assert next_visit(past(timedelta(days=9)), pace) == NOW + timedelta(minutes=7)
    assert "fixed_interval" in explain(past(timedelta(days=9)), pace)


def test_a_share_of_visits_follows_the_priors() -> None:
    """What was learnt cannot silence an age for ever: chance sends a visit there all the same."""
    silent = Learnt(learn(pasts(0.5, outlet="a")))
    old = past(timedelta(days=4), outlet="a")
    learnt = next_visit(replace(old, chance=0.9), Pace(learnt=silent))
    explored = next_visit(replace(old, chance=0.01), Pace(learnt=silent))

    assert explored < learnt


def test_the_reason_is_said_in_words() -> None:
    """An operator reads how old, how lively, and how long the wait is."""
    said = explain(past(timedelta(hours=30), changes=2, outlet="a"), Pace(learnt=Learnt(learn(pasts(0.5)))))

    assert "30 h old and changed 2 times" in said
    assert "this outlet's rhythm" in said
    assert "a visit after" in said


def test_what_was_learnt_is_kept_and_read_again() -> None:
    """What one process learns, another one goes by."""
    learnt = Learnt(learn(pasts(0.5)), Prices(0.25, {"slow.example": 2.0}))
    again = from_values(to_values(learnt))

    assert again.prices == learnt.prices
    assert again.hazards.of("a").by_age == pytest.approx(learnt.hazards.of("a").by_age, rel=1e-3)
    assert next_visit(past(timedelta(days=1), outlet="a"), Pace(learnt=again)) - next_visit(
        past(timedelta(days=1), outlet="a"), Pace(learnt=learnt)
    ) == pytest.approx(timedelta(0), abs=timedelta(minutes=2))


@pytest.mark.parametrize(
    ("price", "rule"),
    [
        pytest.param(DEAR * 0.5, Rule.PATIENCE, id="cheap"),
        pytest.param(DEAR * 4, Rule.BALANCE, id="dear"),
    ],
)
def test_dear_visits_are_balanced(price: float, rule: Rule) -> None:
    """Few visits have to lie well; many follow the hazard."""
    outlet, age = shipped().stranger, 5.0
    lively = liveliness(shipped().shape, 0, outlet.expected_since(NOW.hour - age, age))
    ahead = Ahead(*outlet.ahead(age, NOW.hour, LONGEST_WAIT), math.inf)
    walk = Walk(age=age, cell=0, changed=None, liveliness=lively, recency=shipped().recency)
    expected = {one: next_age(ahead, walk, one, price) for one in Rule}
    at = next_visit(past(timedelta(hours=age)), Pace(learnt=Learnt(prices=Prices(price))))

    assert len(set(expected.values())) > 1
    assert (at - NOW).total_seconds() / 3600 == pytest.approx(expected[rule] - age)
