"""
The tables of full-text search: which texts and edits are indexed under which row.

The terms themselves lie in the engine's own index, one for each kind of row; see `search_sqlite`.
"""

from sqlalchemy import DDL, Column, ForeignKey, Index, Integer, String, Table, Text, event

from archive.catalog.columns import HexId, Moment
from archive.catalog.schema import RowId, metadata

__all__ = ["INDEXES", "search_edit", "search_state", "search_text", "search_version"]

#: The engine's indexes: over what versions say, and over the words that edits brought and took.
INDEXES = ("search_text_terms", "search_added_terms", "search_removed_terms")

search_state = Table(
    "search_state",
    metadata,
    Column("id", Integer, primary_key=True),
    # Which way of cutting text into terms the whole index was made by.
    Column("version", Integer, nullable=False),
)

search_text = Table(
    "search_text",
    metadata,
    # Also the row in the engine's index. Never used twice: rows there may outlive this one.
    Column("id", RowId, primary_key=True),
    Column("content", Text, nullable=False, unique=True),
    # As the page states it, lower case.
    Column("language", String(35)),
    sqlite_autoincrement=True,
)

search_version = Table(
    "search_version",
    metadata,
    Column("id", RowId, primary_key=True),
    Column("article_id", ForeignKey("article.id", ondelete="CASCADE"), nullable=False),
    Column("number", Integer, nullable=False),
    Column("text_id", ForeignKey("search_text.id", ondelete="CASCADE"), nullable=False),
    Column("captured_at", Moment, nullable=False),
    Index("uq_search_version_article_id_number", "article_id", "number", unique=True),
    Index("ix_search_version_text_id", "text_id"),
)

search_edit = Table(
    "search_edit",
    metadata,
    # The same.
    Column("id", RowId, primary_key=True),
    Column("event_id", HexId, nullable=False, unique=True),
    # Digest of the words, to tell whether they are indexed as they stand.
    Column("words", String(32), nullable=False),
    sqlite_autoincrement=True,
)

for name in INDEXES:
    # The terms come cut and folded; "ascii" leaves them as they are.
    table = DDL(f"CREATE VIRTUAL TABLE {name} USING fts5(headline, body, content='', tokenize='ascii')")  # type: ignore[no-untyped-call]  # the library's
    event.listen(metadata, "after_create", table.execute_if(dialect="sqlite"))
