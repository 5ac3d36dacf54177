"""How publishers word things, by language: the readable data under `languages/`, compiled once."""

import re
import tomllib
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path
from typing import Any

from ahocorasick import Automaton

from archive.model import NoteKind

__all__ = ["Beginnings", "Language", "PageWords", "Stems", "Wording", "wording"]

LANGUAGES = Path(__file__).with_name("languages")
#: How many characters a beginning is looked up by.
KEY = 2


class Beginnings:
    """Plain words that a text may begin with; looked up, not searched for."""

    def __init__(self, words: Iterable[str]) -> None:
        self._by_key: dict[str, list[str]] = {}
        for word in sorted(set(words), key=len, reverse=True):
            self._by_key.setdefault(word[:KEY], []).append(word)

    def at_start(self, lower: str) -> str:
        """Return the longest of the words that a lower-case text begins with as whole words, or ""."""
        for word in self._by_key.get(lower[:KEY], ()):
            if lower.startswith(word) and not _goes_on(word, lower[len(word) : len(word) + 1]):
                return word
        return ""


def _goes_on(word: str, following: str) -> bool:
    """Tell whether a word goes on; scripts without spaces do not show where words end."""
    return following.isalnum() and word[-1].isalnum() and not "\u3040" <= word[-1] <= "\ud7af"


class Stems:
    """
    Letters one of which stands in every note without a label; those of all languages are looked for in one pass.

    Looking for each by itself was a quarter of what an extraction cost.
    """

    def __init__(self, by_language: Mapping[str, Iterable[str]]) -> None:
        codes: dict[str, set[str]] = {}
        for code, stems in by_language.items():
            for stem in stems:
                codes.setdefault(stem, set()).add(code)
        self._automaton = Automaton()
        for stem, spoken in codes.items():
            self._automaton.add_word(stem, frozenset(spoken))
        self._automaton.make_automaton()

    def places(self, lower: str) -> Iterator[int]:
        """Yield where in a lower-case text a stem ends, in order."""
        for end, _ in self._automaton.iter(lower):
            yield end

    def languages(self, lower: str) -> frozenset[str]:
        """Return the codes of the languages of which a stem stands in a lower-case text."""
        return frozenset().union(*(codes for _, codes in self._automaton.iter(lower)))

    def any_in(self, lower: str) -> bool:
        """Tell whether a stem of any language stands in a lower-case text."""
        return next(self.places(lower), None) is not None


class Language:
    """What gives an unlabelled note away in one language; compiled when first needed, for most pages need none."""

    def __init__(self, code: str, data: dict[str, Any]) -> None:
        self.code = code
        self._data = data

    @cached_property
    def words(self) -> frozenset[str]:
        """The most frequent small words."""
        return frozenset(self._data["words"])

    @cached_property
    def own(self) -> re.Pattern[str]:
        """What an article calls itself."""
        return _any(self._data["self"])

    @cached_property
    def earlier(self) -> re.Pattern[str]:
        """What it calls a state of itself that is gone."""
        return _any(self._data["earlier"])

    @cached_property
    def changed(self) -> tuple[tuple[NoteKind, re.Pattern[str]], ...]:
        """What it says of its change, by kind."""
        return _by_kind(self._data["changed"])

    @cached_property
    def phrases(self) -> tuple[tuple[NoteKind, re.Pattern[str]], ...]:
        """Whole admissions, by kind."""
        return _by_kind(self._data["phrases"])


class PageWords:
    """What pages of one kind say that are no articles, by language; compiled when first needed."""

    def __init__(self, patterns: dict[str, list[str]]) -> None:
        self._patterns = patterns
        self._compiled: dict[str, list[re.Pattern[str]]] = {}

    def count(self, lower: str, languages: Collection[str] = ()) -> int:
        """Return how many of the kind's phrases a lower-case text has, in some languages or in all."""
        return sum(1 for one in self._of(languages) if one.search(lower))

    def has(self, lower: str, languages: Collection[str] = ()) -> bool:
        """Tell whether a lower-case text has one of the kind's phrases."""
        return any(one.search(lower) for one in self._of(languages))

    def _of(self, languages: Collection[str]) -> Iterator[re.Pattern[str]]:
        for code, patterns in self._patterns.items():
            if languages and code not in languages:
                continue
            if code not in self._compiled:
                self._compiled[code] = [re.compile(one) for one in patterns]
            yield from self._compiled[code]


@dataclass(frozen=True, slots=True)
class Wording:
    """All languages together."""

    languages: tuple[Language, ...]
    #: Where none of these stands, there is no unlabelled note in any language.
    stems: Stems
    labels: Beginnings
    #: Label → kind.
    kinds: dict[str, NoteKind]
    #: Month name or its abbreviation → number.
    months: dict[str, int]
    adverts: Beginnings
    leads: Beginnings
    #: What the link to the one page that holds a split article whole says.
    single: frozenset[str]
    #: How old something is, or how often it was read.
    ages: re.Pattern[str]
    #: Invitations to report errors, to subscribe: they use the words of notes.
    invitations: re.Pattern[str]
    #: What pages say that are no articles, by kind of page.
    pages: dict[str, PageWords]


@cache
def wording() -> Wording:
    """Read and compile all language files."""
    files = [
        (file.stem, tomllib.loads(file.read_text(encoding="utf-8")))
        for file in sorted(LANGUAGES.glob("*.toml"))
    ]
    kinds = {
        label: NoteKind(kind)
        for _, data in reversed(files)
        for kind, labels in reversed(data["labels"].items())
        for label in labels
    }
    return Wording(
        stems=Stems({code: data["stems"] for code, data in files}),
        languages=tuple(Language(code, data) for code, data in files),
        labels=Beginnings(kinds),
        kinds=kinds,
        months=_months([data["months"] for _, data in files]),
        adverts=Beginnings(word for _, data in files for word in data["lines"]["adverts"]),
        leads=Beginnings(word for _, data in files for word in data["lines"]["leads"]),
        single=frozenset(words for _, data in files for words in data["lines"]["single"]),
        ages=_any(age.replace("#", r"\d[\d.,]*") for _, data in files for age in data["lines"]["ages"]),
        invitations=_any(one for _, data in files for one in data["lines"]["invitations"]),
        pages=_pages({code: data["pages"] for code, data in files}),
    )


def _by_kind(stated: dict[str, list[str]]) -> tuple[tuple[NoteKind, re.Pattern[str]], ...]:
    return tuple((NoteKind(kind), _any(patterns)) for kind, patterns in stated.items() if patterns)


def _any(patterns: Iterable[str]) -> re.Pattern[str]:
    return re.compile("|".join(f"(?:{one})" for one in patterns))


def _months(named: list[list[str]]) -> dict[str, int]:
    months: dict[str, int] = {}
    for names in named:
        for number, forms in enumerate(names, 1):
            for name in forms.split("|"):
                months[name] = number
    for name, number in list(months.items()):
        # Abbreviations as in datelines: "Jul", "Sept"; three letters are enough in Latin scripts.
        for length in (3, 4):
            if len(name) > length:
                months.setdefault(name[:length], number)
    return months


def _pages(stated: dict[str, dict[str, list[str]]]) -> dict[str, PageWords]:
    """Keep a kind's patterns apart: how many different ones a page shows is evidence."""
    kinds = dict.fromkeys(kind for pages in stated.values() for kind in pages)
    return {kind: PageWords({code: pages.get(kind, []) for code, pages in stated.items()}) for kind in kinds}
