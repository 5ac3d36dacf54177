"""Finds what readers name: the article behind an address, a version, and what narrows a query, as rows of the catalogue."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import Connection

from archive import urls
from archive.catalog import articles, captures, ledger, sources
from archive.catalog.versions import VersionFilter
from archive.errors import UnknownSourceError, UnknownUrlError
from archive.model import Article, Version

__all__ = [
    "EditQuery",
    "article_of",
    "captures_at",
    "event_filter",
    "known_article",
    "pick",
    "version_filter",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class EditQuery:
    """Which events are wanted; empty fields do not narrow, several values of one field are alternatives."""

    since: datetime | None = None
    until: datetime | None = None
    sources: tuple[str, ...] = ()
    #: Any address that leads to the article.
    article: str | None = None
    kinds: tuple[str, ...] = ()
    severities: tuple[str, ...] = ()
    disclosures: tuple[str, ...] = ()
    tracks: tuple[str, ...] = ()
    #: Events that raise no alert as well.
    all: bool = False


def article_of(connection: Connection, url: str) -> tuple[int, Article]:
    """Return the article that an address leads to; UnknownUrlError, with addresses like it, when there is none."""
    found = known_article(connection, url)
    if found is None:
        raise UnknownUrlError(url, _nearest(connection, url))
    return found


def known_article(connection: Connection, url: str) -> tuple[int, Article] | None:
    """Find the article that an address leads to; what is no address leads to none."""
    try:
        key = urls.identity_key(url)
    except ValueError:
        return None
    return articles.article_at(connection, url, key)


def _nearest(connection: Connection, url: str) -> tuple[str, ...]:
    try:
        key = urls.urlkey(url)
    except ValueError:
        return ()
    for length in (len(key), max(len(key) * 3 // 4, key.find(")") + 2), key.find(")") + 1):
        if found := articles.similar_uris(connection, key[:length]):
            return tuple(found)
    return ()


def captures_at(connection: Connection, url: str, wanted: captures.CaptureFilter) -> captures.CaptureFilter:
    """Narrow to an article by any of its addresses, or to an address that belongs to none."""
    found = known_article(connection, url)
    if found is not None:
        return replace(wanted, article_id=found[0])
    if articles.url_row(connection, url) is None:
        raise UnknownUrlError(url, _nearest(connection, url))
    return replace(wanted, uri=url)


def event_filter(connection: Connection, query: EditQuery) -> ledger.EventFilter:
    """Return what narrows events; UnknownUrlError when the article was never archived."""
    return ledger.EventFilter(
        since=query.since,
        until=query.until,
        sources=query.sources,
        article_id=article_of(connection, query.article)[0] if query.article else None,
        kinds=query.kinds,
        severities=query.severities,
        disclosures=query.disclosures,
        tracks=query.tracks,
        all=query.all,
    )


def version_filter(
    connection: Connection,
    url: str | None,
    of_sources: Sequence[str],
    *,
    since: datetime | None,
    until: datetime | None,
) -> VersionFilter:
    """Return what narrows versions; UnknownSourceError or UnknownUrlError when something named is not there."""
    for name in of_sources:
        if sources.source_id(connection, name) is None:
            raise UnknownSourceError(name)
    article_id = article_of(connection, url)[0] if url else None
    return VersionFilter(article_id=article_id, sources=tuple(of_sources), since=since, until=until)


def pick(versions: Sequence[Version], url: str, *, at: datetime | None, number: int | None) -> Version:
    """Return the version of a number, or the last one that was seen at a moment; LookupError when there is none."""
    if number is not None:
        for version in versions:
            if version.number == number:
                return version
        message = f"{url}: has no version {number}; it has versions 1 to {len(versions)}."
        raise LookupError(message)
    seen = [version for version in versions if at is None or version.captured_at <= at]
    if not seen:
        raise UnknownUrlError(url)
    return seen[-1]
