"""
The full-text index of PostgreSQL: each row's terms under a GIN index, and the same terms in order as text.

A `tsvector` with places ends at 16,383 places and 256 of one term, so phrases in a long text would be lost. Here the
GIN index finds the rows that hold all terms, and phrases are looked for in the ordered terms of those rows.
"""

from collections.abc import Iterable

from sqlalchemy import (
    CTE,
    BigInteger,
    Column,
    ColumnElement,
    Connection,
    Float,
    MetaData,
    Table,
    Text,
    and_,
    case,
    cast,
    delete,
    func,
    insert,
    literal,
    not_,
    or_,
    select,
)
from sqlalchemy.dialects.postgresql import ARRAY, TSQUERY, TSVECTOR

from archive.catalog.search_tables import INDEXES
from archive.search import And, Fields, Leaf, Not, Or, Query, leaves
from archive.search import column as terms_of
from archive.search.tokens import BREAK

__all__ = ["PostgresSearch", "matching_terms"]

#: What a hit in the headline weighs beside all those in the body, and how soon more hits cease to count.
HEADLINE, ENOUGH = 8.0, 1.2
#: Leaves of a query that count in the ranking.
RANKED = 32
#: Bytes of different terms that a `tsvector` takes; what is beyond is not found here, rather than not archived.
ROOM = 900_000

TABLES = {
    name: Table(
        name,
        MetaData(),
        Column("id", BigInteger, primary_key=True),
        Column("headline", Text),
        Column("body", Text),
        Column("terms", TSVECTOR),
    )
    for name in INDEXES
}


class PostgresSearch:
    """One table an index, with a GIN index over its terms."""

    def put(self, connection: Connection, index: str, row: int, fields: Fields) -> None:
        """Index a text under a row that is not in use."""
        headline, body = terms_of(fields.headline), terms_of(fields.body)
        every = _fitting(sorted({*headline, *body} - {BREAK}))
        connection.execute(
            insert(TABLES[index]).values(
                id=row,
                headline=_told(headline),
                body=_told(body),
                terms=func.array_to_tsvector(cast(every, ARRAY(Text))),
            )
        )

    def drop(self, connection: Connection, index: str, row: int, fields: Fields) -> None:  # noqa: ARG002 - the interface's
        """Take a text out again."""
        connection.execute(delete(TABLES[index]).where(TABLES[index].c.id == row))

    def clear(self, connection: Connection, index: str) -> None:
        """Take everything out."""
        connection.execute(delete(TABLES[index]))

    def hits(self, index: str, query: Query, *, in_headline: bool) -> CTE:
        """Return the answers as a table of `id` and `score`."""
        table = TABLES[index]
        found = select(table.c.id, _score(table, leaves(query)[:RANKED]).label("score"))
        candidates = matching_terms(query)
        if candidates is not None:
            found = found.where(table.c.terms.bool_op("@@")(cast(literal(candidates), TSQUERY)))
        if candidates is None or in_headline or not _is_plain(query):
            found = found.where(_condition(table, query, in_headline=in_headline))
        return found.cte("hit").prefix_with("MATERIALIZED")


def matching_terms(query: Query) -> str | None:
    """
    Return as a `tsquery` what terms every answer holds, whatever their order; None when that says nothing.

    For a query without phrases and fields these are the answers.
    """
    match query:
        case Leaf():
            last = len(query.terms) - 1
            parts = [
                f"'{term}'{':*' if at == last and query.is_open else ''}"
                for at, term in enumerate(query.terms)
                if term != BREAK
            ]
            return " & ".join(dict.fromkeys(parts))
        case Not(part):
            said = matching_terms(part) if _is_plain(part) else None
            return None if said is None else f"!({said})"
        case And(parts):
            told = [said for said in map(matching_terms, parts) if said is not None]
            return " & ".join(f"({said})" for said in told) or None
        case Or(parts):
            either = [matching_terms(part) for part in parts]
            return None if None in either else " | ".join(f"({said})" for said in either)


def _is_plain(query: Query) -> bool:
    """Tell whether a query asks for single terms anywhere."""
    match query:
        case Leaf():
            return len(query.terms) == 1 and not query.in_headline
        case Not(part):
            return _is_plain(part)
        case And(parts) | Or(parts):
            return all(_is_plain(part) for part in parts)


def _condition(table: Table, query: Query, *, in_headline: bool) -> ColumnElement[bool]:
    match query:
        case Leaf():
            return or_(*[some.like(_pattern(query)) for some in _columns(table, query, in_headline)])
        case Not(part):
            return not_(_condition(table, part, in_headline=in_headline))
        case And(parts):
            return and_(*[_condition(table, part, in_headline=in_headline) for part in parts])
        case Or(parts):
            return or_(*[_condition(table, part, in_headline=in_headline) for part in parts])


def _columns(table: Table, leaf: Leaf, in_headline: bool) -> list[Column[str]]:  # noqa: FBT001 - passed through
    return [table.c.headline] if in_headline or leaf.in_headline else [table.c.headline, table.c.body]


def _pattern(leaf: Leaf) -> str:
    """Return a pattern for neighbouring terms; they hold no sign that LIKE knows."""
    return f"% {' '.join(leaf.terms)}{'%' if leaf.is_open else ' %'}"


def _score(table: Table, wanted: Iterable[Leaf]) -> ColumnElement[float]:
    score: ColumnElement[float] = literal(0.0, Float)
    for leaf in wanted:
        told = f" {' '.join(leaf.terms)}{'' if leaf.is_open else ' '}"
        gone = func.length(table.c.body) - func.length(func.replace(table.c.body, told, ""))
        often = cast(gone, Float) / len(told)
        length = 1.0 + cast(func.length(table.c.body), Float) / 2000.0
        score += often / (often + ENOUGH * length)
        score += case((table.c.headline.like(_pattern(leaf)), HEADLINE), else_=0.0)
    return score


def _fitting(terms: list[str]) -> list[str]:
    size = 0
    for at, term in enumerate(terms):
        size += len(term.encode()) + 1
        if size > ROOM:
            return terms[:at]
    return terms


def _told(terms: Iterable[str]) -> str:
    return f" {' '.join(terms)} "
