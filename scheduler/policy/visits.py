"""
When an article or a listing is visited next. Pure: the past and the present in, a moment out.

The first version follows the age of an article: edits come early and grow rare, so the wait grows with the
age. A change is confirmed by a visit a few minutes later.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from archive.model import Verdict

__all__ = ["ListingPast", "Pace", "VisitPast", "next_look", "next_visit", "retry_after_failure"]

#: The wait is this share of an article's age …
SHARE_OF_AGE = 1 / 8
#: … but never shorter or longer than this.
SHORTEST, LONGEST = timedelta(minutes=15), timedelta(days=14)
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


@dataclass(frozen=True, slots=True, kw_only=True)
class VisitPast:
    """What is known of an article when its visit ends."""

    now: datetime
    #: When the article was published, or first seen where that is not known.
    since: datetime
    verdict: Verdict | None
    #: Failures in a row, this visit's included.
    failures: int = 0


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
    age = max(past.now - past.since, timedelta(0))
    return past.now + min(max(age * SHARE_OF_AGE, SHORTEST), LONGEST)


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
