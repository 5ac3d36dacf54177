"""
Queries on the frontier's hosts: which are ready, who holds them, and until when.

A claim takes ready hosts and pushes each one's `ready_at` to the end of its lease. Every claim has a token of
its own, so that a worker that lost a lease cannot commit under it, not even when it holds the host again.
A token begins with the name of its owner: the leases of one that died can be given back before they end.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import Connection, Select, Table, Update, and_, bindparam, func, or_, select, text, update

from archive.catalog.columns import to_micros
from archive.catalog.dialects import is_one_of
from archive.catalog.schema import frontier_host, frontier_url, listing, source

__all__ = [
    "FAR",
    "ClaimedHost",
    "Lease",
    "Release",
    "claim_hosts",
    "free_leases",
    "free_leases_of",
    "held_leases",
    "is_any_ready",
    "next_ready",
    "owners",
    "release_hosts",
    "token_of",
]

#: Later than anything that is ever due.
FAR = datetime.fromisoformat("9000-01-01T00:00:00+00:00")


@dataclass(frozen=True, slots=True)
class ClaimedHost:
    """A host under lease."""

    host: str
    #: Seconds between two requests that it asked for; 0 when it asked for none.
    delay: float


@dataclass(frozen=True, slots=True)
class Lease:
    """A claim of one host."""

    host: str
    token: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Release:
    """A lease that ends."""

    lease: Lease
    #: The host is not ready before this moment, nor before its earliest due address.
    not_before: datetime
    #: Seconds between two requests that it asked for.
    delay: float


def token_of(owner: str, number: int) -> str:
    """Return the token of an owner's claim."""
    return f"{owner}.{number}"


def is_any_ready(connection: Connection, now: datetime, sources: Sequence[int] = ()) -> bool:
    """Tell whether a claim would find a host; asked before one, because a claim keeps other writers waiting."""
    return connection.execute(_ready(now, sources).limit(1)).first() is not None


def claim_hosts(
    connection: Connection,
    *,
    now: datetime,
    until: datetime,
    token: str,
    limit: int,
    sources: Sequence[int] = (),
) -> list[ClaimedHost]:
    """Lease up to `limit` ready hosts until a moment, under a token that no other claim has."""
    query = _ready(now, sources).order_by(frontier_host.c.ready_at).limit(limit)
    rows = connection.execute(query.with_for_update(skip_locked=True, of=frontier_host))
    hosts = [ClaimedHost(row[0], row[1]) for row in rows]
    if hosts:
        names = [one.host for one in hosts]
        connection.execute(_take(connection.dialect.name), {"hosts": names, "until": until, "token": token})
    return hosts


def _ready(now: datetime, sources: Sequence[int]) -> Select[Any]:
    query = select(frontier_host.c.host, frontier_host.c.delay).where(frontier_host.c.ready_at <= now)
    if not sources:
        return query
    of_sources = (
        frontier_host.c.host.in_(select(table.c.host).where(table.c.source_id.in_(sources)))
        for table in (frontier_url, listing)
    )
    return query.where(or_(*of_sources))


def held_leases(connection: Connection, leases: Collection[Lease]) -> set[Lease]:
    """
    Return those leases that still hold; nobody else can claim their hosts before the transaction ends.

    To be asked in the transaction that commits what was done under them, before anything else is written.
    """
    hosts = sorted({one.host for one in leases})
    # In one order, so that two transactions never wait for each other.
    rows = connection.execute(_held(connection.dialect.name), {"hosts": hosts})
    return {Lease(row[0], row[1]) for row in rows} & set(leases)


def release_hosts(connection: Connection, released: Sequence[Release]) -> None:
    """
    Give hosts back whose leases hold, each ready at its earliest due address but not before a moment.

    To be asked in a transaction that claimed them, or asked whether it holds them: what is found meanwhile waits.
    """
    if not released:
        return
    if connection.dialect.name == "postgresql":
        _release_at_once(connection, released)
        return
    hosts = sorted({one.lease.host for one in released})
    rows = connection.execute(_EARLIEST, {"hosts": hosts})
    earliest = {row[0]: min((due for due in row[1:] if due is not None), default=FAR) for row in rows}
    connection.execute(
        _RELEASE,
        [
            {
                "name": one.lease.host,
                "token": one.lease.token,
                "ready": max(earliest.get(one.lease.host, FAR), one.not_before),
                "rests": one.not_before,
                "gap": one.delay,
            }
            for one in sorted(released, key=lambda one: one.lease.host)
        ],
    )


def _release_at_once(connection: Connection, released: Sequence[Release]) -> None:
    """Give them back in one statement: one each takes longer than the rest of a batch."""
    connection.execute(
        _RELEASE_MANY,
        {
            "host": [one.lease.host for one in released],
            "token": [one.lease.token for one in released],
            "not_before": [to_micros(one.not_before) for one in released],
            "gap": [one.delay for one in released],
            "far": to_micros(FAR),
        },
    )


def next_ready(connection: Connection) -> datetime | None:
    """Return when the next host becomes ready."""
    return connection.execute(select(func.min(frontier_host.c.ready_at))).scalar()


def owners(connection: Connection) -> set[str]:
    """Return the names of those who hold hosts."""
    tokens = select(frontier_host.c.lease).where(frontier_host.c.lease.is_not(None)).distinct()
    return {token.partition(".")[0] for token in connection.execute(tokens).scalars()}


def free_leases_of(connection: Connection, owner: str, now: datetime) -> int:
    """Take back the leases of an owner that is gone; return how many. What others hold fast is left for later."""
    theirs = (
        select(frontier_host.c.host)
        .where(frontier_host.c.lease.startswith(f"{owner}.", autoescape=True))
        .with_for_update(skip_locked=True)
    )
    hosts = list(connection.execute(theirs).scalars())
    freed = update(frontier_host).where(frontier_host.c.host.in_(hosts)).values(lease=None, ready_at=now)
    return connection.execute(freed).rowcount if hosts else 0


def free_leases(connection: Connection, now: datetime) -> int:
    """
    Take back all leases; return how many.

    Only for the one writer of an embedded catalogue, whose predecessor is gone.
    """
    held = frontier_host.c.lease.is_not(None)
    return connection.execute(update(frontier_host).where(held).values(lease=None, ready_at=now)).rowcount


def _earliest_of(table: Table) -> Any:
    """Return a subquery: when something in a table is due next of the host in the row outside."""
    # By the index's order, so that it ends with the first row: a host may have thousands. Joined with few sources,
    # SQLite began with those, and sorted all of them.
    return (
        select(table.c.next_due)
        .where(
            table.c.host == frontier_host.c.host,
            table.c.source_id.not_in(select(source.c.id).where(source.c.is_paused)),
        )
        .order_by(table.c.next_due)
        .limit(1)
        .correlate(frontier_host)
        .scalar_subquery()
    )


# Asked with every batch, and therefore built once.
_EARLIEST = select(frontier_host.c.host, _earliest_of(frontier_url), _earliest_of(listing)).where(
    frontier_host.c.host.in_(bindparam("hosts", expanding=True))
)

_RELEASE = (
    update(frontier_host)
    .where(and_(frontier_host.c.host == bindparam("name"), frontier_host.c.lease == bindparam("token")))
    .values(ready_at=bindparam("ready"), rests_until=bindparam("rests"), lease=None, delay=bindparam("gap"))
)
_RELEASE_MANY = text(
    """
    UPDATE frontier_host AS known
    SET lease = NULL, delay = ended.gap, rests_until = ended.not_before, ready_at = greatest(
        ended.not_before,
        coalesce(
            least(
                (SELECT due.next_due FROM frontier_url AS due JOIN source ON source.id = due.source_id
                 WHERE due.host = known.host AND NOT source.is_paused ORDER BY due.next_due LIMIT 1),
                (SELECT due.next_due FROM listing AS due JOIN source ON source.id = due.source_id
                 WHERE due.host = known.host AND NOT source.is_paused ORDER BY due.next_due LIMIT 1)
            ),
            CAST(:far AS bigint)
        )
    )
    FROM unnest(
        CAST(:host AS text[]), CAST(:token AS text[]), CAST(:not_before AS bigint[]), CAST(:gap AS double precision[])
    ) AS ended (host, token, not_before, gap)
    WHERE known.host = ended.host AND known.lease = ended.token
    """
)


@cache
def _take(engine: str) -> Update:
    taken = update(frontier_host).where(is_one_of(frontier_host.c.host, "hosts", engine=engine))
    return taken.values(ready_at=bindparam("until"), lease=bindparam("token"))


@cache
def _held(engine: str) -> Select[Any]:
    return (
        select(frontier_host.c.host, frontier_host.c.lease)
        .where(is_one_of(frontier_host.c.host, "hosts", engine=engine), frontier_host.c.lease.is_not(None))
        .order_by(frontier_host.c.host)
        .with_for_update()
    )
