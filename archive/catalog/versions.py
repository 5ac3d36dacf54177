"""Queries on versions across articles."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Select, select

from archive.catalog.darkness import shown_article
from archive.catalog.ledger import values_of
from archive.catalog.schema import article, content, source, version
from archive.model import Version

__all__ = ["StoredVersion", "VersionFilter", "captures_of_versions", "stream_versions"]


@dataclass(frozen=True, slots=True, kw_only=True)
class VersionFilter:
    """Which versions are wanted; an empty field does not narrow."""

    article_id: int | None = None
    sources: tuple[str, ...] = ()
    #: Of the first capture that shows it.
    since: datetime | None = None
    #: Exclusive.
    until: datetime | None = None
    #: What is kept dark as well.
    dark: bool = True


@dataclass(frozen=True, slots=True)
class StoredVersion:
    """A version, and what it says as it is kept."""

    version: Version
    source: str
    values: dict[str, Any]


def stream_versions(connection: Connection, wanted: VersionFilter) -> Iterator[StoredVersion]:
    """Yield versions article by article in the order in which they became known, without holding them all."""
    query = (
        select(version, article.c.uri, source.c.name.label("source_name"), content.c.data)
        .join(article, article.c.id == version.c.article_id)
        .join(source, source.c.id == article.c.source_id)
        .join(content, content.c.digest == version.c.content)
        .order_by(version.c.article_id, version.c.number)
    )
    rows = connection.execute(_narrowed(query, wanted), execution_options={"yield_per": 200}).mappings()
    for row in rows:
        found = Version(
            article=row["uri"],
            number=row["number"],
            captured_at=row["captured_at"],
            last_seen_at=row["last_seen_at"],
            capture=row["capture"],
            content=row["content"],
            headline=row["headline"],
            words=row["words"],
            event=row["event"],
        )
        yield StoredVersion(found, row["source_name"], values_of(row["data"]))


def captures_of_versions(wanted: VersionFilter) -> Select[tuple[str]]:
    """Return a query of the captures that showed versions first."""
    query = select(version.c.capture).join(article, article.c.id == version.c.article_id)
    return _narrowed(query.join(source, source.c.id == article.c.source_id), wanted)


def _narrowed(query: Select[Any], wanted: VersionFilter) -> Select[Any]:
    if not wanted.dark:
        query = query.where(shown_article(version.c.article_id))
    if wanted.article_id is not None:
        query = query.where(version.c.article_id == wanted.article_id)
    if wanted.sources:
        query = query.where(source.c.name.in_(wanted.sources))
    if wanted.since is not None:
        query = query.where(version.c.captured_at >= wanted.since)
    if wanted.until is not None:
        query = query.where(version.c.captured_at < wanted.until)
    return query
