"""
Start-up: makes files that a dead writer left behind whole, and indexes what they hold without a row.

A torn tail is cut, because readers lose every record behind it; a record that is whole but unknown to the
catalogue was durable before it could be acknowledged, and is indexed now. A final file is looked at again only
when its size is not the one it had.

On a catalogue of many writers, files are signed with their writer's name, which it holds for as long as it lives:
what a living one has under way is left alone, and what a dead one left is taken up by whoever looks first.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from archive.catalog import captures, files
from archive.catalog.catalogue import lock_of
from archive.ingest.cataloguing import Cataloguer
from archive.ingest.indexing import Indexer
from archive.ingest.ledger import OnEvents
from archive.opening import Stores
from archive.warc.members import TornTail
from archive.warc.writer import writer_of

__all__ = ["RecoveryReport", "recover"]

Say = Callable[[str], None]
#: Lock under which one process at a time does this, on a catalogue of many.
ALONE = "recover"


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
    stores: Stores,
    *,
    on_events: OnEvents | None = None,
    say: Say = lambda _line: None,
    drop: bool = True,
) -> RecoveryReport:
    """
    Bring the files of dead writers and the catalogue together.

    On an embedded catalogue only the writer of the home may call this; on one of many, nothing is done while
    another process does it.

    Args:
        stores: the home.
        on_events: called with events that became alerts: nobody was told of them before the writer died.
        say: told in words of everything that is cut, indexed or dropped, before it is.
        drop: drop rows whose bytes never reached the end of a file; else they stay, for `verify` to find.

    Raises:
        BlobStoreError: a file cannot be cut or closed.
        CatalogueError: the catalogue cannot be written.
    """
    report = RecoveryReport()
    with _turn(stores) as mine:
        if mine:
            _recover(stores, report, on_events=on_events, say=say, drop=drop)
    return report


@contextmanager
def _turn(stores: Stores) -> Iterator[bool]:
    if not stores.catalogue.is_shared:
        yield True
        return
    with stores.catalogue.alone(ALONE) as mine:
        yield mine


def _recover(
    stores: Stores, report: RecoveryReport, *, on_events: OnEvents | None, say: Say, drop: bool
) -> None:
    names, changed = _of_the_dead(stores, stores.blobs.open_names()), _of_the_dead(stores, _changed(stores))
    left = [file for name in names if (file := stores.blobs.reopen(name)) is not None]
    with Indexer(stores, on_events=on_events, is_open=False, say=say) as indexer:
        for file in left:
            tail = indexer.add_file(file.name)
            if tail is not None:
                _say_cut(stores, file.name, tail, report, say)
                file.cut(tail.offset)
            if drop:
                report.dropped += _drop_lost(stores, file.name, file.size, say)
        for name in changed:
            tail = indexer.add_file(name)
            if tail is not None:
                _say_cut(stores, name, tail, report, say)
                stores.blobs.trim(name, tail.offset)
        # Rows first, the final name second: a final file of its known size is not looked at again.
        report.indexed = indexer.run().captures
    for file in left:
        file.close()
    report.files = len(left) + len(changed)
    _note_final(stores, [*(file.name for file in left), *changed])


def _of_the_dead(stores: Stores, names: list[str]) -> list[str]:
    """Return those files whose writer is gone, or not known."""
    if not stores.catalogue.is_shared:
        return names
    alive = {writer: _is_alive(stores, writer) for writer in {writer_of(name) for name in names} if writer}
    return [name for name in names if not alive.get(writer_of(name), False)]


def _is_alive(stores: Stores, writer: str) -> bool:
    with stores.catalogue.alone(lock_of(writer)) as is_gone:
        return not is_gone


def _changed(stores: Stores) -> list[str]:
    """Return final files that the catalogue does not know to their end, or that changed their size since."""
    found = stores.blobs.final_sizes()
    with stores.catalogue.reading() as connection:
        known = files.final_sizes(connection)
    return sorted(name for name, size in found.items() if known.get(name) != size)


def _say_cut(stores: Stores, name: str, tail: TornTail, report: RecoveryReport, say: Say) -> None:
    with stores.catalogue.reading() as connection:
        acknowledged = any(row.offset + row.length > tail.offset for row in files.places_in(connection, name))
    what = (
        "damaged bytes, and with them what is listed as lost by `verify`,"
        if acknowledged
        else "bytes that were never acknowledged,"
    )
    say(f"{name}: cutting {tail.length} {what} from byte {tail.offset} on ({tail.reason}).")
    report.torn_tails += 1
    report.bytes_cut += tail.length


def _drop_lost(stores: Stores, name: str, size: int, say: Say) -> int:
    """Drop rows that point behind the end of a file: their bytes never reached the disk, or are gone."""
    with stores.catalogue.reading() as connection:
        lost = [row for row in files.places_in(connection, name) if row.offset + row.length > size]
    if not lost:
        return 0
    for row in lost:
        say(f"{name} at byte {row.offset}: the record of {row.uri} is gone; its capture is dropped.")
    cataloguer = Cataloguer()
    with stores.catalogue.writing() as connection:
        cataloguer.mark_late(captures.drop_captures(connection, [row.capture for row in lost]))
        cataloguer.settle(connection)
    return len(lost)


def _note_final(stores: Stores, names: list[str]) -> None:
    if not names:
        return
    sizes = stores.blobs.final_sizes()
    with stores.catalogue.writing() as connection:
        for name in names:
            if name in sizes:
                files.set_file_final(connection, name, sizes[name])
