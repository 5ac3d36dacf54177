"""Finds a query's words in a text: whether it matches, and where."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from archive.search.fields import Fields
from archive.search.query import And, Leaf, Not, Or, Query
from archive.search.tokens import BREAK, Token, terms

__all__ = ["column", "hits", "matches"]


@dataclass(frozen=True, slots=True)
class _Columns:
    """The terms of a text, by column."""

    headline: Sequence[str]
    body: Sequence[str]


def column(pieces: Iterable[str]) -> list[str]:
    """Return the terms of several pieces of text as they are indexed: no phrase reaches from one to the next."""
    found: list[str] = []
    for piece in pieces:
        if found:
            found.append(BREAK)
        found += terms(piece)
    return found


def matches(query: Query, fields: Fields) -> bool:
    """Tell whether a text is an answer; what the engines' indexes must agree with."""
    return _matches(query, _Columns(column(fields.headline), column(fields.body)))


def _matches(query: Query, columns: _Columns) -> bool:
    match query:
        case Leaf():
            looked = [columns.headline] if query.in_headline else [columns.headline, columns.body]
            return any(next(_places(query, some), None) is not None for some in looked)
        case Not(part):
            return not _matches(part, columns)
        case And(parts):
            return all(_matches(part, columns) for part in parts)
        case Or(parts):
            return any(_matches(part, columns) for part in parts)


def hits(wanted: Sequence[Leaf], tokens: Sequence[Token]) -> list[tuple[int, int, int]]:
    """Return (begin, end, which leaf) of everything in a text that the leaves name, by place."""
    found: list[tuple[int, int, int]] = []
    seen = [token.term for token in tokens]
    for number, leaf in enumerate(wanted):
        width = len(leaf.terms)
        for at in _places(leaf, seen):
            last = tokens[at + width - 1]
            # Of an open pair of characters only the first was asked for.
            end = last.head if leaf.is_open else last.end
            found.append((tokens[at].start, end, number))
    return sorted(found)


def _places(leaf: Leaf, seen: Sequence[str]) -> Iterator[int]:
    """Yield where a leaf's terms stand one after the other."""
    asked, is_open = leaf.terms, leaf.is_open
    first, last = asked[0], asked[-1]
    width = len(asked)
    for at, term in enumerate(seen):
        if width > 1 and term != first:
            continue
        if at + width > len(seen) or seen[at + 1 : at + width - 1] != list(asked[1:-1]):
            continue
        end = seen[at + width - 1]
        if end == last or (is_open and end.startswith(last)):
            yield at
