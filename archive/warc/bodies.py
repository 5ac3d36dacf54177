"""
Decodes entities as servers send them: chunk framing, then content codings.

Works on raw bytes: warcio's own `content_stream()` fails on `br` with today's Brotli, and must not be fed
bodies that end early.
"""

import zlib
from dataclasses import dataclass

import brotli

__all__ = ["Decoded", "dechunk", "decode_entity"]

#: Inflated size at which decoding stops: a page is never that long, a bomb always is.
LIMIT = 64 << 20


@dataclass(frozen=True, slots=True)
class Decoded:
    """A decoded entity, whole or as far as it went."""

    data: bytes
    #: The coded stream ended early, was damaged, too long, or of an unknown coding.
    is_damaged: bool = False
    reason: str = ""


def decode_entity(body: bytes, content_encoding: str, *, limit: int = LIMIT) -> Decoded:
    """Undo the content codings named in a Content-Encoding field (RFC 9110 §8.4), last applied first."""
    damaged, reason = False, ""
    for coding in reversed([part.strip().lower() for part in content_encoding.split(",")]):
        step = _undo(coding, body, limit)
        body, damaged, reason = step.data, damaged or step.is_damaged, reason or step.reason
    return Decoded(body, damaged, reason)


def _undo(coding: str, body: bytes, limit: int) -> Decoded:
    match coding:
        case "" | "identity":
            return Decoded(body)
        case "gzip" | "x-gzip":
            # Some servers name gzip and send plain text: what does not begin like gzip is taken as it is.
            return _inflate(body, 31, limit) if body[:2] == b"\x1f\x8b" or not body else Decoded(body)
        case "deflate":
            return _inflate(body, 15 if _has_zlib_head(body) else -15, limit)
        case "br":
            return _unbrotli(body, limit)
    return Decoded(b"", is_damaged=True, reason=f"unknown content coding {coding!r}")


def _inflate(body: bytes, window: int, limit: int) -> Decoded:
    pieces: list[bytes] = []
    room = limit
    while body:
        inflate = zlib.decompressobj(window)
        try:
            piece = inflate.decompress(body, room)
        except zlib.error as error:
            return Decoded(b"".join(pieces), is_damaged=True, reason=str(error))
        pieces.append(piece)
        room -= len(piece)
        if room <= 0:
            return Decoded(
                b"".join(pieces), is_damaged=True, reason=f"longer than {limit} bytes when decoded"
            )
        if not inflate.eof:
            return Decoded(b"".join(pieces), is_damaged=True, reason="the coded stream ends early")
        # RFC 1952 §2.2: members follow one another; zero padding after them is no member.
        body = inflate.unused_data if window == 31 and inflate.unused_data[:2] == b"\x1f\x8b" else b""
    return Decoded(b"".join(pieces))


def _has_zlib_head(body: bytes) -> bool:
    return len(body) >= 2 and body[0] & 0x0F == 8 and (body[0] << 8 | body[1]) % 31 == 0


def _unbrotli(body: bytes, limit: int) -> Decoded:
    if not body:
        return Decoded(b"")
    undo = brotli.Decompressor()
    out = bytearray()
    try:
        for start in range(0, len(body), 1 << 14):
            out += undo.process(body[start : start + (1 << 14)])
            if len(out) > limit:
                return Decoded(
                    bytes(out[:limit]), is_damaged=True, reason=f"longer than {limit} bytes when decoded"
                )
    except brotli.error as error:
        return Decoded(bytes(out), is_damaged=True, reason=f"br: {error}")
    done = undo.is_finished()
    return Decoded(bytes(out), is_damaged=not done, reason="" if done else "the coded stream ends early")


def dechunk(body: bytes) -> Decoded:
    """Remove chunk framing (RFC 9112 §7.1) from a block that kept it."""
    out = bytearray()
    at = 0
    while True:
        end = body.find(b"\r\n", at)
        try:
            size = int(body[at:end].split(b";")[0], 16) if end >= 0 else -1
        except ValueError:
            size = -1
        if size < 0:
            # Many archives keep the Transfer-Encoding field but not the framing.
            return (
                Decoded(body) if at == 0 else Decoded(bytes(out), is_damaged=True, reason="chunks end early")
            )
        if size == 0:
            return Decoded(bytes(out))
        chunk = body[end + 2 : end + 2 + size]
        out += chunk
        if len(chunk) < size:
            return Decoded(bytes(out), is_damaged=True, reason="chunks end early")
        at = end + 2 + size + 2
