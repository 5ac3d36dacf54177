"""Walks a WARC file of the archive: which captures it holds, and what its metadata records say of them."""

import json
from collections.abc import Iterator
from dataclasses import dataclass, replace

from archive.blobs.store import BlobStore
from archive.ingest.facts import CaptureFacts, facts_of_record, facts_of_request
from archive.ingest.restated import Look, NewText, later_word
from archive.ingest.said import judgement_of_record
from archive.ingest.statement import Statement
from archive.model import Judgement
from archive.warc.members import Damage, Member, walk_members
from archive.warc.reader import ReadRecord, read_member

__all__ = ["Held", "Later", "captures_in"]

#: What was said of captures and events later than they came, wherever it stands.
Later = Judgement | Look | NewText


@dataclass(frozen=True, slots=True)
class Held:
    """A capture that a file holds."""

    #: Without the answer itself: it can be read again.
    facts: CaptureFacts
    statement: Statement | None = None


def captures_in(blobs: BlobStore, name: str) -> Iterator[Held | Later | Damage]:
    """Yield a file's captures, each with its statement if one follows it, later words, and what is damaged, in order."""
    held: Held | None = None
    asked: CaptureFacts | None = None
    for found in walk_members(blobs.pieces(name)):
        record = _record(found)
        if isinstance(record, Damage):
            if held is not None:
                yield held
            held = asked = None
            yield record
            continue
        place = (name, found.offset, found.length)
        if (said := judgement_of_record(record) or later_word(record)) is not None:
            yield said
        elif record.type == "metadata":
            stated = _stated(record, held, asked)
            if stated is not None:
                if held is not None and held.facts.record_id != stated.facts.record_id:
                    yield held
                yield stated
                held = asked = None
        elif (facts := facts_of_record(record, *place)) is not None:
            if held is not None:
                yield held
            held, asked = Held(replace(facts, http=None)), None
        elif (request := facts_of_request(record, *place)) is not None:
            asked = request
    if held is not None:
        yield held


def _record(found: Member | Damage) -> ReadRecord | Damage:
    if isinstance(found, Damage):
        return found
    try:
        return read_member(found.data)
    except ValueError as error:
        return Damage(found.offset, found.length, str(error))


def _stated(record: ReadRecord, held: Held | None, asked: CaptureFacts | None) -> Held | None:
    """Tie a metadata record to the capture before it, if it is ours and speaks of it."""
    described = record.fields.get("warc-refers-to")
    facts = next(
        (
            one
            for one in (held.facts if held else None, asked)
            if one is not None and one.record_id == described
        ),
        None,
    )
    if facts is None:
        return None
    try:
        values = json.loads(record.block)
    except ValueError:
        return None
    statement = Statement.from_values(values) if isinstance(values, dict) else None
    if statement is None:
        return None
    return Held(replace(facts, status=statement.status), statement)
