"""Turns a capture's facts into what the edit ledger sees: page kind, extracted content, aim of a redirect."""

from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import urljoin

from sqlalchemy import Connection

from archive import text, urls
from archive.catalog import payloads, signatures
from archive.digests import capture_id
from archive.ingest.facts import CaptureFacts
from archive.model import Extraction, PageKind, RecordType, RedirectAim
from archive.rights import rights_of
from archive.text.selectors import Selectors, apply_selectors
from archive.warc.bodies import Decoded

__all__ = ["Gathered", "Seen", "look_at_body", "observe"]

#: What may be told about an article is told by a full answer only.
FULL = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Gathered:
    """Which pages' texts are in what a first page is said to show."""

    #: Ids of their records, in order; none where they could not all be had.
    records: tuple[str, ...] = ()
    #: There are further pages that are not among them.
    goes_on: bool = False
    #: Why they could not all be had; else "".
    missing: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """What one capture shows."""

    page_kind: PageKind | None = None
    extraction: Extraction | None = None
    content: str | None = None
    #: Address that the page calls its own.
    canonical: str | None = None
    is_damaged: bool = False
    aim: RedirectAim | None = None
    target: str | None = None
    rendition: str = ""
    #: The payload as the archive knows it; for a 304, the one it confirms.
    payload_digest: str | None = None
    #: What the answer asks of archives: "noarchive", "tdm-reservation".
    rights: tuple[str, ...] = ()
    #: It is kept dark for that: archived and compared, and shown to nobody who does not ask for it.
    is_dark: bool = False
    #: It was read from more than the answer: from what a browser made of it, or from further pages as well. Nothing
    #: was, where the browser came to no end, or a page could not be had.
    is_rendered: bool = False
    #: Of a first page: the pages that were fetched for its sake.
    gathered: Gathered | None = None
    #: By what the page is known when it says the same again; "" when it is not, or was known already.
    signature: str = ""


def observe(
    connection: Connection,
    facts: CaptureFacts,
    url_id: int | None,
    contents: Callable[[str], Extraction],
    *,
    selectors: Selectors | None = None,
) -> Seen:
    """
    Look at a capture once; nothing is written.

    A payload that this address has shown before is not parsed again: what it said then, it says now.

    Args:
        url_id: row of its address, or None when that was never met.
        selectors: the outlet's own, for a body that is read.
    """
    if facts.http is None or facts.status is None:
        return Seen(payload_digest=facts.payload_digest)
    if 300 <= facts.status < 400 and facts.status != 304:
        return _redirect(facts)
    if facts.rendering is not None and facts.status == FULL:
        # One payload may become many texts: the scripts in it fetch them.
        return look_at_body(facts, selectors)
    earlier = _earlier(connection, facts, url_id)
    if earlier is not None:
        extraction = contents(earlier.content) if earlier.content else None
        return Seen(
            page_kind=earlier.page_kind,
            extraction=extraction,
            content=earlier.content,
            canonical=extraction.canonical if extraction else None,
            is_damaged=earlier.is_damaged,
            rendition=earlier.rendition,
            payload_digest=earlier.payload_digest,
            rights=earlier.rights,
            is_dark=earlier.is_dark,
        )
    if facts.status != FULL or facts.record_type != RecordType.RESPONSE:
        return Seen(payload_digest=facts.payload_digest)
    return look_at_body(facts, selectors, _Recogniser(connection, url_id, contents))


def _earlier(connection: Connection, facts: CaptureFacts, url_id: int | None) -> payloads.PayloadRow | None:
    if facts.refers_to is not None:
        named = payloads.payload_of_capture(connection, capture_id(facts.refers_to))
        if named is not None:
            return _plain(named)
    if url_id is None:
        return None
    if facts.status == 304:
        # WARC 1.1 §6.7.3: what is named and not here must not be guessed; the last one is meant when none is named.
        return None if facts.refers_to else _plain(payloads.latest_payload(connection, url_id, facts.at))
    if facts.status != FULL or facts.payload_digest is None or facts.is_truncated:
        return None
    known = payloads.payload_of(connection, url_id, facts.payload_digest)
    if known is None and facts.record_type == RecordType.REVISIT and not facts.refers_to:
        # Foreign digests may be of another algorithm than ours; the record still says: the same as before.
        return payloads.latest_payload(connection, url_id, facts.at)
    return None if known is None or known.is_damaged else _plain(known)


def _plain(known: payloads.PayloadRow | None) -> payloads.PayloadRow | None:
    """Return a full answer that speaks for itself: what a browser once made of it says nothing of it alone."""
    return None if known is None or known.is_rendered else known


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


class _Recogniser:
    """Knows an address's last page by its signature."""

    def __init__(
        self, connection: Connection, url_id: int | None, contents: Callable[[str], Extraction]
    ) -> None:
        self._connection = connection
        self._url_id = url_id
        self._contents = contents
        #: The digest of the text that was recognised.
        self.content: str | None = None

    def __call__(self, signature: str) -> Extraction | None:
        """Return the text that a signature stands for, or None when it is not known, or the text is gone."""
        if self._url_id is None:
            return None
        content = signatures.content_of_signature(self._connection, self._url_id, signature)
        try:
            extraction = self._contents(content) if content is not None else None
        except LookupError:
            return None
        self.content = content
        return extraction


def look_at_body(
    facts: CaptureFacts, selectors: Selectors | None = None, recognise: _Recogniser | None = None
) -> Seen:
    """Extract a full answer, unless it is recognised; by an outlet's own selectors it is always read whole."""
    assert facts.http is not None  # noqa: S101 - the caller has looked
    if facts.is_truncated or facts.rendering == b"":
        # Half a page, or 8 MB of something without an end, says nothing that is worth the reading.
        is_rendered = facts.rendering is not None
        return Seen(is_damaged=True, is_rendered=is_rendered, payload_digest=facts.payload_digest)
    decoded = facts.http.decoded() if facts.rendering is None else Decoded(facts.rendering)
    damaged = decoded.is_damaged or (facts.rendering is None and _is_short(facts))
    kind = facts.http.header("content-type") or None
    known = recognise if recognise is not None and selectors is None and not damaged else _unknown
    reading = text.read_again(decoded.data, facts.uri, content_type=kind, known=known)
    extraction = reading.extraction
    if selectors is not None and not damaged:
        extraction = apply_selectors(decoded.data, extraction, selectors, content_type=kind)
    trusted = extraction.page_kind.is_trusted and not damaged
    return Seen(
        page_kind=extraction.page_kind,
        extraction=extraction,
        content=_content_of(reading, extraction, recognise) if trusted else None,
        canonical=extraction.canonical if trusted else None,
        is_damaged=damaged or (trusted and extraction.is_garbled),
        rendition=extraction.rendition,
        payload_digest=facts.payload_digest,
        rights=rights_of(facts.http.headers, decoded.data),
        is_rendered=facts.rendering is not None,
        signature="" if reading.is_known or selectors is not None or damaged else reading.signature,
    )


def _unknown(_signature: str) -> None:
    """Recognise nothing."""


def _content_of(reading: text.Reading, extraction: Extraction, recognise: _Recogniser | None) -> str:
    if reading.is_known and recognise is not None and recognise.content is not None:
        return recognise.content
    return text.content_digest(extraction)


def _is_short(facts: CaptureFacts) -> bool:
    """Tell whether fewer bytes are there than the server announced."""
    assert facts.http is not None  # noqa: S101 - the caller has looked
    announced = facts.http.header("content-length")
    if not announced.isdigit() or facts.http.header("transfer-encoding"):
        return False
    return len(facts.http.body) < int(announced)
