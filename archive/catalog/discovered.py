"""
Queries that put under watch what feeds, sitemaps and pages name: many addresses in a few statements.

An address is taken once; one whose article is watched under another spelling is not taken at all; a later word
about a known one is a signal.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any

from sqlalchemy import Connection, Table, bindparam, select, update

from archive.catalog.dialects import dialect_named
from archive.catalog.frontier import note_host
from archive.catalog.schema import article_key, frontier_url, url

__all__ = ["Named", "add_named"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Named:
    """An address that a listing names."""

    uri: str
    urlkey: str
    host: str
    #: Two addresses with one identity lead to one article.
    identity: str
    #: When it is due, should it be new; when a signal makes it due, should it be known.
    due: datetime
    #: What the listing says of its last change, ISO 8601 in UTC.
    signalled_at: str | None = None


def add_named(
    connection: Connection, names: Sequence[Named], *, source_id: int, heed_signals: bool = True
) -> int:
    """
    Put what a listing names under watch; return how much of it was new.

    A later word about a known address brings its next visit forward, if signals of the source are heeded.
    An address whose article is watched already under another spelling is not watched twice.
    """
    known: dict[str, _Known] = {}
    for start in range(0, len(names), BATCH):
        known |= _known(connection, [one.uri for one in names[start : start + BATCH]])
    signals: list[dict[str, object]] = []
    fresh: dict[str, Named] = {}
    for one in names:
        row = known.get(one.uri)
        if row is None or not row.is_watched:
            fresh.setdefault(one.identity, one)
        elif one.signalled_at and one.signalled_at > (row.signalled_at or ""):
            forward = heed_signals and row.signalled_at is not None and row.next_due > one.due
            signals.append(
                {
                    "row": row.url_id,
                    "next_due": one.due if forward else row.next_due,
                    "signalled_at": one.signalled_at,
                    "is_signalled": forward or row.is_signalled,
                }
            )
            if forward:
                note_host(connection, one.host, one.due)
    if signals:
        connection.execute(_SIGNAL, signals)
    return _watch(connection, fresh, known, source_id)


def _watch(
    connection: Connection, fresh: dict[str, Named], known: "dict[str, _Known]", source_id: int
) -> int:
    """Add new addresses, those aside whose article has one under watch."""
    identities = list(fresh)
    for start in range(0, len(identities), BATCH):
        for key in _watched_identities(connection, identities[start : start + BATCH]):
            del fresh[key]
    if not fresh:
        return 0
    unknown = [one for one in fresh.values() if one.uri not in known]
    if unknown:
        connection.execute(
            _insert_once(connection.dialect.name, url, "uri"),
            [{"uri": one.uri, "urlkey": one.urlkey, "host": one.host} for one in unknown],
        )
        for start in range(0, len(unknown), BATCH):
            known |= _known(connection, [one.uri for one in unknown[start : start + BATCH]])
    connection.execute(
        _insert_once(connection.dialect.name, frontier_url, "url_id"),
        [
            {
                "url_id": known[one.uri].url_id,
                "host": one.host,
                "source_id": source_id,
                "next_due": one.due,
                "visits": 0,
                "failures": 0,
                "signalled_at": one.signalled_at,
            }
            for one in fresh.values()
        ],
    )
    hosts: dict[str, datetime] = {}
    for one in fresh.values():
        hosts[one.host] = min(one.due, hosts.get(one.host, one.due))
    for host, due in hosts.items():
        note_host(connection, host, due)
    return len(fresh)


#: Values asked for in one statement; engines bound the number of parameters.
BATCH = 500

_SIGNAL = (
    update(frontier_url)
    .where(frontier_url.c.url_id == bindparam("row"))
    .values(
        next_due=bindparam("next_due"),
        signalled_at=bindparam("signalled_at"),
        is_signalled=bindparam("is_signalled"),
    )
)


@dataclass(frozen=True, slots=True)
class _Known:
    """What the catalogue knows of an address."""

    url_id: int
    is_watched: bool
    next_due: datetime
    signalled_at: str | None
    is_signalled: bool


def _known(connection: Connection, uris: Sequence[str]) -> dict[str, _Known]:
    rows = connection.execute(_KNOWN, {"uris": uris})
    return {row[0]: _Known(row[1], row[2] is not None, row[3], row[4], bool(row[5])) for row in rows}


def _watched_identities(connection: Connection, keys: Sequence[str]) -> list[str]:
    """Return those identity keys whose article is under watch at some address."""
    return list(connection.execute(_IDENTITIES, {"keys": keys}).scalars())


# Asked for every listing that names something, and therefore built once.
_KNOWN = (
    select(
        url.c.uri,
        url.c.id,
        frontier_url.c.url_id,
        frontier_url.c.next_due,
        frontier_url.c.signalled_at,
        frontier_url.c.is_signalled,
    )
    .outerjoin(frontier_url, frontier_url.c.url_id == url.c.id)
    .where(url.c.uri.in_(bindparam("uris", expanding=True)))
)
_IDENTITIES = (
    select(article_key.c.key)
    .join(url, url.c.article_id == article_key.c.article_id)
    .join(frontier_url, frontier_url.c.url_id == url.c.id)
    .where(article_key.c.key.in_(bindparam("keys", expanding=True)))
    .distinct()
)


@lru_cache(maxsize=4)
def _insert_once(engine: str, table: Table, column: str) -> Any:
    """Return an insert that leaves rows which are there already as they are."""
    return dialect_named(engine).insert(table).on_conflict_do_nothing(index_elements=[column])
