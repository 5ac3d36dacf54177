"""Lays a record out as the standard has it (WARC 1.1 §4), as one gzip member."""

from collections.abc import Iterable

import deflate

__all__ = ["member_of"]

#: libdeflate's level 6: as small as zlib's 9, three to four times as fast.
LEVEL = 6


def member_of(fields: Iterable[tuple[str, str]], block: bytes) -> bytes:
    """Return a record of these named fields, Content-Length added, as one gzip member."""
    lines = [f"{name}: {value}\r\n" for name, value in fields]
    head = f"WARC/1.1\r\n{''.join(lines)}Content-Length: {len(block)}\r\n\r\n"
    return bytes(deflate.gzip_compress(head.encode() + block + b"\r\n\r\n", LEVEL))
