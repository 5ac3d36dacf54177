"""Turns a capture's facts into what the edit ledger sees: page kind, extracted content, aim of a redirect."""

from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import urljoin

from sqlalchemy import Connection

from archive import catalog, text, urls
from archive.catalog import captures
from archive.ingest.facts import CaptureFacts
from archive.model import Extraction, PageKind, RecordType, RedirectAim

__all__ = ["Seen", "extracted", "observe"]

#: What may be told about an article is told by a full answer only.
FULL = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """What one capture shows."""

    page_kind: PageKind | None = None
    extraction: Extraction | None = None
    content: str | None = None
    is_damaged: bool = False
    aim: RedirectAim | None = None
    target: str | None = None
    rendition: str = ""
    #: The payload as the archive knows it; for a 304, the one it confirms.
    payload_digest: str | None = None


def observe(
    connection: Connection,
    facts: CaptureFacts,
    url_id: int,
    contents: Callable[[str], Extraction],
) -> Seen:
    """
    Look at a capture once.

    A payload that this address has shown before is not parsed again: what it said then, it says now.
    """
    if facts.http is None or facts.status is None:
        return Seen(payload_digest=facts.payload_digest)
    if 300 <= facts.status < 400 and facts.status != 304:
        return _redirect(facts)
    earlier = _earlier(connection, facts, url_id)
    if earlier is not None:
        return Seen(
            page_kind=earlier.page_kind,
            extraction=contents(earlier.content) if earlier.content else None,
            content=earlier.content,
            is_damaged=earlier.is_damaged,
            rendition=earlier.rendition,
            payload_digest=earlier.payload_digest,
        )
    if facts.status != FULL or facts.record_type != RecordType.RESPONSE:
        return _other_status(facts)
    return _full(connection, facts)


def _earlier(connection: Connection, facts: CaptureFacts, url_id: int) -> captures.PayloadRow | None:
    if facts.status == 304:
        return captures.latest_payload(connection, url_id, facts.at)
    if facts.status != FULL or facts.payload_digest is None or facts.is_truncated:
        return None
    known = captures.payload_of(connection, url_id, facts.payload_digest)
    if known is None and facts.record_type == RecordType.REVISIT:
        # Foreign digests may be of another algorithm than ours; the record still says: the same as before.
        return captures.latest_payload(connection, url_id, facts.at)
    return None if known is None or known.is_damaged else known


def _redirect(facts: CaptureFacts) -> Seen:
    assert facts.http is not None  # noqa: S101 - the caller has looked
    location = facts.http.header("location")
    if not location:
        return Seen(page_kind=PageKind.ERROR, payload_digest=facts.payload_digest)
    target = urljoin(facts.uri, location)
    return Seen(aim=aim_of(facts.uri, target), target=target, payload_digest=facts.payload_digest)


def aim_of(uri: str, target: str) -> RedirectAim:
    """Tell where a hop leads, seen from the address that gave it."""
    if not urls.same_site(uri, target):
        return RedirectAim.OFFSITE
    match urls.kind_of(target):
        case urls.UrlKind.HOME:
            return RedirectAim.HOME
        case urls.UrlKind.SECTION:
            return RedirectAim.SECTION
    if urls.identity_key(uri) == urls.identity_key(target):
        return RedirectAim.SAME
    return RedirectAim.ELSEWHERE


def _other_status(facts: CaptureFacts) -> Seen:
    """Return what an error answer shows; its text is looked at only to tell a wall from a failure."""
    return Seen(is_damaged=False, payload_digest=facts.payload_digest)


def _full(connection: Connection, facts: CaptureFacts) -> Seen:
    seen = extracted(facts)
    if seen.content is not None and seen.extraction is not None:
        catalog.ledger.add_content(connection, seen.content, text.content_of(seen.extraction))
    return seen


def extracted(facts: CaptureFacts) -> Seen:
    """Return what a full answer shows, from its bytes alone; nothing is looked up or written."""
    assert facts.http is not None  # noqa: S101 - the caller has looked
    decoded = facts.http.decoded()
    damaged = facts.is_truncated or decoded.is_damaged or _is_short(facts)
    extraction = text.extract(
        decoded.data, url=facts.uri, content_type=facts.http.header("content-type") or None
    )
    trusted = extraction.page_kind.is_trusted and not damaged
    return Seen(
        page_kind=extraction.page_kind,
        extraction=extraction,
        content=text.content_digest(extraction) if trusted else None,
        is_damaged=extraction.is_garbled if trusted else damaged,
        rendition=extraction.rendition,
        payload_digest=facts.payload_digest,
    )


def _is_short(facts: CaptureFacts) -> bool:
    """Tell whether fewer bytes are there than the server announced."""
    assert facts.http is not None  # noqa: S101 - the caller has looked
    announced = facts.http.header("content-length")
    if not announced.isdigit() or facts.http.header("transfer-encoding"):
        return False
    return len(facts.http.body) < int(announced)
