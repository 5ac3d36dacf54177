"""The rows of the datasets: the lines of the command line, and for versions what they say."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from archive.catalog.versions import StoredVersion
from archive.reading.archive import Archive, EditQuery
from archive.reading.lines import capture_line, event_line, iso
from archive.text.contents import extraction_from

__all__ = ["Row", "RowQuery", "rows_of"]

#: A row as JSON takes it: times as text, lists as lists.
Row = dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class RowQuery:
    """Which rows are wanted; fields that are not of the dataset stay unset."""

    #: "edits", "versions" or "captures".
    dataset: str
    url: str | None = None
    sources: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()
    since: datetime | None = None
    #: Exclusive.
    until: datetime | None = None
    kinds: tuple[str, ...] = ()
    severities: tuple[str, ...] = ()
    disclosures: tuple[str, ...] = ()
    tracks: tuple[str, ...] = ()
    #: Events that raise no alert as well.
    all: bool = False


def rows_of(archive: Archive, query: RowQuery) -> Iterator[Row]:
    """
    Yield the rows of a dataset, always in the same order.

    Raises:
        UnknownUrlError: nothing is archived for `url`.
        UnknownSourceError: there is no source of a name asked for.
    """
    match query.dataset:
        case "edits":
            yield from map(event_line, archive.edits(edit_query(query)))
        case "versions":
            yield from _versions(archive, query)
        case _:
            yield from _captures(archive, query)


def edit_query(query: RowQuery) -> EditQuery:
    """Return the filters as those of edits."""
    return EditQuery(
        since=query.since,
        until=query.until,
        sources=query.sources,
        article=query.url,
        kinds=query.kinds,
        severities=query.severities,
        disclosures=query.disclosures,
        tracks=query.tracks,
        all=query.all,
    )


def _captures(archive: Archive, query: RowQuery) -> Iterator[Row]:
    found = archive.captures(
        url=query.url,
        source=query.sources[0] if query.sources else None,
        since=query.since,
        until=query.until,
    )
    yield from map(capture_line, found)


def _versions(archive: Archive, query: RowQuery) -> Iterator[Row]:
    for stored in archive.stored_versions(query.url, query.sources, since=query.since, until=query.until):
        row = _version_row(stored)
        if not query.languages or _speaks(row["language"], query.languages):
            yield row


def _speaks(said: str | None, languages: tuple[str, ...]) -> bool:
    """Tell whether a page's language is one of those asked for; `en` stands for `en-GB` as well."""
    return any(f"{said or ''}-".lower().startswith(f"{language.lower()}-") for language in languages)


def _version_row(stored: StoredVersion) -> Row:
    said, version = extraction_from(stored.values), stored.version
    entries = [f"{entry.headline}\n{entry.text}".strip() for entry in said.entries]
    return {
        "article": version.article,
        "source": stored.source,
        "version": version.number,
        "captured_at": iso(version.captured_at),
        "last_seen_at": iso(version.last_seen_at),
        "capture": version.capture,
        "event": version.event,
        "language": said.language,
        "published_at": said.published_at,
        "authors": list(said.authors),
        "section": said.section,
        "headline": version.headline,
        "dek": said.dek,
        "words": version.words,
        "text": "\n".join([*said.body, *entries]),
        "notes": [note.text for note in said.notes],
    }
