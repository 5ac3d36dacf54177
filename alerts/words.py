"""
Words as rules ask for them: whole words, where case, accents and Unicode form do not count. Pure.

A text is brought to one plain form in which a phrase is found by looking for a piece of text. Scripts without
spaces become one word a character, so that a word of them is found inside a sentence.
"""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

__all__ = ["Words", "folded", "joined", "plain", "words_of"]

#: Thai, Lao, Burmese, Khmer, kana and ideographs: no spaces between words.
SPACELESS = "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3041-\u30ff\u3400-\u9fff\uf900-\ufaff"
WORD = re.compile(rf"[{SPACELESS}]|[^\W_{SPACELESS}]+")
FOREIGN = re.compile(r"[^\x00-\x7f]+")
QUOTED = re.compile(r'"([^"]*)"')
#: Kana differ by these marks as letters do, not as accents do.
KEPT_MARKS = frozenset("\u3099\u309a")


def words_of(text: str) -> list[str]:
    """Return the words of a text, folded, in order."""
    return WORD.findall(folded(text))


def plain(text: str) -> str:
    """Return a text's words as one text in which `Words` are looked for."""
    return _spaced(words_of(text))


def joined(parts: Iterable[str]) -> str:
    """Join plain texts; no phrase reaches from one into the next."""
    return "\n".join(part for part in parts if part)


@dataclass(frozen=True, slots=True)
class Words:
    """What a rule asks for: all of the phrases; a single word is a phrase too."""

    #: As it was written.
    written: str
    #: In plain form.
    phrases: tuple[str, ...]

    @classmethod
    def parse(cls, text: str) -> "Words":
        """
        Read words, all of which are asked for, or a "phrase in quotes".

        Raises:
            ValueError: there is no word in it.
        """
        quoted = QUOTED.findall(text)
        single = QUOTED.sub(" ", text).split()
        phrases = [_spaced(words_of(one)) for one in (*quoted, *single)]
        kept = tuple(dict.fromkeys(one for one in phrases if one))
        if not kept:
            message = f"{text!r} holds no word"
            raise ValueError(message)
        return cls(text, kept)

    def are_in(self, text: str) -> bool:
        """Tell whether a plain text holds all of them."""
        return all(phrase in text for phrase in self.phrases)

    def are_more_in(self, text: str, other: str) -> bool:
        """Tell whether each of them occurs more often in one plain text than in another."""
        return all(text.count(phrase) > other.count(phrase) for phrase in self.phrases)

    def may_be_in(self, text: str) -> bool:
        """Tell, for a price far below bringing it to plain form, whether a folded text can hold them."""
        return all(word in text for phrase in self.phrases for word in phrase.split())

    @property
    def key(self) -> str:
        """The longest single word, which any text that holds them has."""
        return max((word for phrase in self.phrases for word in phrase.split()), key=len)


def _spaced(words: list[str]) -> str:
    # Two spaces between words: neighbours do not share one, so that both are counted.
    return f" {'  '.join(words)} " if words else ""


def folded(text: str) -> str:
    """Return a text without case and accents."""
    text = text.casefold()
    return text if text.isascii() else FOREIGN.sub(_folded_run, text)


def _folded_run(run: re.Match[str]) -> str:
    return _without_accents(run.group())


@lru_cache(8192)
def _without_accents(text: str) -> str:
    kept = [
        one
        for one in unicodedata.normalize("NFKD", text)
        if one in KEPT_MARKS or not unicodedata.combining(one)
    ]
    return unicodedata.normalize("NFC", "".join(kept)).casefold()
