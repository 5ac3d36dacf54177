"""
Aligns the sentences of two versions.

Equal ones are anchors, equal ones elsewhere have moved, similar ones were edited, the rest came or went.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import chain, pairwise

from rapidfuzz import process
from rapidfuzz.distance import Indel

from archive.edits.normalise import likeness, word_key
from archive.edits.sentences import split_sentences

__all__ = ["CONTAINED", "SIMILAR", "Pair", "align", "align_runs", "similarities"]

#: Share of common words from which a sentence counts as edited rather than replaced.
SIMILAR = 0.5
#: The same, from which no better partner is looked for.
SURELY = 0.8
#: The same for a sentence and the two that it was split into.
JOINED = 0.85
#: Words of a sentence that may stand within another.
CONTAINED = 5
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
    return align_runs([(before, after)])


def align_runs(runs: Sequence[tuple[Sequence[str], Sequence[str]]]) -> list[Pair]:
    """Align stretches of text between which nothing differs; a sentence may have moved from one to another."""
    old = [sentence for before, _ in runs for sentence in before]
    new = [sentence for _, after in runs for sentence in after]
    first, second = [word_key(one) for one in old], [word_key(one) for one in new]
    blocks: list[tuple[list[int], list[int]]] = []
    start, begin = 0, 0
    for before, after in runs:
        end, stop = start + len(before), begin + len(after)
        blocks += _blocks(first[start:end], second[begin:stop], start, begin)
        start, begin = end, stop
    moved = _moves(blocks, first, second)
    from_elsewhere = set(moved.values())
    pairs: list[Pair] = []
    for gone, come in blocks:
        left = [one for one in gone if one not in from_elsewhere and first[one]]
        right = [one for one in come if second[one]]
        pairs += _paired(left, right, old, new, moved)
    return pairs


def _blocks(
    first: Sequence[tuple[str, ...]], second: Sequence[tuple[str, ...]], start: int, begin: int
) -> list[tuple[list[int], list[int]]]:
    """Return the places that differ between equal sentences, counted from where the run begins."""
    gone: list[int] = []
    come: list[int] = []
    blocks: list[tuple[list[int], list[int]]] = []
    for code in Indel.opcodes(first, second):
        if code.tag == "equal":
            blocks.append((gone, come))
            gone, come = [], []
            continue
        gone += range(start + code.src_start, start + code.src_end)
        come += range(begin + code.dest_start, begin + code.dest_end)
    return [*blocks, (gone, come)]


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
    free = [one for one in new if one not in moved]
    joints = _joints(old, free, before, after)
    held = {place for joint in joints for place in joint.old}
    made = {place: joint for joint in joints for place in joint.new}
    partner = _partners(
        [one for one in old if one not in held], [one for one in free if one not in made], before, after
    )
    held.update(partner.values())
    pairs = [Pair(before=before[one]) for one in old if one not in held]
    for one in new:
        if one in moved:
            pairs.append(Pair(before=before[moved[one]], after=after[one], is_move=True))
        elif one in partner:
            pairs.append(Pair(before=before[partner[one]], after=after[one]))
        elif one not in made:
            pairs.append(Pair(after=after[one]))
        elif one == made[one].new[0]:
            joint = made[one]
            pairs.append(
                Pair(
                    " ".join(before[place] for place in joint.old),
                    " ".join(after[place] for place in joint.new),
                )
            )
    return pairs


@dataclass(frozen=True, slots=True)
class _Joint:
    """A sentence that was split, or sentences that were merged, by their places."""

    old: tuple[int, ...]
    new: tuple[int, ...]


def _joints(old: list[int], new: list[int], before: Sequence[str], after: Sequence[str]) -> list[_Joint]:
    """Find sentences split in two or merged into one; nearly all of the words must be there on both sides."""
    if not old or not new or len(old) + len(new) < 3 or len(old) * len(new) > LARGEST:
        return []
    found: list[_Joint] = []
    taken: set[tuple[str, int]] = set()
    candidates = [_Joint((one,), two) for one in old for two in pairwise(new)]
    candidates += [_Joint(two, (one,)) for one in new for two in pairwise(old)]
    for joint in candidates:
        places = {*(("old", one) for one in joint.old), *(("new", one) for one in joint.new)}
        if places & taken or not _is_joint(joint, before, after):
            continue
        taken |= places
        found.append(joint)
    return found


def _is_joint(joint: _Joint, before: Sequence[str], after: Sequence[str]) -> bool:
    many, texts = (joint.new, after) if len(joint.new) == 2 else (joint.old, before)
    if many[1] != many[0] + 1:
        return False
    pieces = (texts[many[0]], texts[many[1]])
    whole = before[joint.old[0]] if len(joint.new) == 2 else after[joint.new[0]]
    joined = " ".join(pieces)
    if min(len(word_key(one)) for one in pieces) < 3 or split_sentences(joined) != pieces:
        return False
    return likeness(joined, whole) >= JOINED


def _partners(old: list[int], new: list[int], before: Sequence[str], after: Sequence[str]) -> dict[int, int]:
    if not old or not new:
        return {}
    found = _beside(old, new, before, after)
    held = set(found.values())
    left = [one for one in old if one not in held]
    right = [one for one in new if one not in found]
    if not left or not right or len(left) > LARGEST or len(right) > LARGEST:
        return found
    scores = similarities(
        [word_key(before[one]) for one in left], [word_key(after[other]) for other in right]
    )
    ranked = sorted(
        ((score, -abs(rank - place), right[place], left[rank]) for (rank, place), score in scores.items()),
        reverse=True,
    )
    taken: set[int] = set()
    for _, _, other, one in ranked:
        if other not in found and one not in taken:
            found[other] = one
            taken.add(one)
    return found


def _beside(old: list[int], new: list[int], before: Sequence[str], after: Sequence[str]) -> dict[int, int]:
    """Pair sentences of one rank that are much alike: most rewriting changes a word here and there."""
    if len(old) != len(new):
        return {}
    return {
        other: one
        for one, other in zip(old, new, strict=True)
        if likeness(before[one], after[other]) >= SURELY
    }


#: A sentence as its words.
Words = tuple[str, ...]


def similarities(old: Sequence[Words], new: Sequence[Words]) -> dict[tuple[int, int], float]:
    """Score the sentences that are similar: place before, place after → score."""
    scores = dict.fromkeys(_contained(old, new), SIMILAR)
    # A sign for each word: strings are compared faster than tuples of words.
    sign = _Signs().__getitem__
    first, second = (["".join(map(sign, words)) for words in side] for side in (old, new))
    for rank, sentence in enumerate(first):
        alike = process.extract(
            sentence, second, scorer=Indel.normalized_similarity, limit=None, score_cutoff=SIMILAR
        )
        scores.update(((rank, place), float(score)) for _, score, place in alike)
    return scores


def _contained(old: Sequence[Words], new: Sequence[Words]) -> Iterator[tuple[int, int]]:
    """Yield the places of sentences of which one stands whole within the other: merged or split."""
    former, latter = ([frozenset(pairwise(words)) for words in side] for side in (old, new))
    holding: dict[tuple[str, str], list[int]] = {}
    for place, pairs in enumerate(latter):
        for pair in pairs:
            holding.setdefault(pair, []).append(place)
    for rank, pairs in enumerate(former):
        shared = Counter(chain.from_iterable(holding[pair] for pair in pairs if pair in holding))
        for place, count in shared.items():
            is_shorter = len(old[rank]) <= len(new[place])
            words, within = (old[rank], pairs) if is_shorter else (new[place], latter[place])
            if len(words) >= CONTAINED and count >= 0.8 * len(within):
                yield rank, place


class _Signs(dict[str, str]):
    """A character for each word, in the order in which they are met."""

    def __missing__(self, word: str) -> str:
        """Give a new word the next one."""
        self[word] = sign = chr(len(self))
        return sign
