"""
The query language: words, phrases, AND, OR, NOT, prefixes, parentheses, and `headline:`.

Any text is a query. What is not syntax (an unclosed quote, an operator without its words, a parenthesis without its
other half) is looked for as text, and what holds neither letter nor digit is passed over.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from archive.search.folding import fold
from archive.search.tokens import BREAK, LONGEST, is_spaceless, terms

__all__ = ["And", "Leaf", "Not", "Or", "Query", "leaves", "parse", "render"]

#: How deep parentheses may nest; deeper ones are text. Engines have parsers of fixed depth.
DEEPEST = 12

#: Terms of a phrase that count, and letters that are looked at to find them.
WIDEST, LETTERS = 128, 4096

#: The one field with a name.
FIELD = "headline:"

LEXEME = re.compile(
    r"""
    (?P<space>\s+)
  | (?P<open>\()
  | (?P<close>\))
  | (?P<minus>-(?=(?:headline:)?["(\w]))
  | (?P<field>headline:(?=["(]))
  | "(?P<phrase>[^"]*)"(?P<star>\*?)
  | (?P<word>"?(?:[^\s()"])+|")
    """,
    re.VERBOSE,
)


@dataclass(frozen=True, slots=True)
class Leaf:
    """Neighbouring terms to be found."""

    #: Folded, single spaces between what is apart; at least one letter or digit.
    text: str
    #: The last word is only begun.
    is_prefix: bool = False
    #: To be found in the headline.
    in_headline: bool = False

    @property
    def terms(self) -> tuple[str, ...]:
        """The terms of the index, one after the other; of the last one only the beginning if `is_open`."""
        found = terms(self.text)
        # The last character of a run is a term of its own only where the run ends: here it may go on.
        if is_spaceless(found[-1]) and len(found) > 1 and _continues(found[-2], found[-1]):
            found.pop()
        return tuple(found[:WIDEST])

    @property
    def is_open(self) -> bool:
        """Whether the last term may go on: a prefix, or one character of a script without spaces."""
        last = self.terms[-1]
        if len(self.terms) == WIDEST:
            return False
        if is_spaceless(last):
            return len(last) == 1
        return self.is_prefix and len(last) < LONGEST


@dataclass(frozen=True, slots=True)
class And:
    """All of these."""

    parts: tuple["Query", ...]


@dataclass(frozen=True, slots=True)
class Or:
    """At least one of these."""

    parts: tuple["Query", ...]


@dataclass(frozen=True, slots=True)
class Not:
    """All but this."""

    part: "Query"


Query: TypeAlias = Leaf | And | Or | Not


def parse(text: str) -> Query | None:
    """Return what a text asks for, or None when there is nothing in it to look for. Never raises."""
    return _Parser(_lexemes(text)).query()


def render(query: Query) -> str:
    """Write a query in the language: `parse(render(query)) == query`."""
    match query:
        case Leaf(text, is_prefix, in_headline):
            return f'{FIELD if in_headline else ""}"{text}"{"*" if is_prefix else ""}'
        case Not(part):
            return f"NOT {_inside(part)}"
        case And(parts):
            return " ".join(_inside(part) for part in parts)
        case Or(parts):
            return " OR ".join(_inside(part) for part in parts)


def leaves(query: Query, *, wanted: bool = True) -> list[Leaf]:
    """Return the leaves that a match holds (`wanted`), or those that it must not hold."""
    match query:
        case Leaf():
            return [query] if wanted else []
        case Not(part):
            return leaves(part, wanted=not wanted)
        case And(parts) | Or(parts):
            return list(dict.fromkeys(leaf for part in parts for leaf in leaves(part, wanted=wanted)))


def _inside(query: Query) -> str:
    return f"({render(query)})" if isinstance(query, And | Or) else render(query)


def _continues(before: str, last: str) -> bool:
    return len(last) == 1 and len(before) == 2 and is_spaceless(before) and before[1] == last


@dataclass(frozen=True, slots=True)
class _Lexeme:
    """A piece of the query."""

    #: One of ( ) - f w: parentheses, NOT, `headline:` before something longer, words.
    kind: str
    text: str = ""
    is_prefix: bool = False
    in_headline: bool = False


def _lexemes(text: str) -> list[_Lexeme]:
    found = [_lexeme(match) for match in LEXEME.finditer(text) if match.lastgroup != "space"]
    return _operators(_balanced(found))


def _lexeme(match: re.Match[str]) -> _Lexeme:
    match match.lastgroup:
        case "open":
            return _Lexeme("(")
        case "close":
            return _Lexeme(")")
        case "minus":
            return _Lexeme("-")
        case "field":
            return _Lexeme("f")
        case "star":
            return _Lexeme("w", match["phrase"], is_prefix=bool(match["star"]))
    word = match["word"]
    if word in ("AND", "OR", "NOT"):
        return _Lexeme(word, word)
    in_headline = word.startswith(FIELD) and len(word) > len(FIELD)
    word = word.removeprefix(FIELD) if in_headline else word
    return _Lexeme("w", word, is_prefix=word.endswith("*"), in_headline=in_headline)


def _balanced(lexemes: Sequence[_Lexeme]) -> list[_Lexeme]:
    """Drop parentheses that have no other half or nest too deep; with them goes a field before them."""
    kept: set[int] = set()
    opened: list[int] = []
    for at, one in enumerate(lexemes):
        if one.kind == "(":
            opened.append(at)
        elif one.kind == ")" and opened:
            start = opened.pop()
            if len(opened) < DEEPEST:
                kept |= {start, at}
    return [one for at, one in enumerate(lexemes) if one.kind not in "()" or at in kept]


def _operators(lexemes: Sequence[_Lexeme]) -> list[_Lexeme]:
    """Turn operators without their words into text."""
    found: list[_Lexeme] = []
    for at, one in enumerate(lexemes):
        follows = lexemes[at + 1].kind if at + 1 < len(lexemes) else ""
        has_words = follows in ("w", "(", "-", "f", "NOT") and (one.kind == "NOT" or _ends(found))
        if one.kind in ("AND", "OR", "NOT") and not has_words:
            found.append(_Lexeme("w", one.text))
        elif one.kind == "NOT":
            found.append(_Lexeme("-"))
        elif one.kind != "AND":
            found.append(one)
    return found


def _ends(found: Sequence[_Lexeme]) -> bool:
    return bool(found) and found[-1].kind in ("w", ")")


class _Parser:
    """Reads lexemes; OR binds loosest, NOT closest. Parts without anything to look for are left out."""

    def __init__(self, lexemes: Sequence[_Lexeme]) -> None:
        self._lexemes = lexemes
        self._at = 0

    def query(self) -> Query | None:
        return self._either(in_headline=False)

    def _peek(self) -> str:
        return self._lexemes[self._at].kind if self._at < len(self._lexemes) else ""

    def _either(self, *, in_headline: bool) -> Query | None:
        parts = [self._all(in_headline=in_headline)]
        while self._peek() == "OR":
            self._at += 1
            parts.append(self._all(in_headline=in_headline))
        return _joined(Or, parts)

    def _all(self, *, in_headline: bool) -> Query | None:
        parts: list[Query | None] = []
        while self._peek() not in ("", ")", "OR"):
            parts.append(self._one(in_headline=in_headline))
        return _joined(And, parts)

    def _one(self, *, in_headline: bool) -> Query | None:
        negated = False
        while self._peek() in ("-", "f"):
            negated ^= self._peek() == "-"
            in_headline |= self._peek() == "f"
            self._at += 1
        if self._peek() == "(":
            self._at += 1
            found = self._either(in_headline=in_headline)
            self._at += 1
        elif self._peek() == "w":
            found = _leaf(self._lexemes[self._at], in_headline=in_headline)
            self._at += 1
        else:
            return None
        if not negated or found is None:
            return found
        return found.part if isinstance(found, Not) else Not(found)


def _leaf(lexeme: _Lexeme, *, in_headline: bool) -> Leaf | None:
    text = _bounded(" ".join(fold(lexeme.text).split()))
    if not any(term != BREAK for term in terms(text)):
        return None
    return Leaf(text, lexeme.is_prefix, lexeme.in_headline or in_headline)


def _bounded(text: str) -> str:
    if len(text) <= LETTERS:
        return text
    kept = text[:LETTERS]
    # A word that was cut in two would be another word.
    return kept if text[LETTERS] == " " or " " not in kept else kept.rpartition(" ")[0]


def _joined(kind: Callable[[tuple[Query, ...]], And | Or], parts: Sequence[Query | None]) -> Query | None:
    """Join what there is; parts of the same kind become one, equal parts count once."""
    flat: dict[Query, None] = {}
    for part in parts:
        if part is None:
            continue
        inner = part.parts if isinstance(part, And | Or) and type(part) is kind else (part,)
        flat.update(dict.fromkeys(inner))
    if len(flat) < 2:
        return next(iter(flat), None)
    return kind(tuple(flat))
