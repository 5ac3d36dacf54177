"""What happened to an article: operations, events of the ledger, and a person's word on them."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from archive.model.articles import Note
from archive.model.captures import Verdict

__all__ = [
    "Claim",
    "Comparison",
    "Disclosure",
    "Event",
    "EventKind",
    "Judgement",
    "NoteChange",
    "NoteDelta",
    "Operation",
    "OperationKind",
    "Severity",
    "Track",
]


class Track(StrEnum):
    """The parts of an article that are compared apart."""

    HEADLINE = "headline"
    DEK = "dek"
    BODY = "body"
    CAPTION = "caption"
    BYLINE = "byline"
    DATES = "dates"
    SEO_TITLE = "seo_title"
    NOTES = "notes"


class NoteChange(StrEnum):
    """What happened to a note between two versions."""

    ADDED = "added"
    CHANGED = "changed"
    REMOVED = "removed"


class EventKind(StrEnum):
    """What an event in the ledger reports."""

    EDIT = "edit"
    LIVE = "live"
    REMOVED = "removed"
    RESTORED = "restored"
    MOVED = "moved"
    METADATA = "metadata"
    COSMETIC = "cosmetic"
    REDESIGN = "redesign"


class Severity(StrEnum):
    """How much an edit changes what the article says."""

    MATERIAL = "material"  # a fact, number, name, quotation, negation or statement changed, came or went
    MINOR = "minor"  # spelling, grammar or style


class Disclosure(StrEnum):
    """Whether the outlet's own note accounts for an edit."""

    DISCLOSED = "disclosed"  # the note names what changed
    PARTIAL = "partial"  # it names some of it
    SILENT = "silent"  # something that needed a note has none
    NONE = "none"  # nothing that needed disclosing
    UNKNOWN = "unknown"  # cannot be told


class OperationKind(StrEnum):
    """What happened to one sentence (or one whole field) between two versions."""

    INSERT = "insert"
    DELETE = "delete"
    REPLACE = "replace"
    MOVE = "move"


@dataclass(frozen=True, slots=True, kw_only=True)
class Operation:
    """One change inside one track."""

    track: Track
    kind: OperationKind
    #: The sentence or field before; "" for an insert.
    before: str = ""
    #: The sentence or field after; "" for a delete.
    after: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class NoteDelta:
    """What happened to one note."""

    change: NoteChange
    #: The note as it stands after the change; as it stood before when it was removed.
    note: Note
    #: How a note that changed read before; "" for one that came or went.
    before: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """What a note says was changed, tied to the operations that it explains."""

    #: Place of the note in the comparison's or event's `notes`.
    note: int
    #: The words of the note that name the change.
    text: str
    #: Places of the operations in `operations`.
    operations: tuple[int, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """How one version differs from another."""

    #: UNCHANGED, COSMETIC, METADATA, LIVE or EDIT.
    verdict: Verdict
    operations: tuple[Operation, ...] = ()
    notes: tuple[NoteDelta, ...] = ()
    tracks: tuple[Track, ...] = ()
    severity: Severity | None = None
    disclosure: Disclosure = Disclosure.NONE
    words_added: int = 0
    words_removed: int = 0
    #: One line for a busy editor.
    summary: str = ""
    #: Why it is as severe as it is: kinds of change, gravest first, with the words ("number: “23” → “32”").
    reasons: tuple[str, ...] = ()
    #: What the notes say, tied to what was done.
    claims: tuple[Claim, ...] = ()
    #: Places of the operations that needed a note and that no note names.
    unsaid: tuple[int, ...] = ()
    #: It takes back an edit that was made before.
    is_reverted: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """One line of the edit ledger."""

    #: Derived from the article and the captures between which it happened.
    id: str
    article: str
    kind: EventKind
    first_seen_at: datetime
    #: None until the next trusted capture still has it.
    confirmed_at: datetime | None = None
    headline: str = ""
    source: str = ""
    severity: Severity | None = None
    tracks: tuple[Track, ...] = ()
    from_version: int | None = None
    to_version: int | None = None
    #: Ids of the captures between which it happened.
    from_capture: str | None = None
    to_capture: str | None = None
    words_added: int = 0
    words_removed: int = 0
    notes: tuple[NoteDelta, ...] = ()
    disclosure: Disclosure = Disclosure.UNKNOWN
    is_variant: bool = False
    alert: bool = False
    summary: str = ""
    operations: tuple[Operation, ...] = ()
    #: It was reported and does not hold any more (a late capture told otherwise); kept, never shown as an event.
    is_superseded: bool = False
    #: As in `Comparison`.
    reasons: tuple[str, ...] = ()
    claims: tuple[Claim, ...] = ()
    unsaid: tuple[int, ...] = ()
    is_reverted: bool = False
    #: A person's word on it, which goes before what was found; None when nobody has spoken.
    judgement: "Judgement | None" = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Judgement:
    """A person's word on an event. Fields that are None or empty leave the ledger's own answer as it is."""

    event: str
    #: What ties the judgement to its event when ids are worked out anew.
    kind: EventKind
    to_capture: str
    #: The article's address, and the record that the event was seen in.
    article: str
    judged_at: datetime
    #: None leaves open whether it is one.
    is_an_edit: bool | None = None
    severity: Severity | None = None
    disclosure: Disclosure | None = None
    comment: str = ""
    tags: tuple[str, ...] = ()
