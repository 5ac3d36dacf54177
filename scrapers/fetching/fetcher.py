"""
Makes one HTTP exchange and keeps it as it went over the wire.

Nothing is followed, decoded or remembered here. Network trouble is never raised: it is told in the exchange.
"""

import asyncio
import socket
from collections.abc import Sequence
from dataclasses import dataclass, replace
from types import TracebackType
from urllib.parse import urlsplit

import aiohttp
from yarl import URL

from archive.addresses import AddressGuard
from archive.clock import Clock
from archive.model import Exchange
from archive.sockets import REFUSED
from scrapers.fetching.answers import retry_after_of
from scrapers.fetching.codings import checked_coding
from scrapers.fetching.manners import HostBusyError, Manners, Pace
from scrapers.fetching.routes import Route
from scrapers.fetching.troubles import TRUNCATED, Trouble, of_coding, of_error, of_url
from scrapers.fetching.wire import WireAnswer, split_wire

__all__ = ["BUSY", "FetchLimits", "Fetcher", "user_agent"]


@dataclass(frozen=True, slots=True, kw_only=True)
class FetchLimits:
    """What one exchange may cost."""

    #: Seconds, body included.
    timeout: float = 30.0
    #: Bytes of the entity as sent, and of the entity decoded.
    entity: int = 8 << 20
    decoded: int = 64 << 20


#: Problem of a request that was given back unsent, because its host wants to be left alone.
BUSY = "busy"
#: Bytes of a header line; lines of a header section. What goes beyond is `bad_http`.
LINE, LINES = 16 << 10, 256
#: Bytes that chunk framing may add before an answer counts as too large.
FRAMING = 1 << 20
#: No `br`, no `zstd`: WARC tools cannot read them everywhere.
CODINGS = ("Accept-Encoding", "gzip, deflate")
ACCEPT = ("Accept", "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8")


def user_agent(version: str, contact: str) -> str:
    """Return the User-Agent: the software, and who operates it where that is set."""
    return f"LateEdition/{version} (+{contact})" if contact else f"LateEdition/{version}"


class Fetcher:
    """An HTTP client for archiving; use as an async context manager."""

    def __init__(
        self,
        guard: AddressGuard,
        clock: Clock,
        *,
        agent: str,
        limits: FetchLimits | None = None,
        route: Route | None = None,
        manners: Manners | None = None,
    ) -> None:
        self._guard = guard
        self._clock = clock
        self._agent = agent
        self._limits = limits or FetchLimits()
        self._route = route or Route()
        #: The pace of every host; all that is fetched takes its turn there.
        self.manners = manners or Manners(Pace(delay=0, concurrency=64))
        self._session: aiohttp.ClientSession | None = None

    def __deepcopy__(self, _memo: object) -> "Fetcher":
        """Stay one: Scrapy copies its settings deeply, and this is a live thing that stands in them."""
        return self

    async def __aenter__(self) -> "Fetcher":
        """Open the connection pool."""
        self._session = aiohttp.ClientSession(
            connector=self._route.connector(self._guard),
            cookie_jar=aiohttp.DummyCookieJar(),
            auto_decompress=False,
            trust_env=False,
            max_line_size=LINE,
            max_field_size=LINE,
            max_headers=LINES,
            response_class=WireAnswer,
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
        Ask for one address, when it is its host's turn.

        Args:
            url: an absolute http or https address.
            headers: further request headers, such as conditional ones; `User-Agent` is never among them.
        """
        blank = Exchange(url=url, method="GET", at=self._clock.now(), request_headers=())
        trouble = of_url(url) or self._route.refusal(url, self._guard)
        if trouble:
            return _failed(blank, trouble)
        try:
            async with self.manners.turn(url):
                sent = self._request_headers(url, headers)
                exchange = await self._guarded(replace(blank, at=self._clock.now(), request_headers=sent))
        except HostBusyError as error:
            return _failed(blank, Trouble(BUSY, str(error)))
        self.manners.heed(url, exchange.status, retry_after_of(exchange))
        return exchange

    async def refusal(self, url: str) -> Trouble | None:
        """Say why an address must not be asked for, without asking: its spelling, or where its name leads."""
        trouble = of_url(url) or self._route.refusal(url, self._guard)
        if trouble or self._route.proxy_url:
            return trouble
        parts = urlsplit(url)
        try:
            found = await asyncio.get_running_loop().getaddrinfo(
                parts.hostname, parts.port or 80, type=socket.SOCK_STREAM
            )
        except (OSError, UnicodeError):
            return Trouble("dns", f"{parts.hostname}: the name is not known")
        places = [str(one[4][0]) for one in found]
        if any(self._guard.allows(place) for place in places):
            return None
        return Trouble("forbidden_address", f"{parts.hostname} leads to {places[0]}, which is not public")

    async def _guarded(self, blank: Exchange) -> Exchange:
        """Make the exchange; whatever goes wrong is told in it."""
        refused: list[str] = []
        token = REFUSED.set(refused)
        try:
            return await self._exchange(blank, asyncio.get_running_loop().time() + self._limits.timeout)
        except TimeoutError:
            return _failed(blank, Trouble("timeout", f"no answer within {self._limits.timeout:g} s"))
        except (aiohttp.ClientError, OSError, ValueError, asyncio.IncompleteReadError) as error:
            if refused:
                name = urlsplit(blank.url).hostname
                return _failed(
                    blank, Trouble("forbidden_address", f"{name} leads to {refused[0]}, which is not public")
                )
            return _failed(blank, of_error(error))
        finally:
            REFUSED.reset(token)

    def _request_headers(
        self, url: str, headers: Sequence[tuple[str, str]]
    ) -> tuple[tuple[bytes, bytes], ...]:
        host = url.partition("://")[2].partition("/")[0].partition("?")[0].rpartition("@")[2]
        pairs = [("Host", host), ("User-Agent", self._agent), ACCEPT, CODINGS, *headers]
        return tuple((name.encode("latin-1"), value.encode("latin-1", "replace")) for name, value in pairs)

    async def _exchange(self, blank: Exchange, deadline: float) -> Exchange:
        assert self._session is not None, "use the fetcher as a context manager"  # noqa: S101 - a programmer's slip
        headers = [(name.decode("latin-1"), value.decode("latin-1")) for name, value in blank.request_headers]
        async with asyncio.timeout_at(deadline):
            # The address is sent as it stands: yarl would unquote and requote it.
            answer = await self._session.get(
                URL(blank.url, encoded=True), headers=headers, allow_redirects=False, proxy=self._route.proxy
            )
        async with answer:
            assert isinstance(answer, WireAnswer)  # noqa: S101 - the session's response class
            body, trouble = await self._body(answer, deadline)
            return _whole(blank, answer, body, trouble)

    async def _body(self, answer: WireAnswer, deadline: float) -> tuple[bytes, Trouble | None]:
        """Read the entity as far as it comes and may; say what was wrong with it."""
        pieces: list[bytes] = []
        size = 0
        most = self._limits.entity
        try:
            async with asyncio.timeout_at(deadline):
                async for piece in answer.content.iter_any():
                    pieces.append(piece)
                    size += len(piece)
                    if size > most or answer.tape.size > most + size + FRAMING:
                        answer.close()
                        return b"".join(pieces)[:most], Trouble("too_large", f"over {most} bytes")
        except TimeoutError:
            answer.close()
            return b"".join(pieces), Trouble("timeout", f"no whole answer within {self._limits.timeout:g} s")
        except aiohttp.ClientPayloadError as error:
            return b"".join(pieces), Trouble("truncated", f"the answer ends early: {error}")
        except (aiohttp.ClientError, OSError) as error:
            return b"".join(pieces), Trouble("truncated", f"the connection broke: {error}")
        body = pieces[0] if len(pieces) == 1 else b"".join(pieces)
        coding = answer.headers.get("Content-Encoding", "")
        if coding and body:
            decoded = checked_coding(body, coding, limit=self._limits.decoded)
            if decoded.is_damaged:
                return body, of_coding(decoded)
        return body, None


def _failed(blank: Exchange, trouble: Trouble) -> Exchange:
    return replace(blank, problem=trouble.reason, detail=trouble.detail)


def _whole(blank: Exchange, answer: WireAnswer, body: bytes, trouble: Trouble | None) -> Exchange:
    """Put together what came: as parsed, and as it went over the wire."""
    head, rest = split_wire(answer.tape.bytes())
    chunked = "chunked" in answer.headers.get("Transfer-Encoding", "").lower()
    # A body that was cut here must not come back through its framing.
    framed = rest if head and chunked and (trouble is None or trouble.reason == "truncated") else b""
    headers = answer.raw_headers
    if chunked and not framed:
        head, headers = b"", _unframed(headers, len(body))
    version = answer.version
    return replace(
        blank,
        status=answer.status,
        reason=(answer.reason or "").encode("utf-8", "surrogateescape"),
        protocol=f"HTTP/{version.major}.{version.minor}" if version else "HTTP/1.1",
        response_headers=tuple(headers),
        body=body,
        head=head,
        framed=framed,
        ip=answer.peer,
        truncated=TRUNCATED.get(trouble.reason) if trouble else None,
        problem=trouble.reason if trouble else None,
        detail=trouble.detail if trouble else "",
    )


def _unframed(raw: Sequence[tuple[bytes, bytes]], length: int) -> tuple[tuple[bytes, bytes], ...]:
    """Return headers that fit a body without its chunk framing: say that there was one, and give the length."""
    kept = [
        (b"X-Archive-Orig-" + name if name.lower() == b"transfer-encoding" else name, value)
        for name, value in raw
        if name.lower() != b"content-length"
    ]
    return (*kept, (b"Content-Length", str(length).encode()))
