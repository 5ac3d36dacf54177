"""
What a metadata record says of a capture: all that the catalogue knows and the capture's own record does not tell.

With it a catalogue can be made anew without the software that once looked at the page.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from archive import text
from archive.ingest.observing import Gathered, Seen
from archive.model import Extraction, PageKind, RedirectAim

__all__ = ["Statement", "clean_text", "extraction_values"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Statement:
    """One metadata record's values."""

    #: What made it: name and version of the software that looked at the page.
    software: str
    #: For which source the capture was made: name, address and kind.
    source: tuple[str, str, str]
    status: int | None
    seen: Seen
    #: Why nothing, or not all, came back; "" when it did.
    problem: str = ""
    detail: str = ""
    #: The extraction, where the archive did not hold it yet.
    extraction: dict[str, Any] | None = None

    def values(self) -> dict[str, Any]:
        """Return what the record holds; what is empty is left out."""
        seen = self.seen
        stated = {
            "status": self.status,
            "payload": seen.payload_digest,
            "page_kind": seen.page_kind,
            "content": seen.content,
            "canonical": seen.canonical,
            "damaged": seen.is_damaged,
            "aim": seen.aim,
            "target": seen.target,
            "rendition": seen.rendition,
            "rendered": seen.is_rendered,
            "pages": _gathered_values(seen.gathered),
            "rights": list(seen.rights),
            "dark": seen.is_dark,
            "problem": self.problem,
            "detail": self.detail,
        }
        values: dict[str, Any] = {
            "software": self.software,
            "source": dict(zip(("name", "url", "kind"), self.source, strict=True)),
            "capture": {name: value for name, value in stated.items() if value},
        }
        if self.extraction is not None:
            values["extraction"] = self.extraction
        return values

    @classmethod
    def from_values(cls, values: dict[str, Any]) -> "Statement | None":
        """Return what `values` wrote, or None when a metadata record is not of this kind."""
        try:
            source, stated = values["source"], values["capture"]
            seen = Seen(
                page_kind=PageKind(stated["page_kind"]) if "page_kind" in stated else None,
                content=stated.get("content"),
                canonical=stated.get("canonical"),
                is_damaged=stated.get("damaged", False),
                aim=RedirectAim(stated["aim"]) if "aim" in stated else None,
                target=stated.get("target"),
                rendition=stated.get("rendition", ""),
                is_rendered=stated.get("rendered", False),
                gathered=_gathered_from(stated.get("pages")),
                rights=tuple(stated.get("rights", ())),
                is_dark=stated.get("dark", False),
                payload_digest=stated.get("payload"),
            )
            return cls(
                software=values["software"],
                source=(source["name"], source["url"], source["kind"]),
                status=stated.get("status"),
                seen=seen,
                problem=stated.get("problem", ""),
                detail=stated.get("detail", ""),
                extraction=values.get("extraction"),
            )
        except (KeyError, TypeError, ValueError):
            return None

    def shown(self, contents: Callable[[str], Extraction]) -> Seen:
        """Return what the capture shows, its text loaded."""
        if self.seen.content is None:
            return self.seen
        extraction = replace(contents(self.seen.content), canonical=self.seen.canonical)
        return replace(self.seen, extraction=extraction)


def _gathered_values(gathered: Gathered | None) -> dict[str, Any] | None:
    if gathered is None:
        return None
    return {
        "records": list(gathered.records),
        "goes_on": gathered.goes_on,
        "missing": gathered.missing,
    }


def _gathered_from(values: dict[str, Any] | None) -> Gathered | None:
    if values is None:
        return None
    return Gathered(records=tuple(values["records"]), goes_on=values["goes_on"], missing=values["missing"])


def extraction_values(seen: Seen) -> dict[str, Any] | None:
    """Return the values of the text that a capture shows, or None when it shows none to be trusted."""
    if seen.content is None or seen.extraction is None:
        return None
    return text.content_of(seen.extraction)


def clean_text(extraction: Extraction) -> str:
    """Return an article as plain text: headline, dek, paragraphs, live entries, notes."""
    entries = [part for entry in extraction.entries for part in (entry.headline, entry.text)]
    notes = [note.text for note in extraction.notes]
    parts = [extraction.headline, extraction.dek, *extraction.body, *entries, *notes]
    return "\n\n".join(part for part in parts if part)
