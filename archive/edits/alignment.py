"""
Aligns the sentences of two versions.

Equal ones are anchors, equal ones elsewhere have moved, similar ones were edited, the rest came or went.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from rapidfuzz.distance import Indel

from archive.edits.normalise import word_key

__all__ = ["Pair", "align"]

#: Share of common words from which a sentence counts as edited rather than replaced.
SIMILAR = 0.5
#: Blocks larger than this are not paired sentence by sentence.
LARGEST = 80


@dataclass(frozen=True, slots=True)
class Pair:
    """One aligned sentence: both sides for an edit or a move, one side for what came or went."""

    before: str = ""
    after: str = ""
    is_move: bool = False


def align(before: Sequence[str], after: Sequence[str]) -> list[Pair]:
    """Return what differs, in the order of `after`; equal sentences are left out."""
    first, second = [word_key(one) for one in before], [word_key(one) for one in after]
    gone: list[int] = []
    come: list[int] = []
    blocks: list[tuple[list[int], list[int]]] = []
    for code in Indel.opcodes(first, second):
        if code.tag == "equal":
            blocks.append((gone, come))
            gone, come = [], []
            continue
        gone += range(code.src_start, code.src_end)
        come += range(code.dest_start, code.dest_end)
    blocks.append((gone, come))
    moved = _moves(blocks, first, second)
    pairs: list[Pair] = []
    for old, new in blocks:
        left = [one for one in old if one not in moved.values() and first[one]]
        right = [one for one in new if second[one]]
        pairs += _paired(left, right, before, after, moved)
    return pairs


def _moves(
    blocks: Sequence[tuple[list[int], list[int]]],
    first: Sequence[tuple[str, ...]],
    second: Sequence[tuple[str, ...]],
) -> dict[int, int]:
    """Match sentences that are equal but stand elsewhere: new place → old place."""
    places: dict[tuple[str, ...], list[int]] = {}
    for old, _ in blocks:
        for one in old:
            places.setdefault(first[one], []).append(one)
    return {
        one: places[second[one]].pop(0)
        for _, new in blocks
        for one in new
        if second[one] and places.get(second[one])
    }


def _paired(
    old: list[int], new: list[int], before: Sequence[str], after: Sequence[str], moved: dict[int, int]
) -> list[Pair]:
    """Pair edited sentences of one block, keeping their order."""
    partner = _partners(old, [one for one in new if one not in moved], before, after)
    taken = set(partner.values())
    pairs = [Pair(before=before[one]) for one in old if one not in taken]
    for one in new:
        if one in moved:
            pairs.append(Pair(before=before[moved[one]], after=after[one], is_move=True))
        elif one in partner:
            pairs.append(Pair(before=before[partner[one]], after=after[one]))
        else:
            pairs.append(Pair(after=after[one]))
    return pairs


def _partners(old: list[int], new: list[int], before: Sequence[str], after: Sequence[str]) -> dict[int, int]:
    if not old or not new or len(old) > LARGEST or len(new) > LARGEST:
        return {}
    scores = sorted(
        ((_similarity(before[left], after[right]), -abs(rank - other), right, left)
         for other, right in enumerate(new) for rank, left in enumerate(old)),
        reverse=True,
    )  # fmt: skip
    found: dict[int, int] = {}
    for score, _, right, left in scores:
        if score < SIMILAR:
            break
        if right not in found and left not in found.values():
            found[right] = left
    return found


def _similarity(one: str, other: str) -> float:
    first, second = word_key(one), word_key(other)
    whole = float(Indel.normalized_similarity(first, second))
    shorter, longer = sorted((first, second), key=len)
    if len(shorter) >= 5 and whole < SIMILAR and _contains(longer, shorter):
        return SIMILAR
    return whole


def _contains(longer: tuple[str, ...], shorter: tuple[str, ...]) -> bool:
    """Tell whether a sentence stands whole within another: merged or split."""
    pairs = set(pairwise(longer))
    return sum(pair in pairs for pair in pairwise(shorter)) >= 0.8 * (len(shorter) - 1)
