"""Walks a WARC file of the archive: which captures it holds, and what its metadata records say of them."""

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from archive import text
from archive.blobs.store import BlobStore
from archive.ingest.facts import CaptureFacts, facts_of_record, facts_of_request
from archive.ingest.restated import Look, NewText, later_word
from archive.ingest.said import judgement_of_record
from archive.ingest.statement import Statement
from archive.model import PAGE, Judgement
from archive.warc.beside import records_beside
from archive.warc.members import Damage, Member, walk_members
from archive.warc.reader import ReadRecord, read_member

__all__ = ["Beside", "Held", "Later", "beside", "captures_in", "statements_of_pages"]

#: What was said of captures and events later than they came, wherever it stands.
Later = Judgement | Look | NewText


@dataclass(frozen=True, slots=True)
class Held:
    """A capture that a file holds."""

    #: Without the answer itself: it can be read again.
    facts: CaptureFacts
    statement: Statement | None = None


@dataclass(frozen=True, slots=True)
class Beside:
    """What is kept beside a capture's record."""

    #: The document that a browser made of it, or None.
    rendering: bytes | None = None
    statement: Statement | None = None


def beside(blobs: BlobStore, name: str, offset: int, length: int, record_id: str) -> Beside:
    """
    Return what is kept beside a capture's record.

    Raises:
        BlobStoreError: the file cannot be read.
    """
    rendering, statement = None, None
    for one in records_beside(blobs, name, offset, length, record_id):
        if one.record.is_rendering:
            rendering = one.record.block
        elif one.record.type == "metadata":
            statement = statement or _statement(one.record)
    return Beside(rendering, statement)


def statements_of_pages(records: Iterable[ReadRecord]) -> dict[str, Statement]:
    """
    Return what is said of first pages and their further pages, by the id of the capture's record.

    What they show together stands in no record by itself. Others are left out, for they can be looked at anew; so are
    those whose text is not the one that they name.
    """
    found: dict[str, Statement] = {}
    for record in records:
        statement = _statement(record) if record.type == "metadata" else None
        if statement is None or (statement.seen.gathered is None and statement.seen.rendition != PAGE):
            continue
        if _holds_its_text(statement):
            found[record.fields.get("warc-refers-to", "")] = statement
    return found


def _holds_its_text(statement: Statement) -> bool:
    if statement.extraction is None:
        return True
    try:
        return text.content_digest(text.extraction_from(statement.extraction)) == statement.seen.content
    except (KeyError, TypeError, ValueError, AttributeError):
        return False


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
    statement = _statement(record)
    if statement is None:
        return None
    return Held(replace(facts, status=statement.status), statement)


def _statement(record: ReadRecord) -> Statement | None:
    try:
        values = json.loads(record.block)
    except ValueError:
        return None
    return Statement.from_values(values) if isinstance(values, dict) else None
