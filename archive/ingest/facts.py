"""What a record says by itself, before anything is known of its article."""

from dataclasses import dataclass
from datetime import datetime

from archive import urls
from archive.digests import capture_id, sha256
from archive.model import Exchange, RecordType
from archive.warc.reader import HttpMessage, ReadRecord

__all__ = ["CaptureFacts", "facts_of_exchange", "facts_of_record", "facts_of_request"]


@dataclass(frozen=True, slots=True, kw_only=True)
class CaptureFacts:
    """One capture as its record tells it, and where that record lies."""

    record_type: RecordType
    record_id: str
    at: datetime
    uri: str
    #: None when nothing came back.
    status: int | None
    #: The answer; None when nothing came back, or it is not at hand.
    http: HttpMessage | None = None
    payload_digest: str | None = None
    #: The record says that the body ended early.
    is_truncated: bool = False
    #: The document that a browser made of the answer; b"" when it came to no end, None where none was asked.
    rendering: bytes | None = None
    #: Id of the record that a revisit stands for, when it names it.
    refers_to: str | None = None
    file: str = ""
    offset: int = 0
    length: int = 0

    @property
    def id(self) -> str:
        """The capture's id."""
        return capture_id(self.record_id)


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
        status=exchange.status,
        http=http,
        payload_digest=digest,
        is_truncated=exchange.truncated is not None,
        rendering=exchange.rendering.html if exchange.rendering else None,
    )


def _answer_of(exchange: Exchange) -> HttpMessage:
    """Return an exchange's answer as its record will show it."""
    headers = tuple(
        (name.strip().lower().decode("latin-1"), value.strip().decode("latin-1"))
        for name, value in exchange.response_headers
    )
    return HttpMessage(exchange.status, headers, exchange.framed or exchange.body)


def facts_of_record(
    record: ReadRecord, file: str = "", offset: int = 0, length: int = 0, *, rendering: bytes | None = None
) -> CaptureFacts | None:
    """
    Return the facts of an archived record, or None when it is no capture by itself (warcinfo, request, …).

    Args:
        rendering: the document that a browser made of it, where one is kept beside it.
    """
    if record.type not in (RecordType.RESPONSE, RecordType.REVISIT) or not _is_web(record):
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
        status=http.status,
        http=http,
        payload_digest=digest,
        is_truncated="warc-truncated" in record.fields,
        rendering=rendering,
        refers_to=record.fields.get("warc-refers-to"),
        file=file,
        offset=offset,
        length=length,
    )


def facts_of_request(record: ReadRecord, file: str, offset: int, length: int) -> CaptureFacts | None:
    """Return the facts of a request of which no answer is kept; it is a capture if a metadata record says so."""
    if record.type != "request" or "warc-concurrent-to" in record.fields or not _is_web(record):
        return None
    return CaptureFacts(
        record_type=RecordType.REQUEST_ONLY,
        record_id=record.id,
        at=record.date,
        uri=record.uri,
        status=None,
        file=file,
        offset=offset,
        length=length,
    )


def _is_web(record: ReadRecord) -> bool:
    """Tell whether a record is named, and is of a web address that can be one."""
    if not record.id or not record.uri.startswith(("http://", "https://")):
        return False
    try:
        urls.urlkey(record.uri), urls.identity_key(record.uri)
    except ValueError:
        return False
    return True
