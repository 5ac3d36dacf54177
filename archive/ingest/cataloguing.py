"""
Indexes one capture: address, article, observation, judgement, row.

The same path for what was just fetched, for what an import brings and for what start-up finds in the files.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from urllib.parse import urlsplit

from sqlalchemy import Connection

from archive import urls
from archive.catalog import articles, captures
from archive.ingest.facts import CaptureFacts
from archive.ingest.identity import article_for, bind_move
from archive.ingest.ledger import Contents, Judged, OnEvents, judge, rework
from archive.ingest.observing import Seen, observe
from archive.ingest.redesign import look_for_redesign
from archive.model import Event, Extraction, Observation, PageKind, Verdict

__all__ = ["Catalogued", "Cataloguer"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Catalogued:
    """What became of one capture."""

    id: str
    uri: str
    verdict: Verdict
    #: Row of the article, or None.
    article_id: int | None
    page_kind: PageKind | None
    #: Events that became alerts with this capture.
    alerts: tuple[Event, ...] = ()


class Cataloguer:
    """Indexes captures; the caller owns the transaction."""

    def __init__(self, on_events: OnEvents | None = None) -> None:
        self._on_events = on_events
        self._contents = Contents()

    def catalogue(
        self,
        connection: Connection,
        facts: CaptureFacts,
        *,
        source_id: int,
        is_open: bool = True,
    ) -> Catalogued:
        """Index one capture. Its bytes must be durable already."""
        contents = self._contents.loader(connection)
        url = articles.ensure_url(connection, facts.uri, urls.urlkey(facts.uri), urlsplit(facts.uri).netloc)
        shown = observe(connection, facts, url.id, contents)
        article_id = article_for(connection, url, shown, source_id=source_id, at=facts.at)
        seen = _observation(facts, shown)
        row = _row(
            connection,
            facts,
            shown,
            url_id=url.id,
            article_id=article_id,
            source_id=source_id,
            is_open=is_open,
        )
        if article_id is None:
            judgement = Judged(verdict=_without_article(seen))
            captures.add_captures(connection, [row | {"verdict": judgement.verdict, "version": None}])
        else:
            judgement = self._judged(connection, article_id, seen, shown, row, facts, contents)
        return Catalogued(
            id=facts.id,
            uri=facts.uri,
            verdict=judgement.verdict,
            article_id=article_id,
            page_kind=shown.page_kind,
            alerts=judgement.alerts,
        )

    def _judged(
        self,
        connection: Connection,
        article_id: int,
        seen: Observation,
        shown: Seen,
        row: dict[str, object],
        facts: CaptureFacts,
        contents: Callable[[str], Extraction],
    ) -> Judged:
        last = captures.latest_order(connection, article_id)
        if last is not None and (facts.at, urls.urlkey(facts.uri), facts.record_id) < last:
            captures.add_captures(connection, [row | {"verdict": Verdict.SUSPECT, "version": None}])
            rework(connection, article_id, contents)
            return Judged(verdict=captures.verdict_of(connection, facts.id))
        judgement = judge(connection, article_id, seen, shown, contents)
        captures.add_captures(
            connection, [row | {"verdict": judgement.verdict, "version": judgement.version}]
        )
        bind_move(connection, article_id, shown)
        alerts = judgement.alerts
        if judgement.opened:
            alerts += look_for_redesign(connection, article_id, seen, judgement.opened, contents)
        if alerts and self._on_events is not None:
            self._on_events(connection, alerts)
        return replace(judgement, alerts=alerts)


def _observation(facts: CaptureFacts, shown: Seen) -> Observation:
    return Observation(
        capture=facts.id,
        at=facts.at,
        status=facts.status,
        page_kind=shown.page_kind,
        content=shown.content,
        is_damaged=shown.is_damaged,
        aim=shown.aim,
        target=shown.target,
        rendition=shown.rendition,
    )


def _row(
    connection: Connection,
    facts: CaptureFacts,
    shown: Seen,
    *,
    url_id: int,
    article_id: int | None,
    source_id: int,
    is_open: bool,
) -> dict[str, object]:
    return {
        "id": facts.id,
        "captured_at": facts.at,
        "url_id": url_id,
        "article_id": article_id,
        "source_id": source_id,
        "status": facts.status,
        "payload_digest": shown.payload_digest,
        "record_type": facts.record_type,
        "record_id": facts.record_id,
        "file_id": captures.ensure_file(connection, facts.file, is_open=is_open),
        "offset": facts.offset,
        "length": facts.length,
        "page_kind": shown.page_kind,
        "content": shown.content,
        "is_damaged": shown.is_damaged,
        "aim": shown.aim,
        "target": shown.target,
        "rendition": shown.rendition,
    }


#: Answers that put something in front of a page, by status.
WALLS = frozenset({401, 402, 403, 407, 429, 451})


def _without_article(seen: Observation) -> Verdict:
    """Say what a capture is that belongs to no article."""
    if seen.aim is not None:
        return Verdict.REDIRECT
    if seen.status is None or seen.status in WALLS or seen.status >= 500:
        return Verdict.BLOCKED
    if seen.page_kind in (PageKind.CONSENT, PageKind.CHALLENGE, PageKind.LOGIN, PageKind.PAYWALLED):
        return Verdict.BLOCKED
    if seen.status in (404, 410) or seen.page_kind is PageKind.NOT_FOUND:
        return Verdict.MISSING
    return Verdict.SUSPECT
