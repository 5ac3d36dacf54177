"""Small readings of values that pages state in many forms."""

import html
import re
from typing import Any

from archive.text.outline import tidy

__all__ = ["first_text", "same_words", "words_of"]

WORDS = re.compile(r"\w+")


def first_text(value: Any) -> str:
    """Return a JSON value as one tidy text: the first of a list, "" for what is no text."""
    if isinstance(value, list):
        value = value[0] if value else ""
    if not isinstance(value, str):
        return ""
    return tidy(html.unescape(value) if "&" in value else value)


def words_of(text: str) -> list[str]:
    """Return a text's words in lower case."""
    return WORDS.findall(text.lower())


def same_words(one: str, other: str) -> bool:
    """Tell whether two texts have the same words, whatever stands between them."""
    return words_of(one) == words_of(other)
