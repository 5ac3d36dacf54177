"""Keeps the full-text index beside versions and events, in the transaction that writes them."""

from collections.abc import Callable
from hashlib import blake2b

from sqlalchemy import Connection, bindparam, delete, insert, select

from archive.catalog.dialects import dialect_of
from archive.catalog.search_engine import search_engine
from archive.catalog.search_tables import INDEXES, search_edit, search_state, search_text, search_version
from archive.model import Event, Extraction, Version
from archive.search import VERSION, Fields, fields_of, words_added, words_removed

__all__ = [
    "begin_anew",
    "forget_text",
    "forget_versions",
    "index_event",
    "index_version",
    "is_whole",
    "set_whole",
]

TEXTS, ADDED, REMOVED = INDEXES


def is_whole(connection: Connection) -> bool:
    """Tell whether everything is indexed, and in the way this software cuts text."""
    return connection.execute(select(search_state.c.version)).scalar() == VERSION


def set_whole(connection: Connection) -> None:
    """Note that everything is indexed."""
    connection.execute(delete(search_state))
    connection.execute(insert(search_state).values(id=1, version=VERSION))


def begin_anew(connection: Connection) -> None:
    """Empty the index, if it was made by another way of cutting text."""
    made_by = connection.execute(select(search_state.c.version)).scalar()
    if made_by is None or made_by == VERSION:
        return
    for index in INDEXES:
        search_engine(connection).clear(connection, index)
    for table in (search_version, search_text, search_edit, search_state):
        connection.execute(delete(table))


def index_version(
    connection: Connection, article_id: int, new: Version, load: Callable[[], Extraction]
) -> None:
    """
    Index a version; what is indexed as it stands costs one look.

    Args:
        load: gives what the version says; called when that text was never indexed.
    """
    known = connection.execute(_INDEXED, {"article": article_id, "number": new.number}).first()
    if known is not None and tuple(known) == (new.content, new.captured_at):
        return
    row = _text_row(connection, new.content)
    if row is None:
        row = _add_text(connection, new.content, load()) or _text_row(connection, new.content)
    values = {"text_id": row, "captured_at": new.captured_at}
    dialect = dialect_of(connection)
    statement = dialect.insert(search_version).values(article_id=article_id, number=new.number, **values)
    connection.execute(statement.on_conflict_do_update(index_elements=["article_id", "number"], set_=values))


#: Asked for every capture of an article: built once.
_INDEXED = (
    select(search_text.c.content, search_version.c.captured_at)
    .join(search_text, search_text.c.id == search_version.c.text_id)
    .where(
        search_version.c.article_id == bindparam("article"), search_version.c.number == bindparam("number")
    )
)


def forget_versions(connection: Connection, article_id: int, keep: int) -> None:
    """Drop versions beyond a number; their texts stay indexed, for nothing leads to them."""
    connection.execute(
        delete(search_version).where(
            search_version.c.article_id == article_id, search_version.c.number > keep
        )
    )


def forget_text(connection: Connection, content: str, said: Extraction) -> None:
    """Take a text's words out of the index: its bytes are to be erased."""
    # An index of another cut could not be told apart from this text's words; it is emptied whole.
    begin_anew(connection)
    row = _text_row(connection, content)
    if row is None:
        return
    search_engine(connection).drop(connection, TEXTS, row, fields_of(said))
    connection.execute(delete(search_version).where(search_version.c.text_id == row))
    connection.execute(delete(search_text).where(search_text.c.id == row))


def index_event(connection: Connection, new: Event) -> None:
    """Index the words that an edit brought and took; an event whose words did not change costs one look."""
    added, removed = words_added(new), words_removed(new)
    words = _digest(added, removed)
    known = connection.execute(
        select(search_edit.c.id, search_edit.c.words).where(search_edit.c.event_id == new.id)
    ).first()
    if known is not None and known.words == words:
        return
    if known is not None:
        # The old words stay under a row that no event has any more.
        connection.execute(delete(search_edit).where(search_edit.c.id == known.id))
    if not added and not removed:
        return
    row = connection.execute(
        insert(search_edit).values(event_id=new.id, words=words).returning(search_edit.c.id)
    ).scalar_one()
    for index, fields in ((ADDED, added), (REMOVED, removed)):
        if fields:
            search_engine(connection).put(connection, index, row, fields)


def _text_row(connection: Connection, content: str) -> int | None:
    return connection.execute(select(search_text.c.id).where(search_text.c.content == content)).scalar()


def _add_text(connection: Connection, content: str, said: Extraction) -> int | None:
    """Index a text that is new; None when another writer has just done so."""
    dialect = dialect_of(connection)
    row = connection.execute(
        dialect.insert(search_text)
        .values(content=content, language=(said.language or "").lower()[:35] or None)
        .on_conflict_do_nothing(index_elements=["content"])
        .returning(search_text.c.id)
    ).scalar()
    if row is not None:
        search_engine(connection).put(connection, TEXTS, row, fields_of(said))
    return row


def _digest(*sides: Fields) -> str:
    told = "\x1f".join("\x1e".join(("\x1d".join(side.headline), "\x1d".join(side.body))) for side in sides)
    return blake2b(told.encode("utf-8", "surrogatepass"), digest_size=16).hexdigest()
