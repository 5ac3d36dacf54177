"""
Writes what looking again found: metadata records first, durable, then the catalogue, one article a transaction.

A stop between two articles leaves each of them whole; one between records and catalogue is made up for at the next
start, from the records. Done twice, nothing more is written; nothing is alerted.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection

from archive import urls
from archive.catalog import articles, captures, entries, extracted, files, ledger, restatements
from archive.catalog.restatements import Restatement
from archive.ingest.identity import article_for
from archive.ingest.ledger import Contents, rework
from archive.ingest.observing import Seen
from archive.ingest.recorder import about, new_record_id
from archive.ingest.reprocessed import ArticleChange, SeenAnew
from archive.ingest.restated import Look, LookedAt, NewText, look_values, text_values
from archive.model import Event, Extraction, Observation
from archive.opening import Stores
from archive.warc.records import BuiltRecord, Described, RecordForge
from archive.warc.writer import WarcWriter

__all__ = ["heed_restatements", "restated", "write_changes"]

#: Captures whose records are made durable together.
BATCH = 256
TICK = timedelta(microseconds=1)

#: The values of an extraction by its digest; None for one that was not found just now.
Texts = Callable[[str], dict[str, Any] | None]


def write_changes(stores: Stores, changes: Sequence[ArticleChange], texts: Texts, *, software: str) -> None:
    """
    Write what was found.

    Raises:
        BlobStoreError: records could not be written; what the catalogue says by then has its records.
        CatalogueError: the catalogue could not be written; the next start makes up for it.
    """
    forge = RecordForge(new_record_id)
    writer = WarcWriter(stores.blobs, forge, stores.clock, about=about(software), name=stores.writer)
    contents = Contents()
    told: set[str] = set()
    for batch in _batches(changes):
        at = _moment(stores)
        with stores.catalogue.reading() as connection:
            laid = _Laid(connection, forge, texts, told)
            groups = [group for change in batch if (group := list(laid.records(change, at, software)))]
        if groups:
            writer.write(groups)
        writer.rotate_if_due()
        for change in batch:
            with stores.catalogue.writing() as connection:
                _write(connection, change, at, texts, contents)
    writer.set_aside()
    closed = writer.close_aside()
    with stores.catalogue.writing() as connection:
        for name, size in closed.items():
            files.set_file_final(connection, name, size)


class _Laid:
    """Lays down in records what will not follow from those that are there."""

    def __init__(self, connection: Connection, forge: RecordForge, texts: Texts, told: set[str]) -> None:
        self._connection = connection
        self._forge = forge
        self._texts = texts
        #: Digests of the texts that were laid down by now.
        self._told = told

    def records(self, change: ArticleChange, at: datetime, software: str) -> Iterator[BuiltRecord]:
        """Yield the records of one article's change, the one that makes them count at the end."""
        own = [one for one in change.seen if not one.is_derived]
        for one in own:
            digest = one.now.content
            values = self._texts(digest) if digest is not None and self._is_new(digest) else None
            if digest is not None and values is not None:
                self._told.add(digest)
                about = Described(record_id=one.record_id, uri=one.uri, at=at)
                yield self._forge.metadata(about, text_values(NewText(digest, values)))
        look = Look(
            at=at,
            software=software,
            captures=tuple(map(_looked_at, own)),
            superseded=tuple(change.vanishing),
        )
        named = own[0].record_id if own else self._record_of(change.vanishing)
        if named is not None:
            yield self._forge.metadata(Described(record_id=named, uri=change.uri, at=at), look_values(look))

    def _is_new(self, digest: str) -> bool:
        return digest not in self._told and not ledger.has_content(self._connection, digest)

    def _record_of(self, vanishing: Sequence[Event]) -> str | None:
        """Return the id of a record in which an event that is no more was seen."""
        shown = (captures.capture_by_id(self._connection, event.to_capture or "") for event in vanishing)
        return next((one.record.id for one in shown if one is not None), None)


def _looked_at(one: SeenAnew) -> LookedAt:
    return LookedAt(
        record_id=one.record_id,
        page_kind=one.now.page_kind,
        content=one.now.content,
        is_damaged=one.now.is_damaged,
        rendition=one.now.rendition,
    )


def _batches(changes: Sequence[ArticleChange]) -> Iterator[list[ArticleChange]]:
    batch: list[ArticleChange] = []
    size = 0
    for change in changes:
        batch.append(change)
        size += len(change.seen) + 1
        if size >= BATCH:
            yield batch
            batch, size = [], 0
    if batch:
        yield batch


def _moment(stores: Stores) -> datetime:
    """Return the moment of this look: later than any before it, whatever the clock says."""
    now = stores.clock.now()
    with stores.catalogue.reading() as connection:
        last = restatements.last_restated(connection)
    return now if last is None or last < now else last + TICK


def _write(
    connection: Connection, change: ArticleChange, at: datetime, texts: Texts, contents: Contents
) -> None:
    for one in change.seen:
        values = texts(one.now.content) if one.now.content else None
        if one.now.content is not None and values is not None:
            entries.add_content(connection, one.now.content, values)
        extracted.set_extraction(connection, one.now)
    restatements.upsert_restatements(
        connection, [_looked_at(one).at(at) for one in change.seen if not one.is_derived]
    )
    article_id = change.article_id
    if article_id is None:
        first = next((one.now for one in change.seen if one.now.content is not None), None)
        article_id = _adopt(connection, change.uri, first) if first is not None else None
    if article_id is not None:
        rework(connection, article_id, contents.loader(connection))


def _adopt(connection: Connection, uri: str, first: Observation) -> int | None:
    """Begin the article of an address that is taken for one only now, or find the one that it belongs to."""
    url = articles.url_row(connection, uri)
    if url is None:
        return None
    shown = Seen(page_kind=first.page_kind, content=first.content)
    source_id = extracted.source_of_url(connection, url.id)
    article_id = article_for(connection, url, shown, source_id=source_id, at=first.at)
    if article_id is not None:
        extracted.adopt_captures(connection, url.id, article_id)
        articles.bind_key(connection, urls.identity_key(uri), article_id)
    return article_id


def restated(seen: Seen, said: Restatement, contents: Callable[[str], Extraction]) -> Seen:
    """Return what a capture shows once a later look is heeded."""
    extraction = contents(said.content) if said.content is not None else None
    return replace(
        seen,
        page_kind=said.page_kind,
        extraction=extraction,
        content=said.content,
        canonical=None,
        is_damaged=said.is_damaged,
        rendition=said.rendition,
        signature="",
    )


def heed_restatements(connection: Connection, contents: Callable[[str], Extraction]) -> None:
    """Let catalogued captures show what later looks at them found, where a stop came between record and row."""
    affected: set[int] = set()
    for said in restatements.unheeded_restatements(connection):
        restatements.restate_captures(connection, said)
        row = extracted.shown_by_capture(connection, said.capture)
        article_id = row.article_id if row is not None else None
        if row is not None and article_id is None and said.content is not None:
            article_id = _adopt(connection, row.uri, row.observation)
        if article_id is not None:
            affected.add(article_id)
    for article_id in sorted(affected):
        rework(connection, article_id, contents)
