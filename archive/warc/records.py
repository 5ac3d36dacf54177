"""
Builds WARC/1.1 records from exchanges, as bytes of one gzip member each.

What the server sent comes out byte for byte, odd header bytes included; every digest is computed once.
"""

import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from archive.digests import sha256
from archive.model import Exchange
from archive.warc.layout import member_of

__all__ = [
    "IDENTICAL_PAYLOAD",
    "SERVER_NOT_MODIFIED",
    "BuiltRecord",
    "Described",
    "RecordForge",
    "Refers",
    "warc_date",
]

#: WARC 1.1 §6.7.2 and §6.7.3.
IDENTICAL_PAYLOAD = "http://netpreserve.org/warc/1.1/revisit/identical-payload-digest"
SERVER_NOT_MODIFIED = "http://netpreserve.org/warc/1.1/revisit/server-not-modified"


def warc_date(moment: datetime) -> str:
    """Return a WARC-Date in UTC with microseconds (WARC 1.1 §5.4)."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


@dataclass(frozen=True, slots=True, kw_only=True)
class Refers:
    """The response record that a revisit stands for."""

    record_id: str
    uri: str
    at: datetime
    payload_digest: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Described:
    """The record that a metadata or conversion record belongs to."""

    record_id: str
    uri: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class BuiltRecord:
    """One record, ready to be appended."""

    id: str
    type: str
    #: One whole gzip member.
    member: bytes


class RecordForge:
    """Makes records; ids come from the function it is given."""

    def __init__(self, new_record_id: Callable[[], str]) -> None:
        self._new_id = new_record_id

    def warcinfo(self, filename: str, at: datetime, fields: Iterable[tuple[str, str]]) -> BuiltRecord:
        """Build the record that begins a file and names the software."""
        block = "".join(f"{name}: {value}\r\n" for name, value in fields).encode()
        return self._build(
            None,
            "warcinfo",
            (block,),
            at=at,
            content_type="application/warc-fields",
            extra={"WARC-Filename": filename},
        )

    def response(self, exchange: Exchange, payload_digest: str) -> BuiltRecord:
        """Build the record of an answer, as it came."""
        extra = {"WARC-Payload-Digest": payload_digest}
        if exchange.truncated:
            extra["WARC-Truncated"] = exchange.truncated
        return self._answer("response", exchange, exchange.framed or exchange.body, extra)

    def revisit(self, exchange: Exchange, refers: Refers) -> BuiltRecord:
        """Build the record of an answer whose payload is archived already."""
        profile = SERVER_NOT_MODIFIED if exchange.status == 304 else IDENTICAL_PAYLOAD
        extra = {
            "WARC-Profile": profile,
            "WARC-Refers-To": refers.record_id,
            "WARC-Refers-To-Target-URI": refers.uri,
            "WARC-Refers-To-Date": warc_date(refers.at),
            "WARC-Payload-Digest": refers.payload_digest,
        }
        return self._answer("revisit", exchange, b"", extra)

    def request(self, exchange: Exchange, concurrent_to: str | None) -> BuiltRecord:
        """Build the record of what was asked; `concurrent_to` is the answer's record id, if there was one."""
        # The peer and the protocol stand in the answer's record, if there was one.
        extra = {"WARC-Concurrent-To": concurrent_to} if concurrent_to else _with_peer({}, exchange)
        return self._build(
            exchange.url,
            "request",
            (request_block(exchange),),
            at=exchange.at,
            content_type="application/http; msgtype=request",
            extra=extra,
        )

    def metadata(self, about: Described, values: dict[str, Any]) -> BuiltRecord:
        """Build the record that says, as JSON, what cannot be worked out from the record it describes."""
        block = json.dumps(values, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "surrogatepass")
        return self._description("metadata", about, block, "application/json")

    def conversion(self, about: Described, clean: str) -> BuiltRecord:
        """Build the record that holds the clean text of the record it was made from."""
        return self._description(
            "conversion", about, clean.encode("utf-8", "replace"), "text/plain; charset=utf-8"
        )

    def rendering(self, about: Described, html: bytes, browser: str) -> BuiltRecord:
        """Build the record that holds the document a browser made of an answer, and names the browser."""
        extra = {"WARC-Refers-To": about.record_id, "X-Rendered-By": browser}
        return self._build(
            about.uri,
            "conversion",
            (html,),
            at=about.at,
            content_type="text/html; charset=utf-8",
            extra=extra,
        )

    def _description(
        self, record_type: str, about: Described, block: bytes, content_type: str
    ) -> BuiltRecord:
        return self._build(
            about.uri,
            record_type,
            (block,),
            at=about.at,
            content_type=content_type,
            extra={"WARC-Refers-To": about.record_id},
        )

    def _answer(
        self, record_type: str, exchange: Exchange, body: bytes, extra: dict[str, str]
    ) -> BuiltRecord:
        return self._build(
            exchange.url,
            record_type,
            (response_head(exchange), body),
            at=exchange.at,
            content_type="application/http; msgtype=response",
            extra=_with_peer(extra, exchange),
        )

    def _build(
        self,
        uri: str | None,
        record_type: str,
        block: tuple[bytes, ...],
        *,
        at: datetime,
        content_type: str,
        extra: dict[str, str],
    ) -> BuiltRecord:
        record_id = self._new_id()
        fields = {"WARC-Type": record_type, "WARC-Record-ID": record_id, "WARC-Date": warc_date(at)}
        fields |= {"WARC-Target-URI": uri} if uri else {}
        fields |= extra | {"WARC-Block-Digest": sha256(*block), "Content-Type": content_type}
        return BuiltRecord(id=record_id, type=record_type, member=member_of(fields.items(), *block))


def response_head(exchange: Exchange) -> bytes:
    """Return status line and headers as the server sent them, with the empty line that ends them."""
    if exchange.head:
        return exchange.head
    # RFC 9112 §4: the space behind the status stands there even when no reason follows.
    line = f"{exchange.protocol} {exchange.status} ".encode() + exchange.reason
    return line + b"\r\n" + _header_lines(exchange.response_headers) + b"\r\n"


def request_block(exchange: Exchange) -> bytes:
    """Return the request as it was sent."""
    target = "/" + exchange.url.partition("://")[2].partition("/")[2].partition("#")[0]
    head = f"{exchange.method} {target} HTTP/1.1\r\n".encode("latin-1", "backslashreplace")
    return head + _header_lines(exchange.request_headers) + b"\r\n"


def _header_lines(headers: Iterable[tuple[bytes, bytes]]) -> bytes:
    return b"".join(name + b": " + value + b"\r\n" for name, value in headers)


def _with_peer(extra: dict[str, str], exchange: Exchange) -> dict[str, str]:
    if exchange.ip:
        extra["WARC-IP-Address"] = exchange.ip
    extra["WARC-Protocol"] = exchange.protocol.lower()
    return extra
