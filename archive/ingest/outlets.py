"""Finds the source that a capture from nowhere belongs to: the one that watches its host, or one named after it."""

from datetime import datetime
from urllib.parse import urlsplit

from sqlalchemy import Connection

from archive.catalog import captures, sources
from archive.model import Source

__all__ = ["Outlets", "outlet_of"]


class Outlets:
    """Source rows by host, remembered while an import runs."""

    def __init__(self) -> None:
        self._by_host: dict[str, int] | None = None
        self._by_stated: dict[str, int] = {}
        self._names: dict[str, tuple[str, str, str]] | None = None

    def source_for(self, connection: Connection, uri: str, at: datetime) -> int:
        """Return the row of the source that an address belongs to, made if nobody watches its host."""
        if self._by_host is None:
            self._by_host = {_host(one.url): row for row, one in sources.all_sources(connection)}
        host = _host(uri)
        found = self._by_host.get(host)
        if found is None:
            found = self._by_name(connection, host, at)
            self._by_host[host] = found
        return found

    def source_named(self, connection: Connection, stated: tuple[str, str, str], at: datetime) -> int:
        """Return the row of the source that a metadata record names, made if the catalogue does not know it."""
        name, url, kind = stated
        found = self._by_stated.get(name)
        if found is None:
            known = sources.source_id(connection, name)
            new = Source(name=name, url=url, kind=kind, is_paused=False, added_at=at)
            found = known if known is not None else sources.add_source(connection, new)
            self._by_stated[name] = found
        return found

    def name_for(self, connection: Connection, uri: str) -> tuple[str, str, str]:
        """Return name, address and kind of the source that an address belongs to; nothing is written."""
        if self._names is None:
            self._names = {
                _host(one.url): (one.name, one.url, one.kind) for _, one in sources.all_sources(connection)
            }
        host = _host(uri)
        return self._names.get(host) or (host, f"https://{host}/", "imported")

    def _by_name(self, connection: Connection, host: str, at: datetime) -> int:
        known = sources.source_id(connection, host)
        if known is not None:
            return known
        new = Source(name=host, url=f"https://{host}/", kind="imported", is_paused=False, added_at=at)
        return sources.add_source(connection, new)


def outlet_of(connection: Connection, uri: str, at: datetime) -> int:
    """Return the row of the source that watches this very address, or else its host."""
    watched = captures.source_of_uri(connection, uri)
    return watched if watched is not None else Outlets().source_for(connection, uri, at)


def _host(uri: str) -> str:
    host = (urlsplit(uri).netloc or uri).lower()
    for prefix in ("www.", "m.", "mobile.", "amp."):
        if host.startswith(prefix) and host.count(".") > 1:
            return host.removeprefix(prefix)
    return host
