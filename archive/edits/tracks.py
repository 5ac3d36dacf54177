"""The parts of an article compared apart, each with its operations."""

from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from itertools import chain

from rapidfuzz.distance import Indel

from archive.edits.alignment import Pair, align, align_runs
from archive.edits.normalise import likeness, word_key
from archive.edits.sentences import sentences_of, split_sentences
from archive.model import (
    Extraction,
    LiveEntry,
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
    operations = [
        *_field(Track.HEADLINE, before.headline, after.headline),
        *_field(Track.DEK, before.dek, after.dek),
        *_continued(_body(before.body, after.body), before, after),
        *_captions(before.captions, after.captions),
    ]
    if all(one.kind is OperationKind.REPLACE for one in operations):
        return operations
    said = {
        (kind, track): _said_elsewhere(page, track)
        for kind, page in ((OperationKind.INSERT, before), (OperationKind.DELETE, after))
        for track in dict.fromkeys(one.track for one in operations if one.kind is kind)
    }
    return [one for one in operations if not _stands_elsewhere(one, said)]


#: The sentences of the other page outside a track, for what came and for what went.
Elsewhere = Mapping[tuple[OperationKind, Track], AbstractSet[tuple[str, ...]]]


def _stands_elsewhere(operation: Operation, elsewhere: Elsewhere) -> bool:
    """Tell whether a text only went to another part of the page: from the body to the dek, say, or to a note."""
    if operation.track is Track.HEADLINE:
        return False
    said = elsewhere.get((operation.kind, operation.track))
    text = operation.after or operation.before
    words = word_key(text)
    if said is None or not any(words[: len(one)] == one for one in said):
        return False
    return all(word_key(one) in said for one in split_sentences(text))


def _said_elsewhere(page: Extraction, track: Track) -> set[tuple[str, ...]]:
    """Return the sentences of a page outside one track."""
    texts = [page.headline, *page.captions, *(note.text for note in page.notes)]
    texts += [page.dek] if track is not Track.DEK else []
    texts += page.body if track is not Track.BODY else []
    return {word_key(one) for one in sentences_of(texts)}


def _field(track: Track, before: str, after: str) -> list[Operation]:
    if word_key(before) == word_key(after):
        return []
    return [Operation(track=track, kind=_kind(before, after), before=before, after=after)]


def _body(before: Sequence[str], after: Sequence[str]) -> list[Operation]:
    if before == after:
        return []
    runs = [(sentences_of(old), sentences_of(new)) for old, new in _differing(before, after)]
    # Boundaries of paragraphs and sentences may have moved without a word changing.
    if all(_all_words(old) == _all_words(new) for old, new in runs):
        return []
    return [_operation(Track.BODY, pair) for pair in align_runs(runs)]


def _differing(before: Sequence[str], after: Sequence[str]) -> list[tuple[Sequence[str], Sequence[str]]]:
    """Return the paragraphs that differ, run by run; equal ones need no second look."""
    runs: list[tuple[list[str], list[str]]] = [([], [])]
    for code in Indel.opcodes(before, after):
        if code.tag == "equal":
            runs.append(([], []))
            continue
        runs[-1][0].extend(before[code.src_start : code.src_end])
        runs[-1][1].extend(after[code.dest_start : code.dest_end])
    return [(old, new) for old, new in runs if old or new]


def _continued(operations: Sequence[Operation], before: Extraction, after: Extraction) -> Sequence[Operation]:
    """Leave out what only went to a further page, or came back from one, when an article is split or joined."""
    if not operations:
        return operations
    goes_on = _goes_on(after)
    if (_goes_on(before) or _was_first_page(before, after)) == goes_on:
        return operations
    whole, part = (before, after) if goes_on else (after, before)
    shown = {word_key(one) for one in sentences_of(part.body)}
    whole_sentences = sentences_of(whole.body)
    last = max((place for place, one in enumerate(whole_sentences) if word_key(one) in shown), default=-1)
    elsewhere = {word_key(one) for one in whole_sentences[last + 1 :]}
    gone = OperationKind.DELETE if goes_on else OperationKind.INSERT
    return [
        one
        for one in operations
        if one.kind is not gone or word_key(one.before or one.after) not in elsewhere
    ]


def _goes_on(page: Extraction) -> bool:
    """Tell whether a text is but the beginning of its article."""
    return page.is_split or bool(page.pages and not page.is_joined)


def _was_first_page(before: Extraction, after: Extraction) -> bool:
    """Tell whether a text is the first of the pages that another has: older looks did not ask for more, nor say so."""
    if before.is_joined or not after.is_joined or after.is_split or not before.body:
        return False
    return word_key(before.body[-1]) in map(word_key, after.body[:-1])


def _all_words(sentences: Sequence[str]) -> list[str]:
    return list(chain.from_iterable(map(word_key, sentences)))


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


def compare_notes(before: Extraction, after: Extraction) -> list[NoteDelta]:
    """Return which notes came, went or changed in their words; one that was taken for body text before is no news."""
    old, new = list(before.notes), list(after.notes)
    for note in after.notes:
        twin = next((one for one in old if word_key(one.text) == word_key(note.text)), None)
        if twin is not None:
            old.remove(twin)
            new.remove(note)
    deltas = []
    for note in new:
        former = max(old, key=lambda one: likeness(one.text, note.text), default=None)
        if former is not None and likeness(former.text, note.text) >= SAME_NOTE:
            old.remove(former)
            deltas.append(NoteDelta(change=NoteChange.CHANGED, note=note, before=former.text))
        else:
            deltas.append(NoteDelta(change=NoteChange.ADDED, note=note))
    # Where a text is but the beginning of its article, a note may stand on a page behind it.
    gone = [] if _goes_on(after) and not _goes_on(before) else old
    deltas += [NoteDelta(change=NoteChange.REMOVED, note=one) for one in gone]
    return [delta for delta in deltas if not _was_body(delta, before, after)] if deltas else []


def _was_body(delta: NoteDelta, before: Extraction, after: Extraction) -> bool:
    if delta.change is NoteChange.CHANGED:
        return False
    page = before if delta.change is NoteChange.ADDED else after
    said = {word_key(one) for one in sentences_of(page.body)}
    return all(word_key(one) in said for one in split_sentences(delta.note.text))


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
