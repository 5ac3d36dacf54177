"""
The full-text index of SQLite: contentless FTS5 tables over terms that Python has cut.

FTS5's own tokenisers find no Japanese or Thai word and fold by another table than PostgreSQL; "ascii" passes terms
through as they come. Contentless tables before SQLite 3.43 forget a row only when told the text it was made of.
"""

from collections.abc import Iterable

from sqlalchemy import CTE, Connection, Float, bindparam, column, text
from sqlalchemy.types import Integer

from archive.search import EVERY, And, Fields, Leaf, Not, Or, Query
from archive.search import column as terms_of

__all__ = ["SqliteSearch", "match_expression"]

#: Weights of headline and body in the ranking.
HEADLINE, BODY = 8.0, 1.0


class SqliteSearch:
    """FTS5, one table an index."""

    def put(self, connection: Connection, index: str, row: int, fields: Fields) -> None:
        """Index a text under a row that is not in use."""
        values = {"row": row, "headline": _headline(fields), "body": _joined(fields.body)}
        connection.execute(
            text(f"INSERT INTO {index} (rowid, headline, body) VALUES (:row, :headline, :body)"),  # noqa: S608 - a name of ours
            values,
        )

    def drop(self, connection: Connection, index: str, row: int, fields: Fields) -> None:
        """Take a text out again; it must be the one that was put in."""
        values = {"row": row, "headline": _headline(fields), "body": _joined(fields.body)}
        connection.execute(
            text(
                f"INSERT INTO {index} ({index}, rowid, headline, body) VALUES ('delete', :row, :headline, :body)"  # noqa: S608 - a name of ours
            ),
            values,
        )

    def clear(self, connection: Connection, index: str) -> None:
        """Take everything out."""
        connection.execute(text(f"INSERT INTO {index} ({index}) VALUES ('delete-all')"))  # noqa: S608 - a name of ours

    def hits(self, index: str, query: Query, *, in_headline: bool) -> CTE:
        """Return the answers as a table of `id` and `score`."""
        expression = match_expression(query)
        if in_headline:
            expression = f"headline : ({expression})"
        found = text(
            f"SELECT rowid AS id, -bm25({index}, {HEADLINE}, {BODY}) AS score FROM {index} WHERE {index} MATCH :match"  # noqa: S608 - names of ours
        ).bindparams(bindparam("match", expression))
        # Materialised: bm25 may be asked for only where the index itself is walked.
        return (
            found.columns(column("id", Integer), column("score", Float))
            .cte("hit")
            .prefix_with("MATERIALIZED")
        )


def match_expression(query: Query) -> str:
    """Return a query as FTS5 writes it. Terms hold letters, digits and marks only: nothing needs escaping."""
    match query:
        case Leaf(in_headline=in_headline):
            words = f'"{" ".join(query.terms)}"{" *" if query.is_open else ""}'
            return f"headline : {words}" if in_headline else words
        case Not(part):
            return f'("{EVERY}" NOT {match_expression(part)})'
        case Or(parts):
            return f"({' OR '.join(match_expression(part) for part in parts)})"
        case And(parts):
            return _all(parts)


def _all(parts: Iterable[Query]) -> str:
    """Join by AND; FTS5 knows NOT only between two sides."""
    wanted = [match_expression(part) for part in parts if not isinstance(part, Not)]
    unwanted = [match_expression(part.part) for part in parts if isinstance(part, Not)]
    said = " AND ".join(wanted or [f'"{EVERY}"'])
    return f"(({said}) NOT ({' OR '.join(unwanted)}))" if unwanted else f"({said})"


def _headline(fields: Fields) -> str:
    return f"{EVERY} {_joined(fields.headline)}"


def _joined(pieces: Iterable[str]) -> str:
    return " ".join(terms_of(pieces))
