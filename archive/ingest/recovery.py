"""
Start-up: makes files that a dead writer left behind whole, and indexes what they hold without a row.

A torn tail is cut, because readers lose every record behind it; a record that is whole but unknown to the
catalogue was durable before it could be acknowledged, and is indexed now.
"""

import logging
from collections.abc import Callable
from dataclasses import dataclass

from sqlalchemy import Connection

from archive.blobs.store import Appender
from archive.catalog import captures
from archive.ingest.cataloguing import Cataloguer
from archive.ingest.facts import CaptureFacts, facts_of_record
from archive.ingest.outlets import Outlets
from archive.opening import Stores
from archive.warc.members import Member, TornTail, walk_members
from archive.warc.reader import read_member

__all__ = ["RecoveryReport", "recover"]

log = logging.getLogger(__name__)

#: Records indexed in one transaction.
BATCH = 200


@dataclass(slots=True)
class RecoveryReport:
    """What start-up found and did."""

    files: int = 0
    torn_tails: int = 0
    bytes_cut: int = 0
    indexed: int = 0


def recover(stores: Stores, *, say: Callable[[str], None] = lambda _line: None) -> RecoveryReport:
    """
    Bring the files of dead writers and the catalogue together. Only the writer of the home may call this.

    Args:
        stores: the home.
        say: told in words of everything that was cut or indexed.

    Raises:
        BlobStoreError: a file cannot be cut or closed.
        CatalogueError: the catalogue cannot be written.
    """
    report = RecoveryReport()
    outlets = Outlets()
    for name in list(stores.blobs.names()):
        if not stores.blobs.is_open(name):
            continue
        file = stores.blobs.reopen(name)
        if file is not None:
            _recover_file(stores, file, report, outlets, say)
    _note_closed(stores)
    return report


def _recover_file(
    stores: Stores, file: Appender, report: RecoveryReport, outlets: Outlets, say: Callable[[str], None]
) -> None:
    report.files += 1
    waiting: list[CaptureFacts] = []
    tail: TornTail | None = None
    for found in walk_members(stores.blobs.path(file.name)):
        if isinstance(found, TornTail):
            tail = found
            break
        facts = _facts(file.name, found)
        if isinstance(facts, TornTail):
            tail = facts
            break
        if facts is not None:
            waiting.append(facts)
        if len(waiting) >= BATCH:
            report.indexed += _index(stores, waiting, outlets)
            waiting = []
    report.indexed += _index(stores, waiting, outlets)
    if tail is not None:
        report.torn_tails += 1
        report.bytes_cut += tail.length
        file.cut(tail.offset)
        say(
            f"{file.name}: cut {tail.length} bytes from byte {tail.offset} on ({tail.reason}); they were never acknowledged."
        )
    file.close()


def _facts(name: str, member: Member) -> CaptureFacts | TornTail | None:
    try:
        record = read_member(member.data)
    except ValueError as error:
        return TornTail(member.offset, member.length, str(error))
    return facts_of_record(record, name, member.offset, member.length)


def _index(stores: Stores, waiting: list[CaptureFacts], outlets: Outlets) -> int:
    if not waiting:
        return 0
    with stores.catalogue.reading() as connection:
        known = captures.known_captures(connection, [facts.id for facts in waiting])
    fresh = [facts for facts in waiting if facts.id not in known]
    if not fresh:
        return 0
    cataloguer = Cataloguer()
    with stores.catalogue.writing() as connection:
        for facts in fresh:
            source_id = _source(connection, facts, outlets)
            cataloguer.catalogue(connection, facts, source_id=source_id, is_open=False)
    return len(fresh)


def _source(connection: Connection, facts: CaptureFacts, outlets: Outlets) -> int:
    watched = captures.source_of_uri(connection, facts.uri)
    return watched if watched is not None else outlets.source_for(connection, facts.uri, facts.at)


def _note_closed(stores: Stores) -> None:
    """Let the catalogue know of files that were made final without its knowledge."""
    with stores.catalogue.reading() as connection:
        stale = [name for name in captures.open_files(connection) if not stores.blobs.is_open(name)]
    if stale:
        with stores.catalogue.writing() as connection:
            for name in stale:
                captures.set_file_closed(connection, name)
