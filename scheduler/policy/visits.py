"""
When an article or a listing is visited next. Pure: the past and the present in, a moment out.

The wait follows what was learnt: how often this outlet edits articles of this age at this hour of the day, how
lively this article is, and what a visit costs at the budget. A change is confirmed by a visit a few minutes later.
"""

import math
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from archive.model import Verdict
from scheduler.policy.ages import bin_of
from scheduler.policy.budgets import LONGEST_WAIT, SHORTEST_WAIT, Prices
from scheduler.policy.hazards import Hazards, OutletHazard, liveliness, shipped
from scheduler.policy.storing import Learnt
from scheduler.policy.waiting import Ahead, Rule, Walk, next_age

__all__ = ["ListingPast", "Pace", "VisitPast", "explain", "next_look", "next_visit", "retry_after_failure"]

#: This share of visits comes as early as the shipped priors would have it, so that no age goes unmeasured.
EXPLORED = 0.05
#: A visit that costs more hours than this is dear: then its moment has to lie well, and the balance places it best.
DEAR = 0.25
#: The hours ahead are looked at in a window of so many times the wait there would be if nothing changed, in which
#: most waits end; then in one so many times longer, and so on.
FIRST_WINDOW, LONGER = 1.5, 4.0
#: A change is looked at once more after so long, to confirm it.
CONFIRM_AFTER = timedelta(minutes=3)
#: What a first look at something missing waits for: three looks over a day make a removal.
MISSING_AGAIN = timedelta(hours=8)
#: The wait after a failure doubles from here to there.
FIRST_RETRY, LAST_RETRY = timedelta(minutes=2), timedelta(hours=12)
#: Looks at feeds, sitemaps and sections adapt between these.
BUSIEST, LAZIEST = timedelta(minutes=10), timedelta(hours=24)

#: Verdicts that want to be looked at again soon: seen once, not yet confirmed.
TO_CONFIRM = frozenset({Verdict.EDIT, Verdict.LIVE, Verdict.METADATA, Verdict.RESTORED, Verdict.MOVED})
GONE = frozenset({Verdict.MISSING, Verdict.REMOVED})


@dataclass(frozen=True, slots=True, kw_only=True)
class Pace:
    """What the operator decided."""

    #: Over 0 it replaces the policy.
    fixed_interval: timedelta = timedelta(0)
    #: The same for listings.
    discovery_interval: timedelta = timedelta(0)
    #: Hazards and prices.
    learnt: Learnt = field(default_factory=Learnt)


@dataclass(frozen=True, slots=True, kw_only=True)
class VisitPast:
    """What is known of an article when its visit ends."""

    now: datetime
    #: When the article was published, or first seen where that is not known.
    since: datetime
    verdict: Verdict | None
    #: Failures in a row, this visit's included.
    failures: int = 0
    outlet: str = ""
    host: str = ""
    #: Changes seen so far, and when the last one was.
    changes: int = 0
    changed_at: datetime | None = None
    #: A number between 0 and 1 that chance gave this visit.
    chance: float = 1.0


@dataclass(frozen=True, slots=True, kw_only=True)
class ListingPast:
    """What a look at a listing brought."""

    now: datetime
    interval: timedelta
    found: int
    new: int
    failures: int = 0


def next_visit(past: VisitPast, pace: Pace) -> datetime:
    """Return when an article is visited next."""
    if pace.fixed_interval:
        return past.now + pace.fixed_interval
    if past.failures:
        return past.now + retry_after_failure(past.failures)
    if past.verdict in TO_CONFIRM:
        return past.now + CONFIRM_AFTER
    if past.verdict in GONE:
        return past.now + MISSING_AGAIN
    return past.now + timedelta(hours=_wait(past, pace.learnt))


def explain(past: VisitPast, pace: Pace) -> str:
    """Say in words why an article is visited when it is, as after a visit that met nothing new."""
    if pace.fixed_interval:
        return f"every {_span(pace.fixed_interval.total_seconds() / 3600)}, as `revisit.fixed_interval` says"
    hazards = pace.learnt.hazards
    outlet = hazards.of(past.outlet)
    age = _hours(past.now - past.since)
    rate = outlet.by_age[bin_of(age)] * _liveliness(past, hazards, outlet)
    known = "this outlet's" if past.outlet in hazards.outlets else "other outlets'"
    seen = "unchanged so far" if not past.changes else f"changed {_times(past.changes)}"
    return (
        f"{_span(age)} old and {seen}; by {known} rhythm one edit in {_span(1 / max(rate, 1e-9))}, "
        f"so a visit after {_span(_wait(past, pace.learnt))}"
    )


def _wait(past: VisitPast, learnt: Learnt) -> float:
    """Return the hours until the next visit; some visits come as early as the shipped priors would have it."""
    wait = _wait_by(past, learnt.hazards, learnt.prices)
    return min(wait, _wait_by(past, shipped(), learnt.prices)) if past.chance < EXPLORED else wait


def _wait_by(past: VisitPast, hazards: Hazards, prices: Prices) -> float:
    outlet = hazards.of(past.outlet)
    age = _hours(past.now - past.since)
    clock = past.now.hour + past.now.minute / 60
    changed = None if past.changed_at is None else min(age, _hours(past.changed_at - past.since))
    walk = Walk(
        age=age,
        cell=0,
        changed=changed,
        liveliness=_liveliness(past, hazards, outlet),
        recency=hazards.recency,
    )
    price = prices.of(past.host)
    rule = Rule.BALANCE if price > DEAR else Rule.PATIENCE
    steady = math.sqrt(2 * price / max(outlet.rate(bin_of(age), clock) * walk.liveliness, 1e-9))
    window = FIRST_WINDOW * max(steady, SHORTEST_WAIT)
    while True:
        window = min(window, LONGEST_WAIT)
        # A service has no last day: every edit is worth finding.
        ahead = Ahead(*outlet.ahead(age, clock, window), math.inf)
        found = next_age(ahead, walk, rule, price)
        if found is not None:
            return min(max(found - age, SHORTEST_WAIT), LONGEST_WAIT)
        if window == LONGEST_WAIT:
            return LONGEST_WAIT
        window *= LONGER


def _liveliness(past: VisitPast, hazards: Hazards, outlet: OutletHazard) -> float:
    clock = past.since.hour + past.since.minute / 60
    expected = outlet.expected_since(clock, _hours(past.now - past.since))
    return liveliness(hazards.shape, past.changes, expected)


def _hours(span: timedelta) -> float:
    return max(0.0, span.total_seconds() / 3600)


def _times(count: int) -> str:
    return "once" if count == 1 else f"{count} times"


def _span(hours: float) -> str:
    """Return a length of time as a person says it."""
    for unit, size in (("days", 24.0), ("h", 1.0), ("min", 1 / 60)):
        if hours >= 1.5 * size:
            return f"{hours / size:.0f} {unit}"
    return f"{hours * 3600:.0f} s"


def next_look(past: ListingPast, pace: Pace) -> timedelta:
    """Return how long to wait until a listing is looked at again."""
    if pace.discovery_interval:
        return pace.discovery_interval
    if past.failures:
        return retry_after_failure(past.failures)
    before = past.interval or BUSIEST
    wait = before / 2 if past.new else before + before / 2
    return min(max(wait, BUSIEST), LAZIEST)


def retry_after_failure(failures: int) -> timedelta:
    """Return the wait after so many failures in a row."""
    return min(FIRST_RETRY * (1 << min(failures - 1, 20)), LAST_RETRY)
