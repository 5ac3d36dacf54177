"""
Which parts of a change are still there in the next trusted capture.

A page shows much that differs at every load. A sentence that came counts only if it stays; a sentence that
went counts only if it stays away and was of the article in the first place.
"""

from collections.abc import Iterable

from archive.digests import sha256_hex
from archive.edits.comparison import judged
from archive.edits.normalise import word_key
from archive.edits.sentences import sentences_of
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

__all__ = ["short_digest", "still_there", "volatile_of", "without_volatile"]

#: A sentence of so many words that ends as one is prose, not a widget.
PROSE = 6


def still_there(change: Comparison, after: Extraction, *, steady: bool) -> Comparison | None:
    """
    Return the part of a change that a later capture still shows, or None when nothing of it is left.

    Args:
        change: how the capture that showed it first differed from what was before.
        after: what the later capture shows.
        steady: what was before had been seen unchanged more than once.
    """
    if change.verdict is Verdict.LIVE:
        return change
    shown = _shown(after)
    operations = [one for one in change.operations if _holds(one, shown, steady=steady)]
    notes = [delta for delta in change.notes if _note_holds(delta, after)]
    if change.verdict is not Verdict.EDIT:
        return change
    if not operations and not notes:
        return None
    if len(operations) == len(change.operations) and len(notes) == len(change.notes):
        return change
    return judged(operations, notes, [track for track in change.tracks if track in QUIET])


QUIET = (Track.BYLINE, Track.DATES, Track.SEO_TITLE)


def without_volatile(change: Comparison, volatile: Iterable[str]) -> Comparison:
    """Leave out operations on sentences that come and go by themselves."""
    known = set(volatile)
    if change.verdict is not Verdict.EDIT or not known:
        return change
    kept = [one for one in change.operations if not _digests(one) & known]
    if len(kept) == len(change.operations):
        return change
    if not kept and not change.notes:
        return Comparison(verdict=Verdict.UNCHANGED)
    return judged(kept, change.notes, [track for track in change.tracks if track in QUIET])


def volatile_of(change: Comparison, survived: Comparison | None) -> list[str]:
    """Return short digests of the sentences of a change that did not last."""
    kept = set(survived.operations) if survived is not None else set()
    gone = [one for one in change.operations if one not in kept and one.track in (Track.BODY, Track.CAPTION)]
    return sorted({digest for one in gone for digest in _digests(one)})


def short_digest(text: str) -> str:
    """Return a short digest of a sentence's words."""
    return sha256_hex(" ".join(word_key(text)).encode())[:12]


def _digests(operation: Operation) -> set[str]:
    return {short_digest(text) for text in (operation.before, operation.after) if text}


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
        return is_away and (steady or operation.track is not Track.BODY or _is_prose(operation.before))
    return word_key(operation.after) in here


def _is_prose(sentence: str) -> bool:
    return len(word_key(sentence)) >= PROSE and sentence.rstrip("\"'”’»)」』").endswith(
        (".", "!", "?", "。", "！", "？", "…")
    )


def _note_holds(delta: NoteDelta, after: Extraction) -> bool:
    is_shown = any(word_key(note.text) == word_key(delta.note.text) for note in after.notes)
    return not is_shown if delta.change is NoteChange.REMOVED else is_shown
