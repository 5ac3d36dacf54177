"""Posts to webhooks: guarded like fetching, without redirects, within a bound of time."""

import asyncio
from collections.abc import Sequence
from email.utils import parsedate_to_datetime
from time import time

import aiohttp

from alerts.answer import Answer
from alerts.channels import masked
from archive.addresses import AddressGuard
from archive.sockets import REFUSED, guarded_sockets

__all__ = ["Sender"]

#: A receiver is left alone no longer than this, whatever it asks.
LONGEST_WAIT = 86_400.0


class Sender:
    """Posts; use as an async context manager."""

    def __init__(self, allowed_private_networks: Sequence[str], timeout: float) -> None:
        self._guard = AddressGuard(allowed_private_networks)
        self._timeout = timeout
        self._session: aiohttp.ClientSession | None = None

    async def __aenter__(self) -> "Sender":
        """Open the connection pool."""
        # Every message has a connection of its own: a receiver that hangs keeps nobody else waiting.
        connector = aiohttp.TCPConnector(
            socket_factory=guarded_sockets(self._guard), force_close=True, limit=0
        )
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
            async with (
                asyncio.timeout(self._timeout),
                self._session.post(url, data=body, headers=headers, allow_redirects=False) as answer,
            ):
                status, wait = answer.status, _retry_after(answer.headers.get("Retry-After", ""))
                answer.close()
        except TimeoutError:
            return Answer(is_taken=False, error=f"no answer within {self._timeout:g} s")
        except (aiohttp.ClientError, OSError, ValueError) as error:
            said = (str(error) or type(error).__name__).replace(url, masked(url))
            reason = f"forbidden_address: it leads to {refused[0]}" if refused else said
            return Answer(is_taken=False, error=reason)
        finally:
            REFUSED.reset(token)
        is_taken = 200 <= status < 300
        return Answer(
            is_taken=is_taken,
            status=status,
            error="" if is_taken else f"the receiver answered {status}",
            retry_after=wait,
            is_gone=status == 410,
        )


def _retry_after(value: str) -> float:
    value = value.strip()
    if value.isascii() and value.isdigit():
        return min(float(value[:9]), LONGEST_WAIT)
    try:
        asked = parsedate_to_datetime(value).timestamp() - time() if value else 0.0
    except (TypeError, ValueError, OverflowError):
        return 0.0
    return min(max(asked, 0.0), LONGEST_WAIT)
