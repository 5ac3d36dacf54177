"""What is watched, weighed against a budget: the prices that keep it, and what it buys at them."""

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection

from archive.catalog import revisits
from archive.catalog.revisits import Watched
from config import Settings
from scheduler.policy import Demand, Prices, price_of
from scheduler.policy.budgets import CHEAPEST, crowds, delay_at, edits_of, visits_at
from scheduler.policy.hazards import Hazards

__all__ = ["Bought", "Wants", "every_of", "wants"]

#: More articles than these are weighed by an even sample.
MOST = 50_000
DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Bought:
    """What some prices lead to."""

    fetches_per_day: float
    #: That an edit waits.
    mean_delay_h: float
    #: Hosts whose own pace allows less than all others get.
    slow_hosts: int


@dataclass(frozen=True, slots=True)
class Wants:
    """What is watched, or an even sample of it."""

    demands: Sequence[Demand]
    #: Each stands for so many.
    every: int

    def price(self, hazards: Hazards, budget: float, settings: Settings) -> Prices:
        """Return the prices that keep a budget of visits a day, 0 for none, and each host's pace."""
        hosts = _allowances({one.host for one in self.demands}, settings)
        shares = {host: allowed / self.every for host, allowed in hosts.items()}
        return price_of(self.demands, hazards, budget / self.every, shares)

    def bought(self, hazards: Hazards, prices: Prices) -> Bought:
        """Return what is spent, and how long edits wait, at some prices."""
        fetches = delayed = edits = 0.0
        slow = 0
        for host, crowd in crowds(self.demands, hazards).items():
            price = prices.of(host)
            fetches += visits_at(crowd, price) * 24 * self.every
            weight = edits_of(crowd)
            delayed += delay_at(crowd, price) * weight
            edits += weight
            slow += price > max(prices.everywhere, CHEAPEST)
        return Bought(
            fetches_per_day=fetches, mean_delay_h=delayed / edits if edits else 0.0, slow_hosts=slow
        )


def wants(connection: Connection, now: datetime) -> Wants:
    """Return what is watched as demands on the budget."""
    every = every_of(revisits.count_watched(connection), MOST)
    return Wants(_demands(revisits.watched(connection, every=every), now), every)


def every_of(count: int, most: int) -> int:
    """Return how many each one of an even sample stands for, where at most so many are to be looked at."""
    return max(1, math.ceil(count / most))


def _demands(articles: Iterable[Watched], now: datetime) -> list[Demand]:
    return [
        Demand(one.host, one.source, max(0.0, (now - one.first_seen_at).total_seconds() / 3600), one.changes)
        for one in articles
    ]


def _allowances(hosts: Iterable[str], settings: Settings) -> Mapping[str, float]:
    """Return the requests a day that politeness allows each host; none are named when it has no delay."""
    if not settings.politeness_delay:
        return {}
    return dict.fromkeys(hosts, DAY.total_seconds() / settings.politeness_delay)
