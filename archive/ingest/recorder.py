"""
Takes exchanges in: records written and flushed, then one catalogue transaction, then the acknowledgement.

The order is the promise: whatever was acknowledged, or printed by `captures`, is on the disk.
"""

import uuid
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Any

from sqlalchemy import Connection

from archive.catalog import articles, files, locks, payloads, sources
from archive.digests import sha256
from archive.edits import HistoryState
from archive.ingest.cataloguing import Arrival, Catalogued, Cataloguer
from archive.ingest.facts import CaptureFacts, facts_of_exchange
from archive.ingest.gathering import Pages, Unfinished, compose, incomplete, links_of, with_pages
from archive.ingest.ledger import OnEvents
from archive.ingest.observing import Gathered, Seen
from archive.ingest.statement import Statement, clean_text, extraction_values
from archive.model import PAGE, Exchange, RecordType
from archive.opening import Stores
from archive.text.pagination import PageLinks
from archive.text.selectors import Selectors
from archive.warc.records import BuiltRecord, Described, RecordForge, Refers
from archive.warc.writer import Rotation, WarcWriter

__all__ = ["Fetched", "Keep", "Recorder", "StorePolicy", "about", "new_record_id"]


def new_record_id() -> str:
    """Return a WARC-Record-ID that no one has used."""
    return f"<urn:uuid:{uuid.uuid4()}>"


def about(software: str, operator: str = "") -> list[tuple[str, str]]:
    """Return the fields of a warcinfo record."""
    fields = [
        ("software", software),
        ("format", "WARC File Format 1.1"),
        ("conformsTo", "http://iipc.github.io/warc-specifications/specifications/warc-format/warc-1.1/"),
    ]
    return [*fields, ("operator", operator)] if operator else fields


class Keep(StrEnum):
    """Which full answers are kept."""

    ALL = "all"  # every one whose payload is new
    CHANGES = "changes"  # only those whose article content is new; of others the digests


@dataclass(frozen=True, slots=True, kw_only=True)
class StorePolicy:
    """How much is kept, and in files of which size and age."""

    keep: Keep = Keep.ALL
    #: What asks archives to keep away is kept dark.
    darkens: bool = False
    rotation: Rotation = field(default_factory=Rotation)


@dataclass(frozen=True, slots=True, kw_only=True)
class Fetched:
    """An exchange to be archived, and for which source it was made."""

    exchange: Exchange
    source_id: int
    #: The outlet's own, where it has a recipe.
    selectors: Selectors | None = None
    #: What was fetched for its sake; None where nobody would fetch anything.
    pages: Pages | None = None


@dataclass(frozen=True, slots=True)
class _Prepared:
    """An exchange as records, the capture's own first, with what it shows."""

    records: tuple[BuiltRecord, ...]
    facts: CaptureFacts
    seen: Seen
    source_id: int


class Recorder:
    """The one way in for what was fetched. One recorder a process; calls must not overlap."""

    def __init__(
        self,
        stores: Stores,
        *,
        software: str,
        operator: str = "",
        policy: StorePolicy | None = None,
        on_events: OnEvents | None = None,
    ) -> None:
        policy = policy or StorePolicy()
        self._stores = stores
        self._software = software
        self._keep = policy.keep
        self._darkens = policy.darkens
        self._forge = RecordForge(new_record_id)
        self._writer = WarcWriter(
            stores.blobs,
            self._forge,
            stores.clock,
            about=about(software, operator),
            name=stores.writer,
            rotation=policy.rotation,
        )
        self._cataloguer = Cataloguer(on_events)

    def store(self, batch: Sequence[Fetched]) -> list[Catalogued]:
        """
        Archive a batch; when this returns, all of it is durable and catalogued.

        Raises:
            BlobStoreError: the records could not be written; nothing of the batch was acknowledged.
            CatalogueError: they are on the disk but not catalogued; the next start indexes them.
        """
        return [one for one in self.take(batch) if isinstance(one, Catalogued)]

    def take(self, batch: Sequence[Fetched]) -> list[Catalogued | Unfinished]:
        """
        Archive a batch as `store` does, except for first pages whose further pages were not asked for yet.

        The results stand in the order of the batch. What is unfinished is not archived: it is to be given again
        together with its pages, which are archived with it.
        """
        self.rotate_if_due()
        return [one for wave in _waves(batch) for one in self._store(wave)]

    def rotate_if_due(self) -> None:
        """Make the WARC file final if it is full, idle or old; to be called now and then."""
        self._writer.rotate_if_due()
        self._close_aside()

    def describe(self, about: Described, values: dict[str, Any]) -> None:
        """Write what is known of a record beside it, as JSON; when this returns, it is durable."""
        self._writer.write([[self._forge.metadata(about, values)]])

    def close(self) -> None:
        """Make the current WARC file final."""
        self._writer.set_aside()
        self._close_aside()

    def _store(self, batch: Sequence[Fetched]) -> list[Catalogued | Unfinished]:
        try:
            with self._stores.catalogue.reading() as connection:
                groups = [self._prepare_all(connection, one) for one in batch]
            prepared = [one for group in groups if not isinstance(group, Unfinished) for one in group]
            places = self._writer.write([one.records for one in prepared])
            arrivals = [
                Arrival(
                    facts=replace(
                        one.facts, file=group[0].file, offset=group[0].offset, length=group[0].length
                    ),
                    seen=one.seen,
                    source_id=one.source_id,
                )
                for one, group in zip(prepared, places, strict=True)
            ]
            with self._stores.catalogue.writing() as connection:
                locks.lock_sites(connection, [one.facts.uri for one in prepared])
                done = iter(self._cataloguer.catalogue(connection, arrivals))
        except BaseException:
            self._cataloguer.forget()
            raise
        return [one if isinstance(one, Unfinished) else _first_of(one, done) for one in groups]

    def _prepare_all(self, connection: Connection, fetched: Fetched) -> list[_Prepared] | Unfinished:
        """Prepare an exchange together with its pages; the first page's records come first."""
        if fetched.pages:
            return self._prepare_pages(connection, fetched, fetched.pages)
        first = self._prepare(connection, fetched)
        if fetched.pages is None or first.facts.record_type is not RecordType.RESPONSE:
            # A page that said before that it is all there is says it again.
            return [first]
        links = links_of(first.seen)
        return Unfinished(first.seen.extraction, links) if links and first.seen.extraction else [first]

    def _prepare_pages(
        self, connection: Connection, fetched: Fetched, pages: Pages
    ) -> list[_Prepared] | Unfinished:
        exchange = fetched.exchange
        facts = facts_of_exchange(exchange, RecordType.RESPONSE, "", sha256(exchange.body))
        seen = self._look(connection, facts, fetched)
        if seen.extraction is None:
            return [self._prepare(connection, fetched)]
        further = [
            self._prepare_page(connection, replace(fetched, exchange=one, pages=None), exchange.url)
            for one in pages.exchanges
        ]
        found = compose(seen.extraction, [(one.facts.uri, one.seen) for one in further], pages)
        if not found.taken and not found.missing and pages.is_single and seen.extraction.pages:
            return Unfinished(seen.extraction, PageLinks(seen.extraction.pages))
        if found.missing and not pages.is_enough:
            seen = incomplete(seen, found.missing)
        elif found.taken:
            taken = [further[place] for place in found.taken]
            gathered = Gathered(
                records=tuple(one.facts.record_id for one in taken),
                goes_on=bool(found.missing or pages.goes_on),
                missing=found.missing,
            )
            texts = [one.seen.extraction for one in taken if one.seen.extraction is not None]
            rights = dict.fromkeys(
                name for one in (seen, *(page.seen for page in taken)) for name in one.rights
            )
            seen = self._shaded(replace(with_pages(seen, texts, gathered), rights=tuple(rights)))
        else:
            # Its pages are of something else, and none of its.
            return [self._prepare(connection, fetched), *(further if found.missing else ())]
        return [self._prepare(connection, fetched, seen), *further]

    def _prepare_page(self, connection: Connection, fetched: Fetched, first: str) -> _Prepared:
        """Prepare a page that was fetched for its first page's sake; it is called its article's."""
        exchange, seen = fetched.exchange, Seen()
        if exchange.status is not None:
            facts = facts_of_exchange(exchange, RecordType.RESPONSE, "", sha256(exchange.body))
            seen = self._look(connection, facts, fetched)
        seen = replace(seen, rendition=PAGE, canonical=first, signature="")
        return self._prepare(connection, fetched, seen)

    def _prepare(self, connection: Connection, fetched: Fetched, shown: Seen | None = None) -> _Prepared:
        """
        Prepare one exchange.

        Args:
            shown: what it shows, where that is not told by itself alone.
        """
        exchange = fetched.exchange
        if exchange.status is None:
            return self._without_answer(connection, fetched, shown or Seen())
        digest = sha256(exchange.body)
        original = _original(connection, exchange, digest, is_told=shown is not None)
        if original is None:
            facts = facts_of_exchange(exchange, RecordType.RESPONSE, "", digest)
            seen = shown or self._look(connection, facts, fetched)
            if self._keep is Keep.CHANGES and _is_steady(connection, exchange.url, seen):
                return self._without_answer(connection, fetched, seen)
            return self._with_answer(connection, fetched, facts, seen)
        facts = replace(
            facts_of_exchange(exchange, RecordType.REVISIT, "", original.payload_digest),
            refers_to=original.record_id,
        )
        seen = shown or self._look(connection, facts, fetched)
        if original.record_type is RecordType.REQUEST_ONLY:
            return self._without_answer(connection, fetched, seen)
        return self._revisit(connection, fetched, facts, seen, original)

    def _look(self, connection: Connection, facts: CaptureFacts, fetched: Fetched) -> Seen:
        return self._shaded(self._cataloguer.look(connection, facts, fetched.selectors))

    def _shaded(self, seen: Seen) -> Seen:
        return replace(seen, is_dark=True) if self._darkens and seen.rights else seen

    def _with_answer(
        self, connection: Connection, fetched: Fetched, facts: CaptureFacts, seen: Seen
    ) -> _Prepared:
        exchange = fetched.exchange
        answer = self._forge.response(exchange, facts.payload_digest or "")
        facts = replace(facts, record_id=answer.id)
        return self._with_description(connection, fetched, facts, seen, answer)

    def _with_description(
        self, connection: Connection, fetched: Fetched, facts: CaptureFacts, seen: Seen, answer: BuiltRecord
    ) -> _Prepared:
        exchange, rendering = fetched.exchange, fetched.exchange.rendering
        records = [answer, self._forge.request(exchange, answer.id)]
        if rendering is not None and rendering.html:
            about = Described(record_id=answer.id, uri=exchange.url, at=exchange.at)
            records.append(self._forge.rendering(about, rendering.html, rendering.browser))
        records += self._described(connection, fetched, answer.id, seen)
        return _Prepared(tuple(records), facts, seen, fetched.source_id)

    def _revisit(
        self,
        connection: Connection,
        fetched: Fetched,
        facts: CaptureFacts,
        seen: Seen,
        original: payloads.PayloadRow,
    ) -> _Prepared:
        """Two records are enough, but for what a browser made of it: else all follows from the original's."""
        refers = Refers(
            record_id=original.record_id,
            uri=fetched.exchange.url,
            at=original.captured_at,
            payload_digest=original.payload_digest,
        )
        answer = self._forge.revisit(fetched.exchange, refers)
        facts = replace(facts, record_id=answer.id)
        is_same = (seen.is_dark, seen.rendition) == (original.is_dark, original.rendition)
        is_plain = fetched.exchange.rendering is None and not original.is_rendered and seen.gathered is None
        if not (is_same and is_plain):
            return self._with_description(connection, fetched, facts, seen, answer)
        request = self._forge.request(fetched.exchange, answer.id)
        return _Prepared((answer, request), facts, seen, fetched.source_id)

    def _without_answer(self, connection: Connection, fetched: Fetched, seen: Seen) -> _Prepared:
        """Nothing came back, or nothing of it is kept but what a metadata record says."""
        request = self._forge.request(fetched.exchange, None)
        records = [request, *self._described(connection, fetched, request.id, seen)]
        facts = facts_of_exchange(fetched.exchange, RecordType.REQUEST_ONLY, request.id, seen.payload_digest)
        return _Prepared(tuple(records), facts, seen, fetched.source_id)

    def _described(
        self, connection: Connection, fetched: Fetched, record_id: str, seen: Seen
    ) -> Iterator[BuiltRecord]:
        """Yield the records that say what a capture shows: metadata, and a text that is new as plain text."""
        exchange = fetched.exchange
        described = Described(record_id=record_id, uri=exchange.url, at=exchange.at)
        is_new = seen.content is not None and not self._cataloguer.knows_text(connection, seen.content)
        source = sources.source_of_row(connection, fetched.source_id)
        statement = Statement(
            software=self._software,
            source=(source.name, source.url, source.kind),
            status=exchange.status,
            seen=seen,
            problem=exchange.problem or "",
            detail=exchange.detail,
            extraction=extraction_values(seen) if is_new else None,
        )
        yield self._forge.metadata(described, statement.values())
        if is_new and seen.extraction is not None:
            yield self._forge.conversion(described, clean_text(seen.extraction))

    def _close_aside(self) -> None:
        closed = self._writer.close_aside()
        if closed:
            with self._stores.catalogue.writing() as connection:
                for name, size in closed.items():
                    files.set_file_final(connection, name, size)


def _waves(batch: Sequence[Fetched]) -> Iterator[list[Fetched]]:
    """Split a batch so that no address comes twice: the second may be a revisit of the first."""
    wave: list[Fetched] = []
    seen: set[str] = set()
    for one in batch:
        if one.exchange.url in seen:
            yield wave
            wave, seen = [], set()
        wave.append(one)
        seen.add(one.exchange.url)
    if wave:
        yield wave


def _first_of(group: Sequence[_Prepared], done: Iterator[Catalogued]) -> Catalogued:
    """Return what became of a group's first page; its further pages' results are passed over."""
    first, *_ = [next(done) for _ in group]
    gathered = group[0].seen.gathered
    return replace(first, is_joined=True, missing=gathered.missing) if gathered is not None else first


def _original(
    connection: Connection, exchange: Exchange, digest: str, *, is_told: bool
) -> payloads.PayloadRow | None:
    """
    Find the capture that already holds this exchange's payload.

    Args:
        is_told: it is said of the exchange what it shows.
    """
    if exchange.truncated or exchange.status not in (200, 304):
        return None
    url = articles.url_row(connection, exchange.url)
    if url is None:
        return None
    if exchange.status == 304:
        return payloads.latest_payload(connection, url.id, exchange.at)
    known = payloads.payload_of(connection, url.id, digest)
    # Without a browser the payload has to say by itself what it says, and be kept for that.
    is_alone = exchange.rendering is None and not is_told
    return None if known is not None and known.is_rendered and is_alone else known


def _is_steady(connection: Connection, uri: str, seen: Seen) -> bool:
    """Tell whether a full answer shows what its article is known to say, and nothing waits to be confirmed."""
    url = articles.url_row(connection, uri)
    if seen.content is None or seen.is_damaged or url is None or url.article_id is None:
        return False
    history = articles.article_row(connection, url.article_id).history
    state = HistoryState.from_json(history) if history else HistoryState()
    waits = state.pending or state.restored or state.moved or state.missing
    return state.reference == seen.content and not waits
