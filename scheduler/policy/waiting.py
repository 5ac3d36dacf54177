"""
Three rules for the next visit, all of them one walk over the hours ahead.

Pure. Each weighs the hours that edits wait against the price of a visit, which is in hours too. Where the
hazard is steady all three agree: a wait of √(2·price/hazard). They differ in how they meet its falls and rises.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum

from scheduler.policy.ages import RECENT

__all__ = ["Ahead", "Rule", "Walk", "next_age"]


class Rule(Enum):
    """When the wait is over."""

    #: Visits follow the square root of the hazard.
    RATE = "rate"
    #: The same, but no longer than until the edits expected by now have waited for the price of a visit.
    PATIENCE = "patience"
    #: The edits expected by now equal what the next wait would gather: the optimum for a known hazard.
    BALANCE = "balance"


@dataclass(frozen=True, slots=True)
class Ahead:
    """The hours ahead of an article, cell by cell, for an article of middling liveliness."""

    #: Borders of the cells in hours of age, one more than there are cells.
    ages: Sequence[float]
    #: Edits an hour.
    rates: Sequence[float]
    #: Age after which nothing counts any more; may lie beyond the cells.
    end: float


@dataclass(frozen=True, slots=True)
class Walk:
    """Where an article stands."""

    #: Age at its last visit, and the cell in which that lies.
    age: float
    cell: int
    #: Age at which it last changed; None for never.
    changed: float | None
    #: How lively it is against its outlet's mean.
    liveliness: float
    #: Factors by class of the time since the last change.
    recency: Sequence[float]


def next_age(ahead: Ahead, walk: Walk, rule: Rule, price: float) -> float | None:
    """Return the age of the next visit; None when no visit before the end is worth its price."""
    ages, rates, end = ahead.ages, ahead.rates, ahead.end
    recency, changed, lively = walk.recency, walk.changed, walk.liveliness
    class_, factor = len(RECENT), recency[-1]
    if changed is not None:
        class_, factor = 0, recency[0]
    # Edits expected since the last visit, the hours they waited, and the integral of the visit rate.
    edits = waited = visits = 0.0
    root = 1 / math.sqrt(2 * price)
    age = walk.age
    for cell in range(walk.cell, len(rates)):
        border = ages[cell + 1]
        width = border - age
        if changed is not None:
            since = (border + age) / 2 - changed
            while class_ < len(RECENT) and since > RECENT[class_]:
                class_ += 1
            factor = recency[class_]
        rate = rates[cell] * lively * factor
        waited_then = waited + edits * width + rate * width * width / 2
        edits_then = edits + rate * width
        left = end - border
        if rule is Rule.BALANCE:
            limit = rate * min(1 / (root * math.sqrt(rate)), left) if rate else 0.0
            if edits_then >= limit and edits_then * left >= price:
                return age + width * _share(edits, edits_then, limit)
        else:
            visits_then = visits + math.sqrt(rate) * root * width
            if rule is Rule.RATE:
                if visits_then >= 1:
                    return age + width * _share(visits, visits_then, 1)
            elif (visits_then >= 1 or waited_then >= price) and edits_then * left >= price:
                return age + width * min(_share(visits, visits_then, 1), _share(waited, waited_then, price))
            visits = visits_then
        age, edits, waited = border, edits_then, waited_then
    return None


def _share(before: float, after: float, limit: float) -> float:
    """Return where between two borders a growing sum passes a limit; late in the cell when it has done so before."""
    if after <= before or after < limit:
        return 1.0
    # A visit at the very border of the last one would be none.
    return min(1.0, max(0.02, (limit - before) / (after - before)))
