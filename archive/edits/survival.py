"""
Which parts of a change are still there in the next trusted capture.

A page shows much that differs at every load. A sentence that came counts only if it stays; a sentence that
went counts only if it stays away and was of the article in the first place.
"""

from dataclasses import dataclass

from archive.edits.blocks import QUIET, block_keys, operation_keys
from archive.edits.comparison import judged
from archive.edits.normalise import word_key
from archive.edits.sentences import is_prose, sentences_of, split_sentences
from archive.model import (
    Comparison,
    Extraction,
    NoteChange,
    NoteDelta,
    Operation,
    OperationKind,
    Track,
    Verdict,
)

__all__ = ["Transient", "not_lasting", "still_there"]


@dataclass(frozen=True, slots=True)
class Transient:
    """What did not last."""

    #: Keys of blocks that are not the article's.
    blocks: tuple[str, ...]
    #: Keys of operations that may come and go again.
    changes: tuple[str, ...]


def still_there(change: Comparison, after: Extraction, *, steady: bool) -> Comparison | None:
    """
    Return the part of a change that a later capture still shows, or None when nothing of it is left.

    Args:
        change: how the capture that showed it first differed from what was before.
        after: what the later capture shows.
        steady: what was before had been seen unchanged more than once.
    """
    if change.verdict is not Verdict.EDIT:
        return change
    shown = _shown(after)
    operations = [one for one in change.operations if _holds(one, shown, steady=steady)]
    notes = [delta for delta in change.notes if _note_holds(delta, after)]
    if not operations and not notes:
        return None
    if len(operations) == len(change.operations) and len(notes) == len(change.notes):
        return change
    return judged(operations, notes, [track for track in change.tracks if track in QUIET])


def not_lasting(change: Comparison, survived: Comparison | None, after: Extraction) -> Transient:
    """
    Say what is learned from the parts of a change that did not last.

    A line that came and went is a block that is not the article's. A sentence of prose is: that it was away for
    one look, or there for one, may be a slip of the page, so it is remembered as something that goes to and fro.
    """
    kept = set(survived.operations) if survived is not None else set()
    shown = _shown(after)
    blocks: set[str] = set()
    changes: set[str] = set()
    for one in change.operations:
        if one in kept:
            continue
        is_back = bool(one.before) and word_key(one.before) in shown[one.track]
        texts = [text for text in (one.before, one.after) if text]
        if one.track not in (Track.BODY, Track.CAPTION) or is_back or all(map(is_prose, texts)):
            changes.update(operation_keys(one))
        if one.track in (Track.BODY, Track.CAPTION) and not (one.kind is OperationKind.REPLACE and is_back):
            blocks.update(key for text in texts if not is_prose(text) for key in block_keys(text))
    return Transient(tuple(sorted(blocks)), tuple(sorted(changes)))


def _shown(extraction: Extraction) -> dict[Track, set[tuple[str, ...]]]:
    entries = [text for entry in extraction.entries for text in (entry.headline, entry.text)]
    return {
        Track.HEADLINE: {word_key(extraction.headline)},
        Track.DEK: {word_key(extraction.dek)},
        Track.BODY: {word_key(one) for one in sentences_of([*extraction.body, *entries])},
        Track.CAPTION: {word_key(one) for one in extraction.captions},
    }


def _holds(operation: Operation, shown: dict[Track, set[tuple[str, ...]]], *, steady: bool) -> bool:
    here = shown[operation.track]
    if operation.kind is OperationKind.DELETE:
        is_away = word_key(operation.before) not in here
        return is_away and (steady or operation.track is not Track.BODY or is_prose(operation.before))
    return word_key(operation.after) in here or all(
        word_key(one) in here for one in split_sentences(operation.after)
    )


def _note_holds(delta: NoteDelta, after: Extraction) -> bool:
    is_shown = any(word_key(note.text) == word_key(delta.note.text) for note in after.notes)
    return not is_shown if delta.change is NoteChange.REMOVED else is_shown
