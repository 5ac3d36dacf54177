"""Says in words why an article is due when it is."""

from datetime import datetime

from sqlalchemy import Connection

from archive.catalog import sources
from archive.catalog.revisits import Upcoming
from scheduler.policy import Pace, VisitPast, explain
from scheduler.signals import SignalRecord, told

__all__ = ["signals_told", "why_due"]


def signals_told(connection: Connection, source: str) -> str:
    """Return in words whether a source's announcements of changes are believed, and why."""
    row = sources.source_id(connection, source)
    counted = sources.counts_of(connection, [row]) if row is not None else {}
    record = SignalRecord(**counted[row].signals) if row in counted else SignalRecord()
    return told(record)


def why_due(visit: Upcoming, pace: Pace, now: datetime) -> str:
    """Return the reason for an article's next visit, in one sentence without its full stop."""
    if visit.failures:
        times = "once" if visit.failures == 1 else f"{visit.failures} times in a row"
        return f"its last visit failed {times} ({visit.reason or 'failure'}), so it is tried again"
    if visit.standing is None:
        return "found, not yet visited"
    if visit.is_signalled:
        return "a feed or sitemap says that it changed"
    standing = visit.standing
    past = VisitPast(
        now=now,
        since=standing.first_seen_at,
        verdict=None,
        outlet=standing.source,
        host=visit.host,
        changes=standing.changes,
        changed_at=standing.changed_at,
    )
    return explain(past, pace)
