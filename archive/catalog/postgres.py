"""The engine for several machines: PostgreSQL, many writers at once."""

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, make_url, text
from sqlalchemy.exc import ArgumentError, DBAPIError, NoSuchModuleError

import archive.catalog.alert_tables  # noqa: F401 - its tables join the metadata
from archive.catalog.catalogue import ALONE, TOGETHER, Catalogue, Writer, lock_of
from archive.catalog.migration import migrate
from archive.catalog.schema import metadata
from archive.catalog.search_tables import INDEXES
from archive.errors import CatalogueError, CatalogueInUseError

__all__ = ["PARTITIONS", "PostgresCatalogue"]

#: Tables in which the captures lie, by the address they are of.
PARTITIONS = tuple(f"capture_{number:02}" for number in range(16))
#: Lock that all who write share, and that who wants the catalogue to itself has alone.
WRITERS = "writers"
#: Before what a writer is, in the name of its connection: the engine shows it to the others.
OURS = "lateedition "
#: Schema in which a catalogue is made anew.
BESIDE = "lateedition_rebuilt"


class PostgresCatalogue:
    """A catalogue in one schema of a database: the one that the connection's search path names first."""

    is_shared = True

    def __init__(self, url: str, *, schema: str = "") -> None:
        self.url = _without_secrets(url)
        self._address = url
        self._schema = schema
        try:
            self._engine = _engine(url, schema)
            migrate(self._engine)
        except DBAPIError as error:
            raise CatalogueError(_in_words(self.url, error)) from error

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """Give a connection that sees one consistent state."""
        try:
            with self._engine.connect() as connection:
                connection.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)
                yield connection
        except DBAPIError as error:
            raise CatalogueError(_in_words(self.url, error)) from error

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """Give a connection in a transaction."""
        try:
            with self._engine.begin() as connection:
                yield connection
        except DBAPIError as error:
            raise CatalogueError(_in_words(self.url, error)) from error

    @contextmanager
    def alone(self, name: str) -> Iterator[bool]:
        """Hold an advisory lock on a connection of its own: it ends with the connection."""
        try:
            with self._engine.connect() as connection:
                connection.execution_options(isolation_level="AUTOCOMMIT")
                mine = _gets(connection, name)
                try:
                    yield mine
                finally:
                    if mine:
                        connection.execute(text("SELECT pg_advisory_unlock(:key)"), {"key": _key(name)})
        except DBAPIError as error:
            raise CatalogueError(_in_words(self.url, error)) from error

    @contextmanager
    def among_writers(self, writer: Writer) -> Iterator[None]:
        """Hold the writers' lock with others, and a lock on the name, on one connection."""
        with self._standing(writer) as connection:
            if not _gets(connection, WRITERS, how="_shared"):
                raise CatalogueInUseError(self.url, _holders(connection), advice=TOGETHER)
            if not _gets(connection, lock_of(writer.name)):
                message = f"{self.url}: another writer is called {writer.name}."
                raise CatalogueError(message)
            yield

    @contextmanager
    def without_writers(self, writer: Writer) -> Iterator[None]:
        """Hold the writers' lock alone."""
        with self._standing(writer) as connection:
            if not _gets(connection, WRITERS):
                raise CatalogueInUseError(self.url, _holders(connection), advice=ALONE)
            yield

    @contextmanager
    def _standing(self, writer: Writer) -> Iterator[Connection]:
        """Give a connection that bears a writer's name, and is closed with all that it holds."""
        try:
            with self._engine.connect() as connection:
                connection.execution_options(isolation_level="AUTOCOMMIT")
                connection.detach()
                connection.execute(
                    text("SELECT set_config('application_name', :what, false)"), {"what": OURS + writer.what}
                )
                try:
                    yield connection
                finally:
                    # A connection that is closed lets go of them a little later.
                    with suppress(DBAPIError):
                        connection.execute(text("SELECT pg_advisory_unlock_all()"))
        except DBAPIError as error:
            raise CatalogueError(_in_words(self.url, error)) from error

    def beside(self) -> "PostgresCatalogue":
        """Make an empty catalogue in a schema beside this one."""
        with self.writing() as connection:
            connection.execute(text(f"DROP SCHEMA IF EXISTS {BESIDE} CASCADE"))
            connection.execute(text(f"CREATE SCHEMA {BESIDE}"))
        return PostgresCatalogue(self._address, schema=BESIDE)

    def take_over(self, other: Catalogue) -> None:
        """Drop the tables and move the other schema's to their place, in one transaction."""
        assert isinstance(other, PostgresCatalogue)  # noqa: S101 - the protocol says so
        other.close()
        names = [*(table.name for table in metadata.sorted_tables), *PARTITIONS, *INDEXES, "alembic_version"]
        with self.writing() as connection:
            own = connection.execute(text("SELECT current_schema()")).scalar_one()
            for name in reversed(names):
                connection.execute(text(f'DROP TABLE IF EXISTS "{own}"."{name}" CASCADE'))
            for name in names:
                connection.execute(text(f'ALTER TABLE {BESIDE}."{name}" SET SCHEMA "{own}"'))
            connection.execute(text(f"DROP SCHEMA {BESIDE} CASCADE"))

    def drop(self) -> None:
        """Remove the schema beside."""
        if self._schema:
            with self.writing() as connection:
                connection.execute(text(f"DROP SCHEMA IF EXISTS {self._schema} CASCADE"))
        self.close()

    def close(self) -> None:
        """Close all connections."""
        self._engine.dispose()


def _key(name: str) -> int:
    return int.from_bytes(hashlib.sha256(name.encode()).digest()[:8], "big", signed=True)


def _gets(connection: Connection, name: str, how: str = "") -> bool:
    """Take an advisory lock for as long as the connection lasts; False, at once, where that cannot be had."""
    return bool(
        connection.execute(text(f"SELECT pg_try_advisory_lock{how}(:key)"), {"key": _key(name)}).scalar_one()
    )


def _holders(connection: Connection) -> list[str]:
    """Return in words who holds the writers' lock."""
    key = _key(WRITERS)
    names = connection.execute(_HOLDERS, {"high": key >> 32 & 0xFFFFFFFF, "low": key & 0xFFFFFFFF}).scalars()
    return sorted({name.removeprefix(OURS) for name in names})


# A lock of 64 bits is shown as its halves.
_HOLDERS = text(
    """
    SELECT activity.application_name
    FROM pg_locks AS held JOIN pg_stat_activity AS activity ON activity.pid = held.pid
    WHERE held.locktype = 'advisory' AND held.objsubid = 1 AND held.granted
      AND held.database = (SELECT oid FROM pg_database WHERE datname = current_database())
      AND CAST(held.classid AS bigint) = :high AND CAST(held.objid AS bigint) = :low
    """
)


def _engine(url: str, schema: str) -> Engine:
    try:
        address = make_url(url).set(drivername="postgresql+psycopg")
        options: dict[str, Any] = {"options": f"-csearch_path={schema}"} if schema else {}
        return create_engine(address, pool_pre_ping=True, connect_args=options)
    except (ArgumentError, ValueError) as error:
        message = f"catalogue = {_without_secrets(url)}: write it as postgresql://user@host/database"
        raise CatalogueError(message) from error
    except (NoSuchModuleError, ModuleNotFoundError) as error:
        message = "catalogue = postgresql://…: install `lateedition[postgres]` first."
        raise CatalogueError(message) from error


def _without_secrets(url: str) -> str:
    try:
        return make_url(url).render_as_string(hide_password=True)
    except ArgumentError:
        return "postgresql://…"


def _in_words(url: str, error: DBAPIError) -> str:
    lines = str(error.orig or error).strip().splitlines()
    reason = lines[0] if lines else type(error).__name__
    if "disk full" in reason or "No space left" in reason:
        return f"{url}: the database's disk is full; make room, nothing acknowledged is lost."
    if "connection" in reason:
        return f"{url}: cannot be reached ({reason}); check the address, and whether PostgreSQL runs."
    return f"{url}: {reason}"
