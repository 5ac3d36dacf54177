"""Queries on signatures: by what an address's last page is known again, and which text it stood for."""

from functools import lru_cache
from typing import Any

from sqlalchemy import Connection, bindparam, select

from archive.catalog.dialects import dialect_named
from archive.catalog.schema import signature

__all__ = ["content_of_signature", "set_signature"]

# Asked for every changed body, and therefore built once.
_CONTENT = select(signature.c.content).where(
    signature.c.url_id == bindparam("url"), signature.c.signature == bindparam("known")
)


def content_of_signature(connection: Connection, url_id: int, known: str) -> str | None:
    """Return the digest of the text that a signature stands for at an address, or None when it is another."""
    return connection.execute(_CONTENT, {"url": url_id, "known": known}).scalar()


def set_signature(connection: Connection, url_id: int, known: str, content: str) -> None:
    """Keep by what an address's last page is known, in place of the one before."""
    values = {"url_id": url_id, "signature": known, "content": content}
    connection.execute(_setting(connection.dialect.name), values)


@lru_cache(maxsize=2)
def _setting(engine: str) -> Any:
    statement = dialect_named(engine).insert(signature)
    changed = {name: statement.excluded[name] for name in ("signature", "content")}
    return statement.on_conflict_do_update(index_elements=["url_id"], set_=changed)
