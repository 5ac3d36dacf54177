"""
What later software found, as metadata records hold it: what captures show now, and events that hold no more.

The first statement beside a capture stays as it is; the last look holds. All that one look changed in an article
stands in one record, behind its texts: a writer that dies leaves all of it or nothing.
"""

import json
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from archive.catalog.event_detail import detail_from, detail_of
from archive.catalog.restatements import Restatement
from archive.digests import capture_id
from archive.model import Disclosure, Event, EventKind, PageKind, Severity, Track
from archive.warc.reader import ReadRecord

__all__ = [
    "Look",
    "LookedAt",
    "NewText",
    "event_from",
    "event_values",
    "later_word",
    "look_values",
    "text_values",
]

#: What marks a metadata record as one of these.
LOOK, TEXT = "lateedition.look", "lateedition.text"
#: An event's values that are plain JSON, and moments.
PLAIN = (
    "id", "article", "source", "kind", "headline", "severity", "disclosure", "from_version", "to_version",
    "from_capture", "to_capture", "words_added", "words_removed", "is_variant", "summary",
)  # fmt: skip
MOMENTS = ("first_seen_at", "confirmed_at")


@dataclass(frozen=True, slots=True)
class NewText:
    """A text that a later look found in a capture; alone it changes nothing."""

    digest: str
    extraction: dict[str, Any]


@dataclass(frozen=True, slots=True)
class LookedAt:
    """What a capture was found to show, by its record's id."""

    record_id: str
    page_kind: PageKind | None
    content: str | None
    is_damaged: bool
    rendition: str

    def at(self, moment: datetime) -> Restatement:
        """Return it as the catalogue keeps it."""
        return Restatement(
            capture=capture_id(self.record_id),
            at=moment,
            page_kind=self.page_kind,
            content=self.content,
            is_damaged=self.is_damaged,
            rendition=self.rendition,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """All that one later look changed in an article."""

    at: datetime
    software: str
    captures: tuple[LookedAt, ...]
    #: Events that were in the ledger and hold no more.
    superseded: tuple[Event, ...]


def text_values(one: NewText) -> dict[str, Any]:
    """Return what the record of a text says."""
    return {TEXT: one.digest, "extraction": one.extraction}


def look_values(one: Look) -> dict[str, Any]:
    """Return what the record of a look says."""
    return {
        LOOK: _iso(one.at),
        "software": one.software,
        "captures": {seen.record_id: _shown(seen) for seen in one.captures},
        "superseded": [event_values(event) for event in one.superseded],
    }


def event_values(event: Event) -> dict[str, Any]:
    """Return an event as values that JSON can hold, without a person's word on it."""
    values: dict[str, Any] = {name: getattr(event, name) for name in PLAIN}
    values |= {name: _iso(getattr(event, name)) for name in MOMENTS}
    return values | {"tracks": list(event.tracks), "detail": json.loads(detail_of(event))}


def later_word(record: ReadRecord) -> Look | NewText | None:
    """Return what a record says of these, or None when it is of another kind."""
    if record.type != "metadata" or not record.block.startswith(
        (f'{{"{LOOK}"'.encode(), f'{{"{TEXT}"'.encode())
    ):
        return None
    try:
        values = json.loads(record.block)
        if TEXT in values:
            return NewText(values[TEXT], values["extraction"])
        return _look(values)
    except (ValueError, KeyError, TypeError, AttributeError):
        return None


def _look(values: dict[str, Any]) -> Look:
    return Look(
        at=datetime.fromisoformat(values[LOOK]),
        software=values["software"],
        captures=tuple(_looked_at(record_id, shown) for record_id, shown in values["captures"].items()),
        superseded=tuple(map(event_from, values["superseded"])),
    )


def _shown(seen: LookedAt) -> dict[str, Any]:
    stated = {
        "page_kind": seen.page_kind,
        "content": seen.content,
        "damaged": seen.is_damaged,
        "rendition": seen.rendition,
    }
    return {name: value for name, value in stated.items() if value}


def _looked_at(record_id: str, stated: dict[str, Any]) -> LookedAt:
    return LookedAt(
        record_id=record_id,
        page_kind=PageKind(stated["page_kind"]) if "page_kind" in stated else None,
        content=stated.get("content"),
        is_damaged=stated.get("damaged", False),
        rendition=stated.get("rendition", ""),
    )


def event_from(values: dict[str, Any]) -> Event:
    """Return the event that `event_values` laid down, superseded."""
    detail = detail_from(json.dumps(values["detail"]))
    plain = {name: values[name] for name in PLAIN}
    plain |= {name: values[name] and datetime.fromisoformat(values[name]) for name in MOMENTS}
    plain["kind"] = EventKind(values["kind"])
    plain["severity"] = Severity(values["severity"]) if values["severity"] else None
    plain["disclosure"] = Disclosure(values["disclosure"])
    return Event(
        **plain,
        tracks=tuple(Track(one) for one in values["tracks"]),
        notes=detail.notes,
        operations=detail.operations,
        reasons=detail.reasons,
        claims=detail.claims,
        unsaid=detail.unsaid,
        is_reverted=detail.is_reverted,
        is_superseded=True,
    )


def _iso(moment: datetime | None) -> str | None:
    return None if moment is None else moment.astimezone(UTC).isoformat()
