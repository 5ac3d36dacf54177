"""The filters of lists and feeds, as the command line has them, and the cursors that page through them."""

import base64
import binascii
import json
from datetime import UTC, datetime
from typing import Annotated, Any
from urllib.parse import urlencode

from fastapi import Query
from pydantic import BaseModel, Field, model_validator

from archive import urls
from archive.catalog.columns import from_micros, to_micros
from archive.model import Capture, Disclosure, Event, EventKind, Severity, Track
from archive.reading import EditQuery
from lateedition.web.problems import BadRequestError

__all__ = [
    "MOST",
    "USUAL",
    "EditFilters",
    "Filters",
    "after_capture",
    "after_event",
    "edit_query",
    "moment_from",
    "place_of_capture",
    "place_of_event",
    "read_cursor",
    "without_empty",
    "write_cursor",
]

#: Items of one answer, at most and unless asked.
MOST, USUAL = 1000, 100
UNKNOWN_CURSOR = "cursor: is none that this archive gave; begin without one"


class EditFilters(BaseModel):
    """Filters of edits; several values of one name are alternatives."""

    since: datetime | None = None
    until: datetime | None = None
    source: list[str] = Field(default_factory=list)
    article: str | None = None
    kind: list[EventKind] = Field(default_factory=list)
    severity: list[Severity] = Field(default_factory=list)
    disclosure: list[Disclosure] = Field(default_factory=list)
    track: list[Track] = Field(default_factory=list)
    silent: bool = False
    all: bool = False
    limit: int = Field(default=USUAL, ge=1, le=MOST)
    cursor: str | None = None

    @model_validator(mode="before")
    @classmethod
    def _leave_out_empty(cls, values: Any) -> Any:
        """A form sends a field that nobody filled in as an empty text: it does not narrow."""
        return without_empty(values)

    @property
    def narrowing(self) -> dict[str, Any]:
        """The filters that are set, without paging, as an address has them."""
        values: dict[str, Any] = self.model_dump(
            mode="json", exclude={"limit", "cursor"}, exclude_defaults=True
        )
        return {name: "true" if value is True else value for name, value in values.items()}

    def address(self, path: str, **more: str) -> str:
        """Return the address of a list with these filters."""
        query = urlencode(self.narrowing | more, doseq=True)
        return f"{path}?{query}" if query else path


Filters = Annotated[EditFilters, Query()]


def without_empty(values: Any) -> Any:
    """Return what a form sent without the fields that nobody filled in."""
    if not isinstance(values, dict):
        return values
    kept = {
        name: [one for one in value if one != ""] if isinstance(value, list) else value
        for name, value in values.items()
    }
    return {name: value for name, value in kept.items() if value not in ("", [])}


def edit_query(filters: EditFilters) -> EditQuery:
    """Return filters as a query of the archive."""
    disclosures: tuple[str, ...] = tuple(filters.disclosure)
    return EditQuery(
        since=_aware(filters.since),
        until=_aware(filters.until),
        sources=tuple(filters.source),
        article=filters.article,
        kinds=tuple(filters.kind),
        severities=tuple(filters.severity),
        disclosures=(*disclosures, Disclosure.SILENT) if filters.silent else disclosures,
        tracks=tuple(filters.track),
        all=filters.all,
    )


def write_cursor(*parts: str | int) -> str:
    """Return a place in a list as text that readers hand back unseen."""
    return base64.urlsafe_b64encode(json.dumps(parts).encode()).decode().rstrip("=")


def read_cursor(cursor: str, *types: type) -> tuple[Any, ...]:
    """
    Return the parts of a cursor.

    Raises:
        BadRequestError: it is no cursor of ours.
    """
    try:
        parts = json.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
    except (ValueError, binascii.Error, RecursionError):
        parts = None
    if not isinstance(parts, list) or [type(part) for part in parts] != list(types):
        raise BadRequestError(UNKNOWN_CURSOR)
    return tuple(parts)


def place_of_event(event: Event) -> str:
    """Return the cursor that stands behind an event."""
    return write_cursor(to_micros(event.first_seen_at), event.id)


def after_event(cursor: str | None) -> tuple[datetime, str] | None:
    """Return the place an event's cursor stands at; BadRequestError when it is none of ours."""
    if cursor is None:
        return None
    micros, event = read_cursor(cursor, int, str)
    return moment_from(micros), event


def place_of_capture(capture: Capture) -> str:
    """Return the cursor that stands behind a capture."""
    return write_cursor(to_micros(capture.captured_at), urls.urlkey(capture.requested_uri), capture.record.id)


def after_capture(cursor: str | None) -> tuple[datetime, str, str] | None:
    """Return the place a capture's cursor stands at; BadRequestError when it is none of ours."""
    if cursor is None:
        return None
    micros, urlkey, record = read_cursor(cursor, int, str, str)
    return moment_from(micros), urlkey, record


def moment_from(micros: int) -> datetime:
    """Return the moment that a cursor names; BadRequestError when there is none such."""
    try:
        return from_micros(micros)
    except OverflowError as error:
        raise BadRequestError(UNKNOWN_CURSOR) from error


def _aware(moment: datetime | None) -> datetime | None:
    if moment is None:
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
