"""Queries on blocks of text that are on an outlet's pages and of no article."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, bindparam, delete, func, select

from archive.catalog.dialects import dialect_of
from archive.catalog.schema import block, capture, noise
from archive.model import Verdict

__all__ = [
    "SharedBlock",
    "add_blocks",
    "add_noise",
    "articles_seen",
    "articles_with",
    "noise_of",
    "remove_noise",
    "shared_blocks",
]

#: Keys asked for in one statement; engines bound the number of parameters.
BATCH = 400
#: Captures that show an article's text.
SHOWING = (
    Verdict.FIRST,
    Verdict.UNCHANGED,
    Verdict.COSMETIC,
    Verdict.METADATA,
    Verdict.EDIT,
    Verdict.VARIANT,
    Verdict.RESTORED,
)


@dataclass(frozen=True, slots=True)
class SharedBlock:
    """A block that came to, or went from, several articles of an outlet."""

    key: str
    articles: int
    first_at: datetime


def add_blocks(
    connection: Connection, source_id: int, article_id: int, keys: Iterable[str], at: datetime
) -> None:
    """Note that blocks came to an article or went from it; the first time counts."""
    rows = [{"source_id": source_id, "key": key, "article_id": article_id, "at": at} for key in sorted(keys)]
    if rows:
        dialect = dialect_of(connection)
        connection.execute(dialect.insert(block).on_conflict_do_nothing(), rows)


def shared_blocks(
    connection: Connection, source_id: int, keys: Sequence[str], *, since: datetime, least: int
) -> list[SharedBlock]:
    """Return those of the keys that at least so many articles shared since a moment."""
    found: list[SharedBlock] = []
    for start in range(0, len(keys), BATCH):
        rows = connection.execute(
            select(block.c.key, func.count(), func.min(block.c.at))
            .where(
                block.c.source_id == source_id,
                block.c.key.in_(keys[start : start + BATCH]),
                block.c.at >= since,
            )
            .group_by(block.c.key)
            .having(func.count() >= least)
            .order_by(block.c.key)
        )
        found += [SharedBlock(key, int(count), first) for key, count, first in rows]
    return found


def articles_with(
    connection: Connection, source_id: int, keys: Sequence[str], *, since: datetime
) -> list[int]:
    """Return the articles that these blocks came to or went from since a moment, first affected first."""
    rows = connection.execute(
        select(block.c.article_id, func.min(block.c.at).label("first"))
        .where(block.c.source_id == source_id, block.c.key.in_(keys[:BATCH]), block.c.at >= since)
        .group_by(block.c.article_id)
        .order_by("first", block.c.article_id)
    )
    return [int(row[0]) for row in rows]


def articles_seen(connection: Connection, source_id: int, since: datetime) -> int:
    """Count the articles of an outlet whose text was looked at since a moment."""
    query = select(func.count(capture.c.article_id.distinct())).where(
        capture.c.source_id == source_id, capture.c.captured_at >= since, capture.c.verdict.in_(SHOWING)
    )
    return int(connection.execute(query).scalar_one())


def add_noise(
    connection: Connection, source_id: int, keys: Iterable[str], *, since: datetime, event: str | None
) -> None:
    """Say that blocks are of no article; what is known already stays."""
    rows = [{"source_id": source_id, "key": key, "since": since, "event": event} for key in sorted(keys)]
    if rows:
        dialect = dialect_of(connection)
        connection.execute(dialect.insert(noise).on_conflict_do_nothing(), rows)


def remove_noise(connection: Connection, source_id: int, event: str) -> None:
    """Forget what was noise because of an event."""
    connection.execute(delete(noise).where(noise.c.source_id == source_id, noise.c.event == event))


def noise_of(connection: Connection, source_id: int) -> dict[str, datetime]:
    """Return an outlet's noise: key → since when it is known."""
    rows = connection.execute(_NOISE, {"source": source_id})
    return {row[0]: row[1] for row in rows}


#: Asked for every capture of an article: built once.
_NOISE = select(noise.c.key, noise.c.since).where(noise.c.source_id == bindparam("source"))
