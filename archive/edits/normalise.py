"""
What counts as the same: typography, white space and letter case do not; digits, names and negations always do.

Nothing is dropped by what it says: a line that begins with "Updated" may be the correction that matters.
"""

import re
import unicodedata
from functools import lru_cache

from rapidfuzz.distance import Indel

__all__ = ["count_words", "likeness", "plain", "token_spans", "tokens", "word_key"]

SAME = str.maketrans(
    {
        **dict.fromkeys("\u2018\u2019\u201a\u201b\u2032\u02bc`\u00b4", "'"),
        **dict.fromkeys("\u201c\u201d\u201e\u201f\u2033\u00ab\u00bb\u300c\u300d\u300e\u300f", '"'),
        **dict.fromkeys("\u2010\u2011\u2012\u2013\u2014\u2015\u2212", "-"),
        **dict.fromkeys("\u00ad\u200b\u200c\u200d\u2060\ufeff\u200e\u200f", None),
        "\u2026": "...",
    }
)
IDEOGRAPH = "\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
#: A word: letters, a number with its sign and separators, a sign that gives a number its meaning, or an ideograph.
NUMBER = r"\d+(?:[.,:/]\d+)*|(?<![^\s(\"'])-\d+(?:[.,:/]\d+)*"
WORD = re.compile(rf"[^\W\d_{IDEOGRAPH}]+(?:'[^\W\d_]+)*|{NUMBER}|[%$€£¥§°]|[{IDEOGRAPH}]")
#: The same where all is ASCII, which is found in half the time.
ASCII_WORD = re.compile(rf"[A-Za-z]+(?:'[A-Za-z]+)*|{NUMBER}|[%$]")


def plain(text: str) -> str:
    """Return a text in one Unicode form, with plain quotes, dashes and spaces and nothing invisible."""
    if text.isascii():
        # The grave accent is all that would change.
        return text.replace("`", "'")
    return unicodedata.normalize("NFKC", text.translate(SAME)).translate(SAME)


@lru_cache(maxsize=8192)
def tokens(text: str) -> tuple[str, ...]:
    """Return the words of a text, letter case kept."""
    bare = plain(text)
    return tuple((ASCII_WORD if bare.isascii() else WORD).findall(bare))


def token_spans(text: str) -> list[tuple[int, int]]:
    """Return where the words of a text stand in its plain form."""
    return [one.span() for one in WORD.finditer(plain(text))]


@lru_cache(maxsize=8192)
def word_key(text: str) -> tuple[str, ...]:
    """Return the words of a text as they are compared: two texts with one key differ cosmetically at most."""
    # No word holds a space, and none is folded into one: all are folded at once.
    words = tokens(text)
    return tuple(" ".join(words).casefold().split(" ")) if words else ()


def likeness(one: str, other: str) -> float:
    """Return the share of words that two texts have in common and in order, 0 to 1."""
    return float(Indel.normalized_similarity(word_key(one), word_key(other)))


def count_words(text: str) -> int:
    """Count the words of a text; ideographs count one each."""
    return len(tokens(text))
