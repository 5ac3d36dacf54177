"""
The values the archive speaks of: captures, articles, versions, notes, edits, events.

Frozen values without behaviour beyond what follows from their fields. Times are aware UTC datetimes
unless a field says that it quotes the page.
"""

from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum

__all__ = [
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
    "Severity",
    "Source",
    "Track",
    "Verdict",
    "Version",
    "aware",
]


def aware(moment: datetime) -> datetime:
    """Return the moment in UTC, or raise ValueError when it has no zone."""
    if moment.tzinfo is None:
        message = f"{moment!r} has no time zone"
        raise ValueError(message)
    return moment.astimezone(UTC)


class PageKind(StrEnum):
    """What a page is, judged before anything is extracted from it."""

    ARTICLE = "article"  # one news story
    LIVEBLOG = "liveblog"  # one story told in dated entries
    PAYWALLED = "paywalled"  # an article of which only the beginning is shown
    CONSENT = "consent"  # asks for cookies or tracking before anything is shown
    CHALLENGE = "challenge"  # asks the reader to prove to be no robot
    LOGIN = "login"  # asks for an account
    NOT_FOUND = "not_found"  # says that there is nothing here, whatever the status
    LISTING = "listing"  # home, section, topic, search: links to articles
    EMPTY = "empty"  # hardly any text
    ERROR = "error"  # could not be parsed, or is no HTML

    @property
    def is_trusted(self) -> bool:
        """Tell whether text from such a page may make a version."""
        return self in (PageKind.ARTICLE, PageKind.LIVEBLOG)


class Verdict(StrEnum):
    """What one capture says about its article."""

    FIRST = "first"  # first trusted capture of an article
    UNCHANGED = "unchanged"  # same article content
    COSMETIC = "cosmetic"  # no word changed
    METADATA = "metadata"  # only dates, byline, SEO title, section or images changed
    EDIT = "edit"  # headline, dek, body, caption or note changed in its words
    LIVE = "live"  # a live blog gained entries
    VARIANT = "variant"  # one of several texts that the site alternates between
    BLOCKED = "blocked"  # a wall or an error in front of the article
    SUSPECT = "suspect"  # not to be trusted
    MISSING = "missing"  # gone, not yet confirmed
    REMOVED = "removed"  # gone, confirmed
    RESTORED = "restored"  # there again after `removed`
    MOVED = "moved"  # same article at a new address
    REDIRECT = "redirect"  # a hop that says nothing by itself


class RecordType(StrEnum):
    """Which WARC record holds a capture."""

    RESPONSE = "response"
    REVISIT = "revisit"
    REQUEST_ONLY = "request-only"  # nothing came back, or nothing of it was kept


class RedirectAim(StrEnum):
    """Where a redirect hop leads, seen from the article that was asked for."""

    SAME = "same"  # another spelling of the same article's address
    HOME = "home"  # the outlet's front page
    SECTION = "section"  # a listing of the outlet
    ELSEWHERE = "elsewhere"  # another page of the same outlet: perhaps the article's new address
    OFFSITE = "offsite"  # another site: a consent or log-in service, a parked domain


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


class NoteKind(StrEnum):
    """What a publisher's note admits."""

    UPDATE = "update"
    CORRECTION = "correction"
    CLARIFICATION = "clarification"
    EDITOR_NOTE = "editor_note"
    RETRACTION = "retraction"


class NotePosition(StrEnum):
    """Where on the page a note stands."""

    TOP = "top"  # before the body's first paragraph
    BOTTOM = "bottom"  # after its last one, inside or outside the article element
    INLINE = "inline"  # between body paragraphs


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
class Note:
    """A sentence or paragraph in which the publisher admits a change."""

    text: str
    kinds: tuple[NoteKind, ...]
    #: When the note says it was made, in UTC; None when it names no day. A bare day is its first instant there.
    stated_at: datetime | None = None
    #: Which parts of `stated_at` were inferred: "year", "timezone", "time".
    stated_at_assumed: tuple[str, ...] = ()
    position: NotePosition = NotePosition.BOTTOM


@dataclass(frozen=True, slots=True, kw_only=True)
class LiveEntry:
    """One dated entry of a live blog."""

    #: The entry's own id on the page, or a digest of its first words.
    id: str
    #: ISO 8601 as the page states it, or "".
    at: str
    headline: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Extraction:
    """What one page says, as far as it could be told."""

    page_kind: PageKind
    headline: str = ""
    dek: str = ""
    authors: tuple[str, ...] = ()
    #: ISO 8601 as the page states it, with the offset where it gives one; None when it gives none.
    published_at: str | None = None
    #: The same.
    modified_at: str | None = None
    #: Paragraphs, without notes, captions and dek.
    body: tuple[str, ...] = ()
    captions: tuple[str, ...] = ()
    notes: tuple[Note, ...] = ()
    entries: tuple[LiveEntry, ...] = ()
    canonical: str | None = None
    language: str | None = None
    image: str | None = None
    section: str | None = None
    #: What search engines and shared links show, where it differs from the headline; else "".
    seo_title: str = ""
    #: "" for the page itself, "amp" for its AMP twin, "part" for a further page of a split article.
    rendition: str = ""
    #: The page announces that the article goes on on a further page: what is not here may stand there.
    is_split: bool = False
    #: Which engine found the body: "trafilatura", "json-ld", …
    engine: str = ""
    #: The text was decoded wrongly before it was sent ("Ã¼"): not to be compared.
    is_garbled: bool = False
    #: Why extraction failed, in words for an operator; None when it did not.
    error: str | None = None
    #: Field → where its value was stated: "json-ld", "meta", "link", "html", "title", "url", "dom". Sorted by field.
    origins: tuple[tuple[str, str], ...] = ()


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
class Observation:
    """One capture as the edit ledger sees it."""

    #: The capture's id.
    capture: str
    at: datetime
    #: HTTP status; None when nothing came back.
    status: int | None
    #: None when the body was not looked at (a redirect, an error status, a failure).
    page_kind: PageKind | None = None
    #: Digest of the extraction; equal digests mean equal article content. None when nothing was extracted.
    content: str | None = None
    #: The body ended early, or could not be decoded.
    is_damaged: bool = False
    #: Set for 3xx answers only.
    aim: RedirectAim | None = None
    #: Where the hop leads, for `aim` ELSEWHERE.
    target: str | None = None
    #: Another rendition of the article than the page itself ("amp", "part"): never compared with it.
    rendition: str = ""


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


@dataclass(frozen=True, slots=True, kw_only=True)
class Version:
    """A run of captures with equal article content."""

    article: str
    number: int
    #: WARC-Date of the first capture that shows it.
    captured_at: datetime
    last_seen_at: datetime
    #: Id of that first capture.
    capture: str
    #: Digest of the extraction that stands for it.
    content: str
    headline: str
    words: int
    #: The event that led to it; None for the first.
    event: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordPlace:
    """Where a record's gzip member lies. Places change when files are closed; record ids do not."""

    type: RecordType
    #: WARC-Record-ID, with its brackets.
    id: str
    #: Name under the blob store; None for nothing kept.
    file: str | None
    offset: int | None
    length: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Capture:
    """One observation of one address."""

    id: str
    #: The record's WARC-Date.
    captured_at: datetime
    requested_uri: str
    #: Canonical URI of the article, or None.
    article: str | None
    source: str
    status: int | None
    verdict: Verdict
    version: int | None
    #: Labelled digest of the entity as sent (content-coded), or None.
    payload_digest: str | None
    record: RecordPlace
    page_kind: PageKind | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Article:
    """One story under watch."""

    uri: str
    source: str
    headline: str
    #: As the page states it.
    published_at: str | None
    first_seen_at: datetime
    last_seen_at: datetime
    #: When a removal was confirmed; None while it is there.
    removed_at: datetime | None
    versions: int
    captures: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """An outlet, or one article, under watch."""

    name: str
    #: As it was given to `watch`.
    url: str
    #: "outlet" or "article".
    kind: str
    is_paused: bool
    added_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Exchange:
    """One HTTP request and what came back, as it went over the wire."""

    url: str
    method: str
    #: When the request was sent.
    at: datetime
    #: Header pairs of the request, as sent.
    request_headers: tuple[tuple[bytes, bytes], ...]
    #: None when nothing came back.
    status: int | None = None
    reason: bytes = b""
    #: "HTTP/1.1"
    protocol: str = "HTTP/1.1"
    #: Header pairs of the answer, order and case as sent.
    response_headers: tuple[tuple[bytes, bytes], ...] = ()
    #: The entity with its content coding, without chunk framing.
    body: bytes = b""
    #: Address of the peer.
    ip: str | None = None
    #: A WARC-Truncated reason ("length", "time", "disconnect", "unspecified"), or None.
    truncated: str | None = None
    #: Why nothing, or not all, came back: one of the contract's reasons ("timeout", …), or None; and in words.
    problem: str | None = None
    detail: str = ""
    #: Status line and header section as they went over the wire, with the empty line; b"" when not known.
    head: bytes = b""
    #: The body with its chunk framing, where it came in chunks; else b"".
    framed: bytes = b""
