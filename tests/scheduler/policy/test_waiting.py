"""The three rules for the next visit."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scheduler.policy.ages import RECENT, grid
from scheduler.policy.waiting import Ahead, Rule, Walk, next_age

STEADY = (1.0,) * (len(RECENT) + 2)


def ahead(rate_at, horizon: float = 168.0) -> Ahead:
    """Return hours ahead with a hazard of an age."""
    cells = grid(horizon)
    return Ahead(cells.ages, tuple(rate_at(middle) for middle in cells.middles), horizon)


def walk(age: float, *, changed: float | None = None, horizon: float = 168.0) -> Walk:
    """Return an article at an age, of middling liveliness."""
    return Walk(age=age, cell=grid(horizon).cell(age), changed=changed, liveliness=1.0, recency=STEADY)


@pytest.mark.parametrize("rule", list(Rule))
def test_all_rules_wait_for_the_root_of_twice_the_price_over_a_steady_hazard(rule: Rule) -> None:
    """Where nothing rises or falls, every rule is the optimum that can be worked out by hand."""
    found = next_age(ahead(lambda _: 0.5), walk(20.0), rule, 0.25)

    assert found == pytest.approx(20.0 + math.sqrt(2 * 0.25 / 0.5), abs=0.05)


@given(
    age=st.floats(0, 100),
    price=st.floats(1e-3, 20),
    rates=st.lists(st.floats(0, 2), min_size=5, max_size=5),
    rule=st.sampled_from(Rule),
)
def test_the_next_visit_is_after_the_last_and_before_the_end(
    age: float, price: float, rates: list[float], rule: Rule
) -> None:
    """A visit is never in the past, and never when it can find nothing any more."""
    found = next_age(ahead(lambda middle: rates[int(middle) % 5]), walk(age), rule, price)

    assert found is None or age < found <= 168.0


@given(price=st.floats(1e-3, 5), factor=st.floats(1.5, 10), rule=st.sampled_from(Rule))
def test_a_dearer_visit_is_never_sooner(price: float, factor: float, rule: Rule) -> None:
    """A smaller budget makes every wait longer, of whatever article."""
    hours = ahead(lambda middle: 0.3 / (1 + middle))
    soon = next_age(hours, walk(2.0), rule, price)
    late = next_age(hours, walk(2.0), rule, price * factor)

    assert late is None or (soon is not None and soon <= late + 1e-9)


def test_patience_does_not_let_an_edit_wait_where_the_hazard_has_fallen() -> None:
    """After the busy hours the root rule hardly comes again; what was left unseen then is fetched all the same."""
    hours = ahead(lambda middle: 1.0 if middle < 3 else 1e-6)
    rate = next_age(hours, walk(2.5), Rule.RATE, 1.0)
    patience = next_age(hours, walk(2.5), Rule.PATIENCE, 1.0)

    assert rate is None
    assert patience is not None
    assert patience < 6


def test_a_recent_change_brings_the_next_visit_forward() -> None:
    """Edits come in flocks: where that was learnt, an article that just changed is visited sooner."""
    recency = (4.0, 4.0, 3.0, *STEADY[3:])
    hours = ahead(lambda _: 0.1)
    plain = next_age(hours, walk(10.0, changed=9.9), Rule.RATE, 0.1)
    flock = next_age(
        hours,
        Walk(age=10.0, cell=grid(168.0).cell(10.0), changed=9.9, liveliness=1.0, recency=recency),
        Rule.RATE,
        0.1,
    )

    assert plain is not None
    assert flock is not None
    assert flock < plain
