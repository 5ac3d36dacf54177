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

from archive.catalog.catalogue import ALONE, TOGETHER, Catalogue, Writer
from archive.catalog.migration import migrate
from archive.errors import CatalogueError, CatalogueInUseError

__all__ = ["SqliteCatalogue"]

#: Seconds a writer waits for another one before it gives up.
BUSY_SECONDS = 30
#: Bytes without which the engine's own files cannot grow: one step of the index of its write-ahead log.
LITTLE = 1 << 15
#: Of the lock file that all who write share, and that who wants the catalogue to itself has alone.
WRITERS = "writers"
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
        with self._lock_file(name) as descriptor:
            yield _gets(descriptor, fcntl.LOCK_EX)

    @contextmanager
    def among_writers(self, writer: Writer) -> Iterator[None]:
        """Hold the lock on the writers' file with others, and be named in it."""
        with self._lock_file(WRITERS) as descriptor:
            if not _gets(descriptor, fcntl.LOCK_SH):
                raise CatalogueInUseError(self.url, _named_in(descriptor), advice=TOGETHER)
            with _signed(descriptor, writer):
                yield

    @contextmanager
    def without_writers(self, writer: Writer) -> Iterator[None]:
        """Hold the lock on the writers' file alone."""
        with self._lock_file(WRITERS) as descriptor:
            if not _gets(descriptor, fcntl.LOCK_EX):
                raise CatalogueInUseError(self.url, _named_in(descriptor), advice=ALONE)
            with _signed(descriptor, writer):
                yield

    @contextmanager
    def _lock_file(self, name: str) -> Iterator[int]:
        path = self.path.with_name(f"{self.path.name}.{name}.lock")
        try:
            descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
        except OSError as error:
            message = f"{path}: cannot be opened ({error.strerror}); check the rights on its folder."
            raise CatalogueError(message) from error
        try:
            yield descriptor
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


def _gets(descriptor: int, how: int) -> bool:
    """Take a lock on a file; False, at once, where that cannot be had."""
    try:
        fcntl.flock(descriptor, how | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


@contextmanager
def _signed(descriptor: int, writer: Writer) -> Iterator[None]:
    """
    Have it written down who holds a lock, for those who cannot have it.

    Only the lock counts: of two that sign at once one may be missing.
    """
    line = f"{os.getpid()} {writer.what}"
    _write_lines(descriptor, [*_living_in(descriptor), line])
    try:
        yield
    finally:
        left = _living_in(descriptor)
        with suppress(ValueError):
            left.remove(line)
        _write_lines(descriptor, left)


def _write_lines(descriptor: int, lines: list[str]) -> None:
    os.ftruncate(descriptor, 0)
    os.pwrite(descriptor, "".join(f"{line}\n" for line in lines).encode(), 0)


def _named_in(descriptor: int) -> list[str]:
    return [line.partition(" ")[2] for line in _living_in(descriptor)]


def _living_in(descriptor: int) -> list[str]:
    """Return the lines of those whose process is still there."""
    lines = os.pread(descriptor, 1 << 16, 0).decode("utf-8", "replace").splitlines()
    return [line for line in lines if (pid := line.partition(" ")[0]).isdigit() and _is_there(int(pid))]


def _is_there(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except (PermissionError, OverflowError):
        return True
    return pid > 0


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
