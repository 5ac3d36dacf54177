"""An event's operations and notes as JSON and back, without loss."""

import json
from datetime import datetime
from typing import Any

from archive.model import (
    Note,
    NoteChange,
    NoteDelta,
    NoteKind,
    NotePosition,
    Operation,
    OperationKind,
    Track,
)

__all__ = ["detail_from", "detail_of"]


def detail_of(operations: tuple[Operation, ...], notes: tuple[NoteDelta, ...]) -> str:
    """Return operations and notes as JSON."""
    values = {
        "operations": [[one.track, one.kind, one.before, one.after] for one in operations],
        "notes": [_note_values(delta) for delta in notes],
    }
    return json.dumps(values, ensure_ascii=False, separators=(",", ":"))


def detail_from(text: str) -> tuple[tuple[Operation, ...], tuple[NoteDelta, ...]]:
    """Return the operations and notes that `detail_of` wrote."""
    values = json.loads(text)
    operations = tuple(
        Operation(track=Track(track), kind=OperationKind(kind), before=before, after=after)
        for track, kind, before, after in values["operations"]
    )
    return operations, tuple(_delta(one) for one in values["notes"])


def _note_values(delta: NoteDelta) -> dict[str, Any]:
    note = delta.note
    return {
        "change": delta.change,
        "text": note.text,
        "kinds": list(note.kinds),
        "stated_at": note.stated_at.isoformat() if note.stated_at else None,
        "assumed": list(note.stated_at_assumed),
        "position": note.position,
    }


def _delta(values: dict[str, Any]) -> NoteDelta:
    return NoteDelta(
        change=NoteChange(values["change"]),
        note=Note(
            text=values["text"],
            kinds=tuple(NoteKind(kind) for kind in values["kinds"]),
            stated_at=datetime.fromisoformat(values["stated_at"]) if values["stated_at"] else None,
            stated_at_assumed=tuple(values["assumed"]),
            position=NotePosition(values["position"]),
        ),
    )
