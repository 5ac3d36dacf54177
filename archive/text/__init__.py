"""What a page is, what it says, and what its publisher admits to having changed. Pure."""

from archive.text.contents import content_digest, content_of, extraction_from
from archive.text.extraction import extract
from archive.text.notes import find_notes

__all__ = ["content_digest", "content_of", "extract", "extraction_from", "find_notes"]
