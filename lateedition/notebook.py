"""Opens a home for people's own programs and notebooks, without Scrapy."""

import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from archive.opening import Stores
from archive.reading import Archive, SearchIn, SearchPage, SearchQuery, SearchSort, search_line
from archive.reading.datasets import DATASETS, SEARCH, STATISTICS, Row, RowQuery, rows_of
from config import load_settings
from lateedition.access import stores_of
from lateedition.tables import Table

__all__ = ["OpenArchive", "open_archive"]

#: One value, or several that are alternatives.
Some = str | Iterable[str] | None
#: A moment, or ISO 8601 text; without a zone it is UTC.
Time = str | datetime | None


@contextmanager
def open_archive(home: str | os.PathLike[str]) -> Iterator["OpenArchive"]:
    """
    Open a home for reading; a crawl may write to it meanwhile.

    Raises:
        SettingsError: its settings cannot be used.
        CatalogueError: its catalogue cannot be opened.
    """
    path = Path(home)
    stores = stores_of(path, load_settings(path, os.environ))
    try:
        yield OpenArchive(stores)
    finally:
        stores.close()


class OpenArchive:
    """An archive in a notebook: tables of edits, versions and captures, search, texts and statistics."""

    def __init__(self, stores: Stores) -> None:
        self._stores = stores
        self._archive = Archive(stores)

    def edits(
        self,
        *,
        article: str | None = None,
        silent: bool = False,
        all: bool = False,  # noqa: A002 - the command line's word
        **narrowed: Any,
    ) -> Table:
        """
        Return the edit ledger.

        Args:
            article: only of the article at this address.
            silent: only edits that needed a note and have none.
            all: also events that raise no alert.
            narrowed: `since`, `until`, `source`, `kind`, `severity`, `disclosure`, `track`, as on the command line.
        """
        query = replace(_query("edits", article, **narrowed), all=all)
        if silent:
            query = replace(query, disclosures=(*query.disclosures, "silent"))
        return self._table(query)

    def versions(self, url: str | None = None, **narrowed: Any) -> Table:
        """
        Return versions with their text.

        Args:
            url: only of the article at this address.
            narrowed: `since`, `until`, `source`, `language`.
        """
        return self._table(_query("versions", url, **narrowed))

    def captures(self, url: str | None = None, **narrowed: Any) -> Table:
        """
        Return captures, oldest first.

        Args:
            url: only of this article or address.
            narrowed: `since`, `until`, `source` (one).
        """
        return self._table(_query("captures", url, **narrowed))

    def search(
        self,
        query: str,
        *,
        where: str = "text",
        limit: int = 1000,
        since: Time = None,
        until: Time = None,
        **narrowed: Any,
    ) -> Table:
        """
        Return the answers to a full-text query, best first.

        Args:
            query: in the language of `lateedition search`.
            where: "text", "headline", "added" or "removed".
            limit: at most so many.
            since: first captured at this moment or later.
            until: or earlier, this moment included.
            narrowed: `source`, `language`, `severity`, `disclosure`, `all_versions`, `sort`.
        """
        from archive.catalog.search_filling import fill_search_index

        fill_search_index(self._stores.catalogue)
        asked = SearchQuery(
            text=query,
            where=SearchIn(where),
            since=_moment(since),
            until=_moment(until),
            sources=_some(narrowed.pop("source", None)),
            languages=_some(narrowed.pop("language", None)),
            severities=_some(narrowed.pop("severity", None)),
            disclosures=_some(narrowed.pop("disclosure", None)),
            sort=SearchSort(narrowed.pop("sort", "best")),
            **narrowed,
        )
        page = SearchPage(limit=limit)
        return Table(SEARCH, lambda: map(search_line, self._archive.search(asked, page)))

    def statistics(
        self, *, by: str = "week", source: Some = None, since: Time = None, until: Time = None
    ) -> Table:
        """
        Return how often outlets edit, and whether they say so, with denominators and 95 % intervals.

        Args:
            by: "week" (each source and week), "source" or "all".
            source: only of these.
            since: only what was seen at this moment or later.
            until: or before.
        """
        return Table(
            STATISTICS,
            lambda: self._archive.statistics(
                by=by, sources=_some(source), since=_moment(since), until=_moment(until)
            ),
        )

    def text(self, url: str, *, at: Time = None) -> str:
        """Return what an article said at a moment, or last: headline, text, one paragraph a line."""
        said = self._archive.text(url, at=_moment(at)).extraction
        entries = [f"{entry.headline}\n{entry.text}".strip() for entry in said.entries]
        return "\n".join(part for part in (said.headline, said.dek, *said.body, *entries) if part)

    def _table(self, query: RowQuery) -> Table:
        def rows() -> Iterator[Row]:
            return rows_of(self._archive, query)

        return Table(DATASETS[query.dataset], rows)


def _query(
    dataset: str,
    url: str | None,
    *,
    since: Time = None,
    until: Time = None,
    source: Some = None,
    language: Some = None,
    kind: Some = None,
    severity: Some = None,
    disclosure: Some = None,
    track: Some = None,
) -> RowQuery:  # fmt: skip
    return RowQuery(
        dataset=dataset,
        url=url,
        since=_moment(since),
        until=_moment(until),
        sources=_some(source),
        languages=_some(language),
        kinds=_some(kind),
        severities=_some(severity),
        disclosures=_some(disclosure),
        tracks=_some(track),
    )


def _some(values: Some) -> tuple[str, ...]:
    if values is None:
        return ()
    return (values,) if isinstance(values, str) else tuple(values)


def _moment(time: Time) -> datetime | None:
    if time is None:
        return None
    moment = datetime.fromisoformat(time) if isinstance(time, str) else time
    return moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)
