"""
Visits planned ahead by dynamic programming over the age of an article and the changes seen so far.

Pure. The plan of an outlet says for every age and every number of changes when to look next, so that the hours
which edits wait, plus a price a visit, are least in the mean; that a visit also teaches how lively the article
is, is counted in. It follows the hour of the day and knows nothing of the time since the last change.
"""

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass

from scheduler.policy.waiting import Ahead

__all__ = ["Plan", "plan", "plan_ages"]

#: A plan tells so many changes apart; articles with more count as having so many.
CHANGES = 5
#: Ages of a plan: the first, their ratio, the longest wait between two.
FIRST, RATIO, LONGEST = 0.1, 1.12, 6.0


@dataclass(frozen=True, slots=True)
class Plan:
    """When to look next."""

    ages: tuple[float, ...]
    #: [age][changes]: index of the next age, -1 for no further visit.
    following: tuple[tuple[int, ...], ...]

    def after(self, index: int, changes: int) -> int:
        """Return the index of the next age, -1 for no further visit."""
        return self.following[index][min(changes, CHANGES - 1)]


def plan_ages(horizon: float) -> tuple[float, ...]:
    """Return the ages on which a plan places visits."""
    ages = [0.0, FIRST]
    while ages[-1] < horizon:
        ages.append(min(horizon, ages[-1] * RATIO, ages[-1] + LONGEST))
    return tuple(ages)


def plan(ahead: Ahead, shape: float, price: float) -> Plan:
    """Plan the visits to an outlet's articles that were first seen at one hour of the day."""
    ages = plan_ages(ahead.end)
    edits, moments = _integrals(ahead, ages)
    last = len(ages) - 1
    following = [(-1,) * CHANGES] * (last + 1)
    # What is still lost from an age on, for every number of changes.
    loss = [[0.0] * (CHANGES + 1) for _ in ages]
    for here in range(last - 1, -1, -1):
        choices = []
        for changes in range(CHANGES):
            k = shape + changes
            lively = k / (shape + edits[here])
            best = lively * (ages[last] * (edits[last] - edits[here]) - moments[last] + moments[here])
            choice = -1
            for there in range(here + 1, last):
                cost = price + lively * (
                    ages[there] * (edits[there] - edits[here]) - moments[there] + moments[here]
                )
                if cost >= best:
                    break
                unchanged = ((shape + edits[here]) / (shape + edits[there])) ** k
                later = loss[there]
                cost += unchanged * later[changes] + (1 - unchanged) * later[changes + 1]
                if cost < best:
                    best, choice = cost, there
            loss[here][changes] = best
            choices.append(choice)
        loss[here][CHANGES] = loss[here][CHANGES - 1]
        following[here] = tuple(choices)
    return Plan(ages, tuple(following))


def _integrals(ahead: Ahead, ages: Sequence[float]) -> tuple[list[float], list[float]]:
    """Return the edits expected up to each age, and their summed ages."""
    sums, moments = [0.0], [0.0]
    for cell, rate in enumerate(ahead.rates):
        low, high = ahead.ages[cell], ahead.ages[cell + 1]
        sums.append(sums[-1] + rate * (high - low))
        moments.append(moments[-1] + rate * (high * high - low * low) / 2)
    edits_at, moments_at = [], []
    for age in ages:
        cell = min(bisect_right(ahead.ages, age) - 1, len(ahead.rates) - 1)
        low, rate = ahead.ages[cell], ahead.rates[cell]
        edits_at.append(sums[cell] + rate * (age - low))
        moments_at.append(moments[cell] + rate * (age * age - low * low) / 2)
    return edits_at, moments_at
