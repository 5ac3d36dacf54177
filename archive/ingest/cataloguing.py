"""
Indexes captures: address, article, judgement, row.

The same path for what was just fetched, for what an import brings and for what is found in the files.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from urllib.parse import urlsplit

from sqlalchemy import Connection

from archive import text, urls
from archive.catalog import articles, captures, entries, files, ledger, payloads, signatures
from archive.catalog.darkness import is_dark_article, settle_darkness
from archive.digests import capture_id
from archive.ingest.facts import CaptureFacts
from archive.ingest.identity import article_for, bind_move
from archive.ingest.ledger import Contents, Judged, OnEvents, judge, rework
from archive.ingest.observing import Seen, observe
from archive.ingest.redesign import look_back_for_redesign, look_for_redesign
from archive.model import Event, Observation, PageKind, RecordType, Verdict
from archive.text.selectors import Selectors

__all__ = ["Arrival", "Catalogued", "Cataloguer"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrival:
    """A capture that is durable and has no row yet."""

    facts: CaptureFacts
    seen: Seen
    source_id: int
    #: What it was found to show at first, where a later look found something else: by that its article is known.
    first_seen: Seen | None = None


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
    #: Other pages were fetched for its text's sake.
    is_joined: bool = False
    #: Why its article's text is not whole; "" when it is.
    missing: str = ""


class Cataloguer:
    """Indexes captures; the caller owns the transaction."""

    def __init__(self, on_events: OnEvents | None = None) -> None:
        self._on_events = on_events
        self.contents = Contents()
        self._late: set[int] = set()

    def look(self, connection: Connection, facts: CaptureFacts, selectors: Selectors | None = None) -> Seen:
        """Say what a capture shows, by its outlet's selectors where there are any; nothing is written."""
        url = articles.url_row(connection, facts.uri)
        contents = self.contents.loader(connection)
        return observe(connection, facts, url.id if url else None, contents, selectors=selectors)

    def knows_text(self, connection: Connection, digest: str) -> bool:
        """Tell whether the catalogue holds a text."""
        return self.contents.holds(digest) or ledger.has_content(connection, digest)

    def catalogue(
        self, connection: Connection, arrivals: Sequence[Arrival], *, is_open: bool = True
    ) -> list[Catalogued]:
        """Index captures whose bytes are durable; the results stand in the order of the arrivals."""
        done = {
            arrival.facts.id: self.add(connection, arrival, is_open=is_open)
            for arrival in sorted(arrivals, key=lambda arrival: _order(arrival.facts))
        }
        late = self.settle(connection)
        found = [done[arrival.facts.id] for arrival in arrivals]
        # The verdict of one that came late was worked out just now.
        return [_judged_anew(connection, one) if one.article_id in late else one for one in found]

    def mark_late(self, article_ids: Iterable[int]) -> None:
        """Let the history of articles be worked out anew at the next `settle`."""
        self._late.update(article_ids)

    def settle(self, connection: Connection) -> frozenset[int]:
        """
        Work the history of articles out anew to which captures came late; return their rows.

        To be called before the transaction of `add` ends. Nothing old is alerted.
        """
        late, self._late = frozenset(self._late), set()
        for article_id in sorted(late):
            rework(connection, article_id, self.contents.loader(connection))
            settle_darkness(connection, article_id)
        look_back_for_redesign(connection, sorted(late), self.contents.loader(connection))
        return late

    def forget(self) -> None:
        """Forget what was added in a transaction that did not come to its end."""
        self._late = set()
        self.contents.forget()

    def add(self, connection: Connection, arrival: Arrival, *, is_open: bool = True) -> Catalogued:
        """Index one capture; its verdict stands once `settle` was called."""
        facts, shown = arrival.facts, arrival.seen
        url = articles.ensure_url(connection, facts.uri, urls.urlkey(facts.uri), urlsplit(facts.uri).netloc)
        if (
            shown.content is not None
            and shown.extraction is not None
            and not self.contents.holds(shown.content)
        ):
            entries.add_content(connection, shown.content, text.content_of(shown.extraction))
        if shown.signature and shown.content is not None:
            signatures.set_signature(connection, url.id, shown.signature, shown.content)
        known_by = arrival.first_seen if arrival.first_seen and arrival.first_seen.content else shown
        article_id = article_for(connection, url, known_by, source_id=arrival.source_id, at=facts.at)
        row = _row(connection, arrival, url_id=url.id, article_id=article_id, is_open=is_open)
        if article_id is None:
            judgement = Judged(verdict=_without_article(_observation(facts, shown)))
            captures.add_captures(connection, [row | {"verdict": judgement.verdict, "version": None}])
        else:
            if url.article_id is None and captures.adopt_captures(connection, url.id, article_id):
                # Captures of this address that told nothing of an article belong to this one.
                rework(connection, article_id, self.contents.loader(connection))
            judgement = self._judged(connection, article_id, arrival, row)
            if shown.is_dark or is_dark_article(connection, article_id):
                settle_darkness(connection, article_id)
        if facts.record_type == RecordType.RESPONSE:
            self._late |= payloads.resolve_revisits(connection, url.id, facts.id)
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
        arrival: Arrival,
        row: dict[str, object],
    ) -> Judged:
        facts = arrival.facts
        last = captures.latest_order(connection, article_id)
        if last is not None and _order(facts) < last:
            captures.add_captures(connection, [row | {"verdict": Verdict.SUSPECT, "version": None}])
            self._late.add(article_id)
            return Judged(verdict=Verdict.SUSPECT)
        if article_id in self._late:
            self._late.discard(article_id)
            rework(connection, article_id, self.contents.loader(connection))
        contents = self.contents.loader(connection)
        seen = _observation(facts, arrival.seen)
        judgement = judge(connection, article_id, seen, arrival.seen, contents)
        captures.add_captures(
            connection, [row | {"verdict": judgement.verdict, "version": judgement.version}]
        )
        bind_move(connection, article_id, arrival.seen)
        alerts = judgement.alerts
        if judgement.opened:
            alerts += look_for_redesign(connection, article_id, seen, judgement.opened, contents)
        if alerts and self._on_events is not None:
            self._on_events(connection, alerts)
        return replace(judgement, alerts=alerts)


def _order(facts: CaptureFacts) -> tuple[datetime, str, str]:
    return (facts.at, urls.urlkey(facts.uri), facts.record_id)


def _judged_anew(connection: Connection, one: Catalogued) -> Catalogued:
    return replace(one, verdict=captures.verdict_of(connection, one.id))


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
    connection: Connection, arrival: Arrival, *, url_id: int, article_id: int | None, is_open: bool
) -> dict[str, object]:
    facts, shown = arrival.facts, arrival.seen
    is_revisit = facts.record_type is RecordType.REVISIT and facts.refers_to is not None
    return {
        "id": facts.id,
        "captured_at": facts.at,
        "url_id": url_id,
        "article_id": article_id,
        "source_id": arrival.source_id,
        "status": facts.status,
        "payload_digest": shown.payload_digest,
        "record_type": facts.record_type,
        "record_id": facts.record_id,
        "refers_to": capture_id(facts.refers_to) if is_revisit and facts.refers_to else None,
        "file_id": files.ensure_file(connection, facts.file, is_open=is_open),
        "offset": facts.offset,
        "length": facts.length,
        "page_kind": shown.page_kind,
        "content": shown.content,
        "is_damaged": shown.is_damaged,
        "aim": shown.aim,
        "target": shown.target,
        "rendition": shown.rendition,
        "rights": ",".join(shown.rights) or None,
        "is_rendered": shown.is_rendered,
        "is_dark": shown.is_dark,
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
