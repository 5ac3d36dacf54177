"""An event's operations, notes and evidence as JSON and back, without loss."""

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from archive.model import (
    Claim,
    Event,
    Note,
    NoteChange,
    NoteDelta,
    NoteKind,
    NotePosition,
    Operation,
    OperationKind,
    Track,
)

__all__ = ["Detail", "detail_from", "detail_of"]


#: By value: half the price of a call, and a million events are read at once.
TRACKS = {one.value: one for one in Track}
KINDS = {one.value: one for one in OperationKind}


@dataclass(frozen=True, slots=True, kw_only=True)
class Detail:
    """What is kept of an event beside its columns: read whole, never searched."""

    operations: tuple[Operation, ...]
    notes: tuple[NoteDelta, ...]
    reasons: tuple[str, ...]
    claims: tuple[Claim, ...]
    unsaid: tuple[int, ...]
    is_reverted: bool


def detail_of(event: Event) -> str:
    """Return an event's operations, notes and evidence as JSON."""
    values: dict[str, Any] = {
        "operations": [[one.track, one.kind, one.before, one.after] for one in event.operations],
        "notes": [_note_values(delta) for delta in event.notes],
        "reasons": event.reasons,
        "claims": [[one.note, one.text, one.operations] for one in event.claims],
        "unsaid": event.unsaid,
        "is_reverted": event.is_reverted,
    }
    return json.dumps(values, ensure_ascii=False, separators=(",", ":"))


def detail_from(text: str) -> Detail:
    """Return what `detail_of` wrote; what older software did not write has its default."""
    values = json.loads(text)
    return Detail(
        operations=tuple(
            Operation(track=TRACKS[track], kind=KINDS[kind], before=before, after=after)
            for track, kind, before, after in values["operations"]
        ),
        notes=tuple(_delta(one) for one in values["notes"]),
        reasons=tuple(values.get("reasons", ())),
        claims=tuple(
            Claim(note=note, text=said, operations=tuple(places))
            for note, said, places in values.get("claims", ())
        ),
        unsaid=tuple(values.get("unsaid", ())),
        is_reverted=values.get("is_reverted", False),
    )


def _note_values(delta: NoteDelta) -> dict[str, Any]:
    note = delta.note
    return {
        "change": delta.change,
        "text": note.text,
        "kinds": list(note.kinds),
        "stated_at": note.stated_at.isoformat() if note.stated_at else None,
        "assumed": list(note.stated_at_assumed),
        "position": note.position,
    } | ({"before": delta.before} if delta.before else {})


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
        before=values.get("before", ""),
    )
