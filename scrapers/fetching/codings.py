"""Says whether a content-coded body is whole, without keeping what it decodes to: a bomb costs time, not memory."""

import zlib

from archive.warc.bodies import Decoded, decode_entity

__all__ = ["checked_coding"]

#: Decoded bytes that are held at a time.
PIECE = 1 << 16
GZIP = b"\x1f\x8b"


def checked_coding(body: bytes, content_encoding: str, *, limit: int) -> Decoded:
    """Return what is wrong with a coded body; its data is not kept where one gzip layer is all there is."""
    if content_encoding.strip().lower() not in ("gzip", "x-gzip") or body[:2] != GZIP:
        return decode_entity(body, content_encoding, limit=limit)
    size = 0
    while body:
        inflate = zlib.decompressobj(31)
        rest = body
        while rest and not inflate.eof:
            try:
                size += len(inflate.decompress(rest, PIECE))
            except zlib.error as error:
                return Decoded(b"", is_damaged=True, reason=str(error))
            if size > limit:
                return Decoded(b"", is_damaged=True, reason=f"longer than {limit} bytes when decoded")
            rest = inflate.unconsumed_tail
        if not inflate.eof:
            return Decoded(b"", is_damaged=True, reason="the coded stream ends early")
        # RFC 1952 §2.2: members follow one another; zero padding after them is no member.
        body = inflate.unused_data if inflate.unused_data[:2] == GZIP else b""
    return Decoded(b"")
