"""Two versions side by side: which ones, what differs, and which changes the outlet's note named."""

from collections.abc import Sequence
from dataclasses import dataclass

from archive.edits import DiffRow, RowKind, SegmentKind, diff
from archive.edits.disclosure import disclosure_of
from archive.model import Disclosure, Event, Extraction, Note, Operation, Track

__all__ = ["Audit", "Block", "Fold", "audit_of", "blocks_of", "chosen_versions"]


@dataclass(frozen=True, slots=True)
class Block:
    """One paragraph or field of the comparison."""

    row: DiffRow
    #: Counts changes from 1, for the links from one to the next; 0 for what is unchanged.
    change: int
    #: The note that the paragraph is, where it is one.
    note: Note | None = None

    @property
    def before(self) -> list[tuple[str, str]]:
        """Runs of text of the older version, each with its element."""
        return self._side(SegmentKind.DELETE)

    @property
    def after(self) -> list[tuple[str, str]]:
        """Runs of text of the newer version."""
        return self._side(SegmentKind.INSERT)

    @property
    def both(self) -> list[tuple[str, str]]:
        """Runs of both, in reading order."""
        return [(str(one.kind), one.text) for one in self.row.segments]

    def _side(self, kind: SegmentKind) -> list[tuple[str, str]]:
        return [
            (str(one.kind), one.text) for one in self.row.segments if one.kind in (SegmentKind.EQUAL, kind)
        ]


@dataclass(frozen=True, slots=True)
class Fold:
    """A run of unchanged paragraphs."""

    blocks: tuple[Block, ...]
    words: int


@dataclass(frozen=True, slots=True)
class Audit:
    """What needed a note, and what the note named."""

    named: tuple[Operation, ...]
    unnamed: tuple[Operation, ...]


def chosen_versions(
    numbers: Sequence[int], asked: tuple[str, str], event: Event | None = None
) -> tuple[int, int]:
    """
    Return the two version numbers to compare: as asked, as the event has them, or the last two.

    Args:
        numbers: those that there are, in order; at least one.
        asked: as the address has them; "" or nonsense for none.
    """
    first, last = (int(one) if one.isascii() and one.isdigit() else 0 for one in asked)
    from_event, to_event = ((event.from_version or 0), (event.to_version or 0)) if event else (0, 0)
    if last not in numbers:
        last = to_event if to_event in numbers else numbers[-1]
    if first not in numbers:
        first = from_event if from_event in numbers else 0
    before = [number for number in numbers if number < last]
    return (first or (before[-1] if before else last)), last


def blocks_of(before: Extraction, after: Extraction, *, fold: bool) -> list[Block | Fold]:
    """Return what two versions say, in reading order; runs of unchanged paragraphs are folded if asked."""
    notes = {note.text: note for note in (*before.notes, *after.notes)}
    rows = sorted(diff(before, after), key=lambda row: ORDER.get(row.track, 2))
    found: list[Block | Fold] = []
    run: list[Block] = []
    change = 0
    for row in rows:
        if row.kind is RowKind.UNCHANGED and row.track is not Track.NOTES and fold:
            run.append(Block(row, 0))
            continue
        found += _folded(run)
        run = []
        change += row.kind is not RowKind.UNCHANGED
        note = notes.get(row.after or row.before) if row.track is Track.NOTES else None
        found.append(Block(row, change if row.kind is not RowKind.UNCHANGED else 0, note))
    return found + _folded(run)


#: Headline, dek and notes stand above the text.
ORDER = {Track.HEADLINE: 0, Track.DEK: 1, Track.NOTES: 2, Track.BODY: 3, Track.CAPTION: 4}


def audit_of(event: Event) -> Audit:
    """Split an event's changes that needed a note into those that its notes name and the rest."""
    owed = [one for one in event.operations if disclosure_of([one], ()) is Disclosure.SILENT]
    named = [one for one in owed if disclosure_of([one], event.notes) is Disclosure.DISCLOSED]
    return Audit(tuple(named), tuple(one for one in owed if one not in named))


def _folded(run: list[Block]) -> list[Block | Fold]:
    if not run:
        return []
    return [Fold(tuple(run), sum(len(block.row.after.split()) for block in run))]
