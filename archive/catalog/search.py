"""Queries on the full-text index: which versions say something, and which edits brought it or took it away."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import (
    CTE,
    ColumnElement,
    Connection,
    Label,
    Select,
    func,
    literal,
    or_,
    select,
    tuple_,
)

from archive.catalog.darkness import shown_article
from archive.catalog.ledger import DISCLOSURE, SEVERITY, is_on_event
from archive.catalog.schema import article, event, judgement, source, version
from archive.catalog.search_engine import search_engine
from archive.catalog.search_tables import INDEXES, search_edit, search_text, search_version
from archive.search import Query

__all__ = [
    "FoundRow",
    "SearchFilter",
    "SearchPlace",
    "events_around",
    "newest_indexed",
    "search_edits",
    "search_versions",
]

TEXTS, ADDED, REMOVED = INDEXES


class SearchPlace(NamedTuple):
    """Where an answer stands in the order of answers; all of it descends."""

    score: float
    captured_at: datetime
    article_id: int
    number: int


@dataclass(frozen=True, slots=True, kw_only=True)
class SearchFilter:
    """Which answers are wanted and in which order; an empty field does not narrow."""

    query: Query
    in_headline: bool = False
    sources: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()
    #: Of `captured_at`, both included.
    since: datetime | None = None
    until: datetime | None = None
    #: Of the edit that led to the version, or that brought or took the words.
    severities: tuple[str, ...] = ()
    disclosures: tuple[str, ...] = ()
    every_version: bool = False
    by_date: bool = False
    #: The last answer of the page before.
    after: SearchPlace | None = None
    #: Nothing that was indexed later than this row.
    newest: int | None = None
    #: What is kept dark as well.
    dark: bool = True
    limit: int | None = None


@dataclass(frozen=True, slots=True)
class FoundRow:
    """One answer."""

    article: str
    source: str
    headline: str
    #: None when an edit led to no version of its own.
    version: int | None
    captured_at: datetime
    #: Digest of what the version says; for edits, None.
    content: str | None
    event: str | None
    score: float
    article_id: int

    @property
    def place(self) -> SearchPlace:
        """Where it stands in the order of answers."""
        return SearchPlace(self.score, self.captured_at, self.article_id, self.version or 0)


def newest_indexed(connection: Connection) -> int:
    """Return the last row of the index, to see the archive the same way on every page."""
    return int(connection.execute(select(func.max(search_version.c.id))).scalar() or 0)


def search_versions(connection: Connection, wanted: SearchFilter) -> Iterator[FoundRow]:
    """Yield the versions that answer: of each article the newest, or all."""
    hit = search_engine(connection).hits(TEXTS, wanted.query, in_headline=wanted.in_headline)
    number = search_version.c.number
    rows = (
        select(
            search_version.c.article_id,
            number.label("number"),
            search_version.c.captured_at.label("captured_at"),
            hit.c.score,
            _newest(search_version.c.article_id, number),
        )
        .select_from(hit)
        .join(search_version, search_version.c.text_id == hit.c.id)
    )
    if wanted.languages:
        rows = rows.join(search_text, search_text.c.id == hit.c.id)
    if wanted.severities or wanted.disclosures:
        here = (version.c.article_id == search_version.c.article_id) & (version.c.number == number)
        rows = rows.join(version, here).join(event, event.c.id == version.c.event)
        rows = rows.outerjoin(judgement, is_on_event())
    if wanted.newest is not None:
        rows = rows.where(search_version.c.id <= wanted.newest)
    rows = _narrowed(rows, wanted, search_version.c.article_id, search_version.c.captured_at)
    page = _page(rows, wanted)
    found = (
        select(
            article.c.uri,
            source.c.name,
            version.c.headline,
            page.c.number,
            page.c.captured_at,
            version.c.content,
            version.c.event,
            page.c.score,
            page.c.article_id,
        )
        .select_from(page)
        .join(article, article.c.id == page.c.article_id)
        .join(source, source.c.id == article.c.source_id)
        .join(version, (version.c.article_id == page.c.article_id) & (version.c.number == page.c.number))
    )
    yield from _rows(connection, found, page, wanted)


def search_edits(connection: Connection, wanted: SearchFilter, *, added: bool) -> Iterator[FoundRow]:
    """Yield the edits that brought (`added`) or took what is asked for: of each article the newest, or all."""
    hit = search_engine(connection).hits(
        ADDED if added else REMOVED, wanted.query, in_headline=wanted.in_headline
    )
    number = func.coalesce(event.c.to_version, 0)
    rows = (
        select(
            event.c.article_id.label("article_id"),
            number.label("number"),
            event.c.first_seen_at.label("captured_at"),
            hit.c.score,
            event.c.id.label("event_id"),
            _newest(event.c.article_id, event.c.first_seen_at, event.c.id),
        )
        .select_from(hit)
        .join(search_edit, search_edit.c.id == hit.c.id)
        .join(event, event.c.id == search_edit.c.event_id)
        .outerjoin(judgement, is_on_event())
        .where(event.c.is_superseded.is_(False))
    )
    if wanted.languages:
        here = (version.c.article_id == event.c.article_id) & (version.c.number == event.c.to_version)
        rows = rows.join(version, here).join(search_text, search_text.c.content == version.c.content)
    rows = _narrowed(rows, wanted, event.c.article_id, event.c.first_seen_at)
    page = _page(rows, wanted)
    found = (
        select(
            article.c.uri,
            source.c.name,
            event.c.headline,
            event.c.to_version,
            page.c.captured_at,
            literal(None).label("content"),
            event.c.id,
            page.c.score,
            page.c.article_id,
        )
        .select_from(page)
        .join(event, event.c.id == page.c.event_id)
        .join(article, article.c.id == page.c.article_id)
        .join(source, source.c.id == article.c.source_id)
    )
    yield from _rows(connection, found, page, wanted)


def events_around(connection: Connection, query: Query, *, in_headline: bool) -> set[str]:
    """Return the ids of the events whose version before or after answers."""
    hit = search_engine(connection).hits(TEXTS, query, in_headline=in_headline)
    number = search_version.c.number
    rows = (
        select(event.c.id)
        .select_from(hit)
        .join(search_version, search_version.c.text_id == hit.c.id)
        .join(
            event,
            (event.c.article_id == search_version.c.article_id)
            & ((event.c.from_version == number) | (event.c.to_version == number)),
        )
    )
    return set(connection.execute(rows).scalars())


def _newest(article_id: ColumnElement[int], *order: ColumnElement[Any]) -> Label[int]:
    """Number an article's answers, the newest first."""
    return (
        func.row_number()
        .over(partition_by=article_id, order_by=[column.desc() for column in order])
        .label("nth")
    )


def _narrowed(
    rows: Select[Any],
    wanted: SearchFilter,
    article_id: ColumnElement[int],
    captured_at: ColumnElement[datetime],
) -> Select[Any]:
    if wanted.since is not None:
        rows = rows.where(captured_at >= wanted.since)
    if wanted.until is not None:
        rows = rows.where(captured_at <= wanted.until)
    if wanted.severities:
        rows = rows.where(SEVERITY.in_(wanted.severities))
    if wanted.disclosures:
        rows = rows.where(DISCLOSURE.in_(wanted.disclosures))
    if wanted.languages:
        rows = rows.where(or_(*[_speaks(language) for language in wanted.languages]))
    if not wanted.dark:
        rows = rows.where(shown_article(article_id))
    if wanted.sources:
        of_sources = (
            select(article.c.id)
            .join(source, source.c.id == article.c.source_id)
            .where(source.c.name.in_(wanted.sources), article.c.id == article_id)
        )
        rows = rows.where(of_sources.exists())
    return rows


def _speaks(language: str) -> ColumnElement[bool]:
    """`en` stands for `en-GB` as well."""
    said = search_text.c.language
    return (said == language.lower()) | said.startswith(language.lower() + "-", autoescape=True)


def _page(rows: Select[Any], wanted: SearchFilter) -> CTE:
    """Cut one page out of the answers, before anything is looked up for them."""
    found = rows.cte("found")
    page = select(found)
    if not wanted.every_version:
        page = page.where(found.c.nth == 1)
    order = _order(found, wanted)
    if wanted.after is not None:
        after = wanted.after if not wanted.by_date else wanted.after[1:]
        page = page.where(
            tuple_(*order)
            < tuple_(*[literal(value, column.type) for value, column in zip(after, order, strict=True)])
        )
    page = page.order_by(*[column.desc() for column in order])
    return (page if wanted.limit is None else page.limit(wanted.limit)).cte("page")


def _order(found: CTE, wanted: SearchFilter) -> list[ColumnElement[Any]]:
    order: list[ColumnElement[Any]] = [found.c.score, found.c.captured_at, found.c.article_id, found.c.number]
    return order[1:] if wanted.by_date else order


def _rows(connection: Connection, found: Select[Any], page: CTE, wanted: SearchFilter) -> Iterator[FoundRow]:
    ordered = found.order_by(*[column.desc() for column in _order(page, wanted)])
    rows: Any = connection.execute(ordered, execution_options={"yield_per": 200})
    for row in rows:
        yield FoundRow(*row)
