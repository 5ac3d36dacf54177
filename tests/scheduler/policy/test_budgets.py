"""What a budget of fetches buys."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scheduler.policy import Demand, Prices, price_of
from scheduler.policy.budgets import CHEAPEST, SHARE_OF_HOST, crowds, delay_at, visits_at
from scheduler.policy.hazards import shipped

DEMANDS = st.lists(
    st.builds(
        Demand,
        st.sampled_from(["a.example", "b.example", "c.example"]),
        st.just("outlet"),
        st.floats(0, 2000),
        st.integers(0, 6),
    ),
    min_size=5,
    max_size=60,
)


def a_day(demands: list[Demand], prices: Prices, host: str | None = None) -> float:
    """Return the visits a day at some prices, of one host or of all."""
    found = crowds(demands, shipped())
    return 24 * sum(
        visits_at(crowd, prices.of(name)) for name, crowd in found.items() if host in (None, name)
    )


@settings(deadline=None)
@given(DEMANDS, st.floats(10, 5000))
def test_a_budget_is_spent_and_not_overspent(demands: list[Demand], budget: float) -> None:
    """All together spend the budget, or less where every visit is as cheap as it may be or no wait can be longer."""
    prices = price_of(demands, shipped(), budget, {})
    spent = a_day(demands, prices)
    least = a_day(demands, Prices(1e9))

    assert spent <= max(budget, least) * 1.001
    assert spent >= budget * 0.97 or prices.everywhere == CHEAPEST


@settings(deadline=None)
@given(DEMANDS, st.floats(5, 500))
def test_a_host_that_allows_less_is_asked_less_and_starves_nobody(
    demands: list[Demand], allowed: float
) -> None:
    """The bound of one host is kept, and other hosts are visited as often as without it."""
    prices = price_of(demands, shipped(), 0, {"a.example": allowed})
    free = price_of(demands, shipped(), 0, {})
    least = a_day(demands, Prices(1e9), "a.example")

    assert a_day(demands, prices, "a.example") <= max(allowed * SHARE_OF_HOST, least) * 1.001
    assert a_day(demands, prices, "b.example") == a_day(demands, free, "b.example")


@settings(deadline=None)
@given(DEMANDS)
def test_half_the_budget_makes_every_wait_longer_and_none_endless(demands: list[Demand]) -> None:
    """Overload grows the delay of all by the same factor: nobody is dropped."""
    crowd = next(iter(crowds(demands, shipped()).values()))

    assert delay_at(crowd, 1.0) <= delay_at(crowd, 4.0) <= 2 * delay_at(crowd, 1.0) * 1.001


def test_the_dearest_of_both_prices_holds() -> None:
    """A host's own price can only make its visits rarer."""
    prices = Prices(0.5, {"slow.example": 2.0, "fast.example": 0.1})

    assert [prices.of(host) for host in ("slow.example", "fast.example", "other.example")] == [2.0, 0.5, 0.5]


def test_nothing_watched_costs_nothing() -> None:
    """An empty frontier has a price all the same."""
    assert price_of([], shipped(), 100, {}).everywhere == pytest.approx(CHEAPEST)
