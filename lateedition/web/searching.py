"""Full-text search in the API: the parameters of `lateedition search`, and its cursor."""

from collections.abc import Sequence
from datetime import UTC, datetime
from itertools import islice
from typing import Annotated, Any
from urllib.parse import urlencode

from fastapi import APIRouter, Query, Request
from pydantic import BaseModel, Field, model_validator

from archive.catalog.columns import to_micros
from archive.errors import EmptyQueryError
from archive.model import Disclosure, Severity
from archive.reading import (
    Archive,
    SearchHit,
    SearchIn,
    SearchPage,
    SearchPlace,
    SearchQuery,
    SearchSort,
    search_line,
)
from lateedition.web.problems import PROBLEMS, BadRequestError
from lateedition.web.queries import MOST, USUAL, moment_from, read_cursor, without_empty, write_cursor

__all__ = ["Found", "SearchFilters", "find", "router", "search_query"]

router = APIRouter(prefix="/api/v1", tags=["archive"], responses=PROBLEMS)


class SearchFilters(BaseModel):
    """What is looked for; several values of one name are alternatives."""

    q: str
    where: SearchIn = Field(default=SearchIn.TEXT, alias="in")
    source: list[str] = Field(default_factory=list)
    language: list[str] = Field(default_factory=list)
    since: datetime | None = Field(default=None, alias="from")
    until: datetime | None = Field(default=None, alias="to")
    severity: list[Severity] = Field(default_factory=list)
    disclosure: list[Disclosure] = Field(default_factory=list)
    all_versions: bool = False
    sort: SearchSort = SearchSort.BEST
    limit: int = Field(default=USUAL, ge=1, le=MOST)
    cursor: str | None = None

    @model_validator(mode="before")
    @classmethod
    def _leave_out_empty(cls, values: Any) -> Any:
        """A form sends a field that nobody filled in as an empty text: it does not narrow."""
        return without_empty(values)

    def address(self, **more: str) -> str:
        """Return the address of the page that asks this."""
        values = self.model_dump(
            mode="json", by_alias=True, exclude={"limit", "cursor"}, exclude_defaults=True
        )
        return f"/search?{urlencode({'q': self.q} | values | more, doseq=True)}"


class Found:
    """One page of answers, and the cursor of the next."""

    def __init__(self, hits: Sequence[SearchHit], after: str | None) -> None:
        self.hits = hits
        self.next = after


@router.get("/search")
def search(request: Request, filters: Annotated[SearchFilters, Query()]) -> dict[str, Any]:
    """Full-text search over versions, or over the words that edits added or removed; best first."""
    found = find(request.app.state.archive, filters)
    return {"items": [search_line(one) for one in found.hits], "next": found.next}


def find(archive: Archive, filters: SearchFilters) -> Found:
    """
    Return one page of answers.

    Raises:
        BadRequestError: the query is blank, the dates are turned round, or the cursor is none of ours.
    """
    after, newest = _place(filters.cursor) if filters.cursor else (None, archive.newest_searchable())
    page = SearchPage(limit=filters.limit + 1, after=after, newest=newest)
    try:
        hits = list(islice(archive.search(search_query(filters), page), filters.limit + 1))
    except EmptyQueryError as error:
        message = f"q: {error}"
        raise BadRequestError(message) from error
    if len(hits) <= filters.limit:
        return Found(hits, None)
    place = hits[filters.limit - 1].place
    cursor = write_cursor(
        place.score.hex(), to_micros(place.captured_at), place.article_id, place.number, newest
    )
    return Found(hits[: filters.limit], cursor)


def search_query(filters: SearchFilters) -> SearchQuery:
    """Return filters as a query of the archive."""
    since, until = _aware(filters.since), _aware(filters.until)
    if since and until and since > until:
        message = "from: is after `to`; nothing can match"
        raise BadRequestError(message)
    return SearchQuery(
        text=filters.q,
        where=filters.where,
        sources=tuple(filters.source),
        languages=tuple(filters.language),
        since=since,
        until=until,
        severities=tuple(filters.severity),
        disclosures=tuple(filters.disclosure),
        all_versions=filters.all_versions,
        sort=filters.sort,
    )


def _place(cursor: str) -> tuple[SearchPlace, int]:
    score, micros, article_id, number, newest = read_cursor(cursor, str, int, int, int, int)
    try:
        value = float.fromhex(score)
    except (ValueError, OverflowError) as error:
        message = "cursor: is none that this archive gave; begin without one"
        raise BadRequestError(message) from error
    return SearchPlace(value, moment_from(micros), article_id, number), newest


def _aware(moment: datetime | None) -> datetime | None:
    if moment is None:
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
