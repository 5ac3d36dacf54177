"""
Ingests WARC, ARC and WACZ files of any origin: each record's WARC-Date is the clock.

First every capture is looked at and copied into files of our own, one gzip member a record, and made durable;
then the copies are catalogued in WARC-Date order. What the archive holds already is skipped, so a second import
adds nothing, and an import that was killed is finished by the next start or by importing again.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from sqlalchemy import Connection

from archive import text
from archive.catalog import captures, files
from archive.errors import ArchiveError
from archive.ingest.cataloguing import Cataloguer
from archive.ingest.facts import CaptureFacts, facts_of_record
from archive.ingest.indexing import Indexer
from archive.ingest.ledger import OnEvents
from archive.ingest.observing import Seen, look_at_body, observe
from archive.ingest.outlets import Outlets
from archive.ingest.recorder import about, new_record_id
from archive.ingest.scanning import statements_of_pages
from archive.ingest.statement import Statement, clean_text, extraction_values
from archive.model import RecordType
from archive.opening import Stores
from archive.text.selectors import Selectors
from archive.warc.foreign import records_in
from archive.warc.layout import member_of
from archive.warc.reader import ReadRecord
from archive.warc.records import BuiltRecord, Described, RecordForge
from archive.warc.writer import WarcWriter

__all__ = ["ImportReport", "import_files"]

#: Records that share one flush at most, and their bytes.
BATCH, BATCH_BYTES = 200, 16 << 20
#: Types of records that stand behind the answer they belong to.
BESIDE = frozenset({"request", "metadata", "conversion"})
#: What is wrong with one file is told so many times.
TOLD = 20
#: Answers whose text is kept at hand while an import copies.
LOOKS = 256


@dataclass(slots=True)
class ImportReport:
    """What an import brought."""

    files: int = 0
    records: int = 0
    captures: int = 0
    known: int = 0
    #: Revisits whose original is neither in these files nor in the archive; kept all the same.
    unresolved: int = 0
    #: One line for each file that is no WARC or breaks off, and for each record that is damaged.
    problems: list[str] = field(default_factory=list)


Progress = Callable[[str, int, int], None]


def import_files(
    stores: Stores,
    paths: Sequence[Path],
    *,
    software: str,
    selectors: Mapping[str, Selectors] | None = None,
    darkens: bool = False,
    on_events: OnEvents | None = None,
    progress: Progress = lambda _step, _done, _all: None,
) -> ImportReport:
    """
    Import files.

    Args:
        stores: the home; the caller holds its lock.
        paths: WARC, ARC or WACZ files; each is read once, from front to back.
        software: names this program in the copies' warcinfo and metadata records.
        selectors: of outlets that have their own, by source.
        darkens: keep dark what asks archives to keep away.
        on_events: called with events that became alerts.
        progress: told the step ("copy", "catalogue"), how far it is and of how much (bytes, captures).

    Raises:
        ArchiveError: the archive cannot be written; whatever was catalogued stays.
    """
    report = ImportReport()
    copier = _Copier(stores, software, report, selectors or {}, darkens=darkens)
    copier.copy(paths, progress)
    # The files keep their `.open` until their captures have rows: an import that is killed is found at start-up.
    with Indexer(stores, on_events=on_events, say=report.problems.append) as indexer:
        for name in copier.written():
            indexer.add_file(name)
        indexed = indexer.run(lambda done, total: progress("catalogue", done, total))
    report.captures, report.unresolved = indexed.captures, indexed.unresolved
    copier.close()
    return report


class _Copier:
    """Copies captures into files of our own."""

    def __init__(
        self,
        stores: Stores,
        software: str,
        report: ImportReport,
        selectors: Mapping[str, Selectors],
        *,
        darkens: bool,
    ) -> None:
        self._darkens = darkens
        self._stores = stores
        self._selectors = selectors
        self._software = software
        self._report = report
        self._forge = RecordForge(new_record_id)
        self._writer = WarcWriter(
            stores.blobs, self._forge, stores.clock, about=about(software), name=stores.writer
        )
        self._cataloguer = Cataloguer()
        self._outlets = Outlets()
        #: Ids of what was copied, and digests of texts, as the few bytes that tell them apart.
        self._taken: set[bytes] = set()
        self._texts: set[bytes] = set()
        self._looks: dict[tuple[str, str, bool], Seen] = {}

    def copy(self, paths: Sequence[Path], progress: Progress) -> None:
        """Copy all captures that the archive lacks, and what was asked for them."""
        total = sum(path.stat().st_size for path in paths if path.is_file())
        before = 0
        for path in paths:

            def moved(at: int, before: int = before) -> None:
                progress("copy", before + at, total)

            try:
                self._copy_file(path, moved)
                self._report.files += 1
                before += path.stat().st_size
            except ArchiveError:
                raise
            except OSError as error:
                self._report.problems.append(
                    f"{path}: cannot be read ({error.strerror or error}); the other files were taken."
                )
            progress("copy", before, total)

    def written(self) -> list[str]:
        """Return the files that were written; no more is written to them."""
        self._writer.set_aside()
        return self._writer.aside

    def close(self) -> None:
        """Make the files final."""
        closed = self._writer.close_aside()
        with self._stores.catalogue.writing() as connection:
            for name, size in closed.items():
                files.set_file_final(connection, name, size)

    def _copy_file(self, path: Path, moved: Callable[[int], None]) -> None:
        troubles = 0
        batch: list[ReadRecord] = []
        size = 0
        for found in records_in(path, moved=moved):
            # What belongs to an answer stands behind it, and is looked at with it.
            full = len(batch) >= BATCH or size >= BATCH_BYTES
            if full and not (isinstance(found, ReadRecord) and found.type in BESIDE):
                self._copy_batch(batch)
                batch, size = [], 0
            if not isinstance(found, ReadRecord):
                troubles += 1
                if troubles <= TOLD:
                    self._report.problems.append(str(found))
                continue
            self._report.records += 1
            batch.append(found)
            size += len(found.block)
        self._copy_batch(batch)
        if troubles > TOLD:
            self._report.problems.append(f"{path}: {troubles - TOLD} more damaged records.")

    def _copy_batch(self, batch: Sequence[ReadRecord]) -> None:
        renderings = _renderings(batch)
        answers = {
            record.id: facts
            for record in batch
            if (facts := facts_of_record(record, rendering=_block(renderings.get(record.id)))) is not None
        }
        with self._stores.catalogue.reading() as connection:
            known = captures.known_captures(connection, [facts.id for facts in answers.values()])
            groups = list(self._groups(connection, batch, answers, known))
        if groups:
            self._writer.write(groups)
            self._writer.rotate_if_due()

    def _groups(
        self,
        connection: Connection,
        batch: Sequence[ReadRecord],
        answers: dict[str, CaptureFacts],
        known: set[str],
    ) -> Iterator[list[BuiltRecord]]:
        """Yield each new capture's records: answer, request, metadata, text."""
        requests = _requests(batch)
        renderings = _renderings(batch)
        told = statements_of_pages(batch)
        for record in batch:
            facts = answers.get(record.id)
            if facts is None:
                continue
            key = bytes.fromhex(facts.id)
            if facts.id in known or key in self._taken:
                self._report.known += 1
                continue
            self._taken.add(key)
            asked = requests.get(record.id) or requests.get(record.fields.get("warc-concurrent-to", ""))
            beside = [one for one in (asked, renderings.get(record.id)) if one is not None]
            described = self._described(connection, facts, told.get(record.id))
            yield [_copied(record), *map(_copied, beside), *described]

    def _described(
        self, connection: Connection, facts: CaptureFacts, told: Statement | None
    ) -> Iterator[BuiltRecord]:
        """
        Look at a capture now, while its bytes are at hand; what a revisit shows is known once all are copied.

        Args:
            told: what was said of it by whoever fetched other pages for its sake, or it for another's.
        """
        if told is not None:
            yield from self._retold(connection, facts, told)
            return
        if (facts.record_type is RecordType.REVISIT or facts.status == 304) and facts.rendering is None:
            return
        seen = self._look(connection, facts)
        if self._darkens and seen.rights:
            seen = replace(seen, is_dark=True)
        statement = Statement(
            software=self._software,
            source=self._outlets.name_for(connection, facts.uri),
            status=facts.status,
            seen=seen,
        )
        yield from self._stated(connection, facts, statement)

    def _retold(self, connection: Connection, facts: CaptureFacts, told: Statement) -> Iterator[BuiltRecord]:
        """Keep what was said of a capture that does not speak for itself."""
        extraction = None if told.extraction is None else text.extraction_from(told.extraction)
        seen = replace(told.seen, extraction=extraction, is_dark=self._darkens and bool(told.seen.rights))
        source = self._outlets.name_for(connection, facts.uri)
        yield from self._stated(connection, facts, replace(told, source=source, seen=seen))

    def _stated(
        self, connection: Connection, facts: CaptureFacts, statement: Statement
    ) -> Iterator[BuiltRecord]:
        """Yield the records that say what a capture shows, its text among them where it is at hand and new."""
        seen, is_new = statement.seen, False
        if seen.content is not None and seen.extraction is not None:
            key = bytes.fromhex(seen.content.rpartition(":")[2])[:12]
            is_new = key not in self._texts and not self._cataloguer.knows_text(connection, seen.content)
            self._texts.add(key)
        described = Described(record_id=facts.record_id, uri=facts.uri, at=facts.at)
        values = replace(statement, extraction=extraction_values(seen) if is_new else None).values()
        yield self._forge.metadata(described, values)
        if is_new and seen.extraction is not None:
            yield self._forge.conversion(described, clean_text(seen.extraction))

    def _selectors_for(self, connection: Connection, uri: str) -> Selectors | None:
        if not self._selectors:
            return None
        return self._selectors.get(self._outlets.name_for(connection, uri)[0])

    def _look(self, connection: Connection, facts: CaptureFacts) -> Seen:
        """Look at an answer; one that this import has met a moment ago is not parsed again."""
        if facts.status != 200:
            return observe(connection, facts, None, self._cataloguer.contents.loader(connection))
        if facts.rendering is not None:
            return look_at_body(facts, self._selectors_for(connection, facts.uri))
        key = (facts.uri, facts.payload_digest or "", facts.is_truncated)
        seen = self._looks.pop(key, None)
        if seen is None:
            # Without its address nothing of the catalogue's order is asked: what comes first here may be the later.
            loader = self._cataloguer.contents.loader(connection)
            chosen = self._selectors_for(connection, facts.uri)
            seen = observe(connection, facts, None, loader, selectors=chosen)
        self._looks[key] = seen
        if len(self._looks) > LOOKS:
            del self._looks[next(iter(self._looks))]
        return seen


def _block(record: ReadRecord | None) -> bytes | None:
    return None if record is None else record.block


def _requests(batch: Sequence[ReadRecord]) -> dict[str, ReadRecord]:
    """Return the requests of a batch, by their own id and by that of their answer."""
    requests: dict[str, ReadRecord] = {}
    for record in batch:
        if record.type == "request":
            requests[record.id] = record
            requests[record.fields.get("warc-concurrent-to", record.id)] = record
    return requests


def _renderings(batch: Sequence[ReadRecord]) -> dict[str, ReadRecord]:
    """Return the documents that a browser made of a batch's answers, by the id of the answer."""
    return {record.fields.get("warc-refers-to", ""): record for record in batch if record.is_rendering}


def _copied(record: ReadRecord) -> BuiltRecord:
    """Return a record as it came, header fields and block untouched, as one gzip member."""
    fields = [
        (SPELLED.get(name, name), value) for name, value in record.fields.items() if name != "content-length"
    ]
    return BuiltRecord(id=record.id, type=record.type, member=member_of(fields, record.block))


#: WARC 1.1's spelling of field names that readers look for.
SPELLED = {
    name.lower(): name
    for name in (
        "WARC-Type",
        "WARC-Record-ID",
        "WARC-Date",
        "WARC-Target-URI",
        "WARC-Concurrent-To",
        "WARC-Block-Digest",
        "WARC-Payload-Digest",
        "WARC-IP-Address",
        "WARC-Refers-To",
        "WARC-Refers-To-Target-URI",
        "WARC-Refers-To-Date",
        "WARC-Truncated",
        "WARC-Warcinfo-ID",
        "WARC-Profile",
        "WARC-Identified-Payload-Type",
        "WARC-Protocol",
        "X-Rendered-By",
        "Content-Type",
    )
}
