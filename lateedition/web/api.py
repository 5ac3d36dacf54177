"""The read API: the lists of the command line under `/api/v1`, with cursors."""

from datetime import UTC, datetime
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request

from archive.reading import Archive, capture_line, event_line, source_line, version_line
from lateedition.web.problems import PROBLEMS
from lateedition.web.queries import (
    MOST,
    USUAL,
    Filters,
    after_capture,
    after_event,
    edit_query,
    place_of_capture,
    place_of_event,
    read_cursor,
    write_cursor,
)

__all__ = ["archive_of", "router"]

router = APIRouter(prefix="/api/v1", tags=["archive"], responses=PROBLEMS)

Limit = Annotated[int, Query(ge=1, le=MOST)]


def archive_of(request: Request) -> Archive:
    """Return the archive that the app serves."""
    archive: Archive = request.app.state.archive
    return archive


@router.get("/edits")
def edits(request: Request, filters: Filters) -> dict[str, Any]:
    """Events of the edit ledger, by `first_seen_at`."""
    wanted = archive_of(request).edits(
        edit_query(filters), after=after_event(filters.cursor), limit=filters.limit + 1
    )
    found = list(wanted)
    more = place_of_event(found[filters.limit - 1]) if len(found) > filters.limit else None
    return {"items": [event_line(one) for one in found[: filters.limit]], "next": more}


@router.get("/versions")
def versions(request: Request, url: str, limit: Limit = USUAL, cursor: str | None = None) -> dict[str, Any]:
    """Versions of the article at an address, oldest first."""
    after = read_cursor(cursor, int)[0] if cursor else 0
    found = [one for one in archive_of(request).versions(url) if one.number > after]
    more = write_cursor(found[limit - 1].number) if len(found) > limit else None
    return {"items": [version_line(one) for one in found[:limit]], "next": more}


@router.get("/captures")
def captures(
    request: Request,
    url: str | None = None,
    source: str | None = None,
    since: datetime | None = None,
    limit: Limit = USUAL,
    cursor: str | None = None,
) -> dict[str, Any]:
    """Captures, oldest first."""
    since = since.replace(tzinfo=UTC) if since and not since.tzinfo else since
    wanted = archive_of(request).captures(
        url=url, source=source, since=since, after=after_capture(cursor), limit=limit + 1
    )
    found = list(wanted)
    more = place_of_capture(found[limit - 1]) if len(found) > limit else None
    return {"items": [capture_line(one) for one in found[:limit]], "next": more}


@router.get("/sources")
def sources(request: Request, limit: Limit = USUAL, cursor: str | None = None) -> dict[str, Any]:
    """What is watched, and how it fares, by name."""
    after = read_cursor(cursor, str)[0] if cursor else ""
    found = [one for one in archive_of(request).sources() if one.source.name > after]
    more = write_cursor(found[limit - 1].source.name) if len(found) > limit else None
    return {"items": [source_line(one) for one in found[:limit]], "next": more}
