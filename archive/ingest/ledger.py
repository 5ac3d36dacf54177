"""Lets the edit ledger judge a capture, and writes what follows from it."""

from collections.abc import Callable, Sequence
from typing import Any

from sqlalchemy import Connection

from archive import edits, text, urls
from archive.catalog import articles, captures, ledger
from archive.ingest.observing import Seen
from archive.model import Event, EventKind, Extraction, Observation, PageKind, Verdict

__all__ = ["Contents", "Judgement", "OnEvents", "judge", "rework"]

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


class Judgement:
    """What the ledger said of one capture."""

    __slots__ = ("alerts", "verdict", "version")

    def __init__(self, verdict: Verdict, version: int | None, alerts: tuple[Event, ...]) -> None:
        self.verdict = verdict
        self.version = version
        self.alerts = alerts


def judge(
    connection: Connection,
    article_id: int,
    seen: Observation,
    shown: Seen,
    contents: Callable[[str], Extraction],
) -> Judgement:
    """Advance an article's history by its newest capture."""
    row = articles.article_row(connection, article_id)
    state = edits.HistoryState.from_json(row.history) if row.history else edits.HistoryState()
    step = edits.advance(state, seen, contents, article=row.uri)
    for version in step.versions:
        ledger.upsert_version(connection, article_id, version)
    for event in step.events:
        ledger.upsert_event(connection, article_id, row.source_id, event)
    changed = _article_changes(seen, shown, step)
    articles.update_article(
        connection,
        article_id,
        history=step.state.to_json(),
        last_seen_at=max(seen.at, row.last_seen_at),
        captures=row.captures + 1,
        **changed,
    )
    fresh = tuple(event for event in step.events if event.alert and event.confirmed_at is not None)
    return Judgement(step.verdict, step.version, fresh)


def _article_changes(seen: Observation, shown: Seen, step: edits.Step) -> dict[str, Any]:
    changed: dict[str, Any] = {}
    if step.versions:
        changed["versions"] = max(version.number for version in step.versions)
    if shown.extraction is not None and seen.content is not None and step.verdict not in UNTRUSTED:
        changed["headline"] = shown.extraction.headline
        changed["published_at"] = shown.extraction.published_at
    for event in step.events:
        if event.kind is EventKind.REMOVED:
            changed["removed_at"] = event.confirmed_at
        elif event.kind is EventKind.RESTORED:
            changed["removed_at"] = None
    if moved_to := _moved_to(seen, step):
        changed["uri"] = moved_to
    return changed


#: Captures whose text does not stand for the article.
UNTRUSTED = frozenset({Verdict.SUSPECT, Verdict.VARIANT, Verdict.BLOCKED, Verdict.MISSING, Verdict.REMOVED})


def rework(connection: Connection, article_id: int, contents: Callable[[str], Extraction]) -> None:
    """
    Work an article's history out anew from all its captures, after one arrived late.

    Events that no longer hold are superseded, never erased; nothing is alerted.
    """
    row = articles.article_row(connection, article_id)
    uri = _origin(connection, row, contents)
    seen = captures.observations_of(connection, article_id)
    if not seen:
        articles.update_article(connection, article_id, history="", captures=0, versions=0, removed_at=None)
        ledger.truncate_versions(connection, article_id, 0)
        ledger.supersede_events(connection, article_id, [])
        return
    state = edits.HistoryState()
    versions: dict[int, Any] = {}
    events: dict[str, Event] = {}
    told: str | None = None
    for one in seen:
        step = edits.advance(state, one, contents, article=uri)
        state = step.state
        captures.set_judgement(connection, one.capture, step.verdict, step.version)
        versions.update({version.number: version for version in step.versions})
        events.update({event.id: event for event in step.events})
        if one.content is not None and step.verdict not in UNTRUSTED:
            told = one.content
        uri = _moved_to(one, step) or uri
    for version in versions.values():
        ledger.upsert_version(connection, article_id, version)
    ledger.truncate_versions(connection, article_id, max(versions, default=0))
    for event in events.values():
        ledger.upsert_event(connection, article_id, row.source_id, event)
    ledger.supersede_events(connection, article_id, list(events))
    removed = [event for event in events.values() if event.kind in (EventKind.REMOVED, EventKind.RESTORED)]
    last = max(removed, key=lambda event: event.first_seen_at, default=None)
    shown = contents(told) if told else Extraction(page_kind=PageKind.EMPTY)
    articles.update_article(
        connection,
        article_id,
        uri=uri,
        headline=shown.headline,
        published_at=shown.published_at,
        history=state.to_json(),
        first_seen_at=seen[0].at,
        last_seen_at=seen[-1].at,
        captures=len(seen),
        versions=max(versions, default=0),
        removed_at=last.confirmed_at if last is not None and last.kind is EventKind.REMOVED else None,
    )


def _origin(connection: Connection, row: articles.ArticleRow, contents: Callable[[str], Extraction]) -> str:
    """Return the address an article had at first: its events' ids follow from it."""
    first = captures.first_trusted(connection, row.id)
    if first is None:
        return row.uri
    uri = urls.choose_canonical(first.uri, contents(first.content).canonical)
    return uri if articles.article_by_key(connection, urls.identity_key(uri)) == row.id else row.uri


def _moved_to(seen: Observation, step: edits.Step) -> str | None:
    """Return the article's new address when a capture says that it moved."""
    if step.verdict is not Verdict.MOVED or not seen.target:
        return None
    return None if urls.kind_of(seen.target) is urls.UrlKind.HOME else urls.clean_url(seen.target)
