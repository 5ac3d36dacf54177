"""What an article says: extractions, notes, live entries, versions."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from archive.model.captures import PageKind

__all__ = ["Article", "Extraction", "LiveEntry", "Note", "NoteKind", "NotePosition", "Version"]


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
    #: Numbers and addresses of further pages that the page announces, and address of the one that holds all, or "".
    pages: tuple[tuple[int, str], ...] = ()
    single: str = ""
    #: The text of further pages is in it.
    is_joined: bool = False
    #: The page announces that the article goes on on a further page: what is not here may stand there.
    is_split: bool = False
    #: Which engine found the body: "trafilatura", "json-ld", …
    engine: str = ""
    #: The text was decoded wrongly before it was sent ("Ã¼"): not to be compared.
    is_garbled: bool = False
    #: Why extraction failed, in words for an operator; None when it did not.
    error: str | None = None
    #: Field → where its value was stated: "json-ld", "meta", "link", "html", "title", "url", "text", "dom", "recipe". Sorted by field.
    origins: tuple[tuple[str, str], ...] = ()


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
