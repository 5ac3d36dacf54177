"""
Lays a record out as the standard has it (WARC 1.1 §4), as one gzip member.

Most servers send pages compressed already, and no compressor gains a byte on those: only what stands before such a
body is compressed, the body itself is stored.
"""

import zlib
from collections.abc import Iterable

import deflate

__all__ = ["member_of"]

#: libdeflate's level: 6 is nearly as small as zlib's 9 and three to four times as fast. Long pages repeat themselves
#: over long distances, which level 7 finds, so that all in all the records are smaller than zlib's.
LEVEL, LEVEL_OF_LONG, LONG = 6, 7, 320 << 10
#: Bytes that are tried, at this many places, to tell whether a body can be compressed at all; and letters that are
#: looked at before that, for text of ASCII can.
SAMPLE, PLACES, LETTERS = 1024, (1, 2, 3), 64
#: Bytes of a stored block at most, and a gzip member's first ten (RFC 1951 §3.2.4, RFC 1952 §2.3): no name, no time.
STORED, BEGIN = 0xFFFF, b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\xff"


def member_of(fields: Iterable[tuple[str, str]], *block: bytes) -> bytes:
    """Return a record of these named fields, Content-Length added, and a block in pieces, as one gzip member."""
    length = sum(map(len, block))
    lines = [f"{name}: {value}\r\n" for name, value in fields]
    head = f"WARC/1.1\r\n{''.join(lines)}Content-Length: {length}\r\n\r\n".encode()
    record = b"".join((head, *block, b"\r\n\r\n"))
    if _is_dense(record, len(head)):
        return _stored(record, record.find(b"\r\n\r\n", len(head)) + 4 or len(head))
    level = LEVEL_OF_LONG if length > LONG else LEVEL
    return bytes(deflate.gzip_compress(record, level))


def _is_dense(record: bytes, begin: int) -> bool:
    """Tell whether compressing gains nothing on what stands behind a place, as far as samples tell."""
    step = (len(record) - begin) // (len(PLACES) + 1)
    if step < SAMPLE:
        return False
    for place in PLACES:
        at = begin + place * step
        if record[at : at + LETTERS].isascii():
            return False
        sample = record[at : at + SAMPLE]
        if len(deflate.deflate_compress(sample, 1)) < SAMPLE:
            return False
    return True


def _stored(record: bytes, begin: int) -> bytes:
    """Return a record as one gzip member; from a place on it is stored, in as many blocks as that takes."""
    packer = zlib.compressobj(9, zlib.DEFLATED, -zlib.MAX_WBITS)
    # Flushed at a byte's edge, where stored blocks begin.
    pieces = [BEGIN, packer.compress(record[:begin]), packer.flush(zlib.Z_SYNC_FLUSH)]
    for at in range(begin, len(record), STORED):
        piece = record[at : at + STORED]
        is_last = at + STORED >= len(record)
        size = len(piece)
        pieces += [
            bytes((is_last,)),
            size.to_bytes(2, "little"),
            (size ^ STORED).to_bytes(2, "little"),
            piece,
        ]
    pieces.append(deflate.crc32(record).to_bytes(4, "little"))
    pieces.append((len(record) & 0xFFFFFFFF).to_bytes(4, "little"))
    return b"".join(pieces)
