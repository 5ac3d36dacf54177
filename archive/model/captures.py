"""What was asked and what came back: exchanges, captures, and what one capture says about its article."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

__all__ = [
    "PAGE",
    "Capture",
    "Exchange",
    "Observation",
    "PageKind",
    "RecordPlace",
    "RecordType",
    "RedirectAim",
    "Rendering",
    "Verdict",
]

#: Rendition of a page that was fetched for its article's first page's sake: its text is in that one's.
PAGE = "page"


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
class Rendering:
    """What a browser made of an answer."""

    #: The document after its scripts ran, as UTF-8 with a byte order mark; b"" when the browser came to no end.
    html: bytes
    #: Name and version of the browser.
    browser: str


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
    #: What a browser made of it, where the outlet's pages need one.
    rendering: Rendering | None = None


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
    #: PAGE for a page that was fetched for its first page's sake.
    rendition: str = ""
