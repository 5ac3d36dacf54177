"""
Blocks of text that are on the page and not of the article: learned, shared by many articles, or judged as noise.

A block is known by the digest of its words; a widget (no sentence, but a line of figures) by its words with
the figures masked as well, because the next one will carry other figures.
"""

import re
from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from itertools import groupby

from archive.digests import sha256_hex
from archive.edits.comparison import judged
from archive.edits.normalise import likeness, word_key
from archive.edits.sentences import is_prose
from archive.model import Comparison, Event, Operation, OperationKind, Track, Verdict

__all__ = [
    "QUIET",
    "block_keys",
    "operation_keys",
    "restless_lines",
    "short_digest",
    "whole_texts",
    "without_blocks",
]

#: Tracks that tell nobody anything.
QUIET = (Track.BYLINE, Track.DATES, Track.SEO_TITLE)
#: Share of common words from which a line is the same line, rewritten.
SAME_LINE = 0.7
FIGURES = re.compile(r"\d+(?:[.,:/]\d+)*")


def short_digest(text: str) -> str:
    """Return a short digest of a sentence's words."""
    return sha256_hex(" ".join(word_key(text)).encode())[:12]


def is_line(operation: Operation) -> bool:
    """
    Tell whether a line that is no prose came or went in the body: an item, a heading, or a link beside.

    So does another line in its place, and anything that only moved.
    """
    if operation.track is not Track.BODY:
        return False
    match operation.kind:
        case OperationKind.MOVE:
            return True
        case OperationKind.REPLACE:
            texts = (operation.before, operation.after)
            return not any(map(is_prose, texts)) and likeness(*texts) < SAME_LINE
    return not is_prose(operation.after or operation.before)


def without_lines(change: Comparison) -> Comparison | None:
    """Leave out lines that came, went or moved; None when the change is nothing else."""
    kept = [one for one in change.operations if not is_line(one)]
    if not kept and not change.notes:
        return None
    if len(kept) == len(change.operations):
        return change
    return judged(kept, change.notes, [track for track in change.tracks if track in QUIET])


def block_keys(text: str) -> frozenset[str]:
    """Return the keys under which a block may be known."""
    words = word_key(text)
    masked = [FIGURES.sub("0", word) for word in words]
    keys = {sha256_hex(" ".join(words).encode())[:12]}
    # In a sentence that somebody wrote, a figure is a fact: one with another figure is another sentence.
    if tuple(masked) != words and not is_prose(text):
        keys.add("~" + sha256_hex(" ".join(masked).encode())[:12])
    return frozenset(keys)


def whole_texts(event: Event) -> list[str]:
    """
    Return the blocks that came or went as a whole: what a template may have brought or taken.

    A sentence that was rewritten, such as one with another figure, is an edit however many articles share it.
    """
    found = [delta.note.text for delta in event.notes]
    for one in event.operations:
        if one.track is not Track.HEADLINE and not _is_rewritten(one):
            found += [one.before, one.after]
    return [text for text in found if text]


def _is_rewritten(operation: Operation) -> bool:
    if operation.kind is not OperationKind.REPLACE:
        return False
    texts = (operation.before, operation.after)
    return all(map(is_prose, texts)) and likeness(*texts) >= SAME_LINE


def operation_keys(operation: Operation) -> list[str]:
    """Return keys of what an operation did, forwards and backwards: there and back again share them."""
    before, after = short_digest(operation.before), short_digest(operation.after)
    return [f"{operation.track}:{before}>{after}", f"{operation.track}:{after}>{before}"]


def without_blocks(
    change: Comparison, known: AbstractSet[str], restless: AbstractSet[str] = frozenset()
) -> Comparison:
    """
    Leave out what a change did to known blocks. Only edits are looked at.

    Args:
        known: keys of blocks; a sentence that took the place of one is left as one that came.
        restless: keys of lines beside such blocks: they may come, go and move, but not be rewritten.
    """
    if change.verdict is not Verdict.EDIT or not (known or restless):
        return change
    operations = [
        left
        for one in change.operations
        if (left := _without(one, known)) is not None and not _is_restless(left, restless)
    ]
    notes = [delta for delta in change.notes if known.isdisjoint(block_keys(delta.note.text))]
    if tuple(operations) == change.operations and tuple(notes) == change.notes:
        return change
    quiet = [track for track in change.tracks if track in QUIET]
    if not operations and not notes:
        verdict = Verdict.METADATA if quiet else Verdict.UNCHANGED
        return Comparison(verdict=verdict, tracks=tuple(quiet))
    return judged(operations, notes, quiet)


def _is_restless(operation: Operation, restless: AbstractSet[str]) -> bool:
    if operation.track is not Track.BODY or operation.kind is OperationKind.REPLACE:
        return False
    return not restless.isdisjoint(block_keys(operation.after or operation.before))


def restless_lines(sentences: Sequence[str], known: AbstractSet[str]) -> set[str]:
    """
    Return keys of the lines that stand in one run with a known block: a list of links whose items rotate.

    Prose ends a run.
    """
    found: set[str] = set()
    for is_text, run in groupby(sentences, key=is_prose):
        if is_text:
            continue
        keys = [block_keys(line) for line in run]
        if any(not known.isdisjoint(one) for one in keys):
            found.update(key for one in keys for key in one)
    return found


def _without(operation: Operation, known: AbstractSet[str]) -> Operation | None:
    if operation.track is Track.HEADLINE:
        return operation
    was = bool(operation.before) and not known.isdisjoint(block_keys(operation.before))
    comes = bool(operation.after) and not known.isdisjoint(block_keys(operation.after))
    if not was and not comes:
        return operation
    if operation.kind is OperationKind.REPLACE and was != comes:
        if comes:
            return Operation(track=operation.track, kind=OperationKind.DELETE, before=operation.before)
        return Operation(track=operation.track, kind=OperationKind.INSERT, after=operation.after)
    return None
