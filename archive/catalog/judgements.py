"""Queries on what people said of events; a judgement as JSON and back."""

import json
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Connection, RowMapping, select

from archive.catalog.dialects import dialect_of
from archive.catalog.schema import judgement
from archive.model import Disclosure, EventKind, Judgement, Severity

__all__ = ["judgement_from", "judgement_of", "judgement_on", "upsert_judgement"]


def judgement_of(said: Judgement) -> str:
    """Return a judgement as JSON, as it is kept in the catalogue and in its WARC record."""
    values = {
        "event": said.event,
        "kind": said.kind,
        "to_capture": said.to_capture,
        "article": said.article,
        "judged_at": said.judged_at.astimezone(UTC).isoformat(),
        "is_an_edit": said.is_an_edit,
        "severity": said.severity,
        "disclosure": said.disclosure,
        "comment": said.comment,
        "tags": list(said.tags),
    }
    return json.dumps(values, ensure_ascii=False, separators=(",", ":"))


def judgement_from(text: str) -> Judgement:
    """Return the judgement that `judgement_of` wrote; ValueError when it is none."""
    try:
        values: dict[str, Any] = json.loads(text)
        return Judgement(
            event=values["event"],
            kind=EventKind(values["kind"]),
            to_capture=values["to_capture"],
            article=values["article"],
            judged_at=datetime.fromisoformat(values["judged_at"]),
            is_an_edit=values["is_an_edit"],
            severity=Severity(values["severity"]) if values["severity"] else None,
            disclosure=Disclosure(values["disclosure"]) if values["disclosure"] else None,
            comment=values["comment"],
            tags=tuple(values["tags"]),
        )
    except (KeyError, TypeError) as error:
        message = f"no judgement: {text[:100]!r}"
        raise ValueError(message) from error


def upsert_judgement(connection: Connection, said: Judgement) -> bool:
    """Keep a judgement in place of an earlier one of the same event; False when a later one is known."""
    known = judgement_on(connection, said.to_capture, said.kind)
    if known is not None and known.judged_at > said.judged_at:
        return False
    values = {
        "event": said.event,
        "judged_at": said.judged_at,
        "severity": said.severity,
        "disclosure": said.disclosure,
        "is_an_edit": said.is_an_edit,
        "detail": judgement_of(said),
    }
    dialect = dialect_of(connection)
    statement = dialect.insert(judgement).values(to_capture=said.to_capture, kind=said.kind, **values)
    connection.execute(statement.on_conflict_do_update(index_elements=["to_capture", "kind"], set_=values))
    return True


def judgement_on(connection: Connection, to_capture: str, kind: EventKind) -> Judgement | None:
    """Return what was said of the event of a kind that a capture showed first."""
    row: RowMapping | None = (
        connection.execute(
            select(judgement.c.detail).where(judgement.c.to_capture == to_capture, judgement.c.kind == kind)
        )
        .mappings()
        .first()
    )
    return None if row is None else judgement_from(row["detail"])
