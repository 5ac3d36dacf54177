"""How publishers word their notes, by language: the readable data under `languages/`, compiled once."""

import re
import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from archive.model import NoteKind

__all__ = ["Wording", "wording"]

LANGUAGES = Path(__file__).with_name("languages")


@dataclass(frozen=True, slots=True)
class Wording:
    """All languages together: what opens a note, what gives one away, and how months are called."""

    #: Matches at the beginning of a lower-case text; the group is the label.
    label: re.Pattern[str]
    #: Label → kind.
    kinds: dict[str, NoteKind]
    #: Phrases that give an unlabelled note away, with what they admit.
    phrases: tuple[tuple[re.Pattern[str], NoteKind], ...]
    #: Month name or its abbreviation → number.
    months: dict[str, int]


@cache
def wording() -> Wording:
    """Read and compile all language files."""
    kinds: dict[str, NoteKind] = {}
    phrases: list[tuple[re.Pattern[str], NoteKind]] = []
    months: dict[str, int] = {}
    for file in sorted(LANGUAGES.glob("*.toml")):
        data = tomllib.loads(file.read_text(encoding="utf-8"))
        for kind, labels in data["labels"].items():
            for label in labels:
                kinds.setdefault(label, NoteKind(kind))
        nouns = "(?:" + "|".join(data["nouns"]) + ")"
        for kind, patterns in data["phrases"].items():
            phrases += [
                (re.compile(pattern.replace("{noun}", nouns)), NoteKind(kind)) for pattern in patterns
            ]
        for number, name in enumerate(data["months"], 1):
            months.setdefault(name, number)
            # Abbreviations as in datelines: "Jul", "Sept"; three letters are enough in Latin scripts.
            for length in (3, 4):
                months.setdefault(name[:length], number)
    longest_first = sorted(kinds, key=len, reverse=True)
    label = re.compile(r"(" + "|".join(re.escape(one) for one in longest_first) + r")(?!\w)")
    return Wording(label, kinds, tuple(phrases), months)
