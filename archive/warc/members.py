"""Walks the gzip members of a WARC file, so that a torn tail can be told from a whole file."""

import zlib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

__all__ = ["GZIP", "Damage", "Member", "TornTail", "find_member", "inflated_head", "walk_members"]

#: What every gzip member begins with (RFC 1952 §2.3.1).
GZIP = b"\x1f\x8b\x08"
#: Bytes of a member that are enough to tell whether a record begins in it.
HEAD = 4096


@dataclass(frozen=True, slots=True)
class Member:
    """One whole gzip member: where it lies and what it inflates to."""

    offset: int
    length: int
    data: bytes


@dataclass(frozen=True, slots=True)
class Damage:
    """Bytes that are no whole member, with whole ones behind them."""

    offset: int
    length: int
    reason: str


@dataclass(frozen=True, slots=True)
class TornTail(Damage):
    """Bytes at the end of a file that are no whole member."""


def walk_members(pieces: Iterable[bytes], start: int = 0) -> Iterator[Member | Damage]:
    """
    Yield every whole gzip member; what lies between them as `Damage`, behind the last one as `TornTail`.

    Only one member is in memory at a time. A member is whole when its checksum fits (RFC 1952 §2.3.1).

    Args:
        pieces: the file's bytes from `start` on.
        start: where in the file they begin; a member's first byte.
    """
    source = iter(pieces)

    def more() -> bytes:
        return next(source, b"")

    offset, rest = start, b""
    # Where damage begins and why, until it is known whether a whole member follows.
    torn: tuple[int, str] | None = None
    while rest or (rest := more()):
        raw: list[bytes] = []
        inflated: list[bytes] = []
        inflate = zlib.decompressobj(31)
        reason = ""
        while not inflate.eof and not reason:
            piece, rest = rest or more(), b""
            if not piece:
                reason = "the file ends within a record"
                break
            raw.append(piece)
            try:
                inflated.append(inflate.decompress(piece))
            except zlib.error as error:
                reason = f"no gzip member: {error}"
        taken = sum(map(len, raw))
        if reason:
            skipped, rest = find_member(b"".join(raw), more)
            torn = torn or (offset, reason)
            offset += skipped
            continue
        if torn is not None:
            yield Damage(torn[0], offset - torn[0], torn[1])
            torn = None
        rest = inflate.unused_data
        length = taken - len(rest)
        yield Member(offset, length, inflated[0] if len(inflated) == 1 else b"".join(inflated))
        offset += length
    if torn is not None:
        yield TornTail(torn[0], offset - torn[0], torn[1])


def find_member(window: bytes, more: Callable[[], bytes]) -> tuple[int, bytes]:
    """
    Find the next member in which a record begins, behind the first byte of a damaged one.

    Returns how many bytes to skip, and what is at hand from there on: nothing at the end of the file.

    Args:
        window: bytes from the damaged member on.
        more: gives the bytes behind them, and nothing at the end.
    """
    begin, dropped = 1, 0
    while True:
        found = window.find(GZIP, begin)
        if found >= 0:
            while len(window) - found < HEAD and (piece := more()):
                window += piece
            if inflated_head(window[found : found + HEAD]).startswith(b"WARC/"):
                return dropped + found, window[found:]
            begin = found + 1
            continue
        piece = more()
        if not piece:
            return dropped + len(window), b""
        gone = max(len(window) - len(GZIP) + 1, 0)
        window, begin, dropped = window[gone:] + piece, 0 if gone or dropped else 1, dropped + gone


def inflated_head(member: bytes) -> bytes:
    """Return what a gzip member begins with, or nothing when it is none."""
    try:
        return zlib.decompressobj(31).decompress(member, 64)
    except zlib.error:
        return b""
