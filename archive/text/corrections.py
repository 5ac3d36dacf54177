"""
Notes that a page states in its data alone: schema.org's `correction` of an article.

Readers may not see them, search engines do; a publisher that states one has admitted the change.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from archive.model import Note, NoteKind
from archive.text.notes import find_notes
from archive.text.page import ARTICLE_TYPES, Page, tidy
from archive.text.texts import first_text, words_of

__all__ = ["stated_corrections"]

COMMENT = "CorrectionComment"
#: Shorter ones say nothing; longer ones are articles.
SHORTEST, LONGEST = 12, 1800
#: Two notes that share so much of the shorter one's words are one note.
SAME = 0.8
TAGS = re.compile(r"<[^>]{1,200}>")


def stated_corrections(page: Page, seen: Sequence[Note], published_at: datetime | None) -> tuple[Note, ...]:
    """
    Return the corrections that a page's data states and its text does not show.

    Args:
        page: the page.
        seen: the notes found in its text; what they say is not said again.
        published_at: anchors dates that state no year.
    """
    found: list[Note] = []
    for text, dated in _stated(page):
        note = _note(text, dated, published_at)
        if SHORTEST <= len(text) <= LONGEST and not any(_is_same(note, one) for one in (*seen, *found)):
            found.append(note)
    return tuple(found)


def _stated(page: Page) -> Iterator[tuple[str, str]]:
    """Yield text and date of every correction in the data."""
    for one in page.data_objects:
        kind = str(one.get("@type", ""))
        if kind == COMMENT:
            yield from _read(one)
        elif ARTICLE_TYPES.search(first_text(one.get("@type"))):
            yield from _read(one.get("correction"))


def _read(value: Any, depth: int = 0) -> Iterator[tuple[str, str]]:
    match value:
        case str():
            # A bare address leads to the outlet's policy or to another page.
            if (text := _plain(value)) and "://" not in text.split(maxsplit=1)[0]:
                yield text, ""
        case list():
            for one in value if depth < 2 else ():
                yield from _read(one, depth + 1)
        case dict():
            text = first_text(value.get("text")) or first_text(value.get("description"))
            dated = first_text(value.get("datePublished")) or first_text(value.get("dateCreated"))
            for said, _ in _read(text, depth + 1):
                yield said, dated


def _plain(text: str) -> str:
    return tidy(TAGS.sub(" ", first_text(text)))


def _note(text: str, dated: str, published_at: datetime | None) -> Note:
    """Read a stated correction as a note: its own words say more than that it is one."""
    read = find_notes([text], published_at=published_at)
    note = next((one for one in read if one.text == text), None)
    if note is None:
        note = Note(text=text, kinds=(NoteKind.CORRECTION,))
    if note.stated_at is None and (at := _moment(dated)) is not None:
        assumed = () if at.tzinfo is not None else ("timezone",)
        at = at.astimezone(UTC) if at.tzinfo is not None else at.replace(tzinfo=UTC)
        note = replace(note, stated_at=at, stated_at_assumed=assumed)
    return note


def _moment(dated: str) -> datetime | None:
    try:
        return datetime.fromisoformat(dated)
    except ValueError:
        return None


def _is_same(one: Note, other: Note) -> bool:
    """Tell whether two notes are one: almost all words of the shorter are in the longer, a label left out or not."""
    mine, theirs = set(words_of(one.text)), set(words_of(other.text))
    return len(mine & theirs) >= SAME * min(len(mine), len(theirs))
