"""What of an article, and of an edit, is looked through: a headline and the rest."""

from dataclasses import dataclass

from archive.model import Event, Extraction, NoteChange, Operation, Track
from archive.search.changed import changed_pieces

__all__ = ["Fields", "Side", "fields_of", "words_added", "words_removed"]

#: Tracks whose words readers look for; byline, dates and the search engines' title are asked for by other means.
TOLD = frozenset({Track.HEADLINE, Track.DEK, Track.BODY, Track.CAPTION, Track.NOTES})


@dataclass(frozen=True, slots=True)
class Fields:
    """Pieces of text, in reading order."""

    headline: tuple[str, ...] = ()
    body: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        """Tell whether there is anything."""
        return bool(self.headline or self.body)


@dataclass(frozen=True, slots=True)
class Side:
    """One side of an edit: the words it brought, or the words it took."""

    #: "added" or "removed".
    name: str
    #: Place of the operation's old and new text in (before, after).
    is_after: bool
    change: NoteChange


ADDED = Side("added", is_after=True, change=NoteChange.ADDED)
REMOVED = Side("removed", is_after=False, change=NoteChange.REMOVED)


def fields_of(extraction: Extraction) -> Fields:
    """Return what a version says: dek, paragraphs, entries, captions and notes beside its headline."""
    entries = [text for entry in extraction.entries for text in (entry.headline, entry.text)]
    body = (
        extraction.dek,
        *extraction.body,
        *entries,
        *extraction.captions,
        *[note.text for note in extraction.notes],
    )
    return Fields(_told(extraction.headline), _told(*body))


def words_added(event: Event) -> Fields:
    """Return the runs of words that an edit brought."""
    return _words(event, ADDED)


def words_removed(event: Event) -> Fields:
    """Return the runs of words that an edit took away."""
    return _words(event, REMOVED)


def _words(event: Event, side: Side) -> Fields:
    told = [one for one in event.operations if one.track in TOLD]
    headline = [piece for one in told if one.track is Track.HEADLINE for piece in _pieces(one, side)]
    body = [piece for one in told if one.track is not Track.HEADLINE for piece in _pieces(one, side)]
    body += [delta.note.text for delta in event.notes if delta.change is side.change]
    return Fields(_told(*headline), _told(*body))


def _pieces(operation: Operation, side: Side) -> list[str]:
    if side.is_after:
        return changed_pieces(operation.before, operation.after)
    return changed_pieces(operation.after, operation.before)


def _told(*texts: str) -> tuple[str, ...]:
    return tuple(text for text in texts if text)
