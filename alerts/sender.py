"""Sends one message: guarded like fetching, without redirects, within a bound of time."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from time import time

import aiohttp

from archive.addresses import AddressGuard
from archive.sockets import REFUSED, guarded_sockets

__all__ = ["Answer", "Sender"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """How a receiver took a message."""

    #: None when nothing came back.
    status: int | None
    #: What went wrong, or "".
    error: str = ""
    #: Seconds that the receiver asks to be left alone.
    retry_after: float = 0.0

    @property
    def is_taken(self) -> bool:
        """The receiver has it."""
        return self.status is not None and 200 <= self.status < 300


class Sender:
    """Posts to webhooks; use as an async context manager."""

    def __init__(self, allowed_private_networks: Sequence[str], timeout: float) -> None:
        self._guard = AddressGuard(allowed_private_networks)
        self._timeout = timeout
        self._session: aiohttp.ClientSession | None = None

    async def __aenter__(self) -> "Sender":
        """Open the connection pool."""
        # Every message has a connection of its own: a receiver that hangs keeps nobody else waiting.
        connector = aiohttp.TCPConnector(socket_factory=guarded_sockets(self._guard), force_close=True)
        self._session = aiohttp.ClientSession(
            connector=connector, cookie_jar=aiohttp.DummyCookieJar(), auto_decompress=False, trust_env=False
        )
        return self

    async def __aexit__(self, *_: object) -> None:
        """Close the connection pool."""
        if self._session is not None:
            await self._session.close()

    async def post(self, url: str, body: bytes, headers: dict[str, str]) -> Answer:
        """Post one message; never raises. Only status and headers of the answer are looked at."""
        assert self._session is not None, "use the sender as a context manager"  # noqa: S101 - a programmer's slip
        refused: list[str] = []
        token = REFUSED.set(refused)
        try:
            async with asyncio.timeout(self._timeout):
                async with self._session.post(
                    url, data=body, headers=headers, allow_redirects=False
                ) as answer:
                    status, wait = answer.status, _retry_after(answer.headers.get("Retry-After", ""))
                    answer.close()
        except TimeoutError:
            return Answer(status=None, error=f"no answer within {self._timeout:g} s")
        except (aiohttp.ClientError, OSError, ValueError) as error:
            reason = (
                f"forbidden_address: it leads to {refused[0]}"
                if refused
                else str(error) or type(error).__name__
            )
            return Answer(status=None, error=reason)
        finally:
            REFUSED.reset(token)
        said = "" if 200 <= status < 300 else f"the receiver answered {status}"
        return Answer(status=status, error=said, retry_after=wait)


def _retry_after(value: str) -> float:
    if value.strip().isdigit():
        return min(float(value), 86_400.0)
    try:
        return min(max(parsedate_to_datetime(value).timestamp() - time(), 0.0), 86_400.0) if value else 0.0
    except (TypeError, ValueError):
        return 0.0
