"""Queries on what captures were found to show, to look at them again with newer software."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Select, func, select, update

from archive.catalog.captures import observation_from
from archive.catalog.schema import article, capture, url, warc_file
from archive.model import Observation, RecordType, Verdict

__all__ = [
    "ShownRow",
    "adopt_captures",
    "articles_since",
    "count_answers",
    "set_extraction",
    "shown_by_article",
    "shown_by_capture",
    "shown_without_article",
    "source_of_url",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownRow:
    """One capture: where its record lies, and what it was found to show."""

    observation: Observation
    verdict: Verdict
    version: int | None
    article_id: int | None
    source_id: int
    url_id: int
    uri: str
    payload_digest: str | None
    record_type: RecordType
    record_id: str
    #: The capture that a revisit names as its original, present or not.
    refers_to: str | None
    #: Name of the WARC file, without the `.open` of a growing one; None when nothing was kept.
    file: str | None
    offset: int
    length: int
    #: What it shows is what a browser made of it.
    is_rendered: bool

    @property
    def has_text(self) -> bool:
        """Tell whether the record holds a full answer, or stands before what a browser made of one."""
        return (
            self.observation.status == 200
            and (self.record_type == RecordType.RESPONSE or self.is_rendered)
            and self.file is not None
        )


def articles_since(connection: Connection, since: datetime | None) -> list[int]:
    """Return the articles that were captured since a moment, oldest first; all without one."""
    query = select(article.c.id).order_by(article.c.id)
    if since is not None:
        captured = select(capture.c.article_id).where(
            capture.c.captured_at >= since, capture.c.article_id.is_not(None)
        )
        query = query.where(article.c.id.in_(captured))
    return [int(row[0]) for row in connection.execute(query)]


def count_answers(connection: Connection, since: datetime | None) -> int:
    """Count the full answers kept, since a moment if asked."""
    query = (
        select(func.count())
        .select_from(capture)
        .where(capture.c.status == 200, capture.c.record_type == RecordType.RESPONSE)
    )
    if since is not None:
        query = query.where(capture.c.captured_at >= since)
    return int(connection.execute(query).scalar_one())


def source_of_url(connection: Connection, url_id: int) -> int:
    """Return the source that an address's last capture was made for."""
    return int(
        connection.execute(
            select(capture.c.source_id)
            .where(capture.c.url_id == url_id)
            .order_by(capture.c.captured_at.desc())
            .limit(1)
        ).scalar_one()
    )


def shown_by_article(connection: Connection, article_id: int) -> list[ShownRow]:
    """Return an article's captures in order (WARC-Date, urlkey, record id)."""
    return _rows(connection, _shown().where(capture.c.article_id == article_id))


def shown_by_capture(connection: Connection, capture_id: str) -> ShownRow | None:
    """Return one capture, or None when it is not in the archive."""
    return next(iter(_rows(connection, _shown().where(capture.c.id == capture_id))), None)


def shown_without_article(connection: Connection, since: datetime | None) -> list[ShownRow]:
    """Return the captures of addresses that were answered and belong to no article, in order."""
    answered = select(capture.c.url_id).where(
        capture.c.article_id.is_(None), capture.c.status == 200, capture.c.record_type == RecordType.RESPONSE
    )
    if since is not None:
        answered = answered.where(capture.c.captured_at >= since)
    return _rows(connection, _shown().where(capture.c.article_id.is_(None), capture.c.url_id.in_(answered)))


def set_extraction(connection: Connection, seen: Observation) -> None:
    """Change what a capture was found to show."""
    connection.execute(
        update(capture)
        .where(capture.c.id == seen.capture)
        .values(
            page_kind=seen.page_kind,
            content=seen.content,
            is_damaged=seen.is_damaged,
            rendition=seen.rendition,
        )
    )


def adopt_captures(connection: Connection, url_id: int, article_id: int) -> None:
    """Give an address's captures that belong to nobody to an article."""
    connection.execute(
        update(capture)
        .where(capture.c.url_id == url_id, capture.c.article_id.is_(None))
        .values(article_id=article_id)
    )


def _shown() -> Select[Any]:
    return (
        select(capture, url.c.uri, warc_file.c.name.label("file"))
        .join(url, url.c.id == capture.c.url_id)
        .outerjoin(warc_file, warc_file.c.id == capture.c.file_id)
        .order_by(capture.c.captured_at, url.c.urlkey, capture.c.record_id)
    )


def _rows(connection: Connection, query: Select[Any]) -> list[ShownRow]:
    return [
        ShownRow(
            observation=observation_from(row),
            verdict=Verdict(row["verdict"]),
            version=row["version"],
            article_id=row["article_id"],
            source_id=row["source_id"],
            url_id=row["url_id"],
            uri=row["uri"],
            payload_digest=row["payload_digest"],
            record_type=RecordType(row["record_type"]),
            record_id=row["record_id"],
            refers_to=row["refers_to"],
            file=row["file"],
            offset=row["offset"] or 0,
            length=row["length"] or 0,
            is_rendered=row["is_rendered"],
        )
        for row in connection.execute(query).mappings()
    ]
