"""
Indexes what WARC files hold and the catalogue lacks, in order (WARC-Date, urlkey, record id).

Start-up, import and rebuild are this one thing over different files. Memory does not grow with the files: what
waits for its turn is sorted on disk.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from types import TracebackType
from typing import Any

from sqlalchemy import Connection

from archive import urls
from archive.catalog import captures, entries, locks, restatements
from archive.catalog.columns import from_micros, to_micros
from archive.catalog.restatements import Restatement
from archive.digests import capture_id
from archive.errors import BlobStoreError, RecordDamagedError
from archive.ingest.afterwards import Afterwards
from archive.ingest.cataloguing import Arrival, Cataloguer
from archive.ingest.facts import CaptureFacts, facts_of_record
from archive.ingest.ledger import OnEvents
from archive.ingest.observing import Seen
from archive.ingest.outlets import Outlets
from archive.ingest.restating import restated
from archive.ingest.scanning import Held, captures_in
from archive.ingest.statement import Statement
from archive.model import PAGE, RecordType
from archive.opening import Stores
from archive.warc.members import Damage, TornTail
from archive.warc.reader import read_record
from archive.warc.spool import Spool

__all__ = ["IndexReport", "Indexer"]

#: Captures that share one transaction.
BATCH = 200


@dataclass(slots=True)
class IndexReport:
    """What indexing brought."""

    captures: int = 0
    known: int = 0
    #: Revisits whose original is not in the archive.
    unresolved: int = 0


class Indexer:
    """Gathers captures from files, then catalogues them; use as a context manager."""

    def __init__(
        self,
        stores: Stores,
        *,
        on_events: OnEvents | None = None,
        is_open: bool = True,
        say: Callable[[str], None] = lambda _line: None,
    ) -> None:
        self._stores = stores
        self._cataloguer = Cataloguer(on_events)
        self._outlets = Outlets()
        self._spool = Spool(stores.home)
        self._is_open = is_open
        self._say = say
        self._afterwards = Afterwards(stores)

    def __enter__(self) -> "Indexer":
        """Gather."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Drop what was gathered."""
        self._spool.__exit__(kind, error, trace)
        self._afterwards.__exit__(kind, error, trace)

    def __len__(self) -> int:
        """Return how many captures were gathered."""
        return len(self._spool)

    def add_file(self, name: str) -> TornTail | None:
        """Gather a file's captures, and keep the texts it holds; return its torn tail, if it has one."""
        texts: dict[str, dict[str, Any]] = {}
        tail: TornTail | None = None
        for held in captures_in(self._stores.blobs, name):
            if isinstance(held, TornTail):
                tail = held
                break
            if isinstance(held, Damage):
                self._say(f"{name} at byte {held.offset}: {held.length} damaged bytes ({held.reason})")
                continue
            if not isinstance(held, Held):
                self._afterwards.add(held)
                continue
            statement = held.statement
            if statement is not None and statement.extraction is not None and statement.seen.content:
                texts[statement.seen.content] = statement.extraction
                statement = replace(statement, extraction=None)
            if len(texts) >= BATCH:
                self._keep(texts)
            self._spool.add(_line(held.facts, statement))
        self._keep(texts)
        self._afterwards.keep()
        return tail

    def run(self, progress: Callable[[int, int], None] = lambda _done, _all: None) -> IndexReport:
        """Catalogue what was gathered, as far as it has no row yet."""
        report, done = IndexReport(), 0
        lines = self._spool.in_order()
        while batch := [_from_line(line) for line in islice(lines, BATCH)]:
            self._catalogue(batch, report)
            done += len(batch)
            progress(done, len(self._spool))
        self._afterwards.settle(self._cataloguer.contents.loader)
        return report

    def _keep(self, texts: dict[str, dict[str, Any]]) -> None:
        if texts:
            with self._stores.catalogue.writing() as connection:
                for digest, values in texts.items():
                    entries.add_content(connection, digest, values)
            texts.clear()

    def _catalogue(self, batch: Sequence[tuple[CaptureFacts, Statement | None]], report: IndexReport) -> None:
        ids = [facts.id for facts, _ in batch]
        with self._stores.catalogue.reading() as connection:
            known = captures.known_captures(connection, ids)
        fresh = {facts.id: (facts, statement) for facts, statement in batch if facts.id not in known}
        report.known += len(batch) - len(fresh)
        if not fresh:
            return
        try:
            with self._stores.catalogue.writing() as connection:
                locks.lock_sites(connection, [facts.uri for facts, _ in fresh.values()])
                later = _later(connection, [facts for facts, _ in fresh.values()])
                # One after the other: what one shows may be what the next one stands for.
                for facts, statement in fresh.values():
                    arrival = self._arrival(connection, facts, statement, report)
                    if arrival is not None:
                        arrival = self._restated(connection, arrival, statement, later)
                        self._cataloguer.add(connection, arrival, is_open=self._is_open)
                        report.captures += 1
                self._cataloguer.settle(connection)
        except BaseException:
            self._cataloguer.forget()
            raise

    def _arrival(
        self,
        connection: Connection,
        facts: CaptureFacts,
        statement: Statement | None,
        report: IndexReport,
    ) -> Arrival | None:
        source_id = self._source(connection, facts, statement)
        if statement is not None:
            return Arrival(facts=facts, seen=self._stated(connection, statement), source_id=source_id)
        try:
            record = read_record(self._stores.blobs, facts.file, facts.offset, facts.length)
        except (RecordDamagedError, BlobStoreError) as error:
            self._say(str(error))
            return None
        whole = facts_of_record(record, facts.file, facts.offset, facts.length) or facts
        seen = self._cataloguer.look(connection, whole)
        if facts.record_type is RecordType.REVISIT and seen.page_kind is None and facts.status in (200, 304):
            report.unresolved += 1
        return Arrival(facts=whole, seen=seen, source_id=source_id)

    def _restated(
        self,
        connection: Connection,
        arrival: Arrival,
        statement: Statement | None,
        later: dict[str, Restatement],
    ) -> Arrival:
        """Let a capture show what the last look at it found; its article is the one it was known by at first."""
        facts = arrival.facts
        said = later.get(facts.id)
        if said is None and statement is not None and not statement.seen.is_rendered and facts.refers_to:
            said = later.get(capture_id(facts.refers_to))
        if said is None:
            return arrival
        seen = restated(arrival.seen, said, self._cataloguer.contents.loader(connection))
        return replace(arrival, seen=seen, first_seen=arrival.seen)

    def _stated(self, connection: Connection, statement: Statement) -> Seen:
        """Return what a statement says a capture shows; nothing to be trusted where that text is in no file."""
        seen = statement.seen
        is_told = seen.gathered is not None or seen.rendition == PAGE
        if is_told and seen.content is not None and not self._cataloguer.knows_text(connection, seen.content):
            return replace(seen, content=None, is_damaged=True)
        return statement.shown(self._cataloguer.contents.loader(connection))

    def _source(self, connection: Connection, facts: CaptureFacts, statement: Statement | None) -> int:
        if statement is not None:
            return self._outlets.source_named(connection, statement.source, facts.at)
        if facts.refers_to is not None:
            referred = captures.source_of_capture(connection, capture_id(facts.refers_to))
            if referred is not None:
                return referred
        watched = captures.source_of_uri(connection, facts.uri)
        return watched if watched is not None else self._outlets.source_for(connection, facts.uri, facts.at)


def _later(connection: Connection, found: Sequence[CaptureFacts]) -> dict[str, Restatement]:
    """Return what later looks at captures, and at those that they stand for, found."""
    named = [capture_id(facts.refers_to) for facts in found if facts.refers_to]
    return restatements.restatements_of(connection, [*(facts.id for facts in found), *named])


def _line(facts: CaptureFacts, statement: Statement | None) -> list[Any]:
    return [
        to_micros(facts.at),
        urls.urlkey(facts.uri),
        facts.record_id,
        facts.file,
        facts.offset,
        facts.length,
        facts.record_type,
        facts.uri,
        facts.status,
        facts.payload_digest,
        facts.is_truncated,
        facts.refers_to,
        statement.values() if statement else None,
    ]


def _from_line(line: list[Any]) -> tuple[CaptureFacts, Statement | None]:
    at, _, record_id, file, offset, length, kind, uri, status, digest, is_truncated, refers_to, stated = line
    facts = CaptureFacts(
        record_type=RecordType(kind),
        record_id=record_id,
        at=from_micros(at),
        uri=uri,
        status=status,
        payload_digest=digest,
        is_truncated=is_truncated,
        refers_to=refers_to,
        file=file,
        offset=offset,
        length=length,
    )
    return facts, Statement.from_values(stated) if stated else None
