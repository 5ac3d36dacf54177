"""The engine for several machines: PostgreSQL, many writers at once."""

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, make_url, text
from sqlalchemy.exc import ArgumentError, DBAPIError, NoSuchModuleError

import archive.catalog.alert_tables  # noqa: F401 - its tables join the metadata
from archive.catalog.catalogue import Catalogue
from archive.catalog.migration import migrate
from archive.catalog.schema import metadata
from archive.catalog.search_tables import INDEXES
from archive.errors import CatalogueError

__all__ = ["PARTITIONS", "PostgresCatalogue"]

#: Tables in which the captures lie, by the address they are of.
PARTITIONS = tuple(f"capture_{number:02}" for number in range(16))
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
        key = {"key": int.from_bytes(hashlib.sha256(name.encode()).digest()[:8], "big", signed=True)}
        try:
            with self._engine.connect() as connection:
                connection.execution_options(isolation_level="AUTOCOMMIT")
                mine = bool(connection.execute(text("SELECT pg_try_advisory_lock(:key)"), key).scalar_one())
                try:
                    yield mine
                finally:
                    if mine:
                        connection.execute(text("SELECT pg_advisory_unlock(:key)"), key)
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
