"""
Start-up: makes files that a dead writer left behind whole, and indexes what they hold without a row.

A torn tail is cut, because readers lose every record behind it; a record that is whole but unknown to the
catalogue was durable before it could be acknowledged, and is indexed now.
"""

from collections.abc import Callable
from dataclasses import dataclass

from archive.blobs.store import Appender
from archive.catalog import captures, files
from archive.ingest.cataloguing import Cataloguer
from archive.ingest.indexing import Indexer
from archive.opening import Stores

__all__ = ["RecoveryReport", "recover"]


@dataclass(slots=True)
class RecoveryReport:
    """What start-up found and did."""

    files: int = 0
    torn_tails: int = 0
    bytes_cut: int = 0
    indexed: int = 0
    #: Rows whose bytes are gone, dropped.
    dropped: int = 0


def recover(
    stores: Stores, *, say: Callable[[str], None] = lambda _line: None, drop: bool = True
) -> RecoveryReport:
    """
    Bring the files of dead writers and the catalogue together. Only the writer of the home may call this.

    Args:
        stores: the home.
        say: told in words of everything that was cut, indexed or dropped, before it is.
        drop: drop rows whose bytes are gone; else they stay, for `verify` to find.

    Raises:
        BlobStoreError: a file cannot be cut or closed.
        CatalogueError: the catalogue cannot be written.
    """
    report = RecoveryReport()
    left = stores.blobs.open_names()
    reopened = [file for name in left if (file := stores.blobs.reopen(name)) is not None]
    with Indexer(stores, is_open=False, say=say) as indexer:
        for file in reopened:
            _mend(stores, indexer, file, report, say)
            if drop:
                report.dropped += _drop_lost(stores, file, say)
        # Rows first, the final name second: a file without `.open` is never looked at again.
        report.indexed = indexer.run().captures
    for file in reopened:
        file.close()
        report.files += 1
    _note_closed(stores)
    return report


def _mend(
    stores: Stores, indexer: Indexer, file: Appender, report: RecoveryReport, say: Callable[[str], None]
) -> None:
    tail = indexer.add_file(file.name)
    if tail is None:
        return
    say(
        f"{file.name}: cutting {tail.length} bytes from byte {tail.offset} on ({tail.reason}); "
        f"they were never acknowledged."
        if _end(stores, file.name) <= tail.offset
        else f"{file.name}: cutting {tail.length} damaged bytes from byte {tail.offset} on ({tail.reason})."
    )
    file.cut(tail.offset)
    report.torn_tails += 1
    report.bytes_cut += tail.length


def _end(stores: Stores, name: str) -> int:
    with stores.catalogue.reading() as connection:
        return max((row.offset + row.length for row in files.places_in(connection, name)), default=0)


def _drop_lost(stores: Stores, file: Appender, say: Callable[[str], None]) -> int:
    """Drop rows that point behind the end of a file: their bytes never reached the disk, or are gone."""
    with stores.catalogue.reading() as connection:
        lost = [row for row in files.places_in(connection, file.name) if row.offset + row.length > file.size]
    if not lost:
        return 0
    for row in lost:
        say(f"{file.name} at byte {row.offset}: the record of {row.uri} is gone; its capture is dropped.")
    cataloguer = Cataloguer()
    with stores.catalogue.writing() as connection:
        cataloguer.mark_late(captures.drop_captures(connection, [row.capture for row in lost]))
        cataloguer.settle(connection)
    return len(lost)


def _note_closed(stores: Stores) -> None:
    """Let the catalogue know of files that were made final without its knowledge."""
    with stores.catalogue.reading() as connection:
        stale = [name for name in files.open_files(connection) if not stores.blobs.is_open(name)]
    if stale:
        with stores.catalogue.writing() as connection:
            for name in stale:
                files.set_file_closed(connection, name)
