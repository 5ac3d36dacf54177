"""
How often articles are edited: by outlet and age, by hour of the day, by their own past.

Pure. A hazard is edits an hour. Ages and clocks are hours as floats; a clock is hours since the epoch.
"""

import math
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from itertools import accumulate
from typing import Any

from scheduler.policy.ages import COARSEST, EDGES, FINEST, RECENT, SHARE, Grid, bin_of, grid

__all__ = ["Course", "Hazards", "OutletHazard", "liveliness", "shipped"]

#: Hours of the day.
DAY = 24
#: Age up to which the hour of the day of the first sight matters.
BY_CLOCK = 48.0


@dataclass(frozen=True, slots=True)
class Course:
    """The hours of an article from its first sight on, by the clock of the day on which that was."""

    cells: Grid
    #: Edits an hour in each cell, and edits expected up to each border.
    rates: tuple[float, ...]
    sums: tuple[float, ...]

    def expected(self, age: float) -> float:
        """Return how many edits an article has had at an age in the mean."""
        cell = self.cells.cell(age)
        return self.sums[cell] + self.rates[cell] * (age - self.cells.ages[cell])


@dataclass(frozen=True, slots=True)
class OutletHazard:
    """An outlet's rhythm."""

    #: Edits an hour, a bin of age each.
    by_age: tuple[float, ...]
    #: Factor, an hour of the UTC day each; about 1 in the mean.
    by_hour: tuple[float, ...]

    def expected(self, age: float) -> float:
        """Return how many edits an article of this age has had in the mean."""
        last = bin_of(age)
        before = sum(self.by_age[i] * (EDGES[i + 1] - EDGES[i]) for i in range(last))
        return before + self.by_age[last] * (age - EDGES[last])

    def course(self, clock: float, horizon: float) -> Course:
        """Return the hours after a first sight at a clock, up to an age."""
        cells = grid(horizon)
        rates = [
            self.rate(bin_, clock + middle) for middle, bin_ in zip(cells.middles, cells.bins, strict=True)
        ]
        sums = accumulate((r * w for r, w in zip(rates, cells.widths, strict=True)), initial=0.0)
        return Course(cells, tuple(rates), tuple(sums))

    def expected_since(self, clock: float, age: float) -> float:
        """Return how many edits an article first seen at a clock has had; days later the hour means nothing."""
        if age < BY_CLOCK:
            return self._by_clock(clock, age)
        return self._by_clock(clock, BY_CLOCK) + self.expected(age) - self.expected(BY_CLOCK)

    def _by_clock(self, clock: float, age: float) -> float:
        """Sum up edits from the first sight on, between the hours of the clock and the borders of the bins."""
        total = start = 0.0
        bin_, edge, hour = 0, EDGES[1], int(clock)
        while start < age:
            stop = min(age, edge, hour + 1 - clock)
            total += self.by_age[bin_] * self.by_hour[hour % DAY] * (stop - start)
            if stop == edge:
                bin_, edge = bin_ + 1, EDGES[bin_ + 2]
            if stop == hour + 1 - clock:
                hour += 1
            start = stop
        return total

    def ahead(self, age: float, clock: float, window: float) -> tuple[list[float], list[float]]:
        """Return borders of cells from an age at a clock on, fine while it is young, and edits an hour in each."""
        ages, rates = [age], []
        bin_, by_age, by_hour, end = bin_of(age), self.by_age, self.by_hour, age + window
        edge, offset = _end_of(bin_), clock - age
        while age < end:
            width = age * SHARE
            border = min(end, age + (COARSEST if width > COARSEST else max(width, FINEST)))
            middle = (age + border) / 2
            while middle >= edge:
                bin_ += 1
                edge = _end_of(bin_)
            rates.append(by_age[bin_] * by_hour[int(offset + middle) % DAY])
            ages.append(border)
            age = border
        return ages, rates

    def rate(self, bin_: int, clock: float) -> float:
        """Return edits an hour of an article of middling liveliness."""
        return self.by_age[bin_] * self.by_hour[int(clock) % DAY]


@dataclass(frozen=True, slots=True, kw_only=True)
class Hazards:
    """All that was learnt."""

    outlets: Mapping[str, OutletHazard]
    #: For an outlet of which nothing is known.
    stranger: OutletHazard
    #: Shape of the gamma distribution of liveliness; small = articles differ much.
    shape: float
    #: Factor, a class of the time since the last change each; the last one for articles without a change.
    recency: tuple[float, ...]

    def of(self, outlet: str) -> OutletHazard:
        """Return an outlet's rhythm."""
        return self.outlets.get(outlet, self.stranger)


def _end_of(bin_: int) -> float:
    return EDGES[bin_ + 1] if bin_ + 1 < len(EDGES) else math.inf


def liveliness(shape: float, changes: int, expected: float) -> float:
    """Return how lively an article is against its outlet's mean: the mean of the gamma posterior."""
    return (shape + changes) / (shape + expected)


@cache
def shipped() -> Hazards:
    """Return what is believed before anything was learnt."""
    data = tomllib.loads((files("scheduler.policy") / "priors.toml").read_text("utf-8"))
    by_age = _steps(data["edits"])
    recency = tuple(float(factor) for _, factor in data["recency"])
    if len(by_age) != len(EDGES) or len(recency) != len(RECENT) + 1:
        raise ValueError("priors.toml does not fit the ages of the policy")
    stranger = OutletHazard(by_age, (1.0,) * DAY)
    return Hazards(outlets={}, stranger=stranger, shape=float(data["liveliness"]), recency=(*recency, 1.0))


def _steps(pairs: Sequence[Any]) -> tuple[float, ...]:
    return tuple(float(rate) for _, rate in pairs)
