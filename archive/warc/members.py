"""Walks the gzip members of a WARC file, so that a torn tail can be told from a whole file."""

import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

__all__ = ["Member", "TornTail", "walk_members"]

PIECE = 1 << 16


@dataclass(frozen=True, slots=True)
class Member:
    """One whole gzip member: where it lies and what it inflates to."""

    offset: int
    length: int
    data: bytes


@dataclass(frozen=True, slots=True)
class TornTail:
    """Bytes at the end of a file that are no whole member."""

    offset: int
    length: int
    reason: str


def walk_members(path: Path, start: int = 0) -> Iterator[Member | TornTail]:
    """
    Yield every whole gzip member from `start` on, and last a `TornTail` if the file does not end with one.

    Only one member is in memory at a time. A member is whole when its checksum fits (RFC 1952 §2.3.1).
    """
    size = path.stat().st_size
    with path.open("rb") as file:
        offset = start
        while offset < size:
            found = _member_at(file.fileno(), offset)
            if isinstance(found, str):
                yield TornTail(offset, size - offset, found)
                return
            yield found
            offset += found.length


def _member_at(descriptor: int, offset: int) -> Member | str:
    """Read one member, or say why it is none."""
    from os import pread

    inflate = zlib.decompressobj(31)
    pieces: list[bytes] = []
    at = offset
    while not inflate.eof:
        piece = pread(descriptor, PIECE, at)
        if not piece:
            return "the file ends within a record"
        try:
            pieces.append(inflate.decompress(piece))
        except zlib.error as error:
            return f"no gzip member: {error}"
        at += len(piece)
    return Member(offset, at - len(inflate.unused_data) - offset, b"".join(pieces))
