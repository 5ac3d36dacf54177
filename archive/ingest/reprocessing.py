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
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass, field, replace
from datetime import datetime
from multiprocessing import get_context
from typing import Any

import deflate
from sqlalchemy import Connection

from archive import edits, text
from archive.catalog import articles, blocks, extracted, ledger, sources
from archive.catalog.extracted import ShownRow
from archive.errors import BlobStoreError
from archive.ingest.facts import facts_of_record
from archive.ingest.gathering import with_pages
from archive.ingest.ledger import Contents, origin_of
from archive.ingest.observing import Gathered, Seen, look_at_body
from archive.ingest.reprocessed import ArticleChange, Reprocessing, SeenAnew
from archive.ingest.restating import write_changes
from archive.ingest.scanning import beside
from archive.model import PAGE, Event, EventKind, Extraction, Observation, PageKind, RecordType
from archive.opening import Stores
from archive.text.selectors import Selectors
from archive.warc.reader import read_member

__all__ = ["ArticleChange", "Mapper", "Reprocessing", "Spread", "Way", "in_processes", "reprocess"]

#: Captures that are extracted before their articles are folded, and from how many on several processes work.
BATCH, CROWD = 256, 600

Progress = Callable[[int, int], None]


#: Does a piece of work for each of many things, somewhere; the results come in the order of the things.
Mapper = Callable[[Callable[[Any], Any], Iterable[Any]], Iterable[Any]]
#: Opens what does the work for so many things.
Spread = Callable[[int], AbstractContextManager[Mapper]]


def in_processes(processes: int) -> Spread:
    """Extract in so many processes of this machine, where there is enough to do."""

    @contextmanager
    def spread(many: int) -> Iterator[Mapper]:
        if processes < 2 or many < CROWD:
            yield map
            return
        with ProcessPoolExecutor(processes, mp_context=get_context("spawn")) as pool:
            yield pool.map

    return spread


@dataclass(frozen=True, slots=True, kw_only=True)
class Way:
    """How captures are looked at again."""

    #: Name and version of the software that looks: records name it.
    software: str
    #: What extracts the pages, told how many there are.
    spread: "Spread" = field(default=lambda _many: nullcontext(map))
    #: Of outlets that have their own, by source.
    selectors: Mapping[str, Selectors] = field(default_factory=dict)


def reprocess(
    stores: Stores,
    way: Way,
    *,
    since: datetime | None = None,
    before_writing: Callable[[Reprocessing], bool] = lambda _found: True,
    progress: Progress = lambda _done, _all: None,
) -> Reprocessing:
    """
    Extract and compare anew.

    Args:
        stores: the home; when anything is to be written, the caller holds its lock.
        way: how captures are looked at.
        since: only articles that were captured since then, these with all their captures.
        before_writing: told what was found; nothing is written when it returns False.
        progress: told how many captures were looked at, and of how many.

    Raises:
        ArchiveError: the archive cannot be read or written.
    """
    found = Reprocessing()
    with tempfile.TemporaryFile(dir=stores.home) as file, way.spread(_count(stores, since)) as mapper:
        spool = _Spool(file)
        with stores.catalogue.reading() as connection:
            work = _Work(stores, connection, spool, found, mapper, way.selectors)
            work.look(since, progress)
        if found.changes and before_writing(found):
            write_changes(stores, found.changes, spool.values, software=way.software)
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

    def __str__(self) -> str:
        """Say where it lies."""
        return f"{self.file} at byte {self.offset}"


def _extract(job: _Job) -> _Found | str:
    """Extract one record's page; a text says why it cannot be read. Runs in another process, perhaps."""
    member = job.member
    try:
        plain = bytes(deflate.gzip_decompress(member, max(int.from_bytes(member[-4:], "little"), 1)))
        record = read_member(plain)
        facts = facts_of_record(record, job.file, job.offset, job.length, rendering=job.rendering)
    except (ValueError, deflate.DeflateError) as error:
        return f"{job}: {error}"
    if facts is None or facts.http is None:
        return f"{job}: is no answer"
    seen = look_at_body(facts, job.selectors)
    said = seen.extraction
    return _Found(
        page_kind=seen.page_kind,
        content=seen.content,
        is_damaged=seen.is_damaged,
        rendition=seen.rendition,
        values=text.content_of(said) if said is not None and seen.content is not None else None,
    )


def _count(stores: Stores, since: datetime | None) -> int:
    with stores.catalogue.reading() as connection:
        return extracted.count_answers(connection, since)


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
        mapper: Mapper,
        selectors: Mapping[str, Selectors],
    ) -> None:
        self._stores = stores
        self._connection = connection
        self._spool = spool
        self._found = found
        self._selectors = _by_source(connection, selectors)
        self._map = mapper
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
        full = {_key(row): row for row in reversed(rows) if row.has_text}
        full |= self._elsewhere([row for row in rows if _key(row) not in full])
        for key, row in full.items():
            try:
                job = self._job(row, answers)
            except BlobStoreError as error:
                self._found.problems.append(str(error))
                continue
            if job is not None:
                jobs[key] = job
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

    def _elsewhere(self, rows: Sequence[ShownRow]) -> dict[Key, ShownRow]:
        """Return the full answers at other addresses that revisits stand for."""
        named = {_key(row): row.refers_to for row in rows if not row.is_rendered and row.refers_to}
        found = {
            key: extracted.shown_by_capture(self._connection, original) for key, original in named.items()
        }
        return {
            key: row for key, row in found.items() if row is not None and row.has_text and not row.is_rendered
        }

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
            seen=_differing(rows, seen),
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


def _differing(rows: Sequence[ShownRow], seen: Sequence[Observation]) -> list[SeenAnew]:
    """Return the captures that show something else than before."""
    changed = [(row, now) for row, now in zip(rows, seen, strict=True) if now != row.observation]
    original = {now.capture: row.url_id for row, now in changed if not row.is_rendered}
    return [
        SeenAnew(
            now=now,
            record_id=row.record_id,
            uri=row.uri,
            is_derived=row.record_type is RecordType.REVISIT
            and not row.is_rendered
            and (row.refers_to is None or original.get(row.refers_to) == row.url_id),
        )
        for row, now in changed
    ]


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
