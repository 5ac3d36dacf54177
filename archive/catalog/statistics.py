"""Queries that count articles and edits by source and week."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import BigInteger, ColumnElement, Connection, Select, func, select, type_coerce

from archive.catalog.columns import from_micros, to_micros
from archive.catalog.ledger import ALERTS, DISCLOSURE, is_on_event
from archive.catalog.schema import article, capture, event, judgement, source
from archive.model import EventKind, NoteKind

__all__ = ["EditRow", "Span", "WatchedRow", "edits_by_time", "watched_by_week"]

WEEK = timedelta(days=7) // timedelta(microseconds=1)
#: 1970 began on a Thursday; weeks begin on Mondays.
MONDAY = timedelta(days=3) // timedelta(microseconds=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """Which time and sources are counted; an empty field does not narrow."""

    since: datetime | None = None
    #: Exclusive.
    until: datetime | None = None
    sources: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class WatchedRow:
    """An article that was looked at in a week."""

    source: str
    week: datetime
    article_id: int
    first_seen_at: datetime


@dataclass(frozen=True, slots=True)
class EditRow:
    """What is counted of one edit."""

    source: str
    article_id: int
    first_seen_at: datetime
    tracks: str
    disclosure: str
    has_correction: bool
    published_at: str | None
    article_seen_at: datetime


def week_of(moment: datetime) -> datetime:
    """Return the Monday on which a moment's week begins, at 00:00 UTC."""
    return from_micros((to_micros(moment) + MONDAY) // WEEK * WEEK - MONDAY)


def watched_by_week(connection: Connection, span: Span) -> Iterator[WatchedRow]:
    """Yield each article once for each week in which a capture of it was made."""
    number = ((type_coerce(capture.c.captured_at, BigInteger) + MONDAY) // WEEK).label("week")
    query = (
        select(source.c.name, number, capture.c.article_id, article.c.first_seen_at)
        .join(article, article.c.id == capture.c.article_id)
        .join(source, source.c.id == article.c.source_id)
        .group_by(source.c.name, number, capture.c.article_id, article.c.first_seen_at)
    )
    rows = connection.execute(
        _narrowed(query, span, capture.c.captured_at), execution_options={"yield_per": 1000}
    )
    for name, week, article_id, first_seen_at in rows:
        yield WatchedRow(name, from_micros(week * WEEK - MONDAY), article_id, first_seen_at)


def edits_by_time(connection: Connection, span: Span) -> Iterator[EditRow]:
    """Yield the edits that raise an alert, by `first_seen_at`."""
    query = (
        select(
            source.c.name,
            event.c.article_id,
            event.c.first_seen_at,
            event.c.tracks,
            DISCLOSURE,
            func.coalesce(event.c.detail.like(f'%"{NoteKind.CORRECTION}"%'), False),
            article.c.published_at,
            article.c.first_seen_at,
        )
        .join(article, article.c.id == event.c.article_id)
        .join(source, source.c.id == event.c.source_id)
        .outerjoin(judgement, is_on_event())
        .where(ALERTS, event.c.is_superseded.is_(False), event.c.kind == EventKind.EDIT)
        .order_by(event.c.first_seen_at, event.c.id)
    )
    rows = connection.execute(
        _narrowed(query, span, event.c.first_seen_at), execution_options={"yield_per": 1000}
    )
    for row in rows:
        yield EditRow(*row)


def _narrowed(query: Select[Any], span: Span, moment: ColumnElement[datetime]) -> Select[Any]:
    if span.since is not None:
        query = query.where(moment >= span.since)
    if span.until is not None:
        query = query.where(moment < span.until)
    if span.sources:
        query = query.where(source.c.name.in_(span.sources))
    return query
