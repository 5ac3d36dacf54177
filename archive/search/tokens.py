"""
Cuts text into the terms of the index, once for every engine.

A word is a run of letters, digits and marks. In scripts that write no spaces between words every character begins a
term of two characters (the last one of one), so that any piece of text is found as neighbouring terms.
"""

import re
import unicodedata
from collections.abc import Iterator
from typing import NamedTuple

from archive.search.folding import fold, folded_with_places

__all__ = ["BREAK", "EVERY", "LONGEST", "VERSION", "Token", "is_spaceless", "parts_of", "spans", "terms"]

#: Goes up when texts are cut in another way; an index made by another version is made anew.
VERSION = 1
#: Stands between two pieces of a script without spaces that do not touch. No text can hold it: it is no letter.
BREAK = "\ue000"
#: Stands in every indexed text, so that "all but these" can be asked.
EVERY = "\ue001"
#: Letters of a term that count; engines bound its length.
LONGEST = 80

#: Han, kana, bopomofo; Thai, Lao, Burmese, Khmer; Tai and Javanese scripts and Balinese.
SPACELESS = (
    "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u1950-\u19df\u1a20-\u1aaf\u1b00-\u1b7f\u2e80-\u2fdf"
    "\u3005-\u3007\u3021-\u302f\u3031-\u303c\u3040-\u312f\u31a0-\u31bf\u31f0-\u31ff\u3400-\u4dbf\u4e00-\u9fff"
    "\ua980-\ua9ff\uaa60-\uaadf\uf900-\ufaff\U00016ff0-\U00016fff\U0001b000-\U0001b16f\U00020000-\U0003ffff"
)
PART = re.compile(f"[{SPACELESS}]+|[^ {SPACELESS}]+")
IS_SPACELESS = re.compile(f"[{SPACELESS}]")


class Token(NamedTuple):
    """One term and where it comes from."""

    term: str
    #: Where its first character begins in the text.
    start: int
    #: Where that character ends; for a word, where the word ends.
    head: int
    #: Where the term ends.
    end: int


def is_spaceless(term: str) -> bool:
    """Tell whether a term is of a script without spaces."""
    return bool(IS_SPACELESS.match(term))


def parts_of(folded: str) -> list[str]:
    """Return the words of a folded text and its runs of scripts without spaces."""
    return PART.findall(folded)


def terms(text: str) -> list[str]:
    """Return the terms of a text, in order."""
    found: list[str] = []
    end = -1
    for part in PART.finditer(fold(text)):
        word, start = part.group(), part.start()
        if not IS_SPACELESS.match(word):
            found.append(word[:LONGEST])
            end = -1
            continue
        if end not in (-1, start):
            found.append(BREAK)
        found += [word[at : at + 2] for at in range(len(word))]
        end = part.end()
    return found


def spans(text: str) -> list[Token]:
    """Return the terms of a text in Unicode form C with their places in it; the terms are `terms(text)`."""
    assert unicodedata.is_normalized("NFC", text), "places are counted in form C"  # noqa: S101 - the caller's promise
    return list(_spans(text))


def _spans(text: str) -> Iterator[Token]:
    folded, starts, ends = folded_with_places(text)
    end = -1
    for part in PART.finditer(folded):
        word, start = part.group(), part.start()
        if not IS_SPACELESS.match(word):
            yield Token(word[:LONGEST], starts[start], ends[part.end() - 1], ends[part.end() - 1])
            end = -1
            continue
        if end not in (-1, start):
            yield Token(BREAK, starts[start], starts[start], starts[start])
        end = part.end()
        for at in range(start, end):
            last = min(at + 1, end - 1)
            yield Token(folded[at : at + 2] if at < last else folded[at], starts[at], ends[at], ends[last])
