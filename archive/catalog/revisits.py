"""Queries for the revisit policy: what articles did, what is watched, what is overdue, and what was learnt."""

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from typing import Any

from sqlalchemy import Connection, and_, bindparam, func, select
from sqlalchemy.orm import aliased

from archive.catalog.frontier import insert_of
from archive.catalog.schema import (
    article,
    capture,
    event,
    frontier_host,
    frontier_url,
    learnt,
    source,
    url,
    version,
)
from archive.model import EventKind

__all__ = [
    "Backlog",
    "EditHistory",
    "Lengths",
    "Standing",
    "Upcoming",
    "Watched",
    "backlog",
    "count_seen_since",
    "count_watched",
    "edit_histories",
    "fetches_between",
    "get_learnt",
    "learnt_at",
    "mean_lengths",
    "set_learnt",
    "standings_of",
    "twofold",
    "upcoming",
    "watched",
]

#: Kinds of events that are edits of an article's words.
EDITS = (EventKind.EDIT, EventKind.LIVE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """What is known of an article when its next visit is decided."""

    source: str
    first_seen_at: datetime
    #: Versions after the first one.
    changes: int
    #: When the newest version was first seen; None while there is only one.
    changed_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class EditHistory:
    """When an article was edited, as far as visits could see."""

    source: str
    first_seen_at: datetime
    last_seen_at: datetime
    #: For every confirmed edit: last seen without it, first seen with it.
    edits: tuple[tuple[datetime, datetime], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Watched:
    """An article under watch."""

    host: str
    source: str
    first_seen_at: datetime
    changes: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Upcoming:
    """An article and when it is visited next."""

    uri: str
    host: str
    next_due: datetime
    failures: int
    reason: str | None
    is_signalled: bool
    #: None before its first visit.
    standing: Standing | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Backlog:
    """What is due and was not visited yet."""

    overdue: int
    #: When the one that waits longest was due.
    oldest: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Lengths:
    """Mean bytes of the records of articles on disk; None before there are any."""

    #: Of records with a whole answer.
    full: float | None
    #: Of all.
    any: float | None


def standings_of(connection: Connection, articles: Iterable[int]) -> dict[int, Standing]:
    """Return where articles stand, by row."""
    rows = connection.execute(_STANDINGS, {"articles": sorted(articles)}).mappings()
    return {row["id"]: _standing(row) for row in rows}


def twofold(connection: Connection, articles: Iterable[int]) -> set[int]:
    """Return those articles that are watched at more than one address."""
    return set(connection.execute(_TWOFOLD, {"articles": sorted(articles)}).scalars())


def count_seen_since(connection: Connection, since: datetime) -> int:
    """Count the articles first seen since a moment."""
    return int(connection.execute(select(func.count()).where(article.c.first_seen_at >= since)).scalar_one())


def edit_histories(connection: Connection, since: datetime, *, every: int = 1) -> Iterator[EditHistory]:
    """Yield each so manieth article first seen since a moment with its confirmed edits; variants are none."""
    before = aliased(version)
    rows = connection.execute(
        select(
            article.c.id,
            source.c.name.label("source"),
            article.c.first_seen_at,
            article.c.last_seen_at,
            before.c.last_seen_at.label("unseen_at"),
            event.c.first_seen_at.label("seen_at"),
        )
        .join(source, source.c.id == article.c.source_id)
        .outerjoin(
            event,
            and_(
                event.c.article_id == article.c.id,
                event.c.kind.in_(EDITS),
                event.c.confirmed_at.is_not(None),
                event.c.is_variant.is_(False),
                event.c.is_superseded.is_(False),
            ),
        )
        .outerjoin(before, and_(before.c.article_id == article.c.id, before.c.number == event.c.from_version))
        .where(article.c.first_seen_at >= since, article.c.id % every == 0)
        .order_by(article.c.id, event.c.first_seen_at),
        execution_options={"yield_per": 1000},
    ).mappings()
    for _, group in groupby(rows, key=lambda row: row["id"]):
        found = list(group)
        yield EditHistory(
            source=found[0]["source"],
            first_seen_at=found[0]["first_seen_at"],
            last_seen_at=found[0]["last_seen_at"],
            edits=tuple(
                (row["unseen_at"] or row["seen_at"], row["seen_at"])
                for row in found
                if row["seen_at"] is not None
            ),
        )


def count_watched(connection: Connection) -> int:
    """Count the addresses under watch."""
    return int(connection.execute(select(func.count()).select_from(frontier_url)).scalar_one())


def watched(connection: Connection, *, every: int = 1) -> Iterator[Watched]:
    """Yield each so manieth article that is visited, of sources that are not paused."""
    rows = connection.execute(
        select(frontier_url.c.host, source.c.name, article.c.first_seen_at, article.c.versions)
        .join(url, url.c.id == frontier_url.c.url_id)
        .join(article, article.c.id == url.c.article_id)
        .join(source, source.c.id == frontier_url.c.source_id)
        .where(source.c.is_paused.is_(False), frontier_url.c.url_id % every == 0),
        execution_options={"yield_per": 5000},
    )
    for host, name, first_seen_at, versions in rows:
        yield Watched(host=host, source=name, first_seen_at=first_seen_at, changes=max(0, versions - 1))


def upcoming(connection: Connection, source_name: str, limit: int) -> list[Upcoming]:
    """Return a source's articles that are visited next, the soonest first."""
    found = (
        connection.execute(
            select(
                url.c.uri,
                url.c.article_id,
                frontier_url.c.host,
                frontier_url.c.next_due,
                frontier_url.c.failures,
                frontier_url.c.reason,
                frontier_url.c.is_signalled,
            )
            .join(url, url.c.id == frontier_url.c.url_id)
            .join(source, source.c.id == frontier_url.c.source_id)
            .where(source.c.name == source_name)
            .order_by(frontier_url.c.next_due, url.c.id)
            .limit(limit)
        )
        .mappings()
        .all()
    )
    articles = {row["article_id"] for row in found if row["article_id"] is not None}
    standings = standings_of(connection, articles)
    return [
        Upcoming(
            uri=row["uri"],
            host=row["host"],
            next_due=row["next_due"],
            failures=row["failures"],
            reason=row["reason"],
            is_signalled=row["is_signalled"],
            standing=standings.get(row["article_id"]),
        )
        for row in found
    ]


def backlog(connection: Connection, now: datetime) -> Backlog:
    """Say how much is due, and since when; reads what is due alone, whatever is watched."""
    of_host = (
        frontier_url.c.host == frontier_host.c.host,
        frontier_url.c.next_due <= now,
        frontier_url.c.source_id.in_(select(source.c.id).where(source.c.is_paused.is_(False))),
    )
    count, oldest = (
        select(what).where(*of_host).correlate(frontier_host).scalar_subquery()
        for what in (func.count(), func.min(frontier_url.c.next_due))
    )
    due = select(count.label("due"), oldest.label("oldest")).select_from(frontier_host).subquery()
    found, since = connection.execute(select(func.sum(due.c.due), func.min(due.c.oldest))).one()
    return Backlog(overdue=int(found or 0), oldest=since)


def fetches_between(connection: Connection, since: datetime, until: datetime) -> int:
    """Count captures of articles between two moments."""
    query = select(func.count()).where(
        capture.c.captured_at >= since, capture.c.captured_at < until, capture.c.article_id.is_not(None)
    )
    return int(connection.execute(query).scalar_one())


def mean_lengths(connection: Connection) -> Lengths:
    """Return how long the newest records of articles are in the mean."""
    newest = (
        select(capture.c.length, capture.c.record_type)
        .where(capture.c.article_id.is_not(None), capture.c.length.is_not(None))
        .order_by(capture.c.captured_at.desc())
        .limit(5000)
        .subquery()
    )
    full, any_ = connection.execute(
        select(
            func.avg(newest.c.length).filter(newest.c.record_type == "response"), func.avg(newest.c.length)
        )
    ).one()
    return Lengths(full=None if full is None else float(full), any=None if any_ is None else float(any_))


def get_learnt(connection: Connection, name: str) -> dict[str, Any] | None:
    """Return what was learnt under a name."""
    data = connection.execute(select(learnt.c.data).where(learnt.c.name == name)).scalar()
    if data is None:
        return None
    values: dict[str, Any] = json.loads(data)
    return values


def learnt_at(connection: Connection, name: str) -> datetime | None:
    """Return when something was learnt under a name last."""
    return connection.execute(select(learnt.c.at).where(learnt.c.name == name)).scalar()


def set_learnt(connection: Connection, name: str, at: datetime, values: dict[str, Any]) -> None:
    """Keep what was learnt under a name."""
    data = {"at": at, "data": json.dumps(values, separators=(",", ":"))}
    statement = insert_of(connection, learnt).values(name=name, **data)
    connection.execute(statement.on_conflict_do_update(index_elements=["name"], set_=data))


_STANDINGS = (
    select(
        article.c.id,
        source.c.name.label("source"),
        article.c.first_seen_at,
        article.c.versions,
        version.c.captured_at.label("changed_at"),
    )
    .join(source, source.c.id == article.c.source_id)
    .outerjoin(version, and_(version.c.article_id == article.c.id, version.c.number == article.c.versions))
    .where(article.c.id.in_(bindparam("articles", expanding=True)))
)

_TWOFOLD = (
    select(url.c.article_id)
    .join(frontier_url, frontier_url.c.url_id == url.c.id)
    .where(url.c.article_id.in_(bindparam("articles", expanding=True)))
    .group_by(url.c.article_id)
    .having(func.count() > 1)
)


def _standing(row: Any) -> Standing:
    changes = max(0, row["versions"] - 1)
    return Standing(
        source=row["source"],
        first_seen_at=row["first_seen_at"],
        changes=changes,
        changed_at=row["changed_at"] if changes else None,
    )
