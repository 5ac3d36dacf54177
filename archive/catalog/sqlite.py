"""The embedded engine: SQLite in WAL mode, readers beside one writer at a time."""

import fcntl
import os
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.exc import DBAPIError
from sqlalchemy.pool import QueuePool

from archive.catalog.catalogue import Catalogue
from archive.catalog.migration import migrate
from archive.errors import CatalogueError

__all__ = ["SqliteCatalogue"]

#: Seconds a writer waits for another one before it gives up.
BUSY_SECONDS = 30
#: Bytes without which the engine's own files cannot grow: one step of the index of its write-ahead log.
LITTLE = 1 << 15
#: Behind the name of a catalogue that is made anew.
BESIDE = ".rebuilt"


class SqliteCatalogue:
    """A catalogue in one file."""

    is_shared = False

    def __init__(self, path: Path) -> None:
        self.path = path
        self.url = f"sqlite:///{path}"
        try:
            self._engine = _engine(path)
            migrate(self._engine, backup_of=path)
        except (DBAPIError, sqlite3.Error, OSError) as error:
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

    @contextmanager
    def alone(self, name: str) -> Iterator[bool]:
        """Hold a lock on a file beside the catalogue."""
        path = self.path.with_name(f"{self.path.name}.{name}.lock")
        try:
            descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
        except OSError as error:
            message = f"{path}: cannot be opened ({error.strerror}); check the rights on its folder."
            raise CatalogueError(message) from error
        try:
            try:
                fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                yield False
            else:
                yield True
        finally:
            os.close(descriptor)

    def beside(self) -> "SqliteCatalogue":
        """Make an empty catalogue in a file beside this one."""
        other = self.path.with_name(self.path.name + BESIDE)
        _remove(other)
        return SqliteCatalogue(other)

    def take_over(self, other: Catalogue) -> None:
        """Copy the other file's pages over this one's in one transaction."""
        assert isinstance(other, SqliteCatalogue)  # noqa: S101 - the protocol says so
        other.close()
        self._engine.dispose()
        try:
            with closing(sqlite3.connect(other.path)) as new, closing(sqlite3.connect(self.path)) as old:
                old.execute(f"PRAGMA busy_timeout = {BUSY_SECONDS * 1000}")
                new.backup(old)
        except sqlite3.Error as error:
            message = f"{self.path}: cannot be replaced by the new catalogue ({error}); it is as it was."
            raise CatalogueError(message) from error
        _remove(other.path)

    def drop(self) -> None:
        """Close all connections and remove the file."""
        self.close()
        _remove(self.path)

    def close(self) -> None:
        """Close all connections."""
        self._engine.dispose()


def _remove(path: Path) -> None:
    for suffix in ("", "-wal", "-shm"):
        path.with_name(path.name + suffix).unlink(missing_ok=True)


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
        connection.execute("PRAGMA wal_autocheckpoint = 4000")

    return engine


def _in_words(path: Path, error: Exception) -> str:
    reason = str(getattr(error, "orig", None) or error)
    if "locked" in reason:
        return f"{path}: another process has kept the catalogue locked for {BUSY_SECONDS} s; stop it or try again."
    if "not a database" in reason:
        return f"{path}: is no catalogue; move it away and run `lateedition rebuild`."
    if "full" in reason or _has_no_room(path):
        return f"{path}: the disk is full; make room and start again, nothing acknowledged is lost."
    if "unable to open" in reason or "readonly" in reason:
        return f"{path}: cannot be opened for writing; check the rights on its folder."
    return f"{path}: {reason}"


def _has_no_room(path: Path) -> bool:
    """Tell whether the disk is full: the engine calls it an I/O error where it cannot make one of its files longer."""
    with suppress(OSError):
        return shutil.disk_usage(path.parent).free < LITTLE
    return False
