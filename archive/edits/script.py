"""
The exact difference of two versions: operations on character offsets that turn the old text into the new.

For machines: nothing is left out, typography included. A paragraph that moved is named twice, where it was and
where it is. Every paragraph of a text ends with a line feed.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from rapidfuzz.distance import Indel

from archive.edits.display import PIECES
from archive.edits.normalise import word_key
from archive.model import Extraction, OperationKind, Track

__all__ = ["TextOperation", "TrackScript", "apply_script", "edit_script", "undo_script"]


@dataclass(frozen=True, slots=True, kw_only=True)
class TextOperation:
    """One stretch of a text that is another one now."""

    kind: OperationKind
    #: Offsets in the text before, in characters; equal for an insert.
    start: int
    end: int
    #: Offsets in the text after; equal for a delete.
    to_start: int
    to_end: int
    before: str
    after: str
    #: No word changed.
    is_cosmetic: bool
    #: Number of the move that this is one end of, or None.
    move: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class TrackScript:
    """One track before, after, and what leads from one to the other."""

    track: Track
    before: str
    after: str
    operations: tuple[TextOperation, ...]


def edit_script(before: Extraction, after: Extraction) -> tuple[TrackScript, ...]:
    """Return the exact difference, track by track; tracks without text are left out."""
    pairs = (
        (Track.HEADLINE, [before.headline], [after.headline]),
        (Track.DEK, [before.dek], [after.dek]),
        (Track.BODY, _body(before), _body(after)),
        (Track.CAPTION, before.captions, after.captions),
        (Track.NOTES, [note.text for note in before.notes], [note.text for note in after.notes]),
    )
    return tuple(
        script for track, old, new in pairs if (script := _script(track, old, new)).before or script.after
    )


def apply_script(text: str, operations: Sequence[TextOperation]) -> str:
    """Return the text after, from the text before."""
    done: list[str] = []
    place = 0
    for one in sorted(operations, key=lambda one: (one.start, one.to_start)):
        done += (text[place : one.start], one.after)
        place = one.end
    return "".join(done) + text[place:]


def undo_script(text: str, operations: Sequence[TextOperation]) -> str:
    """Return the text before, from the text after."""
    done: list[str] = []
    place = 0
    for one in sorted(operations, key=lambda one: (one.to_start, one.start)):
        done += (text[place : one.to_start], one.before)
        place = one.to_end
    return "".join(done) + text[place:]


def _body(one: Extraction) -> list[str]:
    return [*one.body, *(text for entry in one.entries for text in (entry.headline, entry.text))]


def _script(track: Track, before: Sequence[str], after: Sequence[str]) -> TrackScript:
    old, new = ([f"{one}\n" for one in texts if one] for texts in (before, after))
    return TrackScript(
        track=track, before="".join(old), after="".join(new), operations=tuple(_operations(old, new))
    )


@dataclass(frozen=True, slots=True)
class _Piece:
    """A word or sign, or a whole paragraph that moved. Equal pieces are the same text and have not moved."""

    text: str
    move: int | None = None
    #: Tells the two ends of a move apart.
    side: int = 0


def _operations(old: Sequence[str], new: Sequence[str]) -> Iterator[TextOperation]:
    codes = [code for code in Indel.opcodes(old, new) if code.tag != "equal"]
    gone = [place for code in codes for place in range(code.src_start, code.src_end)]
    come = [place for code in codes for place in range(code.dest_start, code.dest_end)]
    moves = _moves(old, new, gone, come)
    place, to_place, start, to_start = 0, 0, 0, 0
    for code in _runs(old, new):
        start += sum(map(len, old[place : code[0]]))
        to_start += sum(map(len, new[to_place : code[2]]))
        first = [
            piece for one in range(code[0], code[1]) for piece in _pieces(old[one], moves[0].get(one), 0)
        ]
        second = [
            piece for one in range(code[2], code[3]) for piece in _pieces(new[one], moves[1].get(one), 1)
        ]
        yield from _differences(first, second, start, to_start)
        start += sum(len(piece.text) for piece in first)
        to_start += sum(len(piece.text) for piece in second)
        place, to_place = code[1], code[3]


def _runs(old: Sequence[str], new: Sequence[str]) -> Iterator[tuple[int, int, int, int]]:
    """Yield the stretches of paragraphs that differ: from and to before, from and to after."""
    run: tuple[int, int, int, int] | None = None
    for code in Indel.opcodes(old, new):
        if code.tag == "equal":
            if run is not None:
                yield run
            run = None
        elif run is None:
            run = (code.src_start, code.src_end, code.dest_start, code.dest_end)
        else:
            run = (run[0], code.src_end, run[2], code.dest_end)
    if run is not None:
        yield run


def _moves(
    old: Sequence[str], new: Sequence[str], gone: Sequence[int], come: Sequence[int]
) -> tuple[dict[int, int], dict[int, int]]:
    """Number the paragraphs that stand elsewhere now: place before → number, place after → number."""
    waiting: dict[str, list[int]] = {}
    for place in gone:
        waiting.setdefault(old[place], []).append(place)
    before: dict[int, int] = {}
    after: dict[int, int] = {}
    for place in come:
        if places := waiting.get(new[place]):
            number = len(after)
            before[places.pop(0)] = number
            after[place] = number
    return before, after


def _pieces(paragraph: str, move: int | None, side: int) -> list[_Piece]:
    if move is not None:
        return [_Piece(paragraph, move, side)]
    return [_Piece(text) for text in PIECES.findall(paragraph)]


def _differences(
    first: Sequence[_Piece], second: Sequence[_Piece], start: int, to_start: int
) -> Iterator[TextOperation]:
    gone: list[_Piece] = []
    come: list[_Piece] = []
    for code in Indel.opcodes(first, second):
        old, new = first[code.src_start : code.src_end], second[code.dest_start : code.dest_end]
        if code.tag != "equal":
            gone += old
            come += new
            continue
        yield from _changed(gone, come, start, to_start)
        start += sum(len(piece.text) for piece in (*gone, *old))
        to_start += sum(len(piece.text) for piece in (*come, *new))
        gone, come = [], []
    yield from _changed(gone, come, start, to_start)


def _changed(
    gone: Sequence[_Piece], come: Sequence[_Piece], start: int, to_start: int
) -> Iterator[TextOperation]:
    """Yield what took the place of what; the ends of moves stand apart."""
    old, new = _stretches(gone), _stretches(come)
    if len(old) == len(new) == 1 and old[0].move is None and new[0].move is None:
        yield _operation(old[0], new[0], start, to_start)
        return
    nothing = _Piece("")
    for one in old:
        yield _operation(one, nothing, start, to_start)
        start += len(one.text)
    for one in new:
        yield _operation(nothing, one, start, to_start)
        to_start += len(one.text)


def _stretches(pieces: Sequence[_Piece]) -> list[_Piece]:
    """Join neighbouring pieces that have not moved."""
    found: list[_Piece] = []
    for one in pieces:
        if found and one.move is None and found[-1].move is None:
            found[-1] = _Piece(found[-1].text + one.text)
        else:
            found.append(one)
    return found


def _operation(old: _Piece, new: _Piece, start: int, to_start: int) -> TextOperation:
    move = old.move if old.move is not None else new.move
    kind = OperationKind.REPLACE
    if move is not None:
        kind = OperationKind.MOVE
    elif not old.text:
        kind = OperationKind.INSERT
    elif not new.text:
        kind = OperationKind.DELETE
    return TextOperation(
        kind=kind,
        start=start,
        end=start + len(old.text),
        to_start=to_start,
        to_end=to_start + len(new.text),
        before=old.text,
        after=new.text,
        is_cosmetic=move is None and word_key(old.text) == word_key(new.text),
        move=move,
    )
