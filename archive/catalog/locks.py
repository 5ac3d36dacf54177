"""Keeps two workers from judging captures of one site at once, on engines with many writers."""

import hashlib
from collections.abc import Iterable
from urllib.parse import urlsplit

from sqlalchemy import Connection, text

__all__ = ["lock_sites"]


def lock_sites(connection: Connection, uris: Iterable[str]) -> None:
    """
    Wait until no other transaction writes captures of these addresses' sites; free again when this one ends.

    Locks are taken in one order, so that two transactions never wait for each other. SQLite has one writer.
    """
    if connection.dialect.name != "postgresql":
        return
    keys = sorted({_key(uri) for uri in uris})
    if keys:
        connection.execute(_LOCK, {"keys": keys})


# Rows of an array come in its order.
_LOCK = text("SELECT pg_advisory_xact_lock(key) FROM unnest(CAST(:keys AS bigint[])) AS key")


def _key(uri: str) -> int:
    # The last two labels of a host: wider than a site where a registry sells under three, never narrower.
    site = ".".join((urlsplit(uri).hostname or "").split(".")[-2:])
    return int.from_bytes(hashlib.sha256(site.encode()).digest()[:8], "big", signed=True)
