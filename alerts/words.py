"""
Words as rules ask for them: whole words as `search` finds them, where case, accents and Unicode form do not count. Pure.

A text is brought to one plain form in which a phrase is found by looking for a piece of text. Scripts without
spaces become one word a character, so that a word of them is found inside a sentence.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from archive.search import Leaf, fold, is_spaceless, parts_of

__all__ = ["Words", "joined", "leaf_of", "plain", "plain_of_folded", "words_of"]

QUOTED = re.compile(r'"([^"]*)"')
#: Between two characters that touch, of a script without spaces. White space to `split`, and in no folded text.
JOINT = "\x1f"


def words_of(text: str) -> list[str]:
    """Return the words of a text, folded, in order."""
    return plain(text).split()


def plain(text: str) -> str:
    """Return a text's words as one text in which `Words` are looked for."""
    return plain_of_folded(fold(text))


def plain_of_folded(text: str) -> str:
    """Return what `plain` does, of a text that is folded already."""
    # Every word has its own two spaces: neighbours do not share one, so that both are counted.
    return "".join(
        f" {JOINT.join(f' {one} ' for one in part).strip(' ')} " if is_spaceless(part) else f" {part} "
        for part in parts_of(text)
    )


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
        kept = tuple(dict.fromkeys(one for one in map(plain, (*quoted, *single)) if one))
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


def leaf_of(phrase: str) -> Leaf:
    """Return a plain phrase as `search` asks for it: the index finds it in the texts in which `Words` do."""
    return Leaf(" ".join(phrase.replace(f" {JOINT} ", "").split()))
