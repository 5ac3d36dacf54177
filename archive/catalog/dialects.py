"""What engines say each in its own way: INSERT … ON CONFLICT, and "one of these"; loaded when a connection speaks to it."""

from importlib import import_module
from typing import Any

from sqlalchemy import Column, ColumnElement, Connection, Text, any_, bindparam

__all__ = ["dialect_named", "dialect_of", "is_one_of"]


def dialect_of(connection: Connection) -> Any:
    """Return the module of SQLAlchemy that holds a connection's own `insert`."""
    return dialect_named(connection.dialect.name)


def dialect_named(name: str) -> Any:
    """Return the module of an engine; loading PostgreSQL's costs a start 50 ms that SQLite's users need not pay."""
    return import_module(
        "sqlalchemy.dialects.postgresql" if name == "postgresql" else "sqlalchemy.dialects.sqlite"
    )


def is_one_of(column: Column[str], name: str, *, engine: str) -> ColumnElement[bool]:
    """
    Say that a text is one of those in a parameter.

    PostgreSQL takes them as one array: a statement with a parameter for each is another one for each number of
    them, which is neither kept by the driver nor planned once.
    """
    if engine == "postgresql":
        dialect = dialect_named(engine)
        return column == any_(bindparam(name, type_=dialect.ARRAY(Text())))
    return column.in_(bindparam(name, expanding=True))
