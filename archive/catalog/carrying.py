"""
Carries over into a new catalogue what does not follow from the WARC files.

That is what is watched, what people decided and what was delivered. Every table that is not listed as following from the files is carried, so that a new one is kept by default.
Row numbers of addresses and articles differ between the two catalogues; addresses do not.
"""

from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

from sqlalchemy import Connection, RowMapping, Table, func, insert, inspect, select, text

from archive import urls
from archive.catalog import alert_tables as alert_tables  # its tables join the metadata
from archive.catalog.articles import article_by_key, ensure_url
from archive.catalog.dialects import dialect_of
from archive.catalog.schema import article, event, metadata, source, url
from archive.catalog.search_tables import search_edit, search_state, search_text, search_version

__all__ = ["FOLLOWS", "carry_decisions", "carry_sources"]

#: Tables that are made anew from the WARC files.
FOLLOWS = frozenset(
    {
        "url",
        "article",
        "article_key",
        "warc_file",
        "capture",
        "content",
        "version",
        "event",
        "block",
        "noise",
        "judgement",
        "restatement",
        "dark_article",
        "signature",
    }
) | {table.name for table in (search_edit, search_state, search_text, search_version)}
#: Rows carried at a time.
BATCH = 500


def carry_sources(old: Connection, new: Connection) -> None:
    """Carry what is watched, under the same row numbers: captures name them."""
    _copy(old, new, source, dict)


def carry_decisions(old: Connection, new: Connection) -> None:
    """Carry everything else that does not follow from the files; to be called when the new one is filled."""
    translate = _Translation(old, new)
    there = set(inspect(old).get_table_names())
    for table in metadata.sorted_tables:
        if table.name in there and table.name not in FOLLOWS and table is not source:
            _copy(old, new, table, lambda row, table=table: translate.row(table, row))
    _carry_events(old, new, translate)
    for table in metadata.sorted_tables:
        _count_on(new, table)


class _Translation:
    """Finds the new rows that stand for old ones."""

    def __init__(self, old: Connection, new: Connection) -> None:
        self._old = old
        self._new = new
        self._urls: dict[int, int | None] = {}
        self._articles: dict[int, int | None] = {}

    def row(self, table: Table, row: RowMapping) -> dict[str, Any] | None:
        """Return a row as the new catalogue has it; None when what it speaks of is not there."""
        values = dict(row)
        for column in table.columns:
            for key in column.foreign_keys:
                value = values[column.name]
                if value is None:
                    continue
                values[column.name] = self._value(key.column.table, value)
                if values[column.name] is None and not column.nullable:
                    return None
        return values

    def article(self, number: int) -> int | None:
        """Return the row of an article."""
        if number not in self._articles:
            uri = self._old.execute(select(article.c.uri).where(article.c.id == number)).scalar()
            self._articles[number] = (
                article_by_key(self._new, urls.identity_key(uri)) if uri is not None else None
            )
        return self._articles[number]

    def _value(self, table: Table, value: Any) -> Any:
        if table is url:
            return self._url(value)
        if table is article:
            return self.article(value)
        if table is event:
            _carry_event(self._old, self._new, value, self)
        return value

    def _url(self, number: int) -> int | None:
        if number not in self._urls:
            uri = self._old.execute(select(url.c.uri).where(url.c.id == number)).scalar()
            self._urls[number] = (
                ensure_url(self._new, uri, urls.urlkey(uri), urlsplit(uri).netloc).id
                if uri is not None
                else None
            )
        return self._urls[number]


def _carry_events(old: Connection, new: Connection, translate: _Translation) -> None:
    """Carry events that the files do not give any more: they were reported, and are never erased."""
    found = {row[0] for row in new.execute(select(event.c.id))}
    for row in old.execute(select(event.c.id)).all():
        if row[0] not in found:
            _carry_event(old, new, row[0], translate)


def _carry_event(old: Connection, new: Connection, event_id: str, translate: _Translation) -> None:
    if new.execute(select(event.c.id).where(event.c.id == event_id)).first() is not None:
        return
    row = old.execute(select(event).where(event.c.id == event_id)).mappings().first()
    if row is None or (number := translate.article(row["article_id"])) is None:
        return
    values = dict(row) | {"article_id": number, "is_superseded": True, "alert": False}
    new.execute(insert(event).values(**values))


def _copy(old: Connection, new: Connection, table: Table, change: Any) -> None:
    for rows in _batches(old, table):
        values = [changed for row in rows if (changed := change(row)) is not None]
        if values:
            # What indexing has filled already stays as it is.
            dialect = dialect_of(new)
            new.execute(dialect.insert(table).on_conflict_do_nothing(), values)


def _batches(old: Connection, table: Table) -> Iterator[list[RowMapping]]:
    order = list(table.primary_key.columns)
    result = old.execute(select(table).order_by(*order)).mappings()
    while rows := list(result.fetchmany(BATCH)):
        yield rows


def _count_on(new: Connection, table: Table) -> None:
    """Let PostgreSQL count on behind the rows that came with their numbers."""
    number = table.columns.get("id")
    if new.dialect.name != "postgresql" or number is None or number.type.python_type is not int:
        return
    highest = new.execute(select(func.max(number))).scalar()
    if highest is not None:
        new.execute(
            text("SELECT setval(pg_get_serial_sequence(:name, 'id'), :highest)"),
            {"name": table.name, "highest": highest},
        )
