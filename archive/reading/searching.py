"""Full-text search as readers ask for it: over what versions say, or over the words that edits brought and took."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from sqlalchemy import Connection

from archive.catalog import ledger, sources
from archive.catalog.catalogue import Catalogue
from archive.catalog.search import (
    FoundRow,
    SearchFilter,
    SearchPlace,
    newest_indexed,
    search_edits,
    search_versions,
)
from archive.errors import EmptyQueryError, UnknownSourceError
from archive.search import Fields, Query, fields_of, parse, snippet, words_added, words_removed
from archive.text.contents import extraction_from

__all__ = ["SearchHit", "SearchIn", "SearchPage", "SearchPlace", "SearchQuery", "SearchSort", "search"]


class SearchIn(StrEnum):
    """Where to look."""

    TEXT = "text"  # headline and text of versions
    HEADLINE = "headline"  # headlines of versions
    ADDED = "added"  # words that edits brought
    REMOVED = "removed"  # words that edits took away


class SearchSort(StrEnum):
    """Which answers come first."""

    BEST = "best"
    DATE = "date"  # the newest


@dataclass(frozen=True, slots=True, kw_only=True)
class SearchQuery:
    """What is looked for; empty fields do not narrow, several values of one field are alternatives."""

    text: str
    where: SearchIn = SearchIn.TEXT
    sources: tuple[str, ...] = ()
    #: Primary subtags ("en" finds "en-GB" too) or whole tags.
    languages: tuple[str, ...] = ()
    #: Of the first capture that shows it, both included.
    since: datetime | None = None
    until: datetime | None = None
    #: Of the edit that led to the version, or that brought or took the words.
    severities: tuple[str, ...] = ()
    disclosures: tuple[str, ...] = ()
    #: Not only the newest answer of each article.
    all_versions: bool = False
    sort: SearchSort = SearchSort.BEST


@dataclass(frozen=True, slots=True, kw_only=True)
class SearchHit:
    """One answer."""

    article: str
    source: str
    headline: str
    version: int | None
    captured_at: datetime
    #: The edit that led to the version, or that brought or took the words.
    event: str | None
    #: The place that answers; hits between `[[` and `]]`.
    snippet: str
    #: The higher, the better; comparable within one answer list only.
    score: float
    place: SearchPlace


@dataclass(frozen=True, slots=True, kw_only=True)
class SearchPage:
    """Which stretch of the answers is wanted."""

    limit: int | None = None
    after: SearchPlace | None = None
    #: What was the newest row of the index on the first page.
    newest: int | None = None


def search(
    catalogue: Catalogue, query: SearchQuery, page: SearchPage, *, dark: bool = True
) -> Iterator[SearchHit]:
    """
    Yield the answers, one an article unless all versions are asked for.

    Args:
        dark: what is kept dark as well.

    Raises:
        EmptyQueryError: there is nothing but white space in the query.
        UnknownSourceError: there is no source of a name asked for.
    """
    if not query.text.strip():
        raise EmptyQueryError
    asked = parse(query.text)
    with catalogue.reading() as connection:
        for name in query.sources:
            if sources.source_id(connection, name) is None:
                raise UnknownSourceError(name)
        if asked is None:
            return
        wanted = replace(_filter(asked, query, page), dark=dark)
        if query.where in (SearchIn.ADDED, SearchIn.REMOVED):
            rows = search_edits(connection, wanted, added=query.where is SearchIn.ADDED)
        else:
            rows = search_versions(connection, wanted)
        for row in rows:
            yield _hit(row, snippet(asked, _fields(connection, row, query.where)))


def newest_row(catalogue: Catalogue) -> int:
    """Return the newest row of the index, for the pages after the first."""
    with catalogue.reading() as connection:
        return newest_indexed(connection)


def _filter(asked: Query, query: SearchQuery, page: SearchPage) -> SearchFilter:
    return SearchFilter(
        query=asked,
        in_headline=query.where is SearchIn.HEADLINE,
        sources=query.sources,
        languages=query.languages,
        since=query.since,
        until=query.until,
        severities=query.severities,
        disclosures=query.disclosures,
        every_version=query.all_versions,
        by_date=query.sort is SearchSort.DATE,
        after=page.after,
        newest=page.newest,
        limit=page.limit,
    )


def _fields(connection: Connection, row: FoundRow, where: SearchIn) -> Fields:
    if row.content is None:
        found = ledger.event_by_id(connection, row.event) if row.event else None
        if found is None:
            return Fields()
        return words_added(found) if where is SearchIn.ADDED else words_removed(found)
    values = ledger.content_json(connection, row.content)
    if values is None:
        return Fields()
    fields = fields_of(extraction_from(values))
    return Fields(fields.headline) if where is SearchIn.HEADLINE else fields


def _hit(row: FoundRow, quoted: str) -> SearchHit:
    return SearchHit(
        article=row.article,
        source=row.source,
        headline=row.headline,
        version=row.version,
        captured_at=row.captured_at,
        event=row.event,
        snippet=quoted,
        score=row.score,
        place=row.place,
    )
