"""Queries on how much of an outlet changes at once, and on the article around an event."""

import json
import zlib
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, func, select

from archive.catalog.schema import article, content, event, source, version
from archive.model import EventKind

__all__ = [
    "articles_captured",
    "articles_edited",
    "contents_around",
    "contents_of_events",
    "had_redesign",
    "published_at_of",
]


def articles_edited(connection: Connection, source_name: str, since: datetime) -> int:
    """Count the articles of a source with an alerting event first seen after a moment."""
    query = (
        select(func.count(event.c.article_id.distinct()))
        .join(source, source.c.id == event.c.source_id)
        .where(
            source.c.name == source_name,
            event.c.first_seen_at >= since,
            event.c.alert,
            event.c.is_superseded.is_(False),
        )
    )
    return int(connection.execute(query).scalar_one())


def articles_captured(connection: Connection, source_name: str, since: datetime) -> int:
    """Count the articles of a source that were looked at after a moment."""
    query = (
        select(func.count())
        .select_from(article)
        .join(source, source.c.id == article.c.source_id)
        .where(source.c.name == source_name, article.c.last_seen_at >= since)
    )
    return int(connection.execute(query).scalar_one())


def had_redesign(connection: Connection, source_name: str, since: datetime) -> bool:
    """Tell whether a redesign of a source was first seen after a moment."""
    query = (
        select(event.c.id)
        .join(source, source.c.id == event.c.source_id)
        .where(
            source.c.name == source_name,
            event.c.first_seen_at >= since,
            event.c.kind == EventKind.REDESIGN,
            event.c.is_superseded.is_(False),
        )
        .limit(1)
    )
    return connection.execute(query).first() is not None


def contents_around(
    connection: Connection, event_id: str, numbers: Sequence[int]
) -> tuple[list[dict[str, Any]], datetime | None]:
    """Return the contents of versions of an event's article, oldest first, and when the article was first captured."""
    mine = select(event.c.article_id).where(event.c.id == event_id).scalar_subquery()
    rows = connection.execute(
        select(content.c.data)
        .join(version, version.c.content == content.c.digest)
        .where(version.c.article_id == mine, version.c.number.in_(numbers))
        .order_by(version.c.number)
    ).scalars()
    begun = connection.execute(select(article.c.first_seen_at).where(article.c.id == mine)).scalar()
    return [json.loads(zlib.decompress(data)) for data in rows], begun


def published_at_of(connection: Connection, event_id: str) -> str | None:
    """Return when an event's article was published, as its page states it."""
    query = (
        select(article.c.published_at)
        .join(event, event.c.article_id == article.c.id)
        .where(event.c.id == event_id)
    )
    return connection.execute(query).scalar()


def contents_of_events(
    connection: Connection, ids: Sequence[str]
) -> dict[str, tuple[list[bytes], datetime | None]]:
    """Return, for many events at once, the contents before and after as they are kept, and the first capture of the article."""
    rows = connection.execute(
        select(event.c.id, article.c.first_seen_at, content.c.data)
        .join(article, article.c.id == event.c.article_id)
        .join(
            version,
            (version.c.article_id == event.c.article_id)
            & ((version.c.number == event.c.from_version) | (version.c.number == event.c.to_version)),
        )
        .join(content, content.c.digest == version.c.content)
        .where(event.c.id.in_(ids))
        .order_by(event.c.id, version.c.number)
    )
    found: dict[str, tuple[list[bytes], datetime | None]] = {}
    for row in rows:
        found.setdefault(row.id, ([], row.first_seen_at))[0].append(row.data)
    return found
