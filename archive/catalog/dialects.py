"""The engine's own way to write INSERT … ON CONFLICT; each engine's is loaded when a connection speaks to it."""

from importlib import import_module
from typing import Any

from sqlalchemy import Connection

__all__ = ["dialect_named", "dialect_of"]


def dialect_of(connection: Connection) -> Any:
    """Return the module of SQLAlchemy that holds a connection's own `insert`."""
    return dialect_named(connection.dialect.name)


def dialect_named(name: str) -> Any:
    """Return the module of an engine; loading PostgreSQL's costs a start 50 ms that SQLite's users need not pay."""
    return import_module(
        "sqlalchemy.dialects.postgresql" if name == "postgresql" else "sqlalchemy.dialects.sqlite"
    )
