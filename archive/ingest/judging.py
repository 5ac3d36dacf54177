"""
Takes a person's word on an event in: a metadata record first, durable, then the catalogue.

The record holds all that was said, so that a catalogue made anew from the WARC files knows it.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace

from sqlalchemy import Connection

from archive import edits
from archive.catalog import blocks, captures, judgements, ledger
from archive.errors import UnknownEventError
from archive.ingest.ledger import Contents, rework
from archive.ingest.recorder import Recorder
from archive.ingest.said import values_of
from archive.model import Capture, Disclosure, Event, EventKind, Extraction, Judgement, Severity
from archive.opening import Stores
from archive.warc.records import Described

__all__ = ["Word", "judge_event", "keep_judgement"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Word:
    """What a person says of an event now; None leaves what was said before."""

    is_an_edit: bool | None = None
    severity: Severity | None = None
    disclosure: Disclosure | None = None
    comment: str | None = None
    #: Added to the tags that are there.
    tags: tuple[str, ...] = ()


def judge_event(stores: Stores, event_id: str, word: Word, *, software: str) -> Event:
    """
    Keep a person's word on an event, and return the event as it reads now.

    When this returns, the word is durable. Works while another process writes to the same home.

    Raises:
        UnknownEventError: there is no such event, or it was superseded.
        BlobStoreError, CatalogueError: it could not be kept.
    """
    with stores.catalogue.reading() as connection:
        event = ledger.event_by_id(connection, event_id)
        shown = _shown(connection, event)
    if event is None or shown is None:
        raise UnknownEventError(event_id)
    said = _said(event, word, stores)
    recorder = Recorder(stores, software=software)
    about = Described(record_id=shown.record.id, uri=event.article, at=said.judged_at)
    recorder.describe(about, values_of(said))
    with stores.catalogue.writing() as connection:
        keep_judgement(connection, said, Contents().loader(connection))
    recorder.close()
    with stores.catalogue.reading() as connection:
        return ledger.event_by_id(connection, event_id) or event


def keep_judgement(connection: Connection, said: Judgement, contents: Callable[[str], Extraction]) -> None:
    """
    Let the catalogue know of a judgement. Idempotent; an older one never replaces a newer.

    Blocks of what was judged to be no edit are noise of the outlet from then on: articles that showed them later
    are worked out anew. For a catalogue made anew this is called once its captures are catalogued, in any order.
    """
    if not judgements.upsert_judgement(connection, said):
        return
    event = ledger.event_of_capture(connection, said.to_capture, said.kind)
    source_id = ledger.source_of_event(connection, event.id) if event is not None else None
    if event is None or source_id is None or said.is_an_edit is None or event.kind is not EventKind.EDIT:
        return
    keys = sorted({key for text in edits.texts_of(event) for key in edits.block_keys(text)})
    if said.is_an_edit:
        blocks.remove_noise(connection, source_id, event.id)
    else:
        blocks.add_noise(connection, source_id, keys, since=event.first_seen_at, event=event.id)
    for article_id in blocks.articles_with(connection, source_id, keys, since=event.first_seen_at):
        rework(connection, article_id, contents)


def _shown(connection: Connection, event: Event | None) -> Capture | None:
    """Return the capture that showed an event first."""
    if event is None or event.to_capture is None:
        return None
    return captures.capture_by_id(connection, event.to_capture)


def _said(event: Event, word: Word, stores: Stores) -> Judgement:
    """Return all that has been said of an event, with the newest word."""
    before = event.judgement or Judgement(
        event=event.id,
        kind=event.kind,
        to_capture=event.to_capture or "",
        article=event.article,
        judged_at=stores.clock.now(),
    )
    return replace(
        before,
        event=event.id,
        judged_at=stores.clock.now(),
        is_an_edit=before.is_an_edit if word.is_an_edit is None else word.is_an_edit,
        severity=word.severity or before.severity,
        disclosure=word.disclosure or before.disclosure,
        comment=before.comment if word.comment is None else word.comment,
        tags=tuple(dict.fromkeys((*before.tags, *word.tags))),
    )
