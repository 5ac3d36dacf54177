"""Holds the catalogue against the WARC files: is everything that was acknowledged still there, and whole?"""

from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from typing import Any

from archive.catalog import captures
from archive.catalog.captures import PlaceRow
from archive.digests import sha256, to_hex
from archive.opening import Stores
from archive.warc.members import Member, TornTail, walk_members
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
        pointed_at = set(captures.file_ends(connection))
        names = sorted(pointed_at | set(stores.blobs.names()))
        total = sum(stores.blobs.size(name) or 0 for name in names)
        done = 0
        for name in names:
            rows = {row.offset: row for row in captures.places_in(connection, name)}
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
    for found in _members(stores, name, sorted(rows)):
        row = left.pop(found.offset, None)
        report.records_checked += 1
        wrong = _wrong(found, row, deep=deep)
        if wrong and (row is not None or deep):
            report.damaged += 1
            say(f"{name} at byte {found.offset}: {wrong}")
        elif row is None and isinstance(found, Member) and _is_capture(found):
            report.orphans += 1
    report.missing += len(left)
    for row in left.values():
        say(f"{name} at byte {row.offset}: no record begins here; {row.uri} is lost")


def _members(stores: Stores, name: str, offsets: list[int]) -> Iterator[Member | TornTail]:
    """Walk a file; after bytes that are no member, go on at the next record the catalogue knows."""
    path = stores.blobs.path(name)
    start = 0
    while True:
        tail: TornTail | None = None
        for found in walk_members(path, start):
            if isinstance(found, TornTail):
                tail = found
                break
            yield found
        if tail is None:
            return
        if tail.offset in offsets:
            yield tail
        after = [offset for offset in offsets if offset > tail.offset]
        if not after:
            return
        start = after[0]


def _wrong(found: Member | TornTail, row: PlaceRow | None, *, deep: bool) -> str:
    """Say what is wrong with a record, or nothing."""
    if isinstance(found, TornTail):
        return found.reason
    try:
        record = read_member(found.data)
    except ValueError as error:
        return str(error)
    if row is not None and (record.id != row.record_id or found.length != row.length):
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
    import hashlib

    known = to_hex(stated)
    if known is None:
        return False
    algorithm, value = known
    if algorithm == "sha256":
        return sha256(data) != f"sha256:{value}"
    return hashlib.new(algorithm, data, usedforsecurity=False).hexdigest() != value


def _is_capture(member: Member) -> bool:
    try:
        record = read_member(member.data)
    except ValueError:
        return False
    return record.type in ("response", "revisit") and record.uri.startswith("http")
