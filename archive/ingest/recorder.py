"""
Takes exchanges in: records appended and flushed, then one catalogue transaction, then the acknowledgement.

The order is the promise: whatever was acknowledged, or printed by `captures`, is on the disk.
"""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass, replace

from sqlalchemy import Connection

from archive.catalog import articles, captures
from archive.digests import sha256
from archive.ingest.cataloguing import Catalogued, Cataloguer
from archive.ingest.facts import CaptureFacts, facts_of_exchange
from archive.ingest.ledger import OnEvents
from archive.model import Exchange, RecordType
from archive.opening import Stores
from archive.warc.records import BuiltRecord, RecordForge, Refers
from archive.warc.writer import WarcWriter

__all__ = ["Fetched", "Recorder", "new_record_id"]


def new_record_id() -> str:
    """Return a WARC-Record-ID that no one has used."""
    return f"<urn:uuid:{uuid.uuid4()}>"


@dataclass(frozen=True, slots=True, kw_only=True)
class Fetched:
    """An exchange to be archived, and for which source it was made."""

    exchange: Exchange
    source_id: int


@dataclass(frozen=True, slots=True)
class _Prepared:
    """An exchange as records, with the facts that follow from it."""

    records: tuple[BuiltRecord, ...]
    facts: CaptureFacts


class Recorder:
    """The one way in for what was fetched. One recorder a process; calls must not overlap."""

    def __init__(
        self, stores: Stores, *, software: str, operator: str = "", on_events: OnEvents | None = None
    ) -> None:
        self._stores = stores
        self._forge = RecordForge(new_record_id)
        self._writer = WarcWriter(
            stores.blobs,
            self._forge,
            stores.clock,
            software=software,
            operator=operator,
            on_closed=self._closed,
        )
        self._cataloguer = Cataloguer(on_events)

    def store(self, batch: Sequence[Fetched]) -> list[Catalogued]:
        """
        Archive a batch; when this returns, all of it is durable and catalogued.

        Raises:
            BlobStoreError: the records could not be written; nothing of the batch was acknowledged.
            CatalogueError: they are on the disk but not catalogued; the next start indexes them.
        """
        self._writer.rotate_if_due()
        with self._stores.catalogue.reading() as connection:
            prepared = [self._prepare(connection, one.exchange) for one in batch]
        placed = [self._append(one) for one in prepared]
        self._writer.sync()
        done = []
        with self._stores.catalogue.writing() as connection:
            for one, facts in zip(batch, placed, strict=True):
                done.append(self._cataloguer.catalogue(connection, facts, source_id=one.source_id))
        return done

    def close(self) -> None:
        """Make the current WARC file final."""
        self._writer.close()

    def _prepare(self, connection: Connection, exchange: Exchange) -> _Prepared:
        if exchange.status is None:
            request = self._forge.request(exchange, None)
            return _Prepared(
                (request,), facts_of_exchange(exchange, RecordType.REQUEST_ONLY, request.id, None)
            )
        digest = sha256(exchange.body)
        refers = _refers(connection, exchange, digest)
        if refers is None:
            answer = self._forge.response(exchange, digest)
            kind = RecordType.RESPONSE
        else:
            answer = self._forge.revisit(exchange, refers)
            kind, digest = RecordType.REVISIT, refers.payload_digest
        request = self._forge.request(exchange, answer.id)
        return _Prepared((answer, request), facts_of_exchange(exchange, kind, answer.id, digest))

    def _append(self, prepared: _Prepared) -> CaptureFacts:
        place = self._writer.append(prepared.records)[0]
        return replace(prepared.facts, file=place.file, offset=place.offset, length=place.length)

    def _closed(self, name: str) -> None:
        with self._stores.catalogue.writing() as connection:
            captures.set_file_closed(connection, name)


def _refers(connection: Connection, exchange: Exchange, digest: str) -> Refers | None:
    """Find the response record that already holds this exchange's payload."""
    if exchange.truncated or exchange.status not in (200, 304):
        return None
    url = articles.url_row(connection, exchange.url)
    if url is None:
        return None
    if exchange.status == 304:
        known = captures.latest_payload(connection, url.id, exchange.at)
    else:
        known = captures.payload_of(connection, url.id, digest)
    if known is None:
        return None
    return Refers(
        record_id=known.record_id,
        uri=exchange.url,
        at=known.captured_at,
        payload_digest=known.payload_digest,
    )
