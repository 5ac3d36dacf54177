"""
Full-text search, as far as it needs no engine: how text is folded and cut, what a query asks, where it is answered.

Both catalogue engines index these terms and nothing else, so that both give the same answers. Pure.
"""

from archive.search.fields import Fields, fields_of, words_added, words_removed
from archive.search.folding import fold
from archive.search.matching import column, matches
from archive.search.query import And, Leaf, Not, Or, Query, leaves, parse, render
from archive.search.snippets import snippet
from archive.search.tokens import EVERY, VERSION, is_spaceless, parts_of, terms

__all__ = [
    "EVERY",
    "VERSION",
    "And",
    "Fields",
    "Leaf",
    "Not",
    "Or",
    "Query",
    "column",
    "fields_of",
    "fold",
    "is_spaceless",
    "leaves",
    "matches",
    "parse",
    "parts_of",
    "render",
    "snippet",
    "terms",
    "words_added",
    "words_removed",
]
