"""Reads the archive: captures, versions, texts, edits, sources, and whether everything is still there."""

from archive.reading.archive import Archive, EditQuery, Overview, SourceStatus, VersionText
from archive.reading.lines import capture_line, event_line, search_line, source_line, version_line
from archive.reading.load import LOAD, Load, LoadStatus, words_of
from archive.reading.replay import ArchivedAnswer
from archive.reading.searching import SearchHit, SearchIn, SearchPage, SearchPlace, SearchQuery, SearchSort
from archive.reading.verification import VerifyReport, verify

__all__ = [
    "LOAD",
    "Archive",
    "ArchivedAnswer",
    "EditQuery",
    "Load",
    "LoadStatus",
    "Overview",
    "SearchHit",
    "SearchIn",
    "SearchPage",
    "SearchPlace",
    "SearchQuery",
    "SearchSort",
    "SourceStatus",
    "VerifyReport",
    "VersionText",
    "capture_line",
    "event_line",
    "search_line",
    "source_line",
    "verify",
    "version_line",
    "words_of",
]
