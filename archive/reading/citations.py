"""How an article or an edit is cited: what it said, when it was seen, and where both can be checked."""

import json
import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlsplit

from archive.errors import UnknownUrlError
from archive.model import Capture, Event
from archive.reading.archive import Archive
from archive.reading.lines import iso

__all__ = ["FORMATS", "Citation", "Sighting", "cite_article", "cite_event"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Sighting:
    """One capture that is cited."""

    captured_at: datetime
    #: Where it can be read again.
    memento: str
    #: Labelled digest of the payload, or None.
    digest: str | None
    record_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Citation:
    """What is said of an article, or of an edit of it."""

    article: str
    outlet: str
    headline: str
    authors: tuple[str, ...]
    #: As the page states it.
    published_at: str | None
    language: str | None
    #: The capture cited; of an edit, the first that shows it.
    seen: Sighting
    #: Of an edit, the capture before.
    before: Sighting | None = None
    event: Event | None = None

    @property
    def key(self) -> str:
        """A short name for bibliographies."""
        folded = unicodedata.normalize("NFKD", self.outlet).encode("ascii", "ignore").decode()
        outlet = re.sub(r"[^a-z0-9]+", "", folded.lower()) or "outlet"
        return f"{outlet}{self.seen.captured_at:%Y%m%d%H%M%S}"


def cite_article(archive: Archive, url: str, *, at: datetime | None, base: str) -> Citation:
    """
    Cite what an article said at a moment, or last.

    Args:
        base: where the archive is served; memento addresses begin with it.

    Raises:
        UnknownUrlError: nothing is archived for the address, or it was not seen yet at that moment.
    """
    found = archive.text(url, at=at)
    capture = archive.capture(found.version.capture)
    if capture is None:
        raise UnknownUrlError(url)
    said = found.extraction
    return Citation(
        article=found.article.uri,
        outlet=found.article.source,
        headline=found.version.headline,
        authors=said.authors,
        published_at=said.published_at,
        language=said.language,
        seen=_sighting(capture, base),
    )


def cite_event(archive: Archive, event_id: str, *, base: str) -> Citation:
    """
    Cite an edit by the two captures between which it happened.

    Raises:
        UnknownEventError: there is no such event.
    """
    event = archive.event(event_id)
    before, after = (
        archive.capture(one) if one is not None else None for one in (event.from_capture, event.to_capture)
    )
    seen = after or before
    if seen is None:
        raise UnknownUrlError(event.article)
    article = archive.article(event.article)
    return Citation(
        article=event.article,
        outlet=event.source,
        headline=event.headline or article.headline,
        authors=(),
        published_at=article.published_at,
        language=None,
        seen=_sighting(seen, base),
        before=_sighting(before, base) if before is not None and after is not None else None,
        event=event,
    )


def _sighting(capture: Capture, base: str) -> Sighting:
    return Sighting(
        captured_at=capture.captured_at,
        memento=f"{base.rstrip('/')}/web/{capture.captured_at:%Y%m%d%H%M%S}/{capture.requested_uri}",
        digest=capture.payload_digest,
        record_id=capture.record.id,
    )


def as_text(citation: Citation) -> str:
    """Return a citation for a footnote."""
    host = urlsplit(citation.article).hostname or ""
    outlet = citation.outlet if citation.outlet == host else f"{citation.outlet} ({host})"
    published = f" Published {_day(citation.published_at)}." if citation.published_at else ""
    parts = [f"“{citation.headline}.” {outlet}.{published} {citation.article}"]
    if citation.event is not None and citation.before is not None:
        parts.append(
            f"Edited between {_exact(citation.before.captured_at)} and {_exact(citation.seen.captured_at)}: "
            f"{citation.event.summary} (disclosure: {citation.event.disclosure}; event {citation.event.id})."
        )
        parts += [_line("Before", citation.before), _line("After", citation.seen)]
    else:
        parts.append(_line("Archived", citation.seen))
    return "\n".join(parts)


def _line(name: str, seen: Sighting) -> str:
    digest = f" Payload {seen.digest}." if seen.digest else ""
    return f"{name}: captured {_exact(seen.captured_at)}, {seen.memento} Record {seen.record_id}.{digest}"


def as_bibtex(citation: Citation) -> str:
    """Return a citation as a BibTeX entry."""
    note = f"Captured {_exact(citation.seen.captured_at)}. Record {citation.seen.record_id}. Payload {citation.seen.digest}."
    if citation.event is not None and citation.before is not None:
        note = (
            f"Edited between {_exact(citation.before.captured_at)} and {_exact(citation.seen.captured_at)}: "
            f"{citation.event.summary} Before: {citation.before.memento} {note}"
        )
    fields = {
        "title": "{" + _escaped(citation.headline) + "}",
        "author": " and ".join("{" + _escaped(one) + "}" for one in citation.authors),
        "organization": "{" + _escaped(citation.outlet) + "}",
        "year": str((_published(citation.published_at) or citation.seen.captured_at).year),
        "date": (_published(citation.published_at) or citation.seen.captured_at).date().isoformat(),
        "url": citation.article,
        "urldate": citation.seen.captured_at.date().isoformat(),
        "howpublished": f"Archived at {citation.seen.memento}",
        "note": _escaped(note),
    }
    lines = [f"  {name} = {{{value}}}" for name, value in fields.items() if value]
    return f"@online{{{citation.key},\n" + ",\n".join(lines) + "\n}"


def as_json_ld(citation: Citation) -> str:
    """Return a citation as schema.org JSON-LD."""
    values: dict[str, Any] = {
        "@context": "https://schema.org",
        "@type": "NewsArticle",
        "headline": citation.headline,
        "url": citation.article,
        "publisher": {"@type": "Organization", "name": citation.outlet},
        "author": [{"@type": "Person", "name": one} for one in citation.authors],
        "datePublished": citation.published_at,
        "inLanguage": citation.language,
        "archivedAt": _archived(citation.seen),
    }
    if citation.event is not None and citation.before is not None:
        values = {
            "@context": "https://schema.org",
            "@type": "UpdateAction",
            "identifier": citation.event.id,
            "description": citation.event.summary,
            "startTime": iso(citation.before.captured_at),
            "endTime": iso(citation.seen.captured_at),
            "object": {
                name: value for name, value in values.items() if name not in ("@context", "archivedAt")
            }
            | {"archivedAt": _archived(citation.before)},
            "result": {"@type": "NewsArticle", "archivedAt": _archived(citation.seen)},
        }
    return json.dumps(values, ensure_ascii=False, indent=2)


def _archived(seen: Sighting) -> dict[str, Any]:
    return {
        "@type": "WebPage",
        "url": seen.memento,
        "dateCreated": iso(seen.captured_at),
        "identifier": [seen.record_id, *([seen.digest] if seen.digest else [])],
    }


def _exact(moment: datetime) -> str:
    return f"{moment.astimezone(UTC):%Y-%m-%d %H:%M:%S} UTC"


def _published(stated: str | None) -> datetime | None:
    try:
        return datetime.fromisoformat(stated) if stated else None
    except ValueError:
        return None


def _day(stated: str) -> str:
    found = _published(stated)
    return found.date().isoformat() if found else stated


#: Signs that TeX reads as commands, and how they are written.
TEX = str.maketrans(
    {
        "\\": r"\textbackslash{}",
        "~": r"\textasciitilde{}",
        "^": r"\textasciicircum{}",
        **{sign: f"\\{sign}" for sign in "{}#$%&_"},
    }
)


def _escaped(text: str) -> str:
    return " ".join(text.split()).translate(TEX)


#: Format → how it is written.
FORMATS: dict[str, Callable[[Citation], str]] = {"text": as_text, "bibtex": as_bibtex, "json-ld": as_json_ld}
