"""
What a page is, what it says, and what its publisher admits to having changed. Pure.

Names are loaded when asked for: whoever only reads kept extractions needs no parser.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from archive.text.contents import content_digest, content_of, extraction_from
    from archive.text.extraction import Reading, extract, read_again
    from archive.text.notes import find_notes

__all__ = [
    "Reading",
    "content_digest",
    "content_of",
    "extract",
    "extraction_from",
    "find_notes",
    "read_again",
]

#: Where each name lives.
HOMES = {
    "Reading": "extraction",
    "read_again": "extraction",
    "content_digest": "contents",
    "content_of": "contents",
    "extract": "extraction",
    "extraction_from": "contents",
    "find_notes": "notes",
}


def __getattr__(name: str) -> Any:
    """Load a name when it is first asked for."""
    if name not in HOMES:
        message = f"module {__name__!r} has no attribute {name!r}"
        raise AttributeError(message)
    return getattr(import_module(f"{__name__}.{HOMES[name]}"), name)
