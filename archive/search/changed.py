"""Which words of a text stand in it anew, seen from another text: the word-level difference that search is over."""

import unicodedata
from dataclasses import dataclass
from itertools import pairwise

from archive.search.tokens import BREAK, Token, is_spaceless, spans

__all__ = ["changed_pieces"]

#: Characters of a script without spaces that two changes may have between them and still be one change: a name
#: that shares a sign with the one it replaces is still another name.
SHARED = 2


@dataclass(frozen=True, slots=True)
class _Unit:
    """A word, or one character of a script without spaces."""

    text: str
    start: int
    end: int
    is_character: bool


def changed_pieces(before: str, after: str) -> list[str]:
    """Return the runs of `after` whose words are not in `before` at that place; letter case is no difference."""
    after = unicodedata.normalize("NFC", after)
    if not before:
        return [after] if after else []
    # Loaded where words are compared: whoever only asks needs no comparison.
    from rapidfuzz.distance import Indel

    old = [unit.text for unit in _units(unicodedata.normalize("NFC", before))]
    new = _units(after)
    runs = [
        (code.dest_start, code.dest_end)
        for code in Indel.opcodes(old, [unit.text for unit in new])
        if code.tag != "equal" and code.dest_end > code.dest_start
    ]
    return [after[new[start].start : new[end - 1].end] for start, end in _joined(runs, new)]


def _units(text: str) -> list[_Unit]:
    return [_unit(token) for token in spans(text) if token.term != BREAK]


def _unit(token: Token) -> _Unit:
    if is_spaceless(token.term):
        return _Unit(token.term[0], token.start, token.head, is_character=True)
    return _Unit(token.term, token.start, token.end, is_character=False)


def _joined(runs: list[tuple[int, int]], units: list[_Unit]) -> list[tuple[int, int]]:
    """Join runs that only a few shared characters part."""
    joined: list[tuple[int, int]] = []
    for start, end in runs:
        if joined and _is_slight(units[joined[-1][1] - 1 : start + 1]):
            joined[-1] = (joined[-1][0], end)
        else:
            joined.append((start, end))
    return joined


def _is_slight(between: list[_Unit]) -> bool:
    """Tell whether what lies between two runs (with the ends of both) is a few touching characters, or nothing."""
    if len(between) == 2:
        return True
    touching = all(one.end == other.start for one, other in pairwise(between))
    return len(between) - 2 <= SHARED and touching and all(unit.is_character for unit in between)
