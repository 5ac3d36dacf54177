"""The pages that list: recent edits, what is watched, one outlet."""

from collections.abc import Sequence
from dataclasses import dataclass

from fastapi import APIRouter, Request
from starlette.responses import Response

from archive.catalog.ledger import SourceTally
from archive.errors import UnknownSourceError
from archive.model import Disclosure, EventKind, Severity, Track
from archive.reading import words_of
from lateedition.web.api import archive_of
from lateedition.web.cards import days_of
from lateedition.web.queries import EditFilters, Filters, after_event, edit_query, place_of_event
from lateedition.web.rendering import render

__all__ = ["router"]

router = APIRouter(include_in_schema=False)

#: Events of one page.
PAGE = 30
#: Outlets in the side panel, those with most silent edits first.
SHOWN = 8


@dataclass(frozen=True, slots=True)
class Tile:
    """A count above the list; a link to what it counts."""

    count: int
    label: str
    note: str
    filters: EditFilters
    is_current: bool


@router.api_route("/", methods=["GET", "HEAD"])
def home(request: Request, filters: Filters) -> Response:
    """Recent edits, newest first."""
    archive = archive_of(request)
    found = list(
        archive.edits(
            edit_query(filters), newest_first=True, after=after_event(filters.cursor), limit=PAGE + 1
        )
    )
    more = place_of_event(found[PAGE - 1]) if len(found) > PAGE else None
    tallies = archive.tallies()
    silent = sorted(
        (one for one in tallies if one.silent + one.accounted), key=lambda one: (-one.silent, one.source)
    )
    is_first = not filters.narrowing and filters.cursor is None
    return render(
        request,
        "edits.html",
        overview=archive.overview(),
        tiles=_tiles(tallies, filters),
        filters=filters,
        choices=CHOICES,
        outlets=[one.source for one in tallies],
        silent=silent[:SHOWN],
        days=days_of(archive, found[:PAGE]),
        older=filters.address("/", cursor=more) if more else None,
        refresh=request.app.state.refresh_seconds if is_first else 0,
    )


@router.api_route("/sources", methods=["GET", "HEAD"])
def sources(request: Request) -> Response:
    """What is watched, and how it fares."""
    archive = archive_of(request)
    tallies = {one.source: one for one in archive.tallies()}
    return render(
        request,
        "sources.html",
        sources=archive.sources(),
        tallies=tallies,
        load=words_of(archive.load()),
    )


@router.api_route("/source", methods=["GET", "HEAD"])
def source(request: Request, name: str = "") -> Response:
    """One outlet: how it fares, and its latest edits."""
    archive = archive_of(request)
    status = next((one for one in archive.sources(name) if one.source.name == name), None)
    if status is None:
        raise UnknownSourceError(name)
    filters = EditFilters(source=[name])
    found = list(archive.edits(edit_query(filters), newest_first=True, limit=PAGE + 1))
    return render(
        request,
        "source.html",
        status=status,
        tally=next((one for one in archive.tallies() if one.source == name), None),
        filters=filters,
        days=days_of(archive, found[:PAGE]),
        has_more=len(found) > PAGE,
    )


#: What the filter form offers: name of the field, its label, and its values with their words.
CHOICES: dict[str, tuple[str, dict[str, str]]] = {
    "disclosure": (
        "Was it said?",
        {
            Disclosure.SILENT: "Silent",
            Disclosure.PARTIAL: "Partly disclosed",
            Disclosure.DISCLOSED: "Disclosed",
            Disclosure.NONE: "Nothing to disclose",
            Disclosure.UNKNOWN: "Unclear",
        },
    ),
    "severity": ("How severe", {Severity.MATERIAL: "Material", Severity.MINOR: "Minor"}),
    "kind": (
        "What happened",
        {
            EventKind.EDIT: "Edited",
            EventKind.LIVE: "Live blog grew",
            EventKind.REMOVED: "Removed",
            EventKind.RESTORED: "Restored",
            EventKind.MOVED: "Moved",
            EventKind.REDESIGN: "Redesign",
        },
    ),
    "track": (
        "Where",
        {
            Track.HEADLINE: "Headline",
            Track.DEK: "Summary",
            Track.BODY: "Text",
            Track.CAPTION: "Caption",
            Track.NOTES: "Note",
        },
    ),
}


def _tiles(tallies: Sequence[SourceTally], filters: EditFilters) -> list[Tile]:
    """Count what there is of the outlets that are looked at, whatever else narrows the list."""
    outlets = filters.source
    counted = [one for one in tallies if not outlets or one.source in outlets]

    def tile(name: str, label: str, note: str, chosen: EditFilters) -> Tile:
        count = sum(getattr(one, name) for one in counted)
        return Tile(count, label, note, chosen, chosen.narrowing == filters.narrowing)

    events, silent, corrections = (
        sum(getattr(one, name) for one in counted) for name in ("events", "silent", "corrections")
    )
    return [
        tile("events", "edits", "confirmed by a second look", EditFilters(source=outlets)),
        tile(
            "silent",
            "silent edits",
            f"{silent / events:.0%} of all" if events else "no note found",
            EditFilters(source=outlets, disclosure=[Disclosure.SILENT]),
        ),
        tile(
            "notes",
            "with a note",
            f"{corrections:,} of them corrections",
            EditFilters(source=outlets, track=[Track.NOTES]),
        ),
        tile(
            "headlines",
            "headline changes",
            "the words above the text",
            EditFilters(source=outlets, track=[Track.HEADLINE]),
        ),
        tile(
            "removed",
            "removals",
            "confirmed over a day",
            EditFilters(source=outlets, kind=[EventKind.REMOVED]),
        ),
    ]
