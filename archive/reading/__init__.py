"""
Reads the archive: captures, versions, texts, edits, sources, and whether everything is still there.

Names are loaded when asked for, so that a command pays for what it uses.
"""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from archive.reading.archive import Archive, EditQuery, Overview, SourceStatus, VersionText
    from archive.reading.lines import capture_line, event_line, search_line, source_line, version_line
    from archive.reading.load import LOAD, Load, LoadStatus, words_of
    from archive.reading.replay import ArchivedAnswer
    from archive.reading.searching import (
        SearchHit,
        SearchIn,
        SearchPage,
        SearchPlace,
        SearchQuery,
        SearchSort,
    )
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

#: Where each public name lives.
HOMES = {
    "archive": ("Archive", "EditQuery", "Overview", "SourceStatus", "VersionText"),
    "lines": ("capture_line", "event_line", "search_line", "source_line", "version_line"),
    "load": ("LOAD", "Load", "LoadStatus", "words_of"),
    "replay": ("ArchivedAnswer",),
    "searching": ("SearchHit", "SearchIn", "SearchPage", "SearchPlace", "SearchQuery", "SearchSort"),
    "verification": ("VerifyReport", "verify"),
}


def __getattr__(name: str) -> Any:
    """Load a public name when it is first asked for."""
    from importlib import import_module

    for module, names in HOMES.items():
        if name in names:
            return getattr(import_module(f"{__name__}.{module}"), name)
    message = f"module {__name__!r} has no attribute {name!r}"
    raise AttributeError(message)
