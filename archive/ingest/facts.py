"""What a record says by itself, before anything is known of its article."""

from dataclasses import dataclass
from datetime import datetime

from archive.digests import capture_id, sha256
from archive.model import Exchange, RecordType
from archive.warc.reader import HttpMessage, ReadRecord

__all__ = ["CaptureFacts", "facts_of_exchange", "facts_of_record"]


@dataclass(frozen=True, slots=True, kw_only=True)
class CaptureFacts:
    """One capture as its record tells it, and where that record lies."""

    record_type: RecordType
    record_id: str
    at: datetime
    uri: str
    #: The answer; None when nothing came back.
    http: HttpMessage | None
    payload_digest: str | None
    #: The record says that the body ended early.
    is_truncated: bool
    file: str
    offset: int
    length: int

    @property
    def id(self) -> str:
        """The capture's id."""
        return capture_id(self.record_id)

    @property
    def status(self) -> int | None:
        """HTTP status, or None when nothing came back."""
        return self.http.status if self.http else None


def facts_of_exchange(
    exchange: Exchange, record_type: RecordType, record_id: str, digest: str | None
) -> CaptureFacts:
    """Return the facts of an exchange that is about to be written; its place is not known yet."""
    http = None if exchange.status is None else _answer_of(exchange)
    return CaptureFacts(
        record_type=record_type,
        record_id=record_id,
        at=exchange.at,
        uri=exchange.url,
        http=http,
        payload_digest=digest,
        is_truncated=exchange.truncated is not None,
        file="",
        offset=0,
        length=0,
    )


def _answer_of(exchange: Exchange) -> HttpMessage:
    """Return an exchange's answer as its record will show it."""
    headers = tuple(
        (name.strip().lower().decode("latin-1"), value.strip().decode("latin-1"))
        for name, value in exchange.response_headers
    )
    return HttpMessage(exchange.status, headers, exchange.framed or exchange.body)


def facts_of_record(record: ReadRecord, file: str, offset: int, length: int) -> CaptureFacts | None:
    """Return the facts of an archived record, or None when it is no capture by itself (warcinfo, request, …)."""
    if record.type not in (RecordType.RESPONSE, RecordType.REVISIT):
        return None
    if not record.uri.startswith(("http://", "https://")) or not record.id:
        return None
    http = record.http()
    digest = record.payload_digest
    if record.type == RecordType.RESPONSE:
        digest = sha256(http.entity())
    elif http.status is None:
        # WARC 1.1 §6.7: a revisit may come without the answer's headers; its profile says what it was.
        not_modified = "server-not-modified" in record.fields.get("warc-profile", "")
        http = HttpMessage(304 if not_modified else 200, (), b"")
    return CaptureFacts(
        record_type=RecordType(record.type),
        record_id=record.id,
        at=record.date,
        uri=record.uri,
        http=http,
        payload_digest=digest,
        is_truncated="warc-truncated" in record.fields,
        file=file,
        offset=offset,
        length=length,
    )
