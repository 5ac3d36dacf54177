"""
Makes one HTTP exchange and keeps it as it went over the wire.

Nothing is followed, decoded or remembered here. Network trouble is never raised: it is told in the exchange.
"""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, replace
from types import TracebackType
from urllib.parse import urlsplit

import aiohttp
from aiohttp.connector import Connection
from yarl import URL

from archive.addresses import AddressGuard
from archive.clock import Clock
from archive.model import Exchange
from archive.sockets import REFUSED, guarded_sockets
from archive.warc.bodies import decode_entity

__all__ = ["FetchLimits", "Fetcher", "user_agent"]


@dataclass(frozen=True, slots=True, kw_only=True)
class FetchLimits:
    """What one exchange may cost."""

    #: Seconds, body included.
    timeout: float = 30.0
    #: Bytes of the entity as sent, and of the entity decoded.
    entity: int = 8 << 20
    decoded: int = 64 << 20


#: Bytes of a header line, and of all headers together.
LINE, HEADERS = 16 << 10, 64 << 10


def user_agent(version: str, contact: str) -> str:
    """Return the User-Agent: the software, and who operates it where that is set."""
    return f"LateEdition/{version} (+{contact})" if contact else f"LateEdition/{version}"


class _Answer(aiohttp.ClientResponse):
    """An answer that remembers whom it came from: a short one has given its connection back when it is looked at."""

    peer: str | None = None

    async def start(self, connection: Connection) -> aiohttp.ClientResponse:
        """Take note of the peer, then read the head."""
        place = connection.transport.get_extra_info("peername") if connection.transport is not None else None
        self.peer = str(place[0]) if place else None
        return await super().start(connection)


class Fetcher:
    """An HTTP client for archiving; use as an async context manager."""

    def __init__(
        self, guard: AddressGuard, clock: Clock, *, agent: str, limits: FetchLimits | None = None
    ) -> None:
        self._guard = guard
        self._clock = clock
        self._agent = agent
        self._limits = limits or FetchLimits()
        self._session: aiohttp.ClientSession | None = None

    def __deepcopy__(self, _memo: object) -> "Fetcher":
        """Stay one: Scrapy copies its settings deeply, and this is a live thing that stands in them."""
        return self

    async def __aenter__(self) -> "Fetcher":
        """Open the connection pool."""
        connector = aiohttp.TCPConnector(
            socket_factory=guarded_sockets(self._guard),
            limit=0,
            ttl_dns_cache=60,
            keepalive_timeout=20,
        )
        self._session = aiohttp.ClientSession(
            connector=connector,
            cookie_jar=aiohttp.DummyCookieJar(),
            auto_decompress=False,
            trust_env=False,
            max_line_size=LINE,
            max_field_size=LINE,
            response_class=_Answer,
            skip_auto_headers=["User-Agent", "Accept", "Accept-Encoding", "Content-Type"],
            timeout=aiohttp.ClientTimeout(total=None),
        )
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Close the connection pool."""
        if self._session is not None:
            await self._session.close()
            self._session = None

    async def fetch(self, url: str, *, headers: Sequence[tuple[str, str]] = ()) -> Exchange:
        """
        Ask for one address.

        Args:
            url: an absolute http or https address.
            headers: further request headers, such as conditional ones.
        """
        sent = self._request_headers(url, headers)
        blank = Exchange(url=url, method="GET", at=self._clock.now(), request_headers=sent)
        trouble = _unusable(url)
        if trouble:
            return _failed(blank, *trouble)
        refused: list[str] = []
        token = REFUSED.set(refused)
        try:
            async with asyncio.timeout(self._limits.timeout):
                return await self._exchange(url, sent, blank)
        except TimeoutError:
            return _failed(blank, "timeout", f"no whole answer within {self._limits.timeout:g} s")
        except (aiohttp.ClientError, OSError, ValueError, asyncio.IncompleteReadError) as error:
            if refused:
                return _failed(
                    blank,
                    "forbidden_address",
                    f"{urlsplit(url).hostname} leads to {refused[0]}, which is not public",
                )
            return _failed(blank, *_reason(error))
        finally:
            REFUSED.reset(token)

    def _request_headers(
        self, url: str, headers: Sequence[tuple[str, str]]
    ) -> tuple[tuple[bytes, bytes], ...]:
        host = urlsplit(url).netloc.rpartition("@")[2]
        pairs = [
            ("Host", host),
            ("User-Agent", self._agent),
            ("Accept", "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"),
            # No `br`, no `zstd`: WARC tools cannot read them everywhere.
            ("Accept-Encoding", "gzip, deflate"),
            *headers,
        ]
        return tuple((name.encode("latin-1"), value.encode("latin-1", "replace")) for name, value in pairs)

    async def _exchange(self, url: str, sent: tuple[tuple[bytes, bytes], ...], blank: Exchange) -> Exchange:
        assert self._session is not None, "use the fetcher as a context manager"  # noqa: S101 - a programmer's slip
        headers = [(name.decode("latin-1"), value.decode("latin-1")) for name, value in sent]
        # The address is sent as it stands: yarl would unquote and requote it.
        async with self._session.get(
            URL(url, encoded=True), headers=headers, allow_redirects=False
        ) as answer:
            body, problem, detail = await self._body(answer)
            return Exchange(
                url=url,
                method="GET",
                at=blank.at,
                request_headers=sent,
                status=answer.status,
                reason=(answer.reason or "").encode("utf-8", "surrogateescape"),
                protocol=f"HTTP/{answer.version.major}.{answer.version.minor}"
                if answer.version
                else "HTTP/1.1",
                response_headers=_kept_headers(answer.raw_headers, len(body)),
                body=body,
                ip=answer.peer if isinstance(answer, _Answer) else None,
                truncated=TRUNCATED.get(problem or ""),
                problem=problem,
                detail=detail,
            )

    async def _body(self, answer: aiohttp.ClientResponse) -> tuple[bytes, str | None, str]:
        """Read the entity as far as it comes and may; say what was wrong with it."""
        pieces: list[bytes] = []
        size = 0
        try:
            async for piece in answer.content.iter_any():
                pieces.append(piece)
                size += len(piece)
                if size > self._limits.entity:
                    answer.close()
                    return (
                        b"".join(pieces)[: self._limits.entity],
                        "too_large",
                        f"over {self._limits.entity} bytes",
                    )
        except aiohttp.ClientPayloadError as error:
            return b"".join(pieces), "truncated", f"the answer ends early: {error}"
        except (aiohttp.ClientError, OSError) as error:
            return b"".join(pieces), "truncated", f"the connection broke: {error}"
        body = b"".join(pieces)
        coding = answer.headers.get("Content-Encoding", "")
        if coding and body:
            decoded = decode_entity(body, coding, limit=self._limits.decoded)
            if decoded.is_damaged:
                problem = (
                    "too_large"
                    if "longer than" in decoded.reason
                    else "truncated"
                    if "early" in decoded.reason
                    else "bad_encoding"
                )
                return body, problem, decoded.reason
        return body, None, ""


#: WARC-Truncated reasons (WARC 1.1 §5.13) for what can be wrong with a body.
TRUNCATED = {"too_large": "length", "truncated": "disconnect", "bad_encoding": "unspecified"}


def _unusable(url: str) -> tuple[str, str] | None:
    try:
        parts = urlsplit(url)
        _ = parts.port
    except ValueError as error:
        return "bad_url", f"{url}: {error}"
    if parts.scheme not in ("http", "https"):
        return "unsupported_scheme", f"{parts.scheme or 'no scheme'}: only http and https are fetched"
    if not parts.hostname or any(character.isspace() or ord(character) < 33 for character in url):
        return "bad_url", f"{url!r}: no usable address"
    return None


def _failed(blank: Exchange, reason: str, detail: str) -> Exchange:
    return replace(blank, problem=reason, detail=detail)


def _reason(error: Exception) -> tuple[str, str]:
    match error:
        case aiohttp.ClientConnectorDNSError():
            return "dns", f"{error.host}: the name is not known"
        case aiohttp.ClientConnectorCertificateError() | aiohttp.ClientSSLError():
            return "tls", str(error)
        case aiohttp.ClientConnectorError():
            return "connect", f"{error.host}:{error.port}: {error.os_error.strerror or 'no connection'}"
        case aiohttp.InvalidURL() | aiohttp.NonHttpUrlClientError():
            return "bad_url", str(error)
        case aiohttp.ServerDisconnectedError():
            return "bad_http", "the server closed the connection without an answer"
        case aiohttp.ClientResponseError():
            return "bad_http", error.message or str(error)
    return "bad_http", str(error) or type(error).__name__


def _kept_headers(raw: Sequence[tuple[bytes, bytes]], length: int) -> tuple[tuple[bytes, bytes], ...]:
    """Return the headers as sent; where chunk framing was removed, say so and give the length instead."""
    if not any(name.lower() == b"transfer-encoding" for name, _ in raw):
        return tuple(raw)
    kept = [
        (b"X-Archive-Orig-" + name if name.lower() == b"transfer-encoding" else name, value)
        for name, value in raw
    ]
    kept = [(name, value) for name, value in kept if name.lower() != b"content-length"]
    return (*kept, (b"Content-Length", str(length).encode()))
