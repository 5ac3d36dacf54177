"""The parts of an article compared apart, each with its operations."""

from collections.abc import Sequence

from rapidfuzz.distance import Indel

from archive.edits.alignment import Pair, align
from archive.edits.normalise import word_key
from archive.edits.sentences import sentences_of
from archive.model import (
    Extraction,
    LiveEntry,
    Note,
    NoteChange,
    NoteDelta,
    Operation,
    OperationKind,
    Track,
)

__all__ = ["compare_notes", "entry_operations", "gained_entries", "quiet_tracks", "text_operations"]

#: Share of common words from which a note counts as changed rather than taken away and another one added.
SAME_NOTE = 0.5


def text_operations(before: Extraction, after: Extraction) -> list[Operation]:
    """Return what changed in headline, dek, body and captions, in its words."""
    return [
        *_field(Track.HEADLINE, before.headline, after.headline),
        *_field(Track.DEK, before.dek, after.dek),
        *_body(before.body, after.body),
        *_captions(before.captions, after.captions),
    ]


def _field(track: Track, before: str, after: str) -> list[Operation]:
    if word_key(before) == word_key(after):
        return []
    return [Operation(track=track, kind=_kind(before, after), before=before, after=after)]


def _body(before: Sequence[str], after: Sequence[str]) -> list[Operation]:
    if before == after:
        return []
    old, new = sentences_of(before), sentences_of(after)
    # Boundaries of paragraphs and sentences may have moved without a word changing.
    if _all_words(old) == _all_words(new):
        return []
    return [_operation(Track.BODY, pair) for pair in align(old, new)]


def _all_words(sentences: Sequence[str]) -> list[str]:
    return [word for one in sentences for word in word_key(one)]


def _captions(before: Sequence[str], after: Sequence[str]) -> list[Operation]:
    """Compare captions; one that went with its picture, or came with a new one, is no change of words."""
    if len(before) != len(after):
        return []
    return [_operation(Track.CAPTION, pair) for pair in align(before, after)]


def _operation(track: Track, pair: Pair) -> Operation:
    kind = OperationKind.MOVE if pair.is_move else _kind(pair.before, pair.after)
    return Operation(track=track, kind=kind, before=pair.before, after=pair.after)


def _kind(before: str, after: str) -> OperationKind:
    if not before:
        return OperationKind.INSERT
    return OperationKind.REPLACE if after else OperationKind.DELETE


def quiet_tracks(before: Extraction, after: Extraction) -> list[Track]:
    """Return the tracks that changed and tell nobody anything: byline, dates, search title."""
    return [
        track
        for track, changed in (
            (Track.BYLINE, before.authors != after.authors),
            (
                Track.DATES,
                (before.published_at, before.modified_at) != (after.published_at, after.modified_at),
            ),
            (Track.SEO_TITLE, word_key(before.seo_title) != word_key(after.seo_title)),
        )
        if changed
    ]


def compare_notes(before: Sequence[Note], after: Sequence[Note]) -> list[NoteDelta]:
    """Return which notes came, went or changed in their words."""
    old, new = list(before), list(after)
    for note in after:
        twin = next((one for one in old if word_key(one.text) == word_key(note.text)), None)
        if twin is not None:
            old.remove(twin)
            new.remove(note)
    deltas = []
    for note in new:
        former = max(old, key=lambda one: _alike(one, note), default=None)
        if former is not None and _alike(former, note) >= SAME_NOTE:
            old.remove(former)
            deltas.append(NoteDelta(change=NoteChange.CHANGED, note=note))
        else:
            deltas.append(NoteDelta(change=NoteChange.ADDED, note=note))
    return deltas + [NoteDelta(change=NoteChange.REMOVED, note=one) for one in old]


def _alike(one: Note, other: Note) -> float:
    return float(Indel.normalized_similarity(word_key(one.text), word_key(other.text)))


def gained_entries(before: Sequence[LiveEntry], after: Sequence[LiveEntry]) -> list[LiveEntry]:
    """Return the entries that a live blog gained."""
    known = {entry.id for entry in before}
    return [entry for entry in after if entry.id not in known]


def entry_operations(before: Sequence[LiveEntry], after: Sequence[LiveEntry]) -> list[Operation]:
    """Return what changed in entries that were there before; the oldest may leave the page without a word."""
    old = {entry.id: entry for entry in before}
    return [
        operation
        for entry in after
        if entry.id in old
        for operation in _body(_sayings(old[entry.id]), _sayings(entry))
    ]


def _sayings(entry: LiveEntry) -> tuple[str, ...]:
    return (entry.headline, entry.text)
