"""The embedded engine: SQLite in WAL mode, readers beside one writer at a time."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.exc import DBAPIError
from sqlalchemy.pool import QueuePool

from archive.catalog.migration import migrate
from archive.errors import CatalogueError

__all__ = ["SqliteCatalogue"]

#: Seconds a writer waits for another one before it gives up.
BUSY_SECONDS = 30


class SqliteCatalogue:
    """A catalogue in one file."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.url = f"sqlite:///{path}"
        try:
            self._engine = _engine(path)
            migrate(self._engine, backup_of=path)
        except DBAPIError as error:
            raise CatalogueError(_in_words(path, error)) from error

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """Give a connection that sees one consistent state."""
        try:
            with self._engine.connect() as connection:
                connection.exec_driver_sql("BEGIN")
                yield connection
        except DBAPIError as error:
            raise CatalogueError(_in_words(self.path, error)) from error

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """Give a connection in a transaction that holds the write lock from its first statement."""
        try:
            with self._engine.connect() as connection:
                # IMMEDIATE: a transaction that reads first and writes later could otherwise fail half-way.
                connection.exec_driver_sql("BEGIN IMMEDIATE")
                try:
                    yield connection
                except BaseException:
                    connection.rollback()
                    raise
                connection.commit()
        except DBAPIError as error:
            raise CatalogueError(_in_words(self.path, error)) from error

    def close(self) -> None:
        """Close all connections."""
        self._engine.dispose()


def _engine(path: Path) -> Engine:
    engine = create_engine(
        f"sqlite:///{path}",
        poolclass=QueuePool,
        connect_args={"timeout": BUSY_SECONDS, "check_same_thread": False, "isolation_level": None},
    )

    @event.listens_for(engine, "connect")
    def prepare(connection: sqlite3.Connection, _record: Any) -> None:
        connection.execute("PRAGMA journal_mode = WAL")
        # NORMAL survives the end of the process at any moment; after a power cut start-up indexes
        # from the WARC files whatever the catalogue lost.
        connection.execute("PRAGMA synchronous = NORMAL")
        connection.execute("PRAGMA foreign_keys = ON")
        connection.execute("PRAGMA temp_store = MEMORY")
        connection.execute("PRAGMA cache_size = -65536")

    return engine


def _in_words(path: Path, error: DBAPIError) -> str:
    reason = str(error.orig) if error.orig else str(error)
    if "full" in reason:
        return f"{path}: the disk is full; make room and start again, nothing acknowledged is lost."
    if "locked" in reason:
        return f"{path}: another process has kept the catalogue locked for {BUSY_SECONDS} s; stop it or try again."
    if "not a database" in reason:
        return f"{path}: is no catalogue; move it away and run `lateedition rebuild`."
    if "unable to open" in reason or "readonly" in reason:
        return f"{path}: cannot be opened for writing; check the rights on its folder."
    return f"{path}: {reason}"
