"""Runs of words that differ inside a sentence, and whether they are a fact or only a way of writing."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from rapidfuzz.distance import Indel, Levenshtein

from archive.edits.lexicon import NUMBERS
from archive.edits.normalise import tokens, word_key

__all__ = ["Hunk", "hunks", "is_spelling", "plain_number", "without_addresses"]

#: Addresses are written anew when a site moves; that says nothing of what is told.
ADDRESS = re.compile(r"(?:\b[a-z][a-z0-9+.-]*://|\bwww\.)[^\s<>\"“”]+", re.IGNORECASE)
HAS_DIGIT = re.compile(r"\d|[%$€£¥]")
#: What a word of the same stem may differ in, in letters.
ENDING = 4


@dataclass(frozen=True, slots=True)
class Hunk:
    """One run of changed words inside a sentence."""

    before: tuple[str, ...]
    after: tuple[str, ...]
    #: Places of its words among the tokens of the sentence: from and to before, from and to after.
    place: tuple[int, int, int, int] = (0, 0, 0, 0)
    #: It stands inside quotation marks, before or after.
    is_quoted: bool = False


def without_addresses(text: str) -> str:
    """Return a text with web addresses all written alike."""
    if "://" not in text and "www." not in text.lower():
        return text
    return ADDRESS.sub(" address ", text)


@lru_cache(maxsize=2048)
def hunks(before: str, after: str) -> tuple[Hunk, ...]:
    """Return the runs of words that differ; letter case alone is no difference."""
    first, second = tokens(before), tokens(after)
    quoted = (_quoted(before), _quoted(after))
    found: list[Hunk] = []
    start: tuple[int, int] | None = None
    end = (0, 0)
    for code in Indel.opcodes(word_key(before), word_key(after)):
        if code.tag == "equal":
            if start is not None:
                found.append(_hunk((first, second), start, end, quoted))
            start = None
            continue
        start = start or (code.src_start, code.dest_start)
        end = (code.src_end, code.dest_end)
    if start is not None:
        found.append(_hunk((first, second), start, end, quoted))
    return tuple(found)


def _hunk(
    words: tuple[Sequence[str], Sequence[str]],
    start: tuple[int, int],
    end: tuple[int, int],
    quoted: tuple[frozenset[int], frozenset[int]],
) -> Hunk:
    places = [range(begin, stop) for begin, stop in zip(start, end, strict=True)]
    return Hunk(
        before=tuple(words[0][start[0] : end[0]]),
        after=tuple(words[1][start[1] : end[1]]),
        place=(start[0], end[0], start[1], end[1]),
        is_quoted=any(place in inside for one, inside in zip(places, quoted, strict=True) for place in one),
    )


QUOTATION = re.compile(r"[“„«「『][^“”„«»「」『』]*[”“»」』]|\"[^\"]*\"")


@lru_cache(maxsize=2048)
def _quoted(text: str) -> frozenset[int]:
    """Return the places of the words that stand inside quotation marks."""
    if text.isascii() and '"' not in text:
        return frozenset()
    found: set[int] = set()
    for one in QUOTATION.finditer(text):
        start = len(tokens(text[: one.start()]))
        found.update(range(start, start + len(tokens(one.group()))))
    return frozenset(found)


def plain_number(word: str) -> str:
    """Return a number word in digits, and any other word as it is."""
    return NUMBERS.get(word, word)


def is_spelling(hunk: Hunk) -> bool:
    """Tell whether the same words were written differently: a slip, a hyphen, a joint, another ending."""
    one, other = "".join(hunk.before).casefold(), "".join(hunk.after).casefold()
    if one == other:
        return True
    if not one or not other or HAS_DIGIT.search(one + other):
        return False
    if len(hunk.before) != len(hunk.after) or len(hunk.before) > 2:
        return False
    return all(
        _is_same_word(former.casefold(), latter.casefold())
        for former, latter in zip(hunk.before, hunk.after, strict=True)
    )


def _is_same_word(one: str, other: str) -> bool:
    if one == other:
        return True
    shorter = min(len(one), len(other))
    if shorter < 3:
        return False
    slips = Levenshtein.distance(one, other)
    # Two letters swapped count as one slip.
    if slips <= 1 or sorted(one) == sorted(other) or (slips == 2 and shorter >= 6):
        return True
    stem = sum(1 for _ in _common(one, other))
    return stem >= 5 and max(len(one), len(other)) - stem <= ENDING


def _common(one: str, other: str) -> Sequence[str]:
    """Return the letters that two words begin with alike."""
    place = 0
    for former, latter in zip(one, other, strict=False):
        if former != latter:
            break
        place += 1
    return one[:place]
