"""Queries on captures and on the WARC files that hold their records."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import (
    CompoundSelect,
    Connection,
    RowMapping,
    Select,
    bindparam,
    delete,
    func,
    insert,
    select,
    tuple_,
    update,
)

from archive.catalog.darkness import shown_capture
from archive.catalog.schema import article, capture, frontier_url, source, url, warc_file
from archive.model import PAGE, Capture, Observation, PageKind, RecordPlace, RedirectAim, Verdict

__all__ = [
    "CaptureFilter",
    "TrustedRow",
    "add_captures",
    "adopt_captures",
    "capture_at",
    "capture_by_id",
    "captures_in",
    "count_captures",
    "drop_captures",
    "first_trusted",
    "known_captures",
    "last_captured_at",
    "latest_order",
    "observation_from",
    "observations_of",
    "set_judgement",
    "source_of_capture",
    "source_of_uri",
    "stream_captures",
    "verdict_of",
]

#: Ids asked for in one statement; engines bound the number of parameters.
BATCH = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class CaptureFilter:
    """Which captures are wanted; an unset field does not narrow."""

    uri: str | None = None
    article_id: int | None = None
    source: str | None = None
    since: datetime | None = None
    until: datetime | None = None
    #: A query that gives the ids of those that are wanted.
    among: CompoundSelect[tuple[str]] | Select[tuple[str]] | None = None
    #: WARC-Date, urlkey and record id of the last capture of the part before.
    after: tuple[datetime, str, str] | None = None
    #: What is kept dark as well.
    dark: bool = True


@dataclass(frozen=True, slots=True)
class TrustedRow:
    """The first capture of an article whose text was trusted."""

    uri: str
    content: str


def known_captures(connection: Connection, ids: Sequence[str]) -> set[str]:
    """Return those of the ids that are catalogued."""
    known: set[str] = set()
    for start in range(0, len(ids), BATCH):
        rows = connection.execute(select(capture.c.id).where(capture.c.id.in_(ids[start : start + BATCH])))
        known.update(row[0] for row in rows)
    return known


_ADD = insert(capture)


def add_captures(connection: Connection, rows: Sequence[dict[str, Any]]) -> None:
    """Add capture rows; keys are the table's columns."""
    if rows:
        connection.execute(_ADD, rows)


def set_judgement(connection: Connection, capture_id: str, verdict: Verdict, number: int | None) -> None:
    """Change what a capture was found to say, after its article's history was worked out anew."""
    connection.execute(
        update(capture).where(capture.c.id == capture_id).values(verdict=verdict, version=number)
    )


def adopt_captures(connection: Connection, url_id: int, article_id: int) -> int:
    """Give an article the captures of its address that came before it was known; return how many."""
    return connection.execute(
        update(capture)
        .where(capture.c.url_id == url_id, capture.c.article_id.is_(None))
        .values(article_id=article_id)
    ).rowcount


def first_trusted(connection: Connection, article_id: int) -> TrustedRow | None:
    """Return an article's first capture whose text was trusted."""
    row = connection.execute(
        select(url.c.uri, capture.c.content)
        .join(url, url.c.id == capture.c.url_id)
        .where(
            capture.c.article_id == article_id,
            capture.c.content.is_not(None),
            capture.c.is_damaged.is_(False),
            capture.c.rendition != PAGE,
        )
        .order_by(capture.c.captured_at, url.c.urlkey, capture.c.record_id)
        .limit(1)
    ).first()
    return None if row is None else TrustedRow(*row)


def drop_captures(connection: Connection, ids: Sequence[str]) -> set[int]:
    """Drop rows whose bytes are gone; return the articles whose history is to be worked out anew."""
    articles: set[int] = set()
    for start in range(0, len(ids), BATCH):
        some = capture.c.id.in_(ids[start : start + BATCH])
        articles.update(row[0] for row in connection.execute(select(capture.c.article_id).where(some)))
        connection.execute(delete(capture).where(some))
    return articles - {None}


def observations_of(connection: Connection, article_id: int) -> list[Observation]:
    """Return an article's captures as the ledger sees them, in order (WARC-Date, urlkey, record id)."""
    rows = connection.execute(
        select(capture)
        .join(url, url.c.id == capture.c.url_id)
        .where(capture.c.article_id == article_id)
        .order_by(capture.c.captured_at, url.c.urlkey, capture.c.record_id)
    ).mappings()
    return [observation_from(row) for row in rows]


def observation_from(row: RowMapping | dict[str, Any]) -> Observation:
    """Return a capture row as an observation."""
    return Observation(
        capture=row["id"],
        at=row["captured_at"],
        status=row["status"],
        page_kind=PageKind(row["page_kind"]) if row["page_kind"] else None,
        content=row["content"],
        is_damaged=row["is_damaged"],
        aim=RedirectAim(row["aim"]) if row["aim"] else None,
        target=row["target"],
        rendition=row["rendition"],
    )


def stream_captures(
    connection: Connection, wanted: CaptureFilter, *, limit: int | None = None
) -> Iterator[Capture]:
    """Yield captures, oldest first, without holding them all."""
    query = _LISTED.order_by(capture.c.captured_at, url.c.urlkey, capture.c.record_id).limit(limit)
    for row in connection.execute(_narrowed(query, wanted), execution_options={"yield_per": 1000}):
        yield _capture(row)


def capture_by_id(connection: Connection, capture_id: str) -> Capture | None:
    """Return one capture."""
    row = connection.execute(_LISTED.where(capture.c.id == capture_id)).first()
    return None if row is None else _capture(row)


_LISTED = (
    select(
        capture.c.id,
        capture.c.captured_at,
        url.c.uri,
        article.c.uri.label("article"),
        source.c.name.label("source"),
        capture.c.status,
        capture.c.verdict,
        capture.c.version,
        capture.c.payload_digest,
        capture.c.record_type,
        capture.c.record_id,
        warc_file.c.name.label("file"),
        warc_file.c.is_open,
        capture.c.offset,
        capture.c.length,
        capture.c.page_kind,
    )
    .join(url, url.c.id == capture.c.url_id)
    .join(source, source.c.id == capture.c.source_id)
    .outerjoin(article, article.c.id == capture.c.article_id)
    .outerjoin(warc_file, warc_file.c.id == capture.c.file_id)
)


def _narrowed(query: Select[Any], wanted: CaptureFilter) -> Select[Any]:
    conditions = {
        "uri": url.c.uri == wanted.uri,
        "article_id": capture.c.article_id == wanted.article_id,
        "source": source.c.name == wanted.source,
    }
    query = query.where(*[test for name, test in conditions.items() if getattr(wanted, name) is not None])
    if not wanted.dark:
        query = query.where(shown_capture())
    if wanted.among is not None:
        query = query.where(capture.c.id.in_(wanted.among))
    if wanted.since is not None:
        query = query.where(capture.c.captured_at >= wanted.since)
    if wanted.until is not None:
        query = query.where(capture.c.captured_at < wanted.until)
    if wanted.after is not None:
        place = tuple_(capture.c.captured_at, url.c.urlkey, capture.c.record_id)
        query = query.where(place > wanted.after)
    return query


def _capture(row: Sequence[Any]) -> Capture:
    # Unpacked at once: a long list asks for a million rows, and each look into a row by name costs.
    id_, at, uri, article_, source_, status, verdict, number, digest, type_, record, file, is_open, offset, length, kind = row  # fmt: skip
    return Capture(
        id=id_,
        captured_at=at,
        requested_uri=uri,
        article=article_,
        source=source_,
        status=status,
        verdict=verdict,
        version=number,
        payload_digest=digest,
        # While a file grows its name ends in `.open` in the blob store.
        record=RecordPlace(
            type=type_,
            id=record,
            file=file + ".open" if file and is_open else file,
            offset=offset,
            length=length,
        ),
        page_kind=kind,
    )


def count_captures(connection: Connection, wanted: CaptureFilter) -> int:
    """Count the captures that match."""
    query = (
        select(func.count())
        .select_from(capture)
        .join(url, url.c.id == capture.c.url_id)
        .join(source, source.c.id == capture.c.source_id)
    )
    return int(connection.execute(_narrowed(query, wanted)).scalar_one())


def captures_in(connection: Connection) -> int:
    """Count all captures."""
    return int(connection.execute(select(func.count()).select_from(capture)).scalar_one())


def latest_order(connection: Connection, article_id: int) -> tuple[datetime, str, str] | None:
    """Return the place in order (WARC-Date, urlkey, record id) of an article's last capture."""
    row = connection.execute(_LATEST, {"article": article_id}).first()
    return None if row is None else (row[0], row[1], row[2])


# Asked for every capture: built once.
_LATEST = (
    select(capture.c.captured_at, url.c.urlkey, capture.c.record_id)
    .join(url, url.c.id == capture.c.url_id)
    .where(capture.c.article_id == bindparam("article"))
    .order_by(capture.c.captured_at.desc(), url.c.urlkey.desc(), capture.c.record_id.desc())
    .limit(1)
)


def capture_at(connection: Connection, article_id: int, at: datetime) -> str | None:
    """Return the id of an article's capture of exactly that moment."""
    return connection.execute(
        select(capture.c.id)
        .where(capture.c.article_id == article_id, capture.c.captured_at == at)
        .order_by(capture.c.record_id)
        .limit(1)
    ).scalar()


def verdict_of(connection: Connection, capture_id: str) -> Verdict:
    """Return a capture's verdict as it stands."""
    return Verdict(
        connection.execute(select(capture.c.verdict).where(capture.c.id == capture_id)).scalar_one()
    )


def source_of_capture(connection: Connection, capture_id: str) -> int | None:
    """Return the source that a capture was made for."""
    return connection.execute(select(capture.c.source_id).where(capture.c.id == capture_id)).scalar()


def source_of_uri(connection: Connection, uri: str) -> int | None:
    """Return the source that watches an address, or that its last capture was made for."""
    watched = connection.execute(
        select(frontier_url.c.source_id).join(url, url.c.id == frontier_url.c.url_id).where(url.c.uri == uri)
    ).scalar()
    if watched is not None:
        return int(watched)
    return connection.execute(
        select(capture.c.source_id)
        .join(url, url.c.id == capture.c.url_id)
        .where(url.c.uri == uri)
        .order_by(capture.c.captured_at.desc())
        .limit(1)
    ).scalar()


def last_captured_at(
    connection: Connection,
    *,
    source_id: int | None = None,
    verdicts: Sequence[Verdict] = (),
    since: datetime | None = None,
) -> datetime | None:
    """
    Return when the last capture was made, of a source and with certain verdicts if asked.

    With `since` nothing before is looked at: of a source that is silent for long that would be all captures.
    """
    query = select(func.max(capture.c.captured_at))
    if source_id is not None:
        query = query.where(capture.c.source_id == source_id)
    if verdicts:
        query = query.where(capture.c.verdict.in_(verdicts))
    if since is not None:
        query = query.where(capture.c.captured_at >= since)
    return connection.execute(query).scalar()
