"""Lets the edit ledger judge a capture, and writes what follows from it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection

from archive import edits, text, urls
from archive.catalog import articles, blocks, captures, entries, ledger
from archive.ingest.observing import Seen
from archive.model import Event, EventKind, Extraction, Observation, PageKind, Verdict

__all__ = ["Contents", "Judged", "OnEvents", "judge", "origin_of", "rework", "write_fold"]

#: Called inside the event's own transaction with events that became alerts just now.
OnEvents = Callable[[Connection, Sequence[Event]], None]

#: Extractions kept at hand; most captures compare with one that was looked at a moment ago.
KEPT = 512


class Contents:
    """Loads extractions by digest, the last few from memory."""

    def __init__(self) -> None:
        self._kept: dict[str, Extraction] = {}

    def holds(self, digest: str) -> bool:
        """Tell whether a text was loaded from the catalogue a moment ago."""
        return digest in self._kept

    def forget(self) -> None:
        """Load everything anew: a transaction in which something was loaded did not come to its end."""
        self._kept.clear()

    def loader(self, connection: Connection) -> Callable[[str], Extraction]:
        """Return a function that loads through a connection."""

        def load(digest: str) -> Extraction:
            found = self._kept.pop(digest, None)
            if found is None:
                values = ledger.content_json(connection, digest)
                if values is None:
                    message = f"content {digest} is not in the catalogue; run `lateedition rebuild`"
                    raise LookupError(message)
                found = text.extraction_from(values)
            self._kept[digest] = found
            if len(self._kept) > KEPT:
                del self._kept[next(iter(self._kept))]
            return found

        return load


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """What the ledger said of one capture."""

    verdict: Verdict
    version: int | None = None
    #: Events that became alerts with this capture.
    alerts: tuple[Event, ...] = ()
    #: Edits that this capture was the first to show.
    opened: tuple[Event, ...] = ()


def judge(
    connection: Connection,
    article_id: int,
    seen: Observation,
    shown: Seen,
    contents: Callable[[str], Extraction],
) -> Judged:
    """Advance an article's history by its newest capture."""
    row = articles.article_row(connection, article_id)
    state = edits.HistoryState.from_json(row.history) if row.history else edits.HistoryState()
    noise = blocks.noise_of(connection, row.source_id)
    step = edits.advance(state, seen, contents, article=row.uri, noise=noise)
    if step.amended is not None:
        one = step.amended
        captures.set_judgement(connection, one.capture, one.verdict, one.version)
        entries.truncate_versions(connection, article_id, step.state.version)
    for version in step.versions:
        entries.upsert_version(connection, article_id, version)
    for event in step.events:
        entries.upsert_event(connection, article_id, row.source_id, event)
    changed = _article_changes(seen, shown, step)
    articles.update_article(
        connection,
        article_id,
        history=step.state.to_json(),
        last_seen_at=max(seen.at, row.last_seen_at),
        captures=row.captures + 1,
        **changed,
    )
    return Judged(
        verdict=step.verdict,
        version=step.version,
        alerts=_alerts(connection, step),
        opened=tuple(
            event
            for event in step.events
            if event.kind is EventKind.EDIT and event.to_capture == seen.capture
        ),
    )


def _alerts(connection: Connection, step: edits.Step) -> tuple[Event, ...]:
    """Return the events that alert now; what a person has called no edit does not."""
    fresh = [event for event in step.events if event.alert and event.confirmed_at is not None]
    return tuple(
        event for event in fresh if (known := ledger.event_by_id(connection, event.id)) and known.alert
    )


def _article_changes(seen: Observation, shown: Seen, step: edits.Step) -> dict[str, Any]:
    changed: dict[str, Any] = {}
    if step.versions or step.amended is not None:
        changed["versions"] = step.state.version
    if shown.extraction is not None and seen.content is not None and step.verdict not in UNTRUSTED:
        changed["headline"] = shown.extraction.headline
        changed["published_at"] = shown.extraction.published_at
    for event in step.events:
        if event.kind is EventKind.REMOVED:
            changed["removed_at"] = event.confirmed_at
        elif event.kind is EventKind.RESTORED:
            changed["removed_at"] = None
    if moved := edits.moved_to(seen, step.verdict):
        changed["uri"] = moved
    return changed


#: Captures whose text does not stand for the article.
UNTRUSTED = frozenset({Verdict.SUSPECT, Verdict.VARIANT, Verdict.BLOCKED, Verdict.MISSING, Verdict.REMOVED})


def rework(connection: Connection, article_id: int, contents: Callable[[str], Extraction]) -> None:
    """
    Work an article's history out anew from all its captures, after one arrived late.

    Events that no longer hold are superseded, never erased; nothing is alerted.
    """
    row = articles.article_row(connection, article_id)
    uri = origin_of(connection, row, contents)
    seen = captures.observations_of(connection, article_id)
    if not seen:
        articles.update_article(connection, article_id, history="", captures=0, versions=0, removed_at=None)
        entries.truncate_versions(connection, article_id, 0)
        entries.supersede_events(connection, article_id, [])
        return
    noise = blocks.noise_of(connection, row.source_id)
    folded = edits.fold(seen, contents, article=uri, noise=noise)
    write_fold(connection, row, seen, folded, contents)


def write_fold(
    connection: Connection,
    row: articles.ArticleRow,
    seen: Sequence[Observation],
    folded: edits.Folded,
    contents: Callable[[str], Extraction],
) -> None:
    """Write what an article's whole history comes to in place of what was thought before."""
    for capture, (verdict, number) in folded.captures.items():
        captures.set_judgement(connection, capture, verdict, number)
    for version in folded.versions:
        entries.upsert_version(connection, row.id, version)
    entries.truncate_versions(connection, row.id, folded.state.version)
    for event in folded.events:
        entries.upsert_event(connection, row.id, row.source_id, event)
    entries.supersede_events(connection, row.id, [event.id for event in folded.events])
    is_removed = folded.state.missing is not None and folded.state.missing.is_removed
    removals = [event for event in folded.events if event.kind is EventKind.REMOVED]
    told = _told_last(seen, folded)
    shown = contents(told) if told else Extraction(page_kind=PageKind.EMPTY)
    articles.update_article(
        connection,
        row.id,
        uri=folded.article,
        headline=shown.headline,
        published_at=shown.published_at,
        history=folded.state.to_json(),
        first_seen_at=seen[0].at,
        last_seen_at=seen[-1].at,
        captures=len(seen),
        versions=folded.state.version,
        removed_at=removals[-1].confirmed_at if is_removed else None,
    )


def _told_last(seen: Sequence[Observation], folded: edits.Folded) -> str | None:
    """Return the digest of the text that the last trusted capture showed."""
    return next(
        (
            one.content
            for one in reversed(seen)
            if one.content is not None and folded.captures[one.capture][0] not in UNTRUSTED
        ),
        None,
    )


def origin_of(connection: Connection, row: articles.ArticleRow, contents: Callable[[str], Extraction]) -> str:
    """Return the address an article had at first: its events' ids follow from it."""
    first = captures.first_trusted(connection, row.id)
    if first is None:
        return row.uri
    uri = urls.choose_canonical(first.uri, contents(first.content).canonical)
    return uri if articles.article_by_key(connection, urls.identity_key(uri)) == row.id else row.uri
