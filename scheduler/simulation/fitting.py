"""The one free constant of a policy: set so that the mean number of visits is the budget."""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from scheduler.simulation.history import Story

__all__ = ["Fit", "fit"]

#: The budget is met as nearly as this, or as nearly as steps allow.
NEAR = 0.004
#: A sample of so many stories finds the constant roughly; all of them find it exactly.
SAMPLE = 250
#: Tries on the sample, and on all.
ROUGH, EXACT = 10, 14
#: How visits answer to the constant where that is not known yet: twice as dear, so many times the visits.
USUAL = -0.6

#: A history and a constant in, mean visits a story out; the more the smaller the constant.
Count = Callable[[Sequence[Story], float], float]


@dataclass(frozen=True, slots=True)
class Fit:
    """A constant, and how many visits a story it leads to."""

    constant: float
    visits: float


def fit(count: Count, stories: Sequence[Story], budget: float) -> Fit:
    """Find the constant at which the mean number of visits is the budget."""
    sample = stories[:: max(1, len(stories) // SAMPLE)]
    start = _search(count, sample, budget, (1.0, ROUGH))
    if len(sample) == len(stories):
        return start
    return _search(count, stories, budget, (start.constant, EXACT))


def _search(count: Count, stories: Sequence[Story], budget: float, begin: tuple[float, int]) -> Fit:
    """Follow the line through the last two tries, in logarithms, inside what is known to hold the answer."""
    constant, tries = begin
    low, high = -math.inf, math.inf
    x, slope, before, best = math.log(constant), USUAL, None, Fit(constant, math.inf)
    for _ in range(tries):
        now = Fit(math.exp(x), count(stories, math.exp(x)))
        best = min(best, now, key=lambda one: abs(one.visits - budget))
        if abs(best.visits / budget - 1) < NEAR:
            break
        y = math.log(max(now.visits, 0.01) / budget)
        low, high = (x, high) if y > 0 else (low, x)
        if before is not None and before[0] != x and before[1] != y:
            slope = min(-0.1, max(-3.0, (y - before[1]) / (x - before[0])))
        before = (x, y)
        x = x - max(-4.0, min(4.0, y / slope))
        if not low < x < high:
            x = (low + high) / 2
    return best
