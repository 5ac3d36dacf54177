"""
Ingests WARC files of any origin: each record's WARC-Date is the clock.

First every capture is copied into files of our own, one gzip member a record, and made durable; then the
copies are catalogued in WARC-Date order. What the archive holds already is skipped, so a second import
adds nothing, and an import that was killed is finished by the next start or by importing again.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

import deflate

from archive import urls
from archive.catalog import captures
from archive.digests import capture_id
from archive.errors import NotAWarcError
from archive.ingest.cataloguing import Cataloguer
from archive.ingest.facts import facts_of_record
from archive.ingest.ledger import OnEvents
from archive.ingest.outlets import Outlets
from archive.ingest.recorder import new_record_id
from archive.model import RecordType
from archive.opening import Stores
from archive.warc.reader import ReadRecord, read_member, records_in
from archive.warc.records import LEVEL, BuiltRecord, RecordForge
from archive.warc.writer import Place, WarcWriter

__all__ = ["ImportReport", "import_files"]

#: Records that share one flush, and captures that share one transaction.
BATCH = 200

#: Records that are copied: captures, and what was asked for them.
COPIED = frozenset({"request", *RecordType})


@dataclass(slots=True)
class ImportReport:
    """What an import brought."""

    files: int = 0
    records: int = 0
    captures: int = 0
    known: int = 0
    #: One line for each file that is no WARC or breaks off.
    problems: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class _Copy:
    """Where a copied capture lies, and its place in order."""

    at: datetime
    urlkey: str
    record_id: str
    uri: str
    place: Place


def import_files(
    stores: Stores,
    files: Sequence[Path],
    *,
    software: str,
    on_events: OnEvents | None = None,
    progress: Callable[[str, int, int], None] = lambda _step, _done, _all: None,
) -> ImportReport:
    """
    Import WARC files.

    Args:
        stores: the home; the caller holds its lock.
        files: WARC files, plain or gzip; each is read once.
        software: names this program in the copies' warcinfo records.
        on_events: called with events that became alerts.
        progress: told the step ("copy", "catalogue"), how far it is and of how much (bytes, captures).

    Raises:
        ArchiveError: the archive cannot be written; whatever was catalogued stays.
    """
    report = ImportReport()

    def closed(name: str) -> None:
        with stores.catalogue.writing() as connection:
            captures.set_file_closed(connection, name)

    writer = WarcWriter(
        stores.blobs, RecordForge(new_record_id), stores.clock, software=software, on_closed=closed
    )
    copies = _copy_files(stores, writer, files, report, progress)
    copies.sort(key=lambda copy: (copy.at, copy.urlkey, copy.record_id))
    # The file keeps its `.open` until its captures have rows: an import that is killed is found at start-up.
    _catalogue(stores, copies, on_events, report, progress)
    writer.close()
    return report


def _copy_files(
    stores: Stores,
    writer: WarcWriter,
    files: Sequence[Path],
    report: ImportReport,
    progress: Callable[[str, int, int], None],
) -> list[_Copy]:
    total = sum(file.stat().st_size for file in files if file.is_file())
    copies: list[_Copy] = []
    taken: set[str] = set()
    before = 0
    for file in files:
        try:
            batch: list[ReadRecord] = []
            for found in records_in(file):
                if isinstance(found, NotAWarcError):
                    report.problems.append(str(found))
                    continue
                report.records += 1
                if found.type in COPIED and found.id:
                    batch.append(found)
                if len(batch) >= BATCH:
                    copies += _copy_batch(stores, writer, batch, taken, report)
                    batch = []
                    progress("copy", before, total)
            copies += _copy_batch(stores, writer, batch, taken, report)
            report.files += 1
            before += file.stat().st_size
        except OSError as error:
            report.problems.append(
                f"{file}: cannot be read ({error.strerror or error}); the other files were taken."
            )
        progress("copy", before, total)
    writer.sync()
    return copies


def _copy_batch(
    stores: Stores, writer: WarcWriter, batch: Sequence[ReadRecord], taken: set[str], report: ImportReport
) -> list[_Copy]:
    """Append those records that the archive lacks; returns the captures among them."""
    ids = [capture_id(record.id) for record in batch if record.type != "request"]
    with stores.catalogue.reading() as connection:
        known = captures.known_captures(connection, ids)
    report.known += sum(one in known or one in taken for one in ids)
    fresh = [
        record
        for record in batch
        if capture_id(record.id) not in known | taken and not _asked_for(record, known)
    ]
    if not fresh:
        return []
    taken.update(capture_id(record.id) for record in fresh)
    places = writer.append([_built(record) for record in fresh])
    return [
        _Copy(record.date, urls.urlkey(record.uri), record.id, record.uri, place)
        for record, place in zip(fresh, places, strict=True)
        if record.type != "request" and record.uri.startswith(("http://", "https://"))
    ]


def _asked_for(record: ReadRecord, known: set[str]) -> bool:
    """Tell whether a request belongs to a capture that is archived already."""
    answer = record.fields.get("warc-concurrent-to")
    return record.type == "request" and answer is not None and capture_id(answer) in known


def _built(record: ReadRecord) -> BuiltRecord:
    """Return a record as it came, header fields and block untouched, as one gzip member."""
    lines = [f"WARC/1.1\r\n{'Content-Length'}: {len(record.block)}\r\n"]
    lines += [
        f"{SPELLED.get(name, name)}: {value}\r\n"
        for name, value in record.fields.items()
        if name != "content-length"
    ]
    plain = "".join(lines).encode() + b"\r\n" + record.block + b"\r\n\r\n"
    return BuiltRecord(id=record.id, type=record.type, member=bytes(deflate.gzip_compress(plain, LEVEL)))


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
        "Content-Type",
    )
}


def _catalogue(
    stores: Stores,
    copies: Sequence[_Copy],
    on_events: OnEvents | None,
    report: ImportReport,
    progress: Callable[[str, int, int], None],
) -> None:
    cataloguer, outlets = Cataloguer(on_events), Outlets()
    for start in range(0, len(copies), BATCH):
        with stores.catalogue.writing() as connection:
            for copy in copies[start : start + BATCH]:
                facts = facts_of_record(
                    _read(stores, copy.place), copy.place.file, copy.place.offset, copy.place.length
                )
                if facts is None:
                    continue
                source_id = outlets.source_for(connection, copy.uri, copy.at)
                is_open = stores.blobs.is_open(copy.place.file)
                cataloguer.catalogue(connection, facts, source_id=source_id, is_open=is_open)
                report.captures += 1
        progress("catalogue", min(start + BATCH, len(copies)), len(copies))


def _read(stores: Stores, place: Place) -> ReadRecord:
    data = stores.blobs.read(place.file, place.offset, place.length)
    return read_member(bytes(deflate.gzip_decompress(data, _inflated_size(data))))


def _inflated_size(member: bytes) -> int:
    """Return what a member inflates to, from its trailer (RFC 1952 §2.3.1)."""
    return max(int.from_bytes(member[-4:], "little"), 1)
