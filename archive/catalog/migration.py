"""Brings a catalogue to the schema this software speaks, with Alembic; refuses one that is newer."""

import shutil
import sqlite3
from pathlib import Path

from sqlalchemy import Connection, Engine, inspect, text

from archive.errors import CatalogueError

__all__ = ["HEAD", "migrate"]

#: The newest revision under `migrations/versions`; a test holds the two together.
HEAD = "0015"

#: Key of the lock under which one process at a time brings a PostgreSQL catalogue to HEAD.
UPGRADING = 0x1A7EED17

MIGRATIONS = Path(__file__).with_name("migrations")


def migrate(engine: Engine, *, backup_of: Path | None = None) -> None:
    """
    Bring the catalogue to `HEAD`, after a copy of an embedded one that is older.

    Raises:
        CatalogueError: the catalogue was written by newer software.
    """
    found = _revision(engine)
    if found == HEAD:
        return
    if found is not None and found > HEAD:
        message = f"{engine.url.render_as_string()}: was written by a newer version (schema {found}, this one speaks {HEAD}); update lateedition."
        raise CatalogueError(message)
    if found is not None and backup_of is not None:
        _copy(backup_of, backup_of.with_name(f"{backup_of.name}.{found}.bak"))
    upgrade(engine)


def upgrade(engine: Engine, to: str = "head") -> None:
    """Run the migrations. Alembic is imported here, because most starts need none."""
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    with engine.connect() as connection:
        if connection.dialect.name == "sqlite":
            # Two processes may open a new home at once: the second waits here and finds the work done.
            connection.exec_driver_sql("BEGIN IMMEDIATE")
        else:
            connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": UPGRADING})
        if to == "head" and _revision_of(connection) == HEAD:
            connection.rollback()
            return
        config.attributes["connection"] = connection
        command.upgrade(config, to)
        connection.commit()


def _revision(engine: Engine) -> str | None:
    with engine.connect() as connection:
        return _revision_of(connection)


def _revision_of(connection: Connection) -> str | None:

    if not inspect(connection).has_table("alembic_version"):
        return None
    row = connection.execute(text("SELECT version_num FROM alembic_version")).first()
    return str(row[0]) if row else None


def _copy(path: Path, copy: Path) -> None:
    if copy.exists():
        return
    partial = copy.with_suffix(".part")
    with sqlite3.connect(path) as old, sqlite3.connect(partial) as new:
        old.backup(new)
    shutil.move(partial, copy)
