"""Queries on the WARC files, and on what the catalogue says lies in them."""

from collections.abc import Iterator
from dataclasses import dataclass

from sqlalchemy import Connection, bindparam, func, select, update

from archive.catalog.dialects import dialect_of
from archive.catalog.schema import capture, url, warc_file

__all__ = [
    "PlaceRow",
    "ensure_file",
    "file_ends",
    "final_sizes",
    "places_in",
    "set_file_final",
]


#: Asked for every capture: built once.
_BY_NAME = select(warc_file.c.id).where(warc_file.c.name == bindparam("name"))


def ensure_file(connection: Connection, name: str, *, is_open: bool) -> int:
    """Return the row of a WARC file, made if need be."""
    found = connection.execute(_BY_NAME, {"name": name}).scalar()
    if found is None:
        dialect = dialect_of(connection)
        connection.execute(
            dialect.insert(warc_file)
            .values(name=name, is_open=is_open)
            .on_conflict_do_nothing(index_elements=["name"])
        )
        found = connection.execute(_BY_NAME, {"name": name}).scalar_one()
    return int(found)


def set_file_final(connection: Connection, name: str, size: int) -> None:
    """Note that a file carries its final name now, and that everything in it has its row."""
    ensure_file(connection, name, is_open=False)
    connection.execute(update(warc_file).where(warc_file.c.name == name).values(is_open=False, size=size))


def final_sizes(connection: Connection) -> dict[str, int]:
    """Return the files that were indexed to their end, with their size at that time."""
    rows = connection.execute(
        select(warc_file.c.name, warc_file.c.size).where(
            warc_file.c.is_open.is_(False), warc_file.c.size.is_not(None)
        )
    )
    return {name: int(size) for name, size in rows}


def file_ends(connection: Connection) -> dict[str, int]:
    """Return, for each WARC file, where its last indexed record ends."""
    rows = connection.execute(
        select(warc_file.c.name, func.max(capture.c.offset + capture.c.length))
        .join(capture, capture.c.file_id == warc_file.c.id)
        .group_by(warc_file.c.name)
    )
    return {name: int(end) for name, end in rows}


@dataclass(frozen=True, slots=True)
class PlaceRow:
    """A record as the catalogue points at it."""

    capture: str
    record_id: str
    record_type: str
    uri: str
    payload_digest: str | None
    offset: int
    length: int


def places_in(connection: Connection, name: str) -> Iterator[PlaceRow]:
    """Yield what the catalogue says lies in a WARC file, by offset."""
    rows = connection.execute(
        select(
            capture.c.id,
            capture.c.record_id,
            capture.c.record_type,
            url.c.uri,
            capture.c.payload_digest,
            capture.c.offset,
            capture.c.length,
        )
        .join(url, url.c.id == capture.c.url_id)
        .join(warc_file, warc_file.c.id == capture.c.file_id)
        .where(warc_file.c.name == name)
        .order_by(capture.c.offset),
        execution_options={"yield_per": 1000},
    )
    for row in rows:
        yield PlaceRow(*row)
