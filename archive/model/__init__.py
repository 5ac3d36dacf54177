"""
The values the archive speaks of: captures, articles, versions, notes, edits, events.

Frozen values without behaviour beyond what follows from their fields. Times are aware UTC datetimes
unless a field says that it quotes the page.
"""

from archive.model.articles import Article, Extraction, LiveEntry, Note, NoteKind, NotePosition, Version
from archive.model.captures import (
    PAGE,
    Capture,
    Exchange,
    Observation,
    PageKind,
    RecordPlace,
    RecordType,
    RedirectAim,
    Rendering,
    Verdict,
)
from archive.model.events import (
    Claim,
    Comparison,
    Disclosure,
    Event,
    EventKind,
    Judgement,
    NoteChange,
    NoteDelta,
    Operation,
    OperationKind,
    Severity,
    Track,
)
from archive.model.sources import Source
from archive.model.times import aware

__all__ = [
    "PAGE",
    "Article",
    "Capture",
    "Claim",
    "Comparison",
    "Disclosure",
    "Event",
    "EventKind",
    "Exchange",
    "Extraction",
    "Judgement",
    "LiveEntry",
    "Note",
    "NoteChange",
    "NoteDelta",
    "NoteKind",
    "NotePosition",
    "Observation",
    "Operation",
    "OperationKind",
    "PageKind",
    "RecordPlace",
    "RecordType",
    "RedirectAim",
    "Rendering",
    "Severity",
    "Source",
    "Track",
    "Verdict",
    "Version",
    "aware",
]
