"""Which captures stand behind rows: what an export of records holds."""

from archive.catalog.captures import CaptureFilter
from archive.reading.archive import Archive
from archive.reading.datasets.rows import RowQuery, edit_query
from archive.reading.export import ExportQuery

__all__ = ["records_asked", "records_wanted"]


def records_wanted(archive: Archive, query: RowQuery) -> CaptureFilter:
    """
    Return the captures that rows follow from: those between which an edit happened, or that showed a version first.

    Raises:
        UnknownUrlError: nothing is archived for `url`.
        UnknownSourceError: there is no source of a name asked for.
    """
    match query.dataset:
        case "edits":
            return archive.captures_of_edits(edit_query(query))
        case "versions":
            return archive.captures_of_versions(
                query.url, query.sources, since=query.since, until=query.until
            )
    return archive.capture_filter(
        url=query.url,
        source=query.sources[0] if query.sources else None,
        since=query.since,
        until=query.until,
    )


def records_asked(query: RowQuery, form: str) -> ExportQuery:
    """Return what was asked, as a manifest states it."""
    return ExportQuery(
        dataset=query.dataset,
        format=form,
        url=query.url,
        source=", ".join(query.sources) or None,
        since=query.since,
        until=query.until,
        kinds=query.kinds,
        severities=query.severities,
        disclosures=query.disclosures,
        tracks=query.tracks,
        all=query.all,
    )
