"""Queries on what is watched: sources, their listings (feeds, sitemaps, sections), and their problems."""

import zlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, RowMapping, bindparam, delete, func, insert, select, update

from archive.catalog.frontier import note_host
from archive.catalog.schema import article, aside, frontier_url, listing, problem, source
from archive.model import Source

__all__ = [
    "Aside",
    "Counts",
    "ListingRow",
    "Problem",
    "add_counts",
    "add_listing",
    "add_problem",
    "add_source",
    "all_sources",
    "asides_of",
    "count_by_source",
    "counts_of",
    "listings_of",
    "problems_of",
    "remove_source",
    "revive_source",
    "set_aside",
    "set_paused",
    "source_id",
    "source_name",
    "source_named",
    "source_of_row",
]

#: Problems kept for each source; older ones go.
KEPT_PROBLEMS = 200
#: Unreadable bodies kept for each source.
KEPT_ASIDE = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """Something that went wrong with a source."""

    at: datetime
    uri: str
    #: One of the contract's reasons.
    reason: str
    detail: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ListingRow:
    """A feed, sitemap, section or home page that is looked at for new articles."""

    id: int
    url: str
    kind: str
    next_due: datetime
    failures: int
    #: WebSub hub that the feed names, or "".
    hub: str = ""


def add_source(connection: Connection, new: Source) -> int:
    """Add a source and return its row id."""
    row = connection.execute(
        insert(source)
        .values(name=new.name, url=new.url, kind=new.kind, is_paused=new.is_paused, added_at=new.added_at)
        .returning(source.c.id)
    )
    return int(row.scalar_one())


def source_id(connection: Connection, name: str) -> int | None:
    """Return the row id of the source of this name."""
    return connection.execute(select(source.c.id).where(source.c.name == name)).scalar()


def source_of_row(connection: Connection, row: int) -> Source:
    """Return a source by its row."""
    return _source(connection.execute(_BY_ROW, {"row": row}).mappings().one())


#: Asked for every new answer: built once.
_BY_ROW = select(source).where(source.c.id == bindparam("row"))


def source_name(connection: Connection, row: int) -> str:
    """Return a source's name."""
    return str(connection.execute(select(source.c.name).where(source.c.id == row)).scalar_one())


def source_named(connection: Connection, name: str) -> Source | None:
    """Return the source of this name, or of this URL as it was given to `watch`."""
    row = connection.execute(select(source).where((source.c.name == name) | (source.c.url == name))).first()
    return None if row is None else _source(row._mapping)


def all_sources(connection: Connection) -> list[tuple[int, Source]]:
    """Return every source with its row id, by name."""
    rows = connection.execute(select(source).order_by(source.c.name)).mappings()
    return [(row["id"], _source(row)) for row in rows]


def set_paused(connection: Connection, name: str, *, paused: bool) -> bool:
    """Pause or resume a source; False when there is none of this name."""
    row = source_id(connection, name)
    if row is None:
        return False
    connection.execute(update(source).where(source.c.id == row).values(is_paused=paused))
    if not paused:
        _ready_hosts(connection, row)
    return True


def _ready_hosts(connection: Connection, row: int) -> None:
    """Let the hosts of a source be asked again: while it was paused they had nothing that was due."""
    for table in (frontier_url, listing):
        earliest = select(table.c.host, func.min(table.c.next_due)).where(table.c.source_id == row)
        for host, due in connection.execute(earliest.group_by(table.c.host).order_by(table.c.host)).all():
            note_host(connection, host, due)


def remove_source(connection: Connection, name: str) -> bool:
    """
    Stop watching a source; what it brought stays in the archive.

    The row stays too, paused and without listings, because captures name it.
    """
    row = source_id(connection, name)
    if row is None:
        return False
    connection.execute(delete(listing).where(listing.c.source_id == row))
    connection.execute(delete(frontier_url).where(frontier_url.c.source_id == row))
    connection.execute(update(source).where(source.c.id == row).values(is_paused=True, kind="removed"))
    return True


def revive_source(connection: Connection, row: int, new: Source) -> None:
    """Watch again what was removed, or what an import had brought."""
    connection.execute(
        update(source).where(source.c.id == row).values(url=new.url, kind=new.kind, is_paused=new.is_paused)
    )


def add_listing(
    connection: Connection, *, source_row: int, url: str, kind: str, host: str, due: datetime
) -> bool:
    """Add a listing unless the source has it; tell whether it was new."""
    known = connection.execute(
        select(listing.c.id).where(listing.c.source_id == source_row, listing.c.url == url)
    ).first()
    if known is not None:
        return False
    connection.execute(
        insert(listing).values(
            source_id=source_row, url=url, kind=kind, host=host, next_due=due, interval=0.0, failures=0
        )
    )
    return True


def listings_of(connection: Connection, source_row: int) -> list[ListingRow]:
    """Return a source's listings."""
    rows = connection.execute(
        select(listing).where(listing.c.source_id == source_row).order_by(listing.c.id)
    ).mappings()
    return [
        ListingRow(
            id=row["id"],
            url=row["url"],
            kind=row["kind"],
            next_due=row["next_due"],
            failures=row["failures"],
            hub=row["hub"] or "",
        )
        for row in rows
    ]


def add_problem(connection: Connection, source_row: int, trouble: Problem) -> None:
    """Keep a problem; one that was met before at the same address moves to the front, the oldest go."""
    again = connection.execute(
        update(problem)
        .where(
            problem.c.source_id == source_row,
            problem.c.uri == trouble.uri,
            problem.c.reason == trouble.reason,
        )
        .values(at=trouble.at, detail=trouble.detail[:500])
    )
    if again.rowcount:
        return
    connection.execute(
        insert(problem).values(
            source_id=source_row,
            at=trouble.at,
            uri=trouble.uri,
            reason=trouble.reason,
            detail=trouble.detail[:500],
        )
    )
    surplus = (
        select(problem.c.id)
        .where(problem.c.source_id == source_row)
        .order_by(problem.c.at.desc(), problem.c.id.desc())
        .limit(1)
        .offset(KEPT_PROBLEMS)
    )
    oldest = connection.execute(surplus).scalar()
    if oldest is not None:
        connection.execute(delete(problem).where(problem.c.source_id == source_row, problem.c.id <= oldest))


@dataclass(frozen=True, slots=True)
class Counts:
    """What was measured of a source."""

    #: Visits by signal and blind, and how many of each met a change: `signalled`, `signalled_right`, `blind`, `blind_right`.
    signals: dict[str, int]
    #: Moving share of its pages that look like articles; None before there were any.
    article_share: float | None


def counts_of(connection: Connection, source_rows: Iterable[int]) -> dict[int, Counts]:
    """Return what was measured of sources, by row."""
    rows = connection.execute(_COUNTS, {"rows": sorted(source_rows)}).mappings()
    found = {}
    for row in rows:
        values = dict(row)
        found[values.pop("id")] = Counts(article_share=values.pop("article_share"), signals=values)
    return found


_COUNTS = select(
    source.c.id,
    source.c.signalled,
    source.c.signalled_right,
    source.c.blind,
    source.c.blind_right,
    source.c.article_share,
).where(source.c.id.in_(bindparam("rows", expanding=True)))
_ADD_COUNTS = (
    update(source)
    .where(source.c.id == bindparam("row"))
    .values(
        article_share=bindparam("share"),
        **{
            name: source.c[name] + bindparam(f"more_{name}")
            for name in ("signalled", "signalled_right", "blind", "blind_right")
        },
    )
)


def add_counts(connection: Connection, measured: Mapping[int, Counts]) -> None:
    """Add to what was measured of sources; other workers measure the same ones, so that sums are added to."""
    if measured:
        connection.execute(
            _ADD_COUNTS,
            [
                {"row": row, "share": one.article_share}
                | {f"more_{name}": count for name, count in one.signals.items()}
                for row, one in sorted(measured.items())
            ],
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Aside:
    """A body that could not be read."""

    id: int
    problem: Problem
    body: bytes


def set_aside(connection: Connection, source_row: int, trouble: Problem, body: bytes) -> None:
    """Keep a body that could not be read; the same trouble at the same address takes the old one's place."""
    same = (
        (aside.c.source_id == source_row) & (aside.c.uri == trouble.uri) & (aside.c.reason == trouble.reason)
    )
    connection.execute(delete(aside).where(same))
    connection.execute(
        insert(aside).values(
            source_id=source_row,
            at=trouble.at,
            uri=trouble.uri,
            reason=trouble.reason,
            detail=trouble.detail[:500],
            body=zlib.compress(body),
        )
    )
    surplus = (
        select(aside.c.id)
        .where(aside.c.source_id == source_row)
        .order_by(aside.c.at.desc(), aside.c.id.desc())
        .offset(KEPT_ASIDE)
    )
    connection.execute(delete(aside).where(aside.c.id.in_(connection.execute(surplus).scalars().all())))


def asides_of(connection: Connection, source_row: int) -> list[Aside]:
    """Return the bodies kept aside for a source, newest first."""
    rows = connection.execute(
        select(aside).where(aside.c.source_id == source_row).order_by(aside.c.at.desc(), aside.c.id.desc())
    ).mappings()
    return [
        Aside(
            id=row["id"],
            problem=Problem(at=row["at"], uri=row["uri"], reason=row["reason"], detail=row["detail"]),
            body=zlib.decompress(row["body"]),
        )
        for row in rows
    ]


def problems_of(connection: Connection, source_row: int, limit: int = 20) -> Sequence[Problem]:
    """Return a source's problems, newest first."""
    rows = connection.execute(
        select(problem)
        .where(problem.c.source_id == source_row)
        .order_by(problem.c.at.desc(), problem.c.id.desc())
        .limit(limit)
    ).mappings()
    return [Problem(at=row["at"], uri=row["uri"], reason=row["reason"], detail=row["detail"]) for row in rows]


def count_by_source(connection: Connection) -> Iterator[tuple[int, int]]:
    """Yield (source row, number of articles)."""
    rows = connection.execute(select(article.c.source_id, func.count()).group_by(article.c.source_id))
    yield from ((row, count) for row, count in rows)


def _source(row: RowMapping) -> Source:
    return Source(
        name=row["name"],
        url=row["url"],
        kind=row["kind"],
        is_paused=row["is_paused"],
        added_at=row["added_at"],
    )
