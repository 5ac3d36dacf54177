"""Archived text as it may stand on a page: what would break the page or turn the text around it is taken care of."""

import re
from typing import Any

from markupsafe import Markup

__all__ = ["clip", "language_tag", "legible"]

#: Characters that HTML has no place for (HTML §13.2.3.5), and the replacement of those that never were text.
CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
#: Marks that open a run of another direction, each with the one that closes it (UAX #9 §2).
CLOSING = dict.fromkeys("\u202a\u202b\u202d\u202e", "\u202c") | dict.fromkeys("\u2066\u2067\u2068", "\u2069")
DIRECTION = re.compile("[\u202a-\u202e\u2066-\u2069]")
#: RFC 5646, as far as browsers look at it.
TAG = re.compile(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8}){0,3}")


def legible(value: Any) -> Any:
    """Return a value for a template: text without control characters, with every direction mark closed."""
    if not isinstance(value, str) or isinstance(value, Markup):
        return value
    text = CONTROL.sub("", value)
    return _closed(text) if DIRECTION.search(text) else text


def clip(text: str, length: int) -> str:
    """Shorten a text to its beginning, at a word's end where there is one."""
    if len(text) <= length:
        return text
    cut = text[:length]
    head, space, _ = cut.rpartition(" ")
    return (head if space and len(head) > length // 2 else cut) + " …"


def language_tag(language: str | None) -> str | None:
    """Return a language as a tag for `lang`, or None when it is none: pages state anything."""
    tag = (language or "").replace("_", "-").strip()
    return tag if TAG.fullmatch(tag) else None


def _closed(text: str) -> str:
    """Close what is open, and leave out what closes nothing, so that no mark reaches beyond its text."""
    open_marks: list[str] = []
    kept: list[str] = []
    for character in text:
        if character in CLOSING:
            open_marks.append(CLOSING[character])
        elif character in "\u202c\u2069":
            if character not in open_marks:
                continue
            while open_marks[-1] != character:
                kept.append(open_marks.pop())
            open_marks.pop()
        kept.append(character)
    return "".join(kept) + "".join(reversed(open_marks))
