"""Writes the edit ledger: contents, versions and events; nothing that was once in it is erased."""

import json
import zlib
from collections.abc import Sequence
from functools import lru_cache
from typing import Any

from sqlalchemy import Connection, bindparam, delete, select, update

from archive.catalog.dialects import dialect_named, dialect_of
from archive.catalog.event_detail import detail_of
from archive.catalog.ledger import content_values
from archive.catalog.schema import article, content, event, source, version
from archive.catalog.search_index import forget_versions, index_event, index_version
from archive.model import Event, EventKind, Version
from archive.text.contents import extraction_from

__all__ = [
    "add_content",
    "add_superseded",
    "supersede_events",
    "truncate_versions",
    "upsert_event",
    "upsert_version",
]


def add_content(connection: Connection, digest: str, values: dict[str, Any]) -> None:
    """Keep an extraction under its digest; one that is there stays as it is."""
    dialect = dialect_of(connection)
    data = zlib.compress(json.dumps(values, ensure_ascii=False, separators=(",", ":")).encode(), 6)
    connection.execute(
        dialect.insert(content)
        .values(digest=digest, data=data)
        .on_conflict_do_nothing(index_elements=["digest"])
    )


def upsert_version(connection: Connection, article_id: int, new: Version) -> None:
    """Add a version, or bring its row to what is known now; what it says is indexed with it."""
    values = {
        "captured_at": new.captured_at,
        "last_seen_at": new.last_seen_at,
        "capture": new.capture,
        "content": new.content,
        "headline": new.headline,
        "words": new.words,
        "event": new.event,
    }
    _upsert(connection, version, {"article_id": article_id, "number": new.number}, values)
    index_version(
        connection, article_id, new, lambda: extraction_from(content_values(connection, new.content))
    )


def truncate_versions(connection: Connection, article_id: int, keep: int) -> None:
    """Drop versions beyond a number, after the history was worked out anew."""
    connection.execute(delete(version).where(version.c.article_id == article_id, version.c.number > keep))
    forget_versions(connection, article_id, keep)


def upsert_event(connection: Connection, article_id: int, source_id: int, new: Event) -> None:
    """Add an event, or bring its row to what is known now; its words are indexed with it."""
    _upsert(connection, event, {"id": new.id}, _values(article_id, source_id, new))
    index_event(connection, new)


def add_superseded(connection: Connection, article_id: int, old: Event) -> None:
    """Add an event that was in the ledger once and holds no more; one that is there stays as it is."""
    of_source = connection.execute(select(source.c.id).where(source.c.name == old.source)).scalar()
    if of_source is None:
        of_source = connection.execute(
            select(article.c.source_id).where(article.c.id == article_id)
        ).scalar_one()
    values = {"id": old.id, **_values(article_id, of_source, old), "alert": False, "is_superseded": True}
    statement = dialect_of(connection).insert(event).values(values)
    connection.execute(statement.on_conflict_do_nothing(index_elements=["id"]))


def _values(article_id: int, source_id: int, new: Event) -> dict[str, Any]:
    return {
        "article_id": article_id,
        "source_id": source_id,
        "kind": new.kind,
        "severity": new.severity,
        "disclosure": new.disclosure,
        "first_seen_at": new.first_seen_at,
        "confirmed_at": new.confirmed_at,
        "alert": new.alert,
        "is_variant": new.is_variant,
        "is_superseded": new.is_superseded,
        "from_version": new.from_version,
        "to_version": new.to_version,
        "from_capture": new.from_capture,
        "to_capture": new.to_capture,
        "words_added": new.words_added,
        "words_removed": new.words_removed,
        "tracks": ",".join(new.tracks),
        "headline": new.headline,
        "summary": new.summary,
        "detail": detail_of(new),
    }


def supersede_events(connection: Connection, article_id: int, still: Sequence[str]) -> int:
    """
    Mark an article's events that no longer hold; they are never erased. Returns how many.

    A redesign is an event of the outlet and does not depend on one article.
    """
    query = update(event).where(
        event.c.article_id == article_id,
        event.c.is_superseded.is_(False),
        event.c.kind != EventKind.REDESIGN,
    )
    if still:
        query = query.where(event.c.id.not_in(still))
    return connection.execute(query.values(is_superseded=True, alert=False)).rowcount


def _upsert(connection: Connection, table: Any, key: dict[str, Any], values: dict[str, Any]) -> None:
    statement = _upserting(connection.dialect.name, table, tuple(key), tuple(values))
    connection.execute(statement, {**key, **values})


@lru_cache(maxsize=64)
def _upserting(engine: str, table: Any, key: tuple[str, ...], columns: tuple[str, ...]) -> Any:
    """Return the statement that adds a row or changes these columns of the one with its key."""
    dialect = dialect_named(engine)
    statement = dialect.insert(table).values({name: bindparam(name) for name in (*key, *columns)})
    changed = {name: statement.excluded[name] for name in columns}
    return statement.on_conflict_do_update(index_elements=list(key), set_=changed)
