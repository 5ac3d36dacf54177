"""What an engine's full-text index offers, and which one a connection has."""

from typing import Protocol

from sqlalchemy import CTE, Connection

from archive.catalog.search_sqlite import SqliteSearch
from archive.search import Fields, Query

__all__ = ["SearchEngine", "search_engine"]


class SearchEngine(Protocol):
    """
    An index of terms by row, under one of the names in `search_tables.INDEXES`.

    All engines answer a query with the same rows: those of which `archive.search.matches` is true. How well a row
    answers is the engine's own judgement; more is better, and a hit in the headline weighs more than one in the body.
    """

    def put(self, connection: Connection, index: str, row: int, fields: Fields) -> None:
        """Index a text under a row that is not in use."""
        raise NotImplementedError

    def drop(self, connection: Connection, index: str, row: int, fields: Fields) -> None:
        """Take a text out again; it must be the one that was put in."""
        raise NotImplementedError

    def clear(self, connection: Connection, index: str) -> None:
        """Take everything out."""
        raise NotImplementedError

    def hits(self, index: str, query: Query, *, in_headline: bool) -> CTE:
        """
        Return the answers as a table of `id` and `score`.

        Args:
            index: where to look.
            query: what for.
            in_headline: look at headlines only.
        """
        raise NotImplementedError


def search_engine(connection: Connection) -> SearchEngine:
    """Return the index of the engine that a connection speaks to."""
    if connection.dialect.name == "postgresql":
        # Loaded for those who use it: its column types cost a start 50 ms.
        from archive.catalog.search_postgres import PostgresSearch

        return PostgresSearch()
    return SqliteSearch()
