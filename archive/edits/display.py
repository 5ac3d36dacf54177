"""Differences for people: words inside a paragraph, paragraphs inside an article."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from rapidfuzz.distance import Indel

from archive.edits.alignment import SIMILAR
from archive.edits.normalise import likeness, word_key
from archive.model import Extraction, Track

__all__ = ["PIECES", "DiffRow", "RowKind", "Segment", "SegmentKind", "diff", "word_diff"]

#: Words, numbers and single signs; joined they are the text again.
PIECES = re.compile(
    r"\s+|\d+(?:[.,:/]\d+)*|[\u3040-\u30ff\u3400-\u9fff]|[^\W\d_\u3040-\u30ff\u3400-\u9fff]+(?:['’][^\W\d_]+)*|.",
    re.DOTALL,
)


class SegmentKind(StrEnum):
    """Where a run of text stands."""

    EQUAL = "equal"  # before and after
    INSERT = "insert"  # after only
    DELETE = "delete"  # before only


class RowKind(StrEnum):
    """What happened to a paragraph or field."""

    UNCHANGED = "unchanged"
    COSMETIC = "cosmetic"  # other typography, the same words
    CHANGED = "changed"
    ADDED = "added"
    REMOVED = "removed"
    MOVED = "moved"


@dataclass(frozen=True, slots=True)
class Segment:
    """A run of text. Equal and inserted ones join to the text after, equal and deleted ones to the text before."""

    kind: SegmentKind
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DiffRow:
    """One paragraph or field, in reading order."""

    track: Track
    kind: RowKind
    before: str
    after: str
    segments: tuple[Segment, ...]


def word_diff(before: str, after: str) -> tuple[Segment, ...]:
    """Return the difference of two texts, word by word."""
    first, second = PIECES.findall(before), PIECES.findall(after)
    segments: list[Segment] = []
    for code in Indel.opcodes(first, second):
        gone = "".join(first[code.src_start : code.src_end])
        come = "".join(second[code.dest_start : code.dest_end])
        if code.tag == "equal":
            _add(segments, SegmentKind.EQUAL, gone)
        else:
            _add(segments, SegmentKind.DELETE, gone)
            _add(segments, SegmentKind.INSERT, come)
    return tuple(_legible(segments))


def diff(before: Extraction, after: Extraction) -> tuple[DiffRow, ...]:
    """Return headline, dek, notes and paragraphs of two versions side by side, in reading order."""
    rows = [
        *_field(Track.HEADLINE, before.headline, after.headline),
        *_field(Track.DEK, before.dek, after.dek),
        *_paragraphs(Track.BODY, before.body, after.body),
        *_paragraphs(Track.BODY, _entries(before), _entries(after)),
        *_paragraphs(Track.CAPTION, before.captions, after.captions),
        *_paragraphs(Track.NOTES, [note.text for note in before.notes], [note.text for note in after.notes]),
    ]
    return tuple(rows)


def _add(segments: list[Segment], kind: SegmentKind, text: str) -> None:
    if text:
        segments.append(Segment(kind, text))


def _legible(segments: Sequence[Segment]) -> list[Segment]:
    """Fold single spaces between changes into them, and put what went before what came."""
    found: list[Segment] = []
    gone, come = "", ""
    for number, one in enumerate(segments):
        if one.kind is SegmentKind.DELETE:
            gone += one.text
        elif one.kind is SegmentKind.INSERT:
            come += one.text
        elif one.text.isspace() and (gone or come) and 0 < number < len(segments) - 1:
            gone, come = gone + one.text, come + one.text
        else:
            _add(found, SegmentKind.DELETE, gone)
            _add(found, SegmentKind.INSERT, come)
            gone, come = "", ""
            found.append(one)
    _add(found, SegmentKind.DELETE, gone)
    _add(found, SegmentKind.INSERT, come)
    return found


def _field(track: Track, before: str, after: str) -> list[DiffRow]:
    return [_row(track, before, after)] if before or after else []


def _row(track: Track, before: str, after: str) -> DiffRow:
    if before == after:
        return DiffRow(
            track=track,
            kind=RowKind.UNCHANGED,
            before=before,
            after=after,
            segments=(Segment(SegmentKind.EQUAL, after),),
        )
    return DiffRow(
        track=track,
        kind=_kind(before, after),
        before=before,
        after=after,
        segments=word_diff(before, after),
    )


def _kind(before: str, after: str) -> RowKind:
    if not before:
        return RowKind.ADDED
    if not after:
        return RowKind.REMOVED
    return RowKind.COSMETIC if word_key(before) == word_key(after) else RowKind.CHANGED


def _paragraphs(track: Track, before: Sequence[str], after: Sequence[str]) -> list[DiffRow]:
    rows: list[DiffRow] = []
    for code in Indel.opcodes(before, after):
        old, new = before[code.src_start : code.src_end], after[code.dest_start : code.dest_end]
        if code.tag == "equal":
            rows += [_row(track, one, other) for one, other in zip(old, new, strict=True)]
        else:
            rows += _block(track, old, new)
    return _joined(track, rows)


def _block(track: Track, old: Sequence[str], new: Sequence[str]) -> list[DiffRow]:
    return [*[_row(track, one, "") for one in old], *[_row(track, "", one) for one in new]]


def _joined(track: Track, rows: Sequence[DiffRow]) -> list[DiffRow]:
    """Join a paragraph that went with the similar one that came; name those that moved over others."""
    gone = {number: row for number, row in enumerate(rows) if row.kind is RowKind.REMOVED}
    found: dict[int, DiffRow] = dict(enumerate(rows))
    for number, row in enumerate(rows):
        if row.kind is not RowKind.ADDED or not gone:
            continue
        score, _, place = max(
            (likeness(one.before, row.after), -abs(other - number), other) for other, one in gone.items()
        )
        if score < SIMILAR:
            continue
        former = gone.pop(place)
        del found[place]
        joined = _row(track, former.before, row.after)
        between = rows[min(place, number) + 1 : max(place, number)]
        is_over_others = any(one.kind not in (RowKind.ADDED, RowKind.REMOVED) for one in between)
        is_same = joined.kind in (RowKind.UNCHANGED, RowKind.COSMETIC)
        found[number] = replace(joined, kind=RowKind.MOVED) if is_same and is_over_others else joined
    return [found[number] for number in sorted(found)]


def _entries(extraction: Extraction) -> list[str]:
    return [f"{entry.headline} {entry.text}".strip() for entry in extraction.entries]
