"""
Makes a new catalogue from the WARC files alone: same captures, versions, edits and event ids.

It is filled beside the old one and takes its place at once, so that readers never see half an archive, and a
rebuild that is killed changes nothing.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace

from archive.catalog import files
from archive.catalog.carrying import carry_decisions, carry_sources
from archive.ingest.indexing import Indexer
from archive.opening import Stores

__all__ = ["RebuildReport", "rebuild"]


@dataclass(slots=True)
class RebuildReport:
    """What a rebuild found."""

    files: int = 0
    captures: int = 0
    #: Revisits whose original is not in the archive.
    unresolved: int = 0


def rebuild(
    stores: Stores,
    *,
    say: Callable[[str], None] = lambda _line: None,
    progress: Callable[[str, int, int], None] = lambda _step, _done, _all: None,
) -> RebuildReport:
    """
    Make the catalogue anew.

    Args:
        stores: the home; the caller holds its lock, and nothing else writes to it.
        say: told in words of every damaged record, with file and offset.
        progress: told the step ("read", "catalogue"), how far it is and of how much (bytes, captures).

    Raises:
        BlobStoreError: the files cannot be read.
        CatalogueError: the new catalogue cannot be written; the old one is as it was.
    """
    fresh = stores.catalogue.beside()
    try:
        with stores.catalogue.reading() as old, fresh.writing() as new:
            carry_sources(old, new)
        report = _fill(replace(stores, catalogue=fresh), say, progress)
        with stores.catalogue.reading() as old, fresh.writing() as new:
            carry_decisions(old, new)
        stores.catalogue.take_over(fresh)
    except BaseException:
        fresh.drop()
        raise
    return report


def _fill(
    stores: Stores, say: Callable[[str], None], progress: Callable[[str, int, int], None]
) -> RebuildReport:
    report = RebuildReport()
    names = list(stores.blobs.names())
    sizes = {name: stores.blobs.size(name) or 0 for name in names}
    total, done = sum(sizes.values()), 0
    with Indexer(stores, is_open=False, say=say) as indexer:
        for name in names:
            tail = indexer.add_file(name)
            if tail is not None:
                say(f"{name} at byte {tail.offset}: {tail.length} bytes are no record ({tail.reason})")
            report.files += 1
            done += sizes[name]
            progress("read", done, total)
        found = indexer.run(lambda at, every: progress("catalogue", at, every))
    with stores.catalogue.writing() as connection:
        for name, size in stores.blobs.final_sizes().items():
            files.set_file_final(connection, name, size)
    report.captures, report.unresolved = found.captures, found.unresolved
    return report
