"""Holds the catalogue against the WARC files: is everything that was acknowledged still there, and whole?"""

import hashlib
from collections.abc import Callable
from dataclasses import asdict, dataclass
from typing import Any

from archive.catalog import captures, files
from archive.catalog.files import PlaceRow
from archive.digests import sha256, to_hex
from archive.opening import Stores
from archive.warc.members import Damage, Member, TornTail, walk_members
from archive.warc.reader import ReadRecord, read_member

__all__ = ["VerifyReport", "verify"]


@dataclass(slots=True)
class VerifyReport:
    """What `verify` found; the contract's keys."""

    captures: int = 0
    records_checked: int = 0
    missing: int = 0
    damaged: int = 0
    orphans: int = 0
    torn_tails_repaired: int = 0

    @property
    def ok(self) -> bool:
        """Nothing acknowledged is lost or damaged."""
        return self.missing == 0 and self.damaged == 0

    def line(self) -> dict[str, Any]:
        """Return the report under the contract's keys."""
        return asdict(self) | {"ok": self.ok}


def verify(
    stores: Stores,
    *,
    deep: bool = False,
    say: Callable[[str], None] = lambda _line: None,
    progress: Callable[[int, int], None] = lambda _done, _all: None,
) -> VerifyReport:
    """
    Check every catalogued record against its file; with `deep`, every digest as well.

    Args:
        stores: the home; nothing is written.
        deep: recompute block and payload digests.
        say: told in words of everything that is wrong, with file and offset.
        progress: told how many of how many bytes were read.
    """
    report = VerifyReport()
    with stores.catalogue.reading() as connection:
        report.captures = captures.captures_in(connection)
        pointed_at = set(files.file_ends(connection))
        names = sorted(pointed_at | set(stores.blobs.names()))
        total = sum(stores.blobs.size(name) or 0 for name in names)
        done = 0
        for name in names:
            rows = {row.offset: row for row in files.places_in(connection, name)}
            if stores.blobs.size(name) is None:
                report.missing += len(rows)
                say(f"{name}: the file is gone, and with it {len(rows)} captures")
                continue
            _verify_file(stores, name, rows, report, deep=deep, say=say)
            done += stores.blobs.size(name) or 0
            progress(done, total)
    return report


def _verify_file(
    stores: Stores,
    name: str,
    rows: dict[int, PlaceRow],
    report: VerifyReport,
    *,
    deep: bool,
    say: Callable[[str], None],
) -> None:
    left = dict(rows)
    is_growing = stores.blobs.is_open(name)
    for found in walk_members(stores.blobs.pieces(name)):
        row = left.pop(found.offset, None)
        if row is None and is_growing and isinstance(found, TornTail):
            continue  # its writer is at it
        report.records_checked += 1
        record = _record(found)
        wrong = record if isinstance(record, str) else _wrong(record, found.length, row, deep=deep)
        if wrong and (row is not None or deep):
            report.damaged += 1
            say(f"{name} at byte {found.offset}: {wrong}")
        elif row is None and isinstance(record, ReadRecord) and _is_capture(record):
            report.orphans += 1
    report.missing += len(left)
    for row in left.values():
        say(f"{name} at byte {row.offset}: no record begins here; {row.uri} is lost")


def _record(found: Member | Damage) -> ReadRecord | str:
    """Return the record, or say why there is none."""
    if isinstance(found, Damage):
        return found.reason
    try:
        return read_member(found.data)
    except ValueError as error:
        return str(error)


def _wrong(record: ReadRecord, length: int, row: PlaceRow | None, *, deep: bool) -> str:
    """Say what is wrong with a record, or nothing."""
    if row is not None and (record.id != row.record_id or length != row.length):
        return f"holds {record.id}, but {row.record_id} was written here"
    return _digest_wrong(record) if deep else ""


def _digest_wrong(record: ReadRecord) -> str:
    stated = record.fields.get("warc-block-digest")
    if stated and _differs(stated, record.block):
        return "the block does not fit its digest"
    stated = record.payload_digest
    if stated and record.type == "response":
        http = record.http()
        # Archives disagree on whether the digest covers chunk framing: either reading is accepted.
        if _differs(stated, http.entity()) and _differs(stated, http.body):
            return "the payload does not fit its digest"
    return ""


def _differs(stated: str, data: bytes) -> bool:
    known = to_hex(stated)
    if known is None:
        return False
    algorithm, value = known
    if algorithm == "sha256":
        return sha256(data) != f"sha256:{value}"
    return hashlib.new(algorithm, data, usedforsecurity=False).hexdigest() != value


def _is_capture(record: ReadRecord) -> bool:
    return record.type in ("response", "revisit") and record.uri.startswith("http")
