"""Queries on what captures are found to show by later software than looked at them first."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, RowMapping, Select, and_, bindparam, func, or_, select, update

from archive.catalog.dialects import dialect_of
from archive.catalog.schema import capture, restatement
from archive.model import PageKind, RecordType

__all__ = [
    "Restatement",
    "last_restated",
    "restate_captures",
    "restatements_of",
    "unheeded_restatements",
    "upsert_restatements",
]

#: Rows written in one statement; engines bound the number of parameters.
BATCH = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class Restatement:
    """What a capture shows by a later look at it."""

    #: The capture's id.
    capture: str
    #: When it was looked at: the last look holds.
    at: datetime
    #: None for a body that was not looked into: it ended early.
    page_kind: PageKind | None
    content: str | None
    is_damaged: bool
    rendition: str


def upsert_restatements(connection: Connection, said: Sequence[Restatement]) -> None:
    """Keep what later looks found; an older look never replaces a newer. Idempotent."""
    newest = {one.capture: one for one in sorted(said, key=lambda one: one.at)}
    rows = [{"capture": one.capture, "at": one.at, **_shown(one)} for one in newest.values()]
    for start in range(0, len(rows), BATCH):
        statement = dialect_of(connection).insert(restatement).values(rows[start : start + BATCH])
        changed = {name: statement.excluded[name] for name in rows[0] if name != "capture"}
        connection.execute(
            statement.on_conflict_do_update(
                index_elements=["capture"], set_=changed, where=restatement.c.at < statement.excluded.at
            )
        )


def restatements_of(connection: Connection, captures: Sequence[str]) -> dict[str, Restatement]:
    """Return what later looks at these captures found, by capture."""
    rows = connection.execute(select(restatement).where(restatement.c.capture.in_(captures))).mappings()
    return {row["capture"]: _restatement(row) for row in rows}


def last_restated(connection: Connection) -> datetime | None:
    """Return the moment of the newest look."""
    newest: datetime | None = connection.execute(select(func.max(restatement.c.at))).scalar()
    return newest


def unheeded_restatements(connection: Connection) -> list[Restatement]:
    """Return what the rows of catalogued captures do not say yet: who found it was stopped before it was written."""
    differs = or_(*[capture.c[name].is_distinct_from(restatement.c[name]) for name in SHOWN])
    query: Select[Any] = (
        select(restatement).join(capture, capture.c.id == restatement.c.capture).where(differs)
    )
    return [_restatement(row) for row in connection.execute(query.order_by(restatement.c.at)).mappings()]


def restate_captures(connection: Connection, said: Restatement) -> None:
    """Let a capture, and the revisits that stand for it, show what a later look at it found."""
    connection.execute(update(capture).where(capture.c.id == said.capture).values(_shown(said)))
    original = connection.execute(_ORIGINAL, {"capture": said.capture}).one()
    if original.is_rendered:
        return
    same = and_(capture.c.refers_to.is_(None), capture.c.payload_digest == original.payload_digest)
    connection.execute(
        update(capture)
        .where(
            capture.c.url_id == original.url_id,
            capture.c.record_type == RecordType.REVISIT,
            capture.c.is_rendered.is_(False),
            or_(capture.c.refers_to == said.capture, same),
            capture.c.id.not_in(select(restatement.c.capture)),
        )
        .values(_shown(said))
    )


_ORIGINAL = select(capture.c.url_id, capture.c.payload_digest, capture.c.is_rendered).where(
    capture.c.id == bindparam("capture")
)
SHOWN = ("page_kind", "content", "is_damaged", "rendition")


def _shown(said: Restatement) -> dict[str, Any]:
    return {name: getattr(said, name) for name in SHOWN}


def _restatement(row: RowMapping) -> Restatement:
    return Restatement(
        capture=row["capture"],
        at=row["at"],
        page_kind=PageKind(row["page_kind"]) if row["page_kind"] else None,
        content=row["content"],
        is_damaged=row["is_damaged"],
        rendition=row["rendition"],
    )
