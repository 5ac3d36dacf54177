"""An extraction as plain values and back without loss, and the digest that says "same article content"."""

import json
from dataclasses import asdict, fields
from datetime import datetime
from typing import Any

from archive.digests import sha256
from archive.model import Extraction, LiveEntry, Note, NoteKind, NotePosition, PageKind

__all__ = ["content_digest", "content_of", "extraction_from"]

#: Fields that do not make the content: pictures are served anew at every load; engines are ours, and where a value stood is no news.
APART = frozenset({"image", "canonical", "engine", "error", "rendition", "is_garbled", "origins"})
#: Fields that few articles have; they do not make the content either, and are left out where they say nothing.
SELDOM = ("pages", "single", "is_joined")


def content_of(extraction: Extraction) -> dict[str, Any]:
    """Return an extraction as values that JSON can hold."""
    values = asdict(extraction)
    for name in SELDOM:
        if not values[name]:
            del values[name]
    for note in values["notes"]:
        note["stated_at"] = note["stated_at"].isoformat() if note["stated_at"] else None
    return values


def extraction_from(values: dict[str, Any]) -> Extraction:
    """Return the extraction that `content_of` gave; fields it did not know then have their defaults."""
    known = {one.name for one in fields(Extraction)}
    plain = {name: _tuple(value) for name, value in values.items() if name in known}
    plain["page_kind"] = PageKind(values["page_kind"])
    plain["notes"] = tuple(_note(one) for one in values["notes"])
    plain["entries"] = tuple(LiveEntry(**one) for one in values["entries"])
    return Extraction(**plain)


def content_digest(extraction: Extraction) -> str:
    """Return the labelled digest of what makes the article's content."""
    values = {
        name: value
        for name, value in content_of(extraction).items()
        if name not in APART and name not in SELDOM
    }
    return sha256(json.dumps(values, ensure_ascii=False, sort_keys=True).encode("utf-8", "surrogatepass"))


def _note(values: dict[str, Any]) -> Note:
    stated = values["stated_at"]
    return Note(
        text=values["text"],
        kinds=tuple(NoteKind(kind) for kind in values["kinds"]),
        stated_at=datetime.fromisoformat(stated) if stated else None,
        stated_at_assumed=tuple(values["stated_at_assumed"]),
        position=NotePosition(values["position"]),
    )


def _tuple(value: Any) -> Any:
    return tuple(map(_tuple, value)) if isinstance(value, list) else value
