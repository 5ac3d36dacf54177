"""
What a budget of fetches buys: the price of a visit at which all articles together spend it.

Pure. One price for all is what makes delay grow evenly by expected loss when there is more to do than the
budget allows; a host that allows less than that has a dearer price of its own, and starves nobody else.
"""

import math
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from scheduler.policy.ages import bin_of
from scheduler.policy.hazards import Hazards, liveliness

__all__ = [
    "CHEAPEST",
    "LONGEST_WAIT",
    "SHORTEST_WAIT",
    "Crowd",
    "Demand",
    "Prices",
    "crowds",
    "delay_at",
    "edits_of",
    "price_of",
    "visits_at",
]

#: Waits in hours are never shorter or longer than these.
SHORTEST_WAIT, LONGEST_WAIT = 0.25, 14 * 24.0
#: However much a host allows, a visit is never cheaper than this, in hours of delay saved.
CHEAPEST = 0.008
#: A host is asked for articles in this share of its time; listings and retries have the rest.
SHARE_OF_HOST = 0.8
#: Articles alike within a tenth in their hazard are counted together.
ALIKE = math.log(1.1)
#: Halvings: the price is found within a thousandth.
HALVINGS = 40


@dataclass(frozen=True, slots=True)
class Demand:
    """One article that wants to be visited."""

    host: str
    outlet: str
    #: Hours since it was first seen.
    age: float
    changes: int


@dataclass(frozen=True, slots=True)
class Prices:
    """The price of a visit: for all, and for hosts that allow less."""

    everywhere: float = CHEAPEST
    by_host: Mapping[str, float] | None = None

    def of(self, host: str) -> float:
        """Return the price of a visit to a host."""
        return max(self.everywhere, (self.by_host or {}).get(host, 0.0))


#: How many articles have about which hazard.
Crowd = Mapping[int, int]


def crowds(demands: Iterable[Demand], hazards: Hazards) -> dict[str, Counter[int]]:
    """Count articles by host and by class of their hazard."""
    found: dict[str, Counter[int]] = defaultdict(Counter)
    for one in demands:
        outlet = hazards.of(one.outlet)
        age = max(0.0, one.age)
        lively = liveliness(hazards.shape, one.changes, outlet.expected(age))
        rate = max(1e-9, outlet.by_age[bin_of(age)] * lively)
        found[one.host][round(math.log(rate) / ALIKE)] += 1
    return dict(found)


def visits_at(crowd: Crowd, price: float) -> float:
    """Return how many visits an hour a crowd gets at a price."""
    return sum(count / _wait(class_, price) for class_, count in crowd.items())


def edits_of(crowd: Crowd) -> float:
    """Return the edits an hour that a crowd makes."""
    return sum(count * math.exp(class_ * ALIKE) for class_, count in crowd.items())


def delay_at(crowd: Crowd, price: float) -> float:
    """Return how many hours an edit waits in the mean at a price."""
    edits = edits_of(crowd)
    waited = sum(
        count * math.exp(class_ * ALIKE) * _wait(class_, price) / 2 for class_, count in crowd.items()
    )
    return waited / edits if edits else 0.0


def price_of(
    demands: Iterable[Demand], hazards: Hazards, budget: float, hosts: Mapping[str, float]
) -> Prices:
    """
    Solve for the prices that keep every budget.

    Args:
        budget: visits a day over all; 0 for no other bound than the hosts'.
        hosts: requests a day that each host allows.
    """
    by_host = crowds(demands, hazards)
    prices = {
        host: price
        for host, crowd in by_host.items()
        if host in hosts and (price := _solve(crowd, hosts[host] * SHARE_OF_HOST / 24)) > CHEAPEST
    }
    if not budget:
        return Prices(by_host=prices)
    return Prices(_solve_all(by_host, prices, budget / 24), prices)


def _solve_all(by_host: Mapping[str, Crowd], prices: Mapping[str, float], an_hour: float) -> float:
    slow = {host: crowd for host, crowd in by_host.items() if host in prices}
    # Those that have no price of their own are one crowd, however many hosts they are on.
    others: Counter[int] = Counter()
    for host in by_host.keys() - slow.keys():
        others.update(by_host[host])

    def spent(price: float) -> float:
        return visits_at(others, price) + sum(
            visits_at(crowd, max(price, prices[host])) for host, crowd in slow.items()
        )

    return _halve(spent, an_hour)


def _solve(crowd: Crowd, an_hour: float) -> float:
    return _halve(lambda price: visits_at(crowd, price), an_hour)


def _halve(spent: Callable[[float], float], allowed: float) -> float:
    """Return the lowest price, not under the cheapest, at which no more than the allowance is spent."""
    if spent(CHEAPEST) <= allowed:
        return CHEAPEST
    low, high = CHEAPEST, 1e9
    for _ in range(HALVINGS):
        middle = math.sqrt(low * high)
        low, high = (middle, high) if spent(middle) > allowed else (low, middle)
    return high


def _wait(class_: int, price: float) -> float:
    wait = math.sqrt(2 * price / math.exp(class_ * ALIKE))
    return min(max(wait, SHORTEST_WAIT), LONGEST_WAIT)
