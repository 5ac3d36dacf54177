"""The pages for researchers: full-text search, and how often outlets edit."""

import re
from typing import Annotated

from fastapi import APIRouter, Query, Request
from pydantic import BaseModel, Field
from starlette.responses import Response

from archive.model import Disclosure
from archive.reading import SearchIn
from lateedition.web.api import archive_of
from lateedition.web.rendering import render
from lateedition.web.searching import SearchFilters, find

__all__ = ["marked", "router"]

router = APIRouter(include_in_schema=False)

#: Answers of one page.
PAGE = 30
MARK = re.compile(r"\[\[(.+?)\]\]", re.DOTALL)
#: Where the form offers to look.
PLACES = {
    SearchIn.TEXT: "What articles say",
    SearchIn.HEADLINE: "Headlines",
    SearchIn.ADDED: "Words that edits added",
    SearchIn.REMOVED: "Words that edits removed",
}


class PageFilters(SearchFilters):
    """The same filters; without a query the form is shown."""

    q: str = ""
    limit: int = Field(default=PAGE, ge=1, le=PAGE)


class Counted(BaseModel):
    """How statistics are counted."""

    by: str = Field(default="source", pattern="^(source|week|all)$")


@router.api_route("/search", methods=["GET", "HEAD"])
def search(request: Request, filters: Annotated[PageFilters, Query()]) -> Response:
    """Show the form, and the answers when there is a query."""
    archive = archive_of(request)
    asked = bool(filters.q.strip())
    found = find(archive, filters) if asked else None
    return render(
        request,
        "search.html",
        filters=filters,
        places=PLACES,
        disclosures=list(Disclosure),
        outlets=[one.source.name for one in archive.sources()],
        hits=[(one, marked(one.snippet)) for one in found.hits] if found else [],
        asked=asked,
        more=filters.address(cursor=found.next) if found and found.next else None,
    )


@router.api_route("/statistics", methods=["GET", "HEAD"])
def statistics(request: Request, counted: Annotated[Counted, Query()]) -> Response:
    """Show how often outlets edit, and whether they say so."""
    lines = list(archive_of(request).statistics(by=counted.by))
    return render(request, "statistics.html", lines=lines, by=counted.by)


def marked(snippet: str) -> list[tuple[bool, str]]:
    """Return a snippet as pieces, each with whether it is a hit."""
    pieces = MARK.split(snippet)
    return [(at % 2 == 1, piece) for at, piece in enumerate(pieces) if piece]
