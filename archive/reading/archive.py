"""The archive as readers see it: every question of the reading commands, the page and the API is a method here."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection

from archive.catalog import captures, ledger, revisits, sources
from archive.catalog.captures import CaptureFilter
from archive.catalog.cdx import IndexFilter, IndexRow, Place
from archive.catalog.darkness import is_dark_article
from archive.catalog.sources import Aside
from archive.catalog.versions import StoredVersion, captures_of_versions, stream_versions
from archive.errors import DarkArticleError, UnknownEventError, UnknownSourceError
from archive.model import Article, Capture, Event, Extraction, Source, Verdict, Version
from archive.opening import Stores
from archive.reading.finding import (
    EditQuery,
    article_of,
    captures_at,
    event_filter,
    pick,
    version_filter,
)
from archive.reading.health import RECENT, health_of
from archive.reading.load import LOAD, LoadStatus, load_from
from archive.text.contents import extraction_from

# What few commands need is loaded by the methods that do: a command that lists starts in a third less time.
if TYPE_CHECKING:
    from archive.reading import replay
    from archive.reading.searching import SearchHit, SearchPage, SearchQuery
    from archive.warc.reader import HttpMessage

__all__ = ["Archive", "EditQuery", "Overview", "SourceStatus", "VersionText"]


@dataclass(frozen=True, slots=True, kw_only=True)
class VersionText:
    """One version with what it says."""

    article: Article
    version: Version
    extraction: Extraction


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceStatus:
    """A source and how it fares."""

    source: Source
    #: ok, degraded, failing or paused.
    health: str
    #: Why it is not ok, and what can be done about it; "" when all is well.
    reason: str
    advice: str
    problems: Sequence[sources.Problem]
    listings: Sequence[sources.ListingRow]
    articles: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Overview:
    """Counts for the first page."""

    sources: int
    articles: int
    captures: int
    last_capture_at: datetime | None


class Archive:
    """An opened archive, for reading. Safe to use while a crawl writes to the same home."""

    def __init__(self, stores: Stores, *, dark: bool = False) -> None:
        """
        Open.

        Args:
            dark: show what is kept dark as well.
        """
        self._stores = stores
        self._dark = dark

    @property
    def now(self) -> datetime:
        """The home's time."""
        return self._stores.clock.now()

    def close(self) -> None:
        """Give the catalogue back."""
        self._stores.close()

    def captures(
        self,
        *,
        url: str | None = None,
        source: str | None = None,
        since: datetime | None = None,
        until: datetime | None = None,
        after: tuple[datetime, str, str] | None = None,
        limit: int | None = None,
    ) -> Iterator[Capture]:
        """
        Yield captures, oldest first; those that are kept dark as well: nothing of their text is in this.

        Args:
            until: exclusive.
            after: WARC-Date, urlkey and record id of the last capture of the part before.
            limit: how many at most.

        Raises:
            UnknownUrlError: `url` was never captured.
            UnknownSourceError: there is no such source.
        """
        with self._stores.catalogue.reading() as connection:
            if source is not None and sources.source_id(connection, source) is None:
                raise UnknownSourceError(source)
            wanted = captures.CaptureFilter(source=source, since=since, until=until, after=after)
            if url is not None:
                wanted = captures_at(connection, url, wanted)
            yield from captures.stream_captures(connection, wanted, limit=limit)

    def load(self) -> LoadStatus:
        """Tell whether there is more to visit than the budget allows, and what is overdue."""
        now = self.now
        with self._stores.catalogue.reading() as connection:
            return LoadStatus(
                at=now,
                backlog=revisits.backlog(connection, now),
                # A faster clock's quarter of an hour is nothing to be told.
                patience=timedelta(minutes=15) / self._stores.clock.real_seconds(1.0),
                load=load_from(revisits.get_learnt(connection, LOAD)),
            )

    def article(self, url: str) -> Article:
        """Return the article that an address leads to; UnknownUrlError when there is none."""
        with self._stores.catalogue.reading() as connection:
            return self._article(connection, url)[1]

    def versions(self, url: str) -> list[Version]:
        """Return an article's versions, oldest first; UnknownUrlError when there is no such article."""
        with self._stores.catalogue.reading() as connection:
            return ledger.versions_of(connection, self._article(connection, url)[0])

    def stored_versions(
        self,
        url: str | None = None,
        of_sources: Sequence[str] = (),
        *,
        since: datetime | None = None,
        until: datetime | None = None,
    ) -> Iterator[StoredVersion]:
        """
        Yield versions with what they say, article by article, without holding them all.

        Raises:
            UnknownUrlError: `url` was never captured.
            UnknownSourceError: there is no source of a name asked for.
        """
        with self._stores.catalogue.reading() as connection:
            wanted = version_filter(connection, url, of_sources, since=since, until=until)
            wanted = replace(wanted, dark=self._dark)
            yield from stream_versions(connection, wanted)

    def text(self, url: str, *, at: datetime | None = None, number: int | None = None) -> VersionText:
        """
        Return what an article said: at a moment, as a version number, or last.

        Raises:
            UnknownUrlError: no such article, or it was not seen yet at that moment.
            LookupError: it has no version of that number.
        """
        with self._stores.catalogue.reading() as connection:
            article_id, article = self._article(connection, url)
            version = pick(ledger.versions_of(connection, article_id), url, at=at, number=number)
            return VersionText(
                article=article, version=version, extraction=_content(connection, version.content)
            )

    def extraction(self, version: Version) -> Extraction:
        """Return what a version says."""
        with self._stores.catalogue.reading() as connection:
            return _content(connection, version.content)

    def edits(
        self,
        query: EditQuery | None = None,
        *,
        newest_first: bool = False,
        after: tuple[datetime, str] | None = None,
        limit: int | None = None,
    ) -> Iterator[Event]:
        """
        Yield events by `first_seen_at`.

        Args:
            query: which; without one, those that raise an alert.
            newest_first: reverse the order.
            after: (first_seen_at, id) of the last event of the page before.
            limit: how many at most.

        Raises:
            UnknownUrlError: `query.article` was never archived.
        """
        with self._stores.catalogue.reading() as connection:
            wanted = self._filter(connection, query or EditQuery())
            yield from ledger.events_matching(
                connection, wanted, newest_first=newest_first, after=after, limit=limit
            )

    def edits_confirmed_since(self, since: datetime, query: EditQuery) -> list[Event]:
        """
        Return the events that were confirmed at a moment or later, in that order.

        Raises:
            UnknownUrlError: `query.article` was never archived.
        """
        with self._stores.catalogue.reading() as connection:
            return ledger.events_confirmed_since(connection, since, self._filter(connection, query))

    def search(self, query: "SearchQuery", page: "SearchPage | None" = None) -> "Iterator[SearchHit]":
        """
        Yield the answers to a full-text query, best or newest first; one an article unless all are asked for.

        Raises:
            EmptyQueryError: there is nothing but white space in it.
            UnknownSourceError: there is no source of a name asked for.
        """
        from archive.reading.searching import SearchPage, search

        yield from search(self._stores.catalogue, query, page or SearchPage(), dark=self._dark)

    def statistics(
        self,
        *,
        by: str,
        sources: Sequence[str] = (),
        since: datetime | None = None,
        until: datetime | None = None,
    ) -> Iterator[dict[str, Any]]:
        """Yield how often outlets edit, and whether they say so, by "week", "source" or "all"."""
        from archive.reading.statistics import Span, statistics_of

        span = Span(since=since, until=until, sources=tuple(sources))
        yield from statistics_of(self._stores.catalogue, span, by=by)

    def newest_searchable(self) -> int:
        """Return a mark for `SearchPage.newest`: pages that carry it see nothing that came later."""
        from archive.reading.searching import newest_row

        return newest_row(self._stores.catalogue)

    def count_edits(self, query: EditQuery) -> int:
        """Count the events that match."""
        with self._stores.catalogue.reading() as connection:
            return ledger.count_events(connection, self._filter(connection, query))

    def tallies(self) -> list[ledger.SourceTally]:
        """Count the alerted events of each source, by name."""
        with self._stores.catalogue.reading() as connection:
            return ledger.tallies(connection)

    def languages(self, events: Sequence[Event]) -> dict[str, str]:
        """Return the language of what each event led to, by event id, where the text states one."""
        with self._stores.catalogue.reading() as connection:
            digests = ledger.contents_of_events(connection, [event.id for event in events])
            known = {
                digest: (ledger.content_json(connection, digest) or {}).get("language")
                for digest in set(digests.values())
            }
        return {event: language for event, digest in digests.items() if (language := known[digest])}

    def mementos(self, url: str) -> list[IndexRow]:
        """Return the captures of an address that have an archived answer, oldest first."""
        from archive.reading import replay

        return replay.mementos_of(self._stores, url, dark=self._dark)

    def answer(self, memento: IndexRow) -> "replay.ArchivedAnswer | None":
        """
        Return what a capture archived; None when a revisit's original is not in the archive.

        Raises:
            RecordDamagedError: its record cannot be read.
        """
        from archive.reading import replay

        return replay.answer_of(self._stores, memento)

    def head(self, memento: IndexRow) -> "HttpMessage":
        """Return status line and headers of a capture's own record."""
        from archive.reading import replay

        return replay.head_of(self._stores, memento)

    def index(
        self, wanted: IndexFilter, *, after: Place | None = None, newest_first: bool = False
    ) -> Iterator[IndexRow]:
        """Yield captures with an archived answer by urlkey, then WARC-Date."""
        from archive.reading import replay

        return replay.index(
            self._stores, replace(wanted, dark=self._dark), after=after, newest_first=newest_first
        )

    def event(self, event_id: str) -> Event:
        """Return one event; UnknownEventError when there is none."""
        with self._stores.catalogue.reading() as connection:
            found = ledger.event_by_id(connection, event_id)
            if found is None:
                raise UnknownEventError(event_id)
            self._shown(connection, found.article, ledger.article_of_event(connection, event_id))
        return found

    def capture(self, capture_id: str) -> Capture | None:
        """Return one capture, or None."""
        with self._stores.catalogue.reading() as connection:
            return captures.capture_by_id(connection, capture_id)

    def capture_filter(
        self,
        *,
        url: str | None = None,
        source: str | None = None,
        since: datetime | None = None,
        until: datetime | None = None,
    ) -> CaptureFilter:
        """
        Return what narrows captures to an article or address, a source, and a time.

        Raises:
            UnknownUrlError: `url` was never captured.
            UnknownSourceError: there is no such source.
        """
        with self._stores.catalogue.reading() as connection:
            if source is not None and sources.source_id(connection, source) is None:
                raise UnknownSourceError(source)
            wanted = CaptureFilter(source=source, since=since, until=until, dark=self._dark)
            return wanted if url is None else captures_at(connection, url, wanted)

    def captures_of_edits(self, query: EditQuery) -> CaptureFilter:
        """Return what narrows captures to those between which edits happened."""
        with self._stores.catalogue.reading() as connection:
            return CaptureFilter(among=ledger.captures_of_events(self._filter(connection, query)))

    def captures_of_versions(
        self,
        url: str | None = None,
        of_sources: Sequence[str] = (),
        *,
        since: datetime | None = None,
        until: datetime | None = None,
    ) -> CaptureFilter:
        """Return what narrows captures to those that showed a version first."""
        with self._stores.catalogue.reading() as connection:
            wanted = version_filter(connection, url, of_sources, since=since, until=until)
        return CaptureFilter(among=captures_of_versions(replace(wanted, dark=self._dark)))

    def sources(self, name: str | None = None) -> list[SourceStatus]:
        """Return every source, or the one named, with its health; UnknownSourceError when there is none."""
        with self._stores.catalogue.reading() as connection:
            counts = dict(sources.count_by_source(connection))
            found = [
                self._status(connection, row, one, counts.get(row, 0))
                for row, one in sources.all_sources(connection)
                if one.kind != "removed" and (name is None or name in (one.name, one.url))
            ]
        if name is not None and not found:
            raise UnknownSourceError(name)
        return found

    def asides(self, name: str) -> list[Aside]:
        """Return the bodies of a source that could not be read, newest first."""
        with self._stores.catalogue.reading() as connection:
            row = sources.source_id(connection, name)
            if row is None:
                raise UnknownSourceError(name)
            return sources.asides_of(connection, row)

    def overview(self) -> Overview:
        """Count what the first page shows."""
        with self._stores.catalogue.reading() as connection:
            return Overview(
                sources=sum(one.kind != "removed" for _, one in sources.all_sources(connection)),
                articles=sum(count for _, count in sources.count_by_source(connection)),
                captures=captures.captures_in(connection),
                last_capture_at=captures.last_captured_at(connection),
            )

    def _article(self, connection: Connection, url: str) -> tuple[int, Article]:
        found = article_of(connection, url)
        self._shown(connection, url, found[0])
        return found

    def _shown(self, connection: Connection, url: str, article_id: int | None) -> None:
        """Make sure that an article may be shown."""
        if not self._dark and article_id is not None and is_dark_article(connection, article_id):
            raise DarkArticleError(url)

    def _filter(self, connection: Connection, query: EditQuery) -> ledger.EventFilter:
        return replace(event_filter(connection, query), dark=self._dark)

    def _status(self, connection: Connection, row: int, one: Source, count: int) -> SourceStatus:
        problems = sources.problems_of(connection, row)
        # Health is a matter of the last day's problems, and of the day before each.
        good = problems and captures.last_captured_at(
            connection, source_id=row, verdicts=GOOD, since=self.now - 2 * RECENT
        )
        health = health_of(problems, now=self.now, last_good=good or None, is_paused=one.is_paused)
        return SourceStatus(
            source=one,
            health=health.state,
            reason=health.reason,
            advice=health.advice,
            problems=problems,
            listings=sources.listings_of(connection, row),
            articles=count,
        )


#: Verdicts of captures that show an outlet at work.
GOOD = tuple(
    verdict
    for verdict in Verdict
    if verdict not in (Verdict.BLOCKED, Verdict.SUSPECT, Verdict.REDIRECT, Verdict.MISSING)
)


def _content(connection: Connection, digest: str) -> Extraction:
    values = ledger.content_json(connection, digest)
    if values is None:
        message = f"content {digest} is not in the catalogue; run `lateedition rebuild`."
        raise LookupError(message)
    return extraction_from(values)
