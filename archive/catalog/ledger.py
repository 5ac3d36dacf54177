"""Queries on the edit ledger: what it says of contents, versions and events. `entries` writes it."""

import json
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import (
    ColumnElement,
    CompoundSelect,
    Connection,
    RowMapping,
    Select,
    and_,
    bindparam,
    func,
    or_,
    select,
    true,
    tuple_,
    union,
)

from archive.catalog.darkness import shown_article
from archive.catalog.event_detail import TRACKS, detail_from
from archive.catalog.judgements import judgement_from
from archive.catalog.schema import article, content, event, judgement, source, version
from archive.model import Disclosure, Event, EventKind, Severity, Track, Version

__all__ = [
    "ALERTS",
    "DISCLOSURE",
    "SEVERITY",
    "EventFilter",
    "SourceTally",
    "article_of_event",
    "captures_of_event",
    "captures_of_events",
    "content_json",
    "content_values",
    "contents_of_events",
    "count_events",
    "event_by_id",
    "event_of_capture",
    "events_confirmed_since",
    "events_matching",
    "events_of",
    "has_content",
    "is_on_event",
    "redesign_of",
    "source_of_event",
    "tallies",
    "values_of",
    "versions_of",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class EventFilter:
    """Which events are wanted; an empty field does not narrow, several values of one field are alternatives."""

    since: datetime | None = None
    until: datetime | None = None
    sources: tuple[str, ...] = ()
    article_id: int | None = None
    kinds: tuple[str, ...] = ()
    severities: tuple[str, ...] = ()
    disclosures: tuple[str, ...] = ()
    tracks: tuple[str, ...] = ()
    #: Those that raise no alert as well.
    all: bool = False
    #: What is kept dark as well.
    dark: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceTally:
    """How often a source's articles were edited, and whether it said so."""

    source: str
    events: int = 0
    silent: int = 0
    #: Edits that were disclosed in full or in part.
    accounted: int = 0
    #: With a note that came, changed or went; and those of them with a correction.
    notes: int = 0
    corrections: int = 0
    headlines: int = 0
    removed: int = 0


def content_json(connection: Connection, digest: str) -> dict[str, Any] | None:
    """Return an extraction's values."""
    data = connection.execute(_CONTENT, {"digest": digest}).scalar()
    if data is None:
        return None
    return values_of(data)


def values_of(data: bytes) -> dict[str, Any]:
    """Return an extraction's values from the bytes they are kept as."""
    values: dict[str, Any] = json.loads(zlib.decompress(data))
    return values


def content_values(connection: Connection, digest: str) -> dict[str, Any]:
    """Return the values of an extraction that has to be there."""
    values = content_json(connection, digest)
    if values is None:
        message = f"content {digest} is not in the catalogue; run `lateedition rebuild`"
        raise LookupError(message)
    return values


_CONTENT = select(content.c.data).where(content.c.digest == bindparam("digest"))


def has_content(connection: Connection, digest: str) -> bool:
    """Tell whether an extraction is kept."""
    return connection.execute(select(content.c.digest).where(content.c.digest == digest)).first() is not None


def versions_of(connection: Connection, article_id: int) -> list[Version]:
    """Return an article's versions, oldest first."""
    rows = connection.execute(
        select(version, article.c.uri)
        .join(article, article.c.id == version.c.article_id)
        .where(version.c.article_id == article_id)
        .order_by(version.c.number)
    ).mappings()
    return [
        Version(
            article=row["uri"],
            number=row["number"],
            captured_at=row["captured_at"],
            last_seen_at=row["last_seen_at"],
            capture=row["capture"],
            content=row["content"],
            headline=row["headline"],
            words=row["words"],
            event=row["event"],
        )
        for row in rows
    ]


def event_by_id(connection: Connection, event_id: str) -> Event | None:
    """Return one event, unless it was superseded."""
    row = connection.execute(_events().where(event.c.id == event_id)).mappings().first()
    return None if row is None else _event(row)


def event_of_capture(connection: Connection, to_capture: str, kind: str) -> Event | None:
    """Return the event of a kind that a capture showed first, unless it was superseded."""
    query = _events().where(event.c.to_capture == to_capture, event.c.kind == kind)
    row = connection.execute(query).mappings().first()
    return None if row is None else _event(row)


def events_matching(
    connection: Connection,
    wanted: EventFilter,
    *,
    newest_first: bool = False,
    after: tuple[datetime, str] | None = None,
    limit: int | None = None,
) -> Iterator[Event]:
    """
    Yield events by `first_seen_at`, then id.

    Args:
        newest_first: reverse the order.
        after: (first_seen_at, id) of the last event of the page before.
        limit: how many at most.
    """
    order = (event.c.first_seen_at, event.c.id)
    query = _narrowed(_events(), wanted)
    if after is not None:
        place = tuple_(*order)
        query = query.where(place < after if newest_first else place > after)
    query = query.order_by(*[column.desc() for column in order] if newest_first else order)
    if limit is not None:
        query = query.limit(limit)
    for row in connection.execute(query, execution_options={"yield_per": 500}).mappings():
        yield _event(row)


def events_confirmed_since(connection: Connection, since: datetime, wanted: EventFilter) -> list[Event]:
    """Return the events that were confirmed at a moment or later, in that order."""
    # Unordered in the query: an order by another column would have all events walked.
    query = _narrowed(_events(), wanted).where(event.c.confirmed_at >= since)
    found = [_event(row) for row in connection.execute(query).mappings()]
    return sorted(found, key=lambda one: (one.confirmed_at or since, one.id))


def captures_of_events(wanted: EventFilter) -> CompoundSelect[tuple[str]]:
    """Return a query of the captures between which events happened."""
    found = _narrowed(_events(), wanted).subquery()
    return union(select(found.c.from_capture), select(found.c.to_capture))


def captures_of_event(event_id: str) -> CompoundSelect[tuple[str]]:
    """Return a query of the two captures between which one event happened."""
    return union(
        *[select(side).where(event.c.id == event_id) for side in (event.c.from_capture, event.c.to_capture)]
    )


def events_of(connection: Connection, article_id: int) -> list[Event]:
    """Return an article's events, by `first_seen_at`."""
    rows = connection.execute(
        _events().where(event.c.article_id == article_id).order_by(event.c.first_seen_at)
    )
    return [_event(row) for row in rows.mappings()]


def count_events(connection: Connection, wanted: EventFilter) -> int:
    """Count the events that match."""
    query = _narrowed(_events(), wanted).order_by(None).subquery()
    return int(connection.execute(select(func.count()).select_from(query)).scalar_one())


#: A person's word goes before what was found.
ALERTS = and_(event.c.alert, judgement.c.is_an_edit.is_not(False))
SEVERITY = func.coalesce(judgement.c.severity, event.c.severity)
DISCLOSURE = func.coalesce(judgement.c.disclosure, event.c.disclosure)


def _events() -> Select[Any]:
    return (
        select(
            event,
            article.c.uri.label("article"),
            source.c.name.label("source"),
            judgement.c.detail.label("judgement"),
        )
        .join(article, article.c.id == event.c.article_id)
        .join(source, source.c.id == event.c.source_id)
        .outerjoin(judgement, is_on_event())
        .where(event.c.is_superseded.is_(False))
    )


def is_on_event() -> ColumnElement[bool]:
    """Return the condition that joins a person's word to its event."""
    return and_(judgement.c.to_capture == event.c.to_capture, judgement.c.kind == event.c.kind)


def _narrowed(query: Select[Any], wanted: EventFilter) -> Select[Any]:
    if not wanted.all:
        query = query.where(ALERTS)
    if not wanted.dark:
        query = query.where(shown_article(event.c.article_id))
    if wanted.since is not None:
        query = query.where(event.c.first_seen_at >= wanted.since)
    if wanted.until is not None:
        query = query.where(event.c.first_seen_at < wanted.until)
    if wanted.article_id is not None:
        query = query.where(event.c.article_id == wanted.article_id)
    if wanted.sources:
        named = select(source.c.id).where(source.c.name.in_(wanted.sources))
        query = query.where(event.c.source_id.in_(named))
    for column, values in (
        (event.c.kind, wanted.kinds),
        (SEVERITY, wanted.severities),
        (DISCLOSURE, wanted.disclosures),
    ):
        if values:
            query = query.where(column.in_(values))
    if wanted.tracks:
        query = query.where(
            or_(*[("," + event.c.tracks + ",").like(f"%,{track},%") for track in wanted.tracks])
        )
    return query


#: By value, as rows have them: a million are read at once.
KINDS = {one.value: one for one in EventKind}
SEVERITIES = {one.value: one for one in Severity}
DISCLOSURES = {one.value: one for one in Disclosure}


def _event(row: RowMapping) -> Event:
    detail = detail_from(row["detail"])
    said = judgement_from(row["judgement"]) if row["judgement"] else None
    severity = (said and said.severity) or row["severity"]
    disclosure = (said and said.disclosure) or row["disclosure"]
    return Event(
        id=row["id"],
        article=row["article"],
        source=row["source"],
        kind=KINDS[row["kind"]],
        headline=row["headline"],
        severity=SEVERITIES[severity] if severity else None,
        tracks=tuple(TRACKS[track] for track in row["tracks"].split(",") if track),
        first_seen_at=row["first_seen_at"],
        confirmed_at=row["confirmed_at"],
        from_version=row["from_version"],
        to_version=row["to_version"],
        from_capture=row["from_capture"],
        to_capture=row["to_capture"],
        words_added=row["words_added"],
        words_removed=row["words_removed"],
        notes=detail.notes,
        disclosure=DISCLOSURES[disclosure],
        is_variant=row["is_variant"],
        alert=row["alert"] and (said is None or said.is_an_edit is not False),
        summary=row["summary"],
        operations=detail.operations,
        is_superseded=row["is_superseded"],
        reasons=detail.reasons,
        claims=detail.claims,
        unsaid=detail.unsaid,
        is_reverted=detail.is_reverted,
        judgement=said,
    )


def tallies(connection: Connection) -> list[SourceTally]:
    """Count each source's events that were alerted, by the source's name."""
    tracks = "," + event.c.tracks + ","
    noted = tracks.like(f"%,{Track.NOTES},%")
    edited = event.c.kind == EventKind.EDIT
    counts = {
        "events": true(),
        "silent": DISCLOSURE == Disclosure.SILENT,
        "accounted": edited & DISCLOSURE.in_((Disclosure.DISCLOSED, Disclosure.PARTIAL)),
        "notes": noted,
        # The long column is looked at only where a note is known to stand in it.
        "corrections": noted & event.c.detail.like('%"correction"%'),
        "headlines": tracks.like(f"%,{Track.HEADLINE},%"),
        "removed": event.c.kind == EventKind.REMOVED,
    }
    # Grouped by a sum, not by the column: through the column's index every row would be looked up on its own.
    row_of_source = (event.c.source_id + 0).label("source_id")
    found = connection.execute(
        select(row_of_source, *[func.count().filter(test).label(name) for name, test in counts.items()])
        .select_from(event)
        .outerjoin(judgement, is_on_event())
        .where(ALERTS, event.c.is_superseded.is_(False))
        .group_by(row_of_source)
    ).mappings()
    by_source = {row["source_id"]: {name: row[name] for name in counts} for row in found}
    names = connection.execute(select(source.c.id, source.c.name).order_by(source.c.name))
    return [SourceTally(source=name, **by_source.get(row, {})) for row, name in names]


def contents_of_events(connection: Connection, event_ids: Sequence[str]) -> dict[str, str]:
    """Return the content digest of the version that each event led to, of those that led to one."""
    rows = connection.execute(
        select(event.c.id, version.c.content)
        .join(
            version,
            (version.c.article_id == event.c.article_id)
            & (version.c.number == func.coalesce(event.c.to_version, event.c.from_version)),
        )
        .where(event.c.id.in_(event_ids))
    )
    return {row[0]: row[1] for row in rows}


def redesign_of(connection: Connection, source_id: int, since: datetime) -> Event | None:
    """Return an outlet's redesign that began after a moment."""
    query = _events().where(
        event.c.source_id == source_id, event.c.kind == EventKind.REDESIGN, event.c.first_seen_at >= since
    )
    row = connection.execute(query.order_by(event.c.first_seen_at).limit(1)).mappings().first()
    return None if row is None else _event(row)


def source_of_event(connection: Connection, event_id: str) -> int | None:
    """Return the row of an event's source."""
    return connection.execute(select(event.c.source_id).where(event.c.id == event_id)).scalar()


def article_of_event(connection: Connection, event_id: str) -> int | None:
    """Return the row of an event's article."""
    return connection.execute(select(event.c.article_id).where(event.c.id == event_id)).scalar()
