"""Queries on captures and on the WARC files that hold their records."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, RowMapping, Select, func, insert, select, tuple_, update

from archive.catalog.schema import article, capture, frontier_url, source, url, warc_file
from archive.model import Capture, Observation, PageKind, RecordPlace, RecordType, RedirectAim, Verdict

__all__ = [
    "CaptureFilter",
    "PayloadRow",
    "PlaceRow",
    "add_captures",
    "capture_by_id",
    "captures_in",
    "ensure_file",
    "file_ends",
    "known_captures",
    "last_captured_at",
    "latest_order",
    "latest_payload",
    "observation_from",
    "observations_of",
    "open_files",
    "payload_of",
    "places_in",
    "set_file_closed",
    "set_judgement",
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
    #: WARC-Date, urlkey and record id of the last capture of the part before.
    after: tuple[datetime, str, str] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PayloadRow:
    """What an earlier capture of an address found: enough to write a revisit record and skip the parse."""

    capture: str
    record_id: str
    captured_at: datetime
    payload_digest: str
    page_kind: PageKind | None
    content: str | None
    is_damaged: bool
    rendition: str


def ensure_file(connection: Connection, name: str, *, is_open: bool) -> int:
    """Return the row of a WARC file, made if need be."""
    found = connection.execute(select(warc_file.c.id).where(warc_file.c.name == name)).scalar()
    if found is not None:
        return int(found)
    return int(
        connection.execute(
            insert(warc_file).values(name=name, is_open=is_open).returning(warc_file.c.id)
        ).scalar_one()
    )


def set_file_closed(connection: Connection, name: str) -> None:
    """Note that a file carries its final name now."""
    connection.execute(update(warc_file).where(warc_file.c.name == name).values(is_open=False))


def open_files(connection: Connection) -> list[str]:
    """Return the files that were being written when the catalogue heard of them last."""
    return [row[0] for row in connection.execute(select(warc_file.c.name).where(warc_file.c.is_open))]


def file_ends(connection: Connection) -> dict[str, int]:
    """Return, for each WARC file, where its last indexed record ends."""
    rows = connection.execute(
        select(warc_file.c.name, func.max(capture.c.offset + capture.c.length))
        .join(capture, capture.c.file_id == warc_file.c.id)
        .group_by(warc_file.c.name)
    )
    return {name: int(end) for name, end in rows}


def known_captures(connection: Connection, ids: Sequence[str]) -> set[str]:
    """Return those of the ids that are catalogued."""
    known: set[str] = set()
    for start in range(0, len(ids), BATCH):
        rows = connection.execute(select(capture.c.id).where(capture.c.id.in_(ids[start : start + BATCH])))
        known.update(row[0] for row in rows)
    return known


def add_captures(connection: Connection, rows: Sequence[dict[str, Any]]) -> None:
    """Add capture rows; keys are the table's columns."""
    if rows:
        connection.execute(insert(capture), rows)


def set_judgement(connection: Connection, capture_id: str, verdict: Verdict, number: int | None) -> None:
    """Change what a capture was found to say, after its article's history was worked out anew."""
    connection.execute(
        update(capture).where(capture.c.id == capture_id).values(verdict=verdict, version=number)
    )


def latest_payload(connection: Connection, url_id: int, before: datetime) -> PayloadRow | None:
    """Return the last full answer of an address before a moment: what a 304 confirms."""
    return _payload(
        connection,
        _payloads(url_id).where(
            capture.c.status == 200,
            capture.c.record_type == RecordType.RESPONSE,
            capture.c.captured_at <= before,
        ),
    )


def payload_of(connection: Connection, url_id: int, digest: str) -> PayloadRow | None:
    """Return the last full answer of an address with this payload."""
    return _payload(
        connection,
        _payloads(url_id).where(
            capture.c.payload_digest == digest, capture.c.record_type == RecordType.RESPONSE
        ),
    )


def _payloads(url_id: int) -> Select[tuple[object, ...]]:
    return (
        select(
            capture.c.id,
            capture.c.record_id,
            capture.c.captured_at,
            capture.c.payload_digest,
            capture.c.page_kind,
            capture.c.content,
            capture.c.is_damaged,
            capture.c.rendition,
        )
        .where(capture.c.url_id == url_id)
        .order_by(capture.c.captured_at.desc())
        .limit(1)
    )


def _payload(connection: Connection, query: Select[tuple[object, ...]]) -> PayloadRow | None:
    row = connection.execute(query).mappings().first()
    if row is None or row["payload_digest"] is None:
        return None
    return PayloadRow(
        capture=row["id"],
        record_id=row["record_id"],
        captured_at=row["captured_at"],
        payload_digest=row["payload_digest"],
        page_kind=PageKind(row["page_kind"]) if row["page_kind"] else None,
        content=row["content"],
        is_damaged=row["is_damaged"],
        rendition=row["rendition"],
    )


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


def stream_captures(connection: Connection, wanted: CaptureFilter) -> Iterator[Capture]:
    """Yield captures, oldest first, without holding them all."""
    query = (
        select(
            capture,
            url.c.uri,
            article.c.uri.label("article"),
            source.c.name.label("source"),
            warc_file.c.name.label("file"),
            warc_file.c.is_open,
        )
        .join(url, url.c.id == capture.c.url_id)
        .join(source, source.c.id == capture.c.source_id)
        .outerjoin(article, article.c.id == capture.c.article_id)
        .outerjoin(warc_file, warc_file.c.id == capture.c.file_id)
        .order_by(capture.c.captured_at, url.c.urlkey, capture.c.record_id)
    )
    for row in connection.execute(_narrowed(query, wanted), execution_options={"yield_per": 1000}).mappings():
        yield _capture(row)


def capture_by_id(connection: Connection, capture_id: str) -> Capture | None:
    """Return one capture."""
    query = (
        select(
            capture,
            url.c.uri,
            article.c.uri.label("article"),
            source.c.name.label("source"),
            warc_file.c.name.label("file"),
            warc_file.c.is_open,
        )
        .join(url, url.c.id == capture.c.url_id)
        .join(source, source.c.id == capture.c.source_id)
        .outerjoin(article, article.c.id == capture.c.article_id)
        .outerjoin(warc_file, warc_file.c.id == capture.c.file_id)
        .where(capture.c.id == capture_id)
    )
    row = connection.execute(query).mappings().first()
    return None if row is None else _capture(row)


def _narrowed(query: Select[Any], wanted: CaptureFilter) -> Select[Any]:
    conditions = {
        "uri": url.c.uri == wanted.uri,
        "article_id": capture.c.article_id == wanted.article_id,
        "source": source.c.name == wanted.source,
    }
    query = query.where(*[test for name, test in conditions.items() if getattr(wanted, name) is not None])
    if wanted.since is not None:
        query = query.where(capture.c.captured_at >= wanted.since)
    if wanted.until is not None:
        query = query.where(capture.c.captured_at < wanted.until)
    if wanted.after is not None:
        place = tuple_(capture.c.captured_at, url.c.urlkey, capture.c.record_id)
        query = query.where(place > wanted.after)
    return query


def _capture(row: RowMapping) -> Capture:
    # While a file grows its name ends in `.open` in the blob store.
    file = row["file"] + ".open" if row["file"] and row["is_open"] else row["file"]
    return Capture(
        id=row["id"],
        captured_at=row["captured_at"],
        requested_uri=row["uri"],
        article=row["article"],
        source=row["source"],
        status=row["status"],
        verdict=Verdict(row["verdict"]),
        version=row["version"],
        payload_digest=row["payload_digest"],
        record=RecordPlace(
            type=RecordType(row["record_type"]),
            id=row["record_id"],
            file=file,
            offset=row["offset"],
            length=row["length"],
        ),
        page_kind=PageKind(row["page_kind"]) if row["page_kind"] else None,
    )


@dataclass(frozen=True, slots=True)
class PlaceRow:
    """A record as the catalogue points at it."""

    capture: str
    record_id: str
    record_type: str
    uri: str
    payload_digest: str | None
    offset: int
    length: int


def places_in(connection: Connection, name: str) -> Iterator[PlaceRow]:
    """Yield what the catalogue says lies in a WARC file, by offset."""
    rows = connection.execute(
        select(
            capture.c.id,
            capture.c.record_id,
            capture.c.record_type,
            url.c.uri,
            capture.c.payload_digest,
            capture.c.offset,
            capture.c.length,
        )
        .join(url, url.c.id == capture.c.url_id)
        .join(warc_file, warc_file.c.id == capture.c.file_id)
        .where(warc_file.c.name == name)
        .order_by(capture.c.offset),
        execution_options={"yield_per": 1000},
    )
    for row in rows:
        yield PlaceRow(*row)


def captures_in(connection: Connection) -> int:
    """Count all captures."""
    return int(connection.execute(select(func.count()).select_from(capture)).scalar_one())


def latest_order(connection: Connection, article_id: int) -> tuple[datetime, str, str] | None:
    """Return the place in order (WARC-Date, urlkey, record id) of an article's last capture."""
    row = connection.execute(
        select(capture.c.captured_at, url.c.urlkey, capture.c.record_id)
        .join(url, url.c.id == capture.c.url_id)
        .where(capture.c.article_id == article_id)
        .order_by(capture.c.captured_at.desc(), url.c.urlkey.desc(), capture.c.record_id.desc())
        .limit(1)
    ).first()
    return None if row is None else (row[0], row[1], row[2])


def verdict_of(connection: Connection, capture_id: str) -> Verdict:
    """Return a capture's verdict as it stands."""
    return Verdict(
        connection.execute(select(capture.c.verdict).where(capture.c.id == capture_id)).scalar_one()
    )


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
    connection: Connection, *, source_id: int | None = None, verdicts: Sequence[Verdict] = ()
) -> datetime | None:
    """Return when the last capture was made, of a source and with certain verdicts if asked."""
    query = select(func.max(capture.c.captured_at))
    if source_id is not None:
        query = query.where(capture.c.source_id == source_id)
    if verdicts:
        query = query.where(capture.c.verdict.in_(verdicts))
    return connection.execute(query).scalar()
