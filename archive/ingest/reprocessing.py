"""
Looks at archived captures again with the software of today: extraction first, then each article's whole history.

Everything is worked out before anything is written, so that what would change can be read first. Events that no
longer hold are superseded, never erased; nothing is alerted. Done twice, the second time changes nothing.
"""

import json
import tempfile
import zlib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field, replace
from datetime import datetime
from multiprocessing import get_context
from typing import Any

import deflate
from sqlalchemy import Connection

from archive import edits, text, urls
from archive.catalog import articles, blocks, extracted, ledger, sources
from archive.catalog.extracted import ShownRow
from archive.errors import BlobStoreError
from archive.ingest.facts import facts_of_record
from archive.ingest.gathering import with_pages
from archive.ingest.identity import article_for
from archive.ingest.ledger import Contents, origin_of, rework
from archive.ingest.observing import Gathered, Seen, look_at_body
from archive.ingest.scanning import beside
from archive.model import PAGE, Event, EventKind, Extraction, Observation, PageKind, RecordType
from archive.opening import Stores
from archive.text.selectors import Selectors
from archive.warc.reader import read_member

__all__ = ["ArticleChange", "Reprocessing", "reprocess"]

#: Captures that are extracted before their articles are folded, and from how many on several processes work.
BATCH, CROWD = 256, 600

Progress = Callable[[int, int], None]


@dataclass(slots=True)
class ArticleChange:
    """What reprocessing changes in one article."""

    uri: str
    #: None for an address that is taken for an article only now.
    article_id: int | None
    #: Captures that show something else than before.
    seen: list[Observation] = field(default_factory=list)
    appearing: list[Event] = field(default_factory=list)
    vanishing: list[Event] = field(default_factory=list)
    #: Events that hold and read otherwise: as they were, as they are.
    altered: list[tuple[Event, Event]] = field(default_factory=list)


@dataclass(slots=True)
class Reprocessing:
    """What was found, and is or would be changed."""

    articles: int = 0
    captures: int = 0
    #: Articles in which something changes; empty when the archive is as today's software would have it.
    changes: list[ArticleChange] = field(default_factory=list)
    #: One line for each record that could not be read.
    problems: list[str] = field(default_factory=list)

    def events(self, name: str) -> list[Any]:
        """Return all events that are `appearing`, `vanishing` or `altered`."""
        return [event for change in self.changes for event in getattr(change, name)]


def reprocess(
    stores: Stores,
    *,
    since: datetime | None = None,
    before_writing: Callable[[Reprocessing], bool] = lambda _found: True,
    progress: Progress = lambda _done, _all: None,
    processes: int = 1,
    selectors: Mapping[str, Selectors] | None = None,
) -> Reprocessing:
    """
    Extract and compare anew.

    Args:
        stores: the home; when anything is to be written, the caller holds its lock.
        since: only articles that were captured since then, these with all their captures.
        before_writing: told what was found; nothing is written when it returns False.
        progress: told how many captures were looked at, and of how many.
        processes: how many extract at once.
        selectors: of outlets that have their own, by source.

    Raises:
        ArchiveError: the archive cannot be read or written.
    """
    found = Reprocessing()
    with tempfile.TemporaryFile(dir=stores.home) as file, _pool(stores, since, processes) as pool:
        spool = _Spool(file)
        with stores.catalogue.reading() as connection:
            work = _Work(stores, connection, spool, found, pool, selectors or {})
            work.look(since, progress)
        if found.changes and before_writing(found):
            _write(stores, found, spool)
    return found


class _Spool:
    """Keeps extractions on the disk until they are written, so that memory stays bounded."""

    def __init__(self, file: Any) -> None:
        self._file = file
        self._places: dict[str, tuple[int, int]] = {}

    def add(self, digest: str, values: dict[str, Any]) -> None:
        """Keep an extraction under its digest."""
        if digest in self._places:
            return
        data = zlib.compress(json.dumps(values, ensure_ascii=False).encode(), 1)
        self._places[digest] = (self._file.seek(0, 2), len(data))
        self._file.write(data)

    def values(self, digest: str) -> dict[str, Any] | None:
        """Return an extraction's values, or None when it is not here."""
        if digest not in self._places:
            return None
        offset, length = self._places[digest]
        self._file.seek(offset)
        values: dict[str, Any] = json.loads(zlib.decompress(self._file.read(length)))
        return values


@dataclass(frozen=True, slots=True)
class _Found:
    """What one record shows now."""

    #: None for a body that was not looked into: it ended early.
    page_kind: PageKind | None
    content: str | None
    is_damaged: bool
    rendition: str
    canonical: str | None
    values: dict[str, Any] | None


@dataclass(frozen=True, slots=True, kw_only=True)
class _Job:
    """One page to be extracted."""

    #: The gzip member of its record, and where that lies.
    member: bytes
    file: str
    offset: int
    length: int
    #: What a browser made of it; b"" where nothing of that is kept, None where none was asked.
    rendering: bytes | None
    selectors: Selectors | None


def _extract(job: _Job) -> _Found | str:
    """Extract one record's page; a text says why it cannot be read. Runs in another process, perhaps."""
    member = job.member
    try:
        plain = bytes(deflate.gzip_decompress(member, max(int.from_bytes(member[-4:], "little"), 1)))
        record = read_member(plain)
        facts = facts_of_record(record, job.file, job.offset, job.length, rendering=job.rendering)
    except (ValueError, deflate.DeflateError) as error:
        return f"{job.file} at byte {job.offset}: {error}"
    if facts is None or facts.http is None:
        return f"{job.file} at byte {job.offset}: is no answer"
    seen = look_at_body(facts, job.selectors)
    said = seen.extraction
    return _Found(
        page_kind=seen.page_kind,
        content=seen.content,
        is_damaged=seen.is_damaged,
        rendition=seen.rendition,
        canonical=said.canonical if said else None,
        values=text.content_of(said) if said is not None and seen.content is not None else None,
    )


def _pool(
    stores: Stores, since: datetime | None, processes: int
) -> AbstractContextManager[ProcessPoolExecutor | None]:
    with stores.catalogue.reading() as connection:
        many = extracted.count_answers(connection, since)
    if processes < 2 or many < CROWD:
        return nullcontext(None)
    return ProcessPoolExecutor(processes, mp_context=get_context("spawn"))


#: Captures of one address with one payload show the same, but for what a browser made of them.
Key = tuple[int, str | None]


def _key(row: ShownRow) -> Key:
    return (row.url_id, row.observation.capture if row.is_rendered else row.payload_digest)


def _by_source(connection: Connection, selectors: Mapping[str, Selectors]) -> dict[int, Selectors]:
    rows = {name: sources.source_id(connection, name) for name in selectors}
    return {row: selectors[name] for name, row in rows.items() if row is not None}


class _Work:
    """Works out what changes, without writing."""

    def __init__(
        self,
        stores: Stores,
        connection: Connection,
        spool: _Spool,
        found: Reprocessing,
        pool: ProcessPoolExecutor | None,
        selectors: Mapping[str, Selectors],
    ) -> None:
        self._stores = stores
        self._connection = connection
        self._spool = spool
        self._found = found
        self._selectors = _by_source(connection, selectors)
        self._map: Callable[..., Iterable[_Found | str]] = map if pool is None else pool.map
        self._known = Contents().loader(connection)
        #: Pages whose texts are in what a capture shows, by the capture.
        self._gathered: dict[str, Gathered] = {}

    def look(self, since: datetime | None, progress: Progress) -> None:
        """Extract and fold all articles that were captured since a moment."""
        total = extracted.count_answers(self._connection, since)
        done = 0
        for group in self._groups(since):
            shown = self._extracted([row for rows in group for row in rows])
            for rows in group:
                self._fold(rows, shown)
                done += sum(row.has_text for row in rows)
            progress(min(done, total), total)

    def _groups(self, since: datetime | None) -> Iterator[list[list[ShownRow]]]:
        """Yield the captures of some articles at a time; those of none at the end, by address."""
        group: list[list[ShownRow]] = []
        for article_id in extracted.articles_since(self._connection, since):
            self._found.articles += 1
            group.append(extracted.shown_by_article(self._connection, article_id))
            if sum(map(len, group)) >= BATCH:
                yield group
                group = []
        yield group
        strays: dict[int, list[ShownRow]] = {}
        for row in extracted.shown_without_article(self._connection, since):
            strays.setdefault(row.url_id, []).append(row)
        yield list(strays.values())

    def _extracted(self, rows: Sequence[ShownRow]) -> dict[Key, _Found]:
        jobs: dict[Key, _Job] = {}
        self._gathered.clear()
        answers = {
            (row.url_id, row.payload_digest): row
            for row in reversed(rows)
            if row.record_type is RecordType.RESPONSE and row.observation.page_kind is not None
        }
        for row in rows:
            if not row.has_text or _key(row) in jobs:
                continue
            try:
                job = self._job(row, answers)
            except BlobStoreError as error:
                self._found.problems.append(str(error))
                continue
            if job is not None:
                jobs[_key(row)] = job
        shown: dict[Key, _Found] = {}
        for key, one in zip(jobs, self._map(_extract, jobs.values()), strict=True):
            if isinstance(one, str):
                self._found.problems.append(one)
                continue
            if one.content is not None and one.values is not None:
                self._spool.add(one.content, one.values)
            shown[key] = replace(one, values=None)
        self._found.captures += len(jobs)
        return shown

    def _job(self, row: ShownRow, answers: Mapping[Key, ShownRow]) -> _Job | None:
        """
        Return what is to be extracted for a capture; None where it is known that not all of it could be had.

        Args:
            answers: the captures that hold payloads.
        """
        blobs, rendering, answer = self._stores.blobs, None, row
        if row.is_rendered:
            kept = beside(blobs, row.file or "", row.offset, row.length, row.record_id)
            gathered = kept.statement.seen.gathered if kept.statement is not None else None
            if gathered is None:
                rendering = kept.rendering or b""
            elif not gathered.records:
                return None
            else:
                self._gathered[row.observation.capture] = gathered
                rendering = kept.rendering
                answer = row if rendering is not None else answers.get((row.url_id, row.payload_digest), row)
        file = answer.file or ""
        return _Job(
            member=blobs.read(file, answer.offset, answer.length),
            file=file,
            offset=answer.offset,
            length=answer.length,
            rendering=rendering,
            selectors=self._selectors.get(row.source_id),
        )

    def _fold(self, rows: Sequence[ShownRow], shown: dict[Key, _Found]) -> None:
        if not rows:
            return
        records = {row.record_id: row for row in rows}
        seen = [_seen_anew(row, self._with_pages(row, records, shown)) for row in rows]
        article_id = rows[0].article_id
        if article_id is None and not any(one.content and one.rendition != PAGE for one in seen):
            return
        uri = rows[0].uri
        if article_id is not None:
            row = articles.article_row(self._connection, article_id)
            uri = origin_of(self._connection, row, self._content)
        noise = blocks.noise_of(self._connection, rows[0].source_id)
        folded = edits.fold(seen, self._content, article=uri, noise=noise)
        change = ArticleChange(
            uri=uri,
            article_id=article_id,
            seen=[one for one, row in zip(seen, rows, strict=True) if one != row.observation],
        )
        _compare(change, folded.events, self._stored(article_id))
        judged = {row.observation.capture: (row.verdict, row.version) for row in rows}
        is_new = article_id is None and folded.state.version > 0
        if (
            change.seen
            or change.appearing
            or change.vanishing
            or change.altered
            or is_new
            or (article_id is not None and judged != dict(folded.captures))
        ):
            self._found.changes.append(change)

    def _with_pages(
        self, row: ShownRow, records: Mapping[str, ShownRow], shown: Mapping[Key, _Found]
    ) -> _Found | None:
        """Return what a capture shows now, with the pages that were fetched for its sake."""
        found, gathered = shown.get(_key(row)), self._gathered.get(row.observation.capture)
        if found is None or gathered is None:
            return found
        pages = [shown.get(_key(records[name])) for name in gathered.records if name in records]
        digests = [one.content for one in pages if one is not None and one.content is not None]
        if found.content is None or len(digests) < len(gathered.records):
            # What is not an article any more joins nothing; what was said of it stands.
            return None
        first = Seen(extraction=self._content(found.content), content=found.content)
        whole = with_pages(first, [self._content(one) for one in digests], gathered)
        if whole.content is not None and whole.extraction is not None:
            self._spool.add(whole.content, text.content_of(whole.extraction))
        return replace(found, content=whole.content)

    def _stored(self, article_id: int | None) -> list[Event]:
        if article_id is None:
            return []
        wanted = ledger.EventFilter(article_id=article_id, all=True)
        return [
            one
            for one in ledger.events_matching(self._connection, wanted)
            if one.kind is not EventKind.REDESIGN
        ]

    def _content(self, digest: str) -> Extraction:
        values = self._spool.values(digest)
        return self._known(digest) if values is None else text.extraction_from(values)


def _seen_anew(row: ShownRow, found: _Found | None) -> Observation:
    """Return a capture with what its payload shows now; what was never looked into stays."""
    if found is None or row.observation.status not in (200, 304):
        return row.observation
    return replace(
        row.observation,
        page_kind=found.page_kind,
        content=found.content,
        is_damaged=found.is_damaged,
        rendition=PAGE if row.observation.rendition == PAGE else found.rendition,
    )


def _compare(change: ArticleChange, now: Sequence[Event], stored: Sequence[Event]) -> None:
    """Say which events appear, vanish, or read otherwise."""
    known = {event.id: event for event in stored}
    holding = {event.id: event for event in now if not event.is_superseded}
    change.appearing = [event for event in holding.values() if event.id not in known]
    change.vanishing = [event for event in stored if event.id not in holding]
    change.altered = [
        (known[event.id], event)
        for event in holding.values()
        if event.id in known and _bare(known[event.id]) != _bare(event, judged=known[event.id])
    ]


def _bare(event: Event, *, judged: Event | None = None) -> Event:
    """Return what the ledger itself says of an event, so that a person's word is no difference."""
    plain = replace(event, article="", source="", judgement=None)
    if judged is None or judged.judgement is None:
        return plain
    return replace(plain, severity=judged.severity, disclosure=judged.disclosure, alert=judged.alert)


def _write(stores: Stores, found: Reprocessing, spool: _Spool) -> None:
    """Write what was found, one article a transaction: a stop between two leaves each of them whole."""
    contents = Contents()
    for change in found.changes:
        with stores.catalogue.writing() as connection:
            for seen in change.seen:
                values = spool.values(seen.content) if seen.content else None
                if seen.content is not None and values is not None:
                    ledger.add_content(connection, seen.content, values)
                extracted.set_extraction(connection, seen)
            article_id = change.article_id
            if article_id is None:
                article_id = _adopt(connection, change, spool)
            if article_id is not None:
                rework(connection, article_id, contents.loader(connection))


def _adopt(connection: Connection, change: ArticleChange, spool: _Spool) -> int | None:
    """Begin the article of an address that is taken for one only now, or find the one that it belongs to."""
    url = articles.url_row(connection, change.uri)
    first = next((one for one in change.seen if one.content is not None), None)
    values = spool.values(first.content) if first is not None and first.content else None
    if url is None or first is None or values is None:
        return None
    shown = Seen(page_kind=first.page_kind, extraction=text.extraction_from(values), content=first.content)
    source_id = extracted.source_of_url(connection, url.id)
    article_id = article_for(connection, url, shown, source_id=source_id, at=first.at)
    if article_id is not None:
        extracted.adopt_captures(connection, url.id, article_id)
        articles.bind_key(connection, urls.identity_key(change.uri), article_id)
    return article_id
