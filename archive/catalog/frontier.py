"""
Queries on the frontier: which addresses are due, leased by host.

A claim takes ready hosts and their due addresses and pushes each host's `ready_at` to the end of its lease;
a commit is fenced by the lease token, so that a worker that lost its lease cannot overwrite its successor.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import cast

from sqlalchemy import Connection, Table, and_, func, or_, select, update
from sqlalchemy.dialects import postgresql, sqlite

from archive.catalog.schema import frontier_host, frontier_url, listing, source, url

__all__ = [
    "DueVisit",
    "add_to_frontier",
    "claim_hosts",
    "drop_from_frontier",
    "due_articles",
    "due_listings",
    "earliest_due",
    "free_leases",
    "is_anything_due",
    "listing_interval",
    "make_all_due",
    "next_ready",
    "note_host",
    "release_host",
    "settle_listing",
    "settle_url",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class DueVisit:
    """One address that is due, with what a conditional request needs."""

    #: Row of the address, or of the listing.
    row: int
    uri: str
    #: "article", or the listing's kind.
    kind: str
    source: str
    source_id: int
    next_due: datetime
    etag: str | None
    last_modified: str | None
    failures: int
    visits: int


def add_to_frontier(
    connection: Connection,
    *,
    url_id: int,
    host: str,
    source_id: int,
    due: datetime,
    signalled_at: str | None = None,
) -> bool:
    """
    Put an address under watch; tell whether it was new.

    A later word of a feed or sitemap about a known address brings its next visit forward.
    """
    known = connection.execute(
        select(frontier_url.c.signalled_at, frontier_url.c.next_due).where(frontier_url.c.url_id == url_id)
    ).first()
    if known is not None:
        if signalled_at and known[0] and signalled_at > known[0] and known[1] > due:
            _touch(connection, url_id, next_due=due)
            _ready_by(connection, host, due)
        if signalled_at and signalled_at > (known[0] or ""):
            _touch(connection, url_id, signalled_at=signalled_at)
        return False
    connection.execute(
        _insert(connection, frontier_url).values(
            url_id=url_id,
            host=host,
            source_id=source_id,
            next_due=due,
            visits=0,
            failures=0,
            signalled_at=signalled_at,
        )
    )
    _ready_by(connection, host, due)
    return True


def drop_from_frontier(connection: Connection, url_id: int) -> None:
    """Visit an address no more: another one carries its article."""
    connection.execute(frontier_url.delete().where(frontier_url.c.url_id == url_id))


def note_host(connection: Connection, host: str, due: datetime) -> None:
    """Make sure that a host is claimed once something of it is due."""
    _ready_by(connection, host, due)


def claim_hosts(
    connection: Connection,
    *,
    now: datetime,
    until: datetime,
    token: str,
    limit: int,
    sources: Sequence[int] = (),
) -> list[str]:
    """Lease up to `limit` ready hosts until a moment, under a token."""
    query = select(frontier_host.c.host).where(frontier_host.c.ready_at <= now)
    if sources:
        of_sources = or_(
            frontier_host.c.host.in_(
                select(frontier_url.c.host).where(frontier_url.c.source_id.in_(sources))
            ),
            frontier_host.c.host.in_(select(listing.c.host).where(listing.c.source_id.in_(sources))),
        )
        query = query.where(of_sources)
    query = query.order_by(frontier_host.c.ready_at).limit(limit).with_for_update(skip_locked=True)
    hosts = [row[0] for row in connection.execute(query)]
    if hosts:
        connection.execute(
            update(frontier_host).where(frontier_host.c.host.in_(hosts)).values(ready_at=until, lease=token)
        )
    return hosts


def release_host(connection: Connection, host: str, token: str, *, not_before: datetime) -> bool:
    """Give a host back, ready at its earliest due address but not before a moment; False if the lease was lost."""
    due = earliest_due(connection, host)
    ready = max(due, not_before) if due is not None else FAR
    done = connection.execute(
        update(frontier_host)
        .where(frontier_host.c.host == host, frontier_host.c.lease == token)
        .values(ready_at=ready, lease=None)
    )
    return done.rowcount > 0


def earliest_due(connection: Connection, host: str) -> datetime | None:
    """Return when something of this host is due next."""
    article_due = connection.execute(
        select(func.min(frontier_url.c.next_due))
        .join(source, source.c.id == frontier_url.c.source_id)
        .where(frontier_url.c.host == host, source.c.is_paused.is_(False))
    ).scalar()
    listing_due = connection.execute(
        select(func.min(listing.c.next_due))
        .join(source, source.c.id == listing.c.source_id)
        .where(listing.c.host == host, source.c.is_paused.is_(False))
    ).scalar()
    return min((due for due in (article_due, listing_due) if due is not None), default=None)


def next_ready(connection: Connection) -> datetime | None:
    """Return when the next host becomes ready."""
    return connection.execute(select(func.min(frontier_host.c.ready_at))).scalar()


def due_articles(
    connection: Connection, host: str, *, now: datetime, limit: int, sources: Sequence[int] = ()
) -> list[DueVisit]:
    """Return a host's due articles, longest overdue first."""
    query = (
        select(
            url.c.id.label("row"),
            url.c.uri,
            source.c.name.label("source"),
            source.c.id.label("source_id"),
            frontier_url.c.next_due,
            frontier_url.c.etag,
            frontier_url.c.last_modified,
            frontier_url.c.failures,
            frontier_url.c.visits,
        )
        .join(url, url.c.id == frontier_url.c.url_id)
        .join(source, source.c.id == frontier_url.c.source_id)
        .where(frontier_url.c.host == host, frontier_url.c.next_due <= now, source.c.is_paused.is_(False))
        .order_by(frontier_url.c.next_due, url.c.id)
        .limit(limit)
    )
    if sources:
        query = query.where(source.c.id.in_(sources))
    return [DueVisit(kind="article", **row) for row in connection.execute(query).mappings()]


def due_listings(
    connection: Connection, host: str, *, now: datetime, sources: Sequence[int] = ()
) -> list[DueVisit]:
    """Return a host's due feeds, sitemaps and sections."""
    query = (
        select(
            listing.c.id.label("row"),
            listing.c.url.label("uri"),
            listing.c.kind,
            source.c.name.label("source"),
            source.c.id.label("source_id"),
            listing.c.next_due,
            listing.c.etag,
            listing.c.last_modified,
            listing.c.failures,
        )
        .join(source, source.c.id == listing.c.source_id)
        .where(listing.c.host == host, listing.c.next_due <= now, source.c.is_paused.is_(False))
        .order_by(listing.c.next_due, listing.c.id)
    )
    if sources:
        query = query.where(source.c.id.in_(sources))
    return [DueVisit(visits=0, **row) for row in connection.execute(query).mappings()]


def settle_url(connection: Connection, url_id: int, **values: object) -> None:
    """Write what a visit to an article brought: next due date, validators, failures."""
    _touch(connection, url_id, visits=frontier_url.c.visits + 1, **values)


def settle_listing(connection: Connection, listing_id: int, **values: object) -> None:
    """Write what a look at a listing brought."""
    connection.execute(update(listing).where(listing.c.id == listing_id).values(**values))


def is_anything_due(connection: Connection, at: datetime, sources: Sequence[int] = ()) -> bool:
    """Tell whether an article or listing of a source at work is due at a moment."""
    for table in (frontier_url, listing):
        query = (
            select(table.c.next_due)
            .join(source, source.c.id == table.c.source_id)
            .where(table.c.next_due <= at, source.c.is_paused.is_(False))
            .limit(1)
        )
        if sources:
            query = query.where(source.c.id.in_(sources))
        if connection.execute(query).first() is not None:
            return True
    return False


def listing_interval(connection: Connection, listing_id: int) -> timedelta:
    """Return how long a listing was left alone the last time; zero at first."""
    seconds = connection.execute(select(listing.c.interval).where(listing.c.id == listing_id)).scalar()
    return timedelta(seconds=seconds or 0.0)


def make_all_due(connection: Connection, now: datetime, sources: Sequence[int] = ()) -> None:
    """Make every known article and listing due at a moment, and its host ready."""
    for table in (frontier_url, listing):
        query = update(table).where(table.c.next_due > now)
        if sources:
            query = query.where(table.c.source_id.in_(sources))
        connection.execute(query.values(next_due=now))
    connection.execute(
        update(frontier_host)
        .where(and_(frontier_host.c.ready_at > now, frontier_host.c.lease.is_(None)))
        .values(ready_at=now)
    )


def free_leases(connection: Connection, now: datetime) -> None:
    """Take back all leases: only for the one writer of an embedded catalogue, whose predecessor is gone."""
    connection.execute(
        update(frontier_host).where(frontier_host.c.lease.is_not(None)).values(lease=None, ready_at=now)
    )


#: Later than anything that is ever due.
FAR = datetime.fromisoformat("9000-01-01T00:00:00+00:00")


def _touch(connection: Connection, url_id: int, **values: object) -> None:
    connection.execute(update(frontier_url).where(frontier_url.c.url_id == url_id).values(**values))


def _ready_by(connection: Connection, host: str, due: datetime) -> None:
    """Make a host ready no later than a moment, unless it is leased: then its release looks anew."""
    statement = _insert(connection, frontier_host).values(host=host, ready_at=due)
    connection.execute(
        statement.on_conflict_do_update(
            index_elements=["host"],
            set_={"ready_at": due},
            where=and_(frontier_host.c.ready_at > due, frontier_host.c.lease.is_(None)),
        )
    )


def _insert(connection: Connection, table: Table) -> sqlite.Insert:
    dialect = postgresql if connection.dialect.name == "postgresql" else sqlite
    # Both dialects' inserts offer the same calls.
    return cast("sqlite.Insert", dialect.insert(table))
