"""Queries on the frontier's addresses: which are due, and what visits to them brought. Hosts are in `leases`."""

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import datetime, timedelta
from functools import cache
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    FromClause,
    RowMapping,
    Select,
    Table,
    and_,
    bindparam,
    case,
    func,
    literal,
    select,
    text,
    true,
    update,
)

from archive.catalog.columns import Moment, to_micros
from archive.catalog.dialects import dialect_named, dialect_of, is_one_of
from archive.catalog.leases import FAR
from archive.catalog.schema import frontier_host, frontier_url, listing, source, url

__all__ = [
    "DueVisit",
    "Settled",
    "drop_from_frontier",
    "due_articles",
    "due_listings",
    "insert_of",
    "is_anything_due",
    "listing_interval",
    "make_all_due",
    "move_in_frontier",
    "note_host",
    "pull_in",
    "settle_listing",
    "settle_urls",
    "twins_of",
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
    #: The visit was brought forward by a signal of a feed or sitemap.
    is_signalled: bool = False
    #: Of the body that a listing gave last.
    payload_digest: str | None = None


def drop_from_frontier(connection: Connection, url_id: int) -> None:
    """Visit an address no more: another one carries its article."""
    connection.execute(frontier_url.delete().where(frontier_url.c.url_id == url_id))


def move_in_frontier(connection: Connection, old: int, new: int, host: str) -> None:
    """Let another address take the place of one under watch; where it is watched already, the old one goes."""
    known = connection.execute(select(frontier_url.c.url_id).where(frontier_url.c.url_id == new)).first()
    if known is not None:
        drop_from_frontier(connection, old)
        return
    connection.execute(
        update(frontier_url)
        .where(frontier_url.c.url_id == old)
        .values(url_id=new, host=host, etag=None, last_modified=None)
    )


def note_host(connection: Connection, host: str, due: datetime) -> None:
    """
    Make a host ready no later than a moment, or than its rest ends.

    A leased one is left as it is: its release looks anew.
    """
    connection.execute(_note_host(connection.dialect.name), {"host": host, "ready_at": due})


@cache
def _note_host(engine: str) -> Any:
    new = dialect_named(engine).insert(frontier_host)
    ready = _rested(new.excluded.ready_at)
    return new.on_conflict_do_update(
        index_elements=["host"],
        set_={"ready_at": ready},
        where=and_(frontier_host.c.ready_at > ready, frontier_host.c.lease.is_(None)),
    )


def _rested(due: ColumnElement[datetime]) -> ColumnElement[datetime]:
    """Return a moment at which a host can be asked: one that it is due, or the end of its rest."""
    rest = frontier_host.c.rests_until
    return case((rest > due, rest), else_=due)


def due_articles(
    connection: Connection, most: Mapping[str, int], *, now: datetime, sources: Sequence[int] = ()
) -> dict[str, list[DueVisit]]:
    """Return the due articles of hosts by host, the longest overdue first, so many of each at most."""
    found: dict[str, list[DueVisit]] = defaultdict(list)
    for row in _due_rows(connection, most, now, sources):
        host = row["host"]
        if len(found[host]) < most[host]:
            found[host].append(DueVisit(kind="article", **{key: row[key] for key in ARTICLE_KEYS}))
    return found


def _due_rows(
    connection: Connection, most: Mapping[str, int], now: datetime, sources: Sequence[int]
) -> Iterable[RowMapping]:
    if not most:
        return []
    engine = connection.dialect.name
    values: dict[str, object] = {"now": now, "most": max(most.values())}
    values["hosts"] = list(most) if engine == "postgresql" else json.dumps(list(most))
    if sources:
        values["sources"] = list(sources)
    return connection.execute(_due_query(engine, bool(sources)), values).mappings()


@cache
def _due_query(engine: str, is_narrowed: bool) -> Select[Any]:  # noqa: FBT001 - a key of the cache
    """Return one question for all hosts: what is due of each, so many at most, the longest overdue first."""
    if engine == "postgresql":
        of_host = _due(frontier_url, is_narrowed).where(frontier_url.c.host == frontier_host.c.host).lateral()
        query = _with_addresses(of_host, frontier_host.join(of_host, true()))
        return query.where(is_one_of(frontier_host.c.host, "hosts", engine=engine))
    asked = func.json_each(bindparam("hosts")).table_valued("value", name="asked")
    its = frontier_url.alias("its")
    of_asked = _due(its, is_narrowed).where(its.c.host == asked.c.value).with_only_columns(its.c.url_id)
    # SQLite joins nothing laterally, but a list of keys may ask what stands to its left.
    among = asked.join(frontier_url, frontier_url.c.url_id.in_(of_asked.correlate(asked)))
    return _with_addresses(frontier_url, among)


def _due(table: FromClause, is_narrowed: bool) -> Select[Any]:  # noqa: FBT001 - as above
    """
    Return what is due of a table like the frontier's.

    The limit comes before addresses and names are looked up: in the index's order it ends with the last row it takes.
    Joined first, all that is due of a host was looked up and sorted where there are few sources.
    """
    query = (
        select(*(table.c[name] for name in ("host", "url_id", "source_id", "next_due", *PLAIN_KEYS)))
        .where(
            table.c.next_due <= bindparam("now"),
            table.c.source_id.not_in(select(source.c.id).where(source.c.is_paused)),
        )
        .order_by(table.c.next_due, table.c.url_id)
        .limit(bindparam("most"))
    )
    return query.where(table.c.source_id.in_(bindparam("sources", expanding=True))) if is_narrowed else query


def _with_addresses(due: FromClause, among: FromClause) -> Select[Any]:
    """Return a query for what is due with its address and its source's name, the longest overdue first."""
    kept = [due.c[name] for name in ("host", "next_due", *PLAIN_KEYS)]
    return (
        select(*kept, url.c.id.label("row"), url.c.uri, source.c.name.label("source"), due.c.source_id)
        .select_from(among.join(url, url.c.id == due.c.url_id).join(source, source.c.id == due.c.source_id))
        .order_by(due.c.next_due, due.c.url_id)
    )


def due_listings(
    connection: Connection, hosts: Sequence[str], *, now: datetime, sources: Sequence[int] = ()
) -> dict[str, list[DueVisit]]:
    """Return the due feeds, sitemaps and sections of hosts, by host."""
    query = _DUE_LISTINGS.where(is_one_of(listing.c.host, "hosts", engine=connection.dialect.name))
    query = _of_sources(query, sources)
    found: dict[str, list[DueVisit]] = defaultdict(list)
    for row in connection.execute(query, {"hosts": list(hosts), "now": now}).mappings():
        shown = dict(row)
        found[shown.pop("host")].append(DueVisit(visits=0, **shown))
    return found


#: What a visit is told of an article as the frontier has it.
PLAIN_KEYS = ("etag", "last_modified", "failures", "visits", "is_signalled")
ARTICLE_KEYS = (*PLAIN_KEYS, "row", "uri", "source", "source_id", "next_due")
_DUE_LISTINGS = (
    select(
        listing.c.host,
        listing.c.id.label("row"),
        listing.c.url.label("uri"),
        listing.c.kind,
        source.c.name.label("source"),
        source.c.id.label("source_id"),
        listing.c.next_due,
        listing.c.etag,
        listing.c.last_modified,
        listing.c.failures,
        listing.c.payload_digest,
    )
    .join(source, source.c.id == listing.c.source_id)
    .where(listing.c.next_due <= bindparam("now"), source.c.is_paused.is_(False))
    .order_by(listing.c.next_due, listing.c.id)
)


def _of_sources(query: Select[Any], sources: Sequence[int]) -> Select[Any]:
    """Narrow a query to sources, when there are any."""
    return query.where(source.c.id.in_(sources)) if sources else query


@dataclass(frozen=True, slots=True, kw_only=True)
class Settled:
    """What a visit to an article brought."""

    row: int
    next_due: datetime
    failures: int
    #: Class of the failure; None when there was none.
    reason: str | None
    #: Validators of the answer; None leaves those that are known.
    etag: str | None = None
    last_modified: str | None = None
    #: The answer was whole: its validators replace the known ones, also where it has none.
    is_whole: bool = False


_SETTLE = (
    update(frontier_url)
    .where(frontier_url.c.url_id == bindparam("row"))
    .values(
        visits=frontier_url.c.visits + 1,
        next_due=bindparam("next_due"),
        failures=bindparam("failures"),
        reason=bindparam("reason"),
        is_signalled=False,
    )
)
_SETTLE_WHOLE = _SETTLE.values(etag=bindparam("etag"), last_modified=bindparam("last_modified"))


def settle_urls(connection: Connection, settled: Sequence[Settled]) -> None:
    """Write what visits to articles brought."""
    if connection.dialect.name == "postgresql":
        _settle_at_once(connection, settled)
        return
    for statement, whole in ((_SETTLE_WHOLE, True), (_SETTLE, False)):
        rows = [
            {
                "row": one.row,
                "next_due": one.next_due,
                "failures": one.failures,
                "reason": one.reason,
                **({"etag": one.etag, "last_modified": one.last_modified} if whole else {}),
            }
            for one in settled
            if one.is_whole is whole
        ]
        if rows:
            connection.execute(statement, rows)


def _settle_at_once(connection: Connection, settled: Sequence[Settled]) -> None:
    """Write them in one statement: a journey to the server each would take longer than the rest of a batch."""
    if settled:
        columns = {field.name: [getattr(one, field.name) for one in settled] for field in fields(Settled)}
        columns["next_due"] = [to_micros(one.next_due) for one in settled]
        connection.execute(_SETTLE_MANY, columns)


_SETTLE_MANY = text(
    """
    UPDATE frontier_url AS known
    SET visits = known.visits + 1, next_due = visit.next_due, failures = visit.failures,
        reason = visit.reason, is_signalled = false,
        etag = CASE WHEN visit.is_whole THEN visit.etag ELSE known.etag END,
        last_modified = CASE WHEN visit.is_whole THEN visit.last_modified ELSE known.last_modified END
    FROM unnest(
        CAST(:row AS bigint[]), CAST(:next_due AS bigint[]), CAST(:failures AS integer[]),
        CAST(:reason AS text[]), CAST(:is_whole AS boolean[]), CAST(:etag AS text[]), CAST(:last_modified AS text[])
    ) AS visit (row_, next_due, failures, reason, is_whole, etag, last_modified)
    WHERE known.url_id = visit.row_
    """
)


def twins_of(connection: Connection, article_id: int) -> list[tuple[int, str]]:
    """Return the watched addresses that lead to one article, as (row, address), oldest first."""
    rows = connection.execute(
        select(url.c.id, url.c.uri)
        .join(frontier_url, frontier_url.c.url_id == url.c.id)
        .where(url.c.article_id == article_id)
        .order_by(url.c.id)
    )
    return [(row[0], row[1]) for row in rows]


def settle_listing(connection: Connection, listing_id: int, **values: object) -> None:
    """Write what a look at a listing brought."""
    connection.execute(update(listing).where(listing.c.id == listing_id).values(**values))


def is_anything_due(
    connection: Connection, at: datetime, sources: Sequence[int] = (), *, ready_by: datetime
) -> bool:
    """Tell whether something of a source at work is due at a moment, on a host that is ready by another one."""
    for table in (frontier_url, listing):
        query = (
            select(table.c.next_due)
            .join(source, source.c.id == table.c.source_id)
            .join(frontier_host, frontier_host.c.host == table.c.host)
            .where(
                table.c.next_due <= at, source.c.is_paused.is_(False), frontier_host.c.ready_at <= ready_by
            )
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
        .values(ready_at=_rested(literal(now, Moment)))
    )


def pull_in(connection: Connection, now: datetime, latest: datetime) -> int:
    """
    Spread over a day what is due later than anything can be, as after a clock that was wrong; return how much it was.

    Hosts that are kept waiting as long are made ready; those that have nothing due stay as they are.
    """
    pulled = 0
    for table, row in ((frontier_url, frontier_url.c.url_id), (listing, listing.c.id)):
        late = table.c.next_due > latest
        if connection.execute(select(row).where(late).limit(1)).first() is not None:
            spread = to_micros(now) + (row % SECONDS_OF_DAY) * 1_000_000
            pulled += connection.execute(update(table).where(late).values(next_due=spread)).rowcount
    late_host = and_(frontier_host.c.ready_at > latest, frontier_host.c.ready_at < FAR)
    connection.execute(update(frontier_host).where(late_host).values(ready_at=now, lease=None))
    connection.execute(
        update(frontier_host).where(frontier_host.c.rests_until > latest).values(rests_until=None)
    )
    return pulled


#: What is pulled in is spread over so many seconds.
SECONDS_OF_DAY = 86_400


def insert_of(connection: Connection, table: Table) -> Any:
    """Return an insert that can say what to do about a row that is there already, for the engine at hand."""
    dialect = dialect_of(connection)
    return dialect.insert(table)
