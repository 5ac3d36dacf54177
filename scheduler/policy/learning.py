"""
Hazards learnt from what articles did: edits counted against the hours that were watched.

Pure. Age and hour of the day are fitted in turn until they agree (a Poisson model with two factors); an outlet
leans on all outlets, and those on the shipped priors, as far as its own evidence is thin.
"""

import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from operator import mul

from scheduler.policy.ages import EDGES, RECENT, bin_of, recency_class
from scheduler.policy.hazards import DAY, Hazards, OutletHazard, shipped

__all__ = ["Past", "learn"]

#: What is believed beforehand counts as so many edits in a bin of age, and in an hour of the day.
WORTH_OF_PRIOR, WORTH_OF_ALL, WORTH_OF_HOUR = 1.0, 5.0, 20.0
#: Share of the shipped priors in what is believed of an outlet that was never seen.
HEDGE = 0.5
#: Rounds of fitting; two factors agree after a few.
ROUNDS = 4
#: Shapes that are tried.
SHAPES = (0.2, 0.35, 0.5, 0.8, 1.2, 2.0, 4.0, 8.0)
#: A factor of recency begins as so many edits at 1.
WORTH_OF_RECENCY = 10.0
#: First sights are told apart by so many parts of an hour.
PARTS = 2
#: Liveliness and recency are the same for all outlets: of more articles than these an even sample says as much.
MOST_CUT = 5_000

#: A table by bin of age and hour of the day.
Table = list[list[float]]


@dataclass(frozen=True, slots=True)
class Past:
    """What an article did while it was watched."""

    outlet: str
    #: When it was first seen, in hours since the epoch.
    clock: float
    #: Ages at which it was edited, ascending.
    edits: Sequence[float]
    #: Age up to which it was watched.
    watched: float


@dataclass(slots=True)
class _Evidence:
    """Edits, and hours that were watched, of one outlet."""

    edits: Table
    hours: Table


def learn(pasts: Sequence[Past], known: Hazards | None = None) -> Hazards:
    """
    Learn hazards.

    Args:
        known: what is believed of outlets that the evidence says nothing of; the shipped priors unless given.
    """
    prior = known or shipped()
    evidence = _gathered(pasts)
    if not evidence:
        return prior
    everyone = _lean(_sum(evidence.values()), prior.stranger, WORTH_OF_PRIOR)
    outlets = {name: _lean(one, everyone, WORTH_OF_ALL) for name, one in evidence.items()}
    stranger = _hedged(everyone, prior.stranger)
    learnt = Hazards(
        outlets={**prior.outlets, **outlets}, stranger=stranger, shape=prior.shape, recency=prior.recency
    )
    stretches = _stretches(learnt, pasts[:: math.ceil(len(pasts) / MOST_CUT)])
    return max(
        (_with_recency(learnt, stretches, shape) for shape in SHAPES), key=lambda fitted: fitted.likelihood
    ).hazards


def _gathered(pasts: Sequence[Past]) -> dict[str, _Evidence]:
    """Count edits and hours by outlet, age and hour of the day."""
    found: dict[str, _Evidence] = defaultdict(lambda: _Evidence(_table(), _table()))
    watches = Counter((past.outlet, int(past.clock * PARTS) % (DAY * PARTS), past.watched) for past in pasts)
    for (outlet, part, watched), count in watches.items():
        _add_hours(found[outlet].hours, (part + 0.5) / PARTS, watched, count)
    for past in pasts:
        edits = found[past.outlet].edits
        for age in past.edits:
            edits[bin_of(age)][int(past.clock + age) % DAY] += 1
    return dict(found)


def _add_hours(hours: Table, clock: float, watched: float, count: int) -> None:
    """Add the hours that were watched from a first sight at a clock on, whole days of a bin at a time."""
    age, hour = 0.0, int(clock)
    for bin_, edge in enumerate((*EDGES[1:], math.inf)):
        end, row = min(edge, watched), hours[bin_]
        days = int((end - age) // DAY)
        if days > 0:
            row[:] = [watches + days * count for watches in row]
            age, hour = age + days * DAY, hour + days * DAY
        while age < end:
            stop = min(end, hour + 1 - clock)
            row[hour % DAY] += (stop - age) * count
            hour += stop == hour + 1 - clock
            age = stop
        if edge >= watched:
            return


def _table() -> Table:
    return [[0.0] * DAY for _ in EDGES]


def _sum(all_: Iterable[_Evidence]) -> _Evidence:
    total = _Evidence(_table(), _table())
    for one in all_:
        for mine, theirs in ((total.edits, one.edits), (total.hours, one.hours)):
            for row, other in zip(mine, theirs, strict=True):
                row[:] = map(float.__add__, row, other)
    return total


def _lean(found: _Evidence, prior: OutletHazard, worth: float) -> OutletHazard:
    """Fit one outlet, leaning on a prior that counts as so many edits."""
    by_age, by_hour = prior.by_age, prior.by_hour
    of_age, of_hour = list(map(sum, found.edits)), list(map(sum, zip(*found.edits, strict=True)))
    columns = list(zip(*found.hours, strict=True))
    for _ in range(ROUNDS):
        by_age = tuple(
            (edits + worth) / (sum(map(mul, hours, by_hour)) + worth / max(believed, 1e-9))
            for edits, hours, believed in zip(of_age, found.hours, prior.by_age, strict=True)
        )
        by_hour = _smooth(
            [
                (edits + WORTH_OF_HOUR * believed) / (sum(map(mul, hours, by_age)) + WORTH_OF_HOUR)
                for edits, hours, believed in zip(of_hour, columns, prior.by_hour, strict=True)
            ]
        )
    return OutletHazard(by_age, by_hour)


def _smooth(hours: Sequence[float]) -> tuple[float, ...]:
    return tuple(
        hours[hour - 1] / 4 + hours[hour] / 2 + hours[(hour + 1) % DAY] / 4 for hour in range(len(hours))
    )


def _hedged(learnt: OutletHazard, prior: OutletHazard) -> OutletHazard:
    """
    Return what is believed of an outlet that was never seen: partly what others did, partly the prior.

    Another country may have another rhythm and another clock; an hour that is never visited is never learnt.
    """
    week = 168.0
    scale = learnt.expected(week) / prior.expected(week)
    by_age = tuple(
        (1 - HEDGE) * a + HEDGE * b * scale for a, b in zip(learnt.by_age, prior.by_age, strict=True)
    )
    return OutletHazard(by_age, tuple(math.sqrt(factor) for factor in learnt.by_hour))


@dataclass(frozen=True, slots=True)
class _Fitted:
    hazards: Hazards
    likelihood: float


@dataclass(frozen=True, slots=True)
class _Stretch:
    """A stretch of an article's life between two looks at its liveliness."""

    #: Changes before it, and the class of the time since the last one.
    changes: int
    class_: int
    #: Edits expected up to its begin and its end, of an article of middling liveliness.
    low: float
    high: float
    #: Class of the edit at its end; None where there is none.
    edit: int | None


def _stretches(hazards: Hazards, pasts: Sequence[Past]) -> list[_Stretch]:
    """Cut every past where a class of recency ends, and at its edits."""
    return [one for past in pasts for one in _stretches_of(hazards.of(past.outlet), past)]


def _stretches_of(hazard: OutletHazard, past: Past) -> Iterator[_Stretch]:
    clock = past.clock % DAY
    low = 0.0
    for changes, (start, end) in enumerate(pairwise((0.0, *past.edits, past.watched))):
        last = None if changes == 0 else start
        age, stops = start, [end] if last is None else _stops(start, end)
        for stop in stops:
            high = max(low, hazard.expected_since(clock, stop))
            class_ = recency_class(None if last is None else (age + stop) / 2 - last)
            edit = None
            if stop is stops[-1] and changes < len(past.edits):
                edit = recency_class(None if last is None else end - last)
            yield _Stretch(changes, class_, low, high, edit)
            age, low = stop, high


def _with_recency(hazards: Hazards, stretches: Sequence[_Stretch], shape: float) -> _Fitted:
    """Fit the factors of recency for one shape of liveliness, and say how likely the evidence is then."""
    classes = len(RECENT) + 2
    seen, expected, likelihood = [0.0] * classes, [0.0] * classes, 0.0
    for one in stretches:
        k, high = shape + one.changes, shape + one.high
        expected[one.class_] += k * math.log(high / (shape + one.low))
        if one.edit is not None:
            seen[one.edit] += 1
            likelihood += math.log(k / high)
    factors = tuple(
        (edits + WORTH_OF_RECENCY * believed) / (due + WORTH_OF_RECENCY)
        for edits, due, believed in zip(seen, expected, hazards.recency, strict=True)
    )
    likelihood += sum(
        edits * math.log(factor) - due * factor
        for edits, due, factor in zip(seen, expected, factors, strict=True)
    )
    return _Fitted(replace(hazards, shape=shape, recency=factors), likelihood)


def _stops(start: float, end: float) -> list[float]:
    """Return where the classes of recency end between two ages."""
    return [*(start + border for border in RECENT if start + border < end), end]
