"""
Keeps the bytes of an answer as they came over the wire, beside aiohttp's reading of them.

aiohttp parses heads and removes chunk framing; an archive wants both as the server wrote them.
"""

import functools
import re
from typing import Any

import aiohttp
from aiohttp.client_proto import ResponseHandler
from aiohttp.connector import Connection

__all__ = ["Tape", "WireAnswer", "WireProtocol", "keep_wire", "split_wire"]

#: The empty line that ends a header section.
END = b"\r\n\r\n"
#: An interim answer (RFC 9110 §15.2) that came before the one that counts.
INTERIM = re.compile(rb"HTTP/1\.[01] 1\d\d[ \r]")
#: A line that ends without its carriage return: readers of archives do not take it.
BARE = re.compile(rb"(?<!\r)\n")


class Tape:
    """What came in for one answer."""

    __slots__ = ("_pieces", "size")

    def __init__(self) -> None:
        self._pieces: list[bytes] = []
        self.size = 0

    def add(self, data: bytes) -> None:
        """Keep some bytes."""
        self._pieces.append(data)
        self.size += len(data)

    def bytes(self) -> bytes:
        """Return all of it."""
        return self._pieces[0] if len(self._pieces) == 1 else b"".join(self._pieces)


class WireProtocol(ResponseHandler):
    """aiohttp's own protocol, which also keeps what it is fed for the answer under way."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.tape = Tape()

    def set_response_params(self, **kwargs: Any) -> None:
        """Begin a new answer, on a tape of its own: the one before may still be read."""
        self.tape = Tape()
        super().set_response_params(**kwargs)

    def data_received(self, data: bytes) -> None:
        """Keep what comes, then let aiohttp parse it."""
        self.tape.add(data)
        super().data_received(data)
        broken, payload = self.exception(), self._payload
        if broken is not None and payload is not None and not payload.is_eof():
            # aiohttp would let whoever reads the body wait for the time-out.
            payload.set_exception(aiohttp.ClientPayloadError(f"bad chunk framing ({broken})"))


def keep_wire(connector: aiohttp.TCPConnector) -> aiohttp.TCPConnector:
    """Let a connector's connections keep their bytes."""
    # aiohttp has no public way to choose the protocol; a test holds this place.
    connector._factory = functools.partial(WireProtocol, loop=connector._loop)  # type: ignore[assignment]
    return connector


class WireAnswer(aiohttp.ClientResponse):
    """An answer that remembers its connection: a short one has given it back when it is looked at."""

    peer: str | None = None

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.tape = Tape()

    async def start(self, connection: Connection) -> aiohttp.ClientResponse:
        """Take note of the peer and the tape, then read the head."""
        place = connection.transport.get_extra_info("peername") if connection.transport is not None else None
        self.peer = str(place[0]) if place else None
        if isinstance(connection.protocol, WireProtocol):
            self.tape = connection.protocol.tape
        return await super().start(connection)


def split_wire(raw: bytes) -> tuple[bytes, bytes]:
    """
    Return the head of the answer that counts, with its empty line, and what follows it.

    Two empty strings when the head cannot be told from the bytes: it is then written from what was parsed.
    """
    while INTERIM.match(raw):
        raw = raw[_end(raw) :]
    end = _end(raw)
    head = raw[:end]
    if not head.startswith(b"HTTP/") or BARE.search(head):
        return b"", b""
    return head, raw[end:]


def _end(raw: bytes) -> int:
    at = raw.find(END)
    return at + len(END) if at >= 0 else len(raw)
