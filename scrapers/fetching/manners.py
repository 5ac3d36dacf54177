"""
How hosts are treated: a gap between two requests, so many at a time, and silence when they ask for it.

Everything that leaves for a host takes its turn here: pages, hops, feeds, robots.txt. Time and sleep are
passed in, so that the promise can be tried on a simulated clock.
"""

import asyncio
from collections import OrderedDict
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from time import monotonic
from urllib.parse import urlsplit

__all__ = ["HostBusyError", "Manners", "Pace", "host_of"]

#: Hosts that are remembered.
HOSTS = 20_000
#: Answers that speak for the whole host (RFC 6585 §4, RFC 9110 §15.6.4).
SLOW_DOWN = frozenset({429, 503})
#: Seconds of silence that such answers in a row lead to at most, where they name none.
LONGEST_PAUSE = 3600.0


class HostBusyError(Exception):
    """
    A host wants to be left alone for longer than it is worth waiting.

    Attributes:
        seconds: until it may be asked again.
    """

    def __init__(self, host: str, seconds: float) -> None:
        self.host = host
        self.seconds = seconds
        super().__init__(f"{host} may be asked again in {seconds:.0f} s")


@dataclass(frozen=True, slots=True, kw_only=True)
class Pace:
    """The operator's pace for every host; a host may ask for a slower one."""

    #: Seconds between the beginnings of two requests.
    delay: float = 5.0
    #: Requests at a time.
    concurrency: int = 1
    #: Seconds that a request may wait for its turn; beyond that it is given back.
    patience: float = 120.0


@dataclass(slots=True)
class _Host:
    slots: asyncio.Semaphore
    #: Moment from which the next request may begin.
    free_at: float = 0.0
    #: What the host asked for (Crawl-delay).
    delay: float = 0.0
    #: Answers in a row that asked for a slower pace.
    strikes: int = 0
    waiting: int = 0


def host_of(url: str) -> str:
    """Return the host and port that a pace is kept for."""
    return urlsplit(url).netloc.rpartition("@")[2].lower()


class Manners:
    """The pace of many hosts. One per process: the frontier sees to it that no other process asks the same host."""

    def __init__(
        self,
        pace: Pace | None = None,
        *,
        now: Callable[[], float] = monotonic,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self._pace = pace or Pace()
        self._now = now
        self._sleep = sleep
        self._hosts: OrderedDict[str, _Host] = OrderedDict()

    @asynccontextmanager
    async def turn(self, url: str) -> AsyncIterator[None]:
        """
        Wait until a request to an address may begin; the block is the request.

        Raises:
            HostBusyError: that is too far away; nothing was sent.
        """
        name = host_of(url)
        host = self._host(name)
        host.waiting += 1
        try:
            async with host.slots:
                await self._wait(name, host)
                yield
        finally:
            host.waiting -= 1

    def gap(self, name: str) -> float:
        """Return the seconds kept between two requests to a host."""
        known = self._hosts.get(name)
        return max(self._pace.delay, known.delay if known else 0.0)

    def ready_in(self, name: str) -> float:
        """Return the seconds until a host may be asked again."""
        known = self._hosts.get(name)
        return max(known.free_at - self._now(), 0.0) if known else 0.0

    def ask_gap(self, name: str, seconds: float) -> None:
        """Keep at least this gap to a host, as its robots.txt asks."""
        self._host(name).delay = seconds

    def hush(self, name: str, seconds: float) -> None:
        """Ask a host nothing for so long."""
        host = self._host(name)
        host.free_at = max(host.free_at, self._now() + seconds)

    def heed(self, url: str, status: int | None, retry_after: float) -> None:
        """Slow a host down that answers 429 or 503, as long as it asks or longer each time; forgive it otherwise."""
        name = host_of(url)
        host = self._host(name)
        if status not in SLOW_DOWN:
            host.strikes = 0
            return
        pause = max(self.gap(name), 1.0) * 2 ** min(host.strikes, 12)
        host.strikes += 1
        self.hush(name, max(retry_after, min(pause, LONGEST_PAUSE)))

    async def _wait(self, name: str, host: _Host) -> None:
        while True:
            wait = host.free_at - self._now()
            if wait <= 0:
                # Whoever comes first takes the moment and moves it on, before anything is awaited.
                host.free_at = self._now() + max(self._pace.delay, host.delay)
                return
            if wait > self._pace.patience:
                raise HostBusyError(name, wait)
            await self._sleep(wait)

    def _host(self, name: str) -> _Host:
        known = self._hosts.get(name)
        if known is None:
            self._forget()
            known = self._hosts[name] = _Host(asyncio.Semaphore(self._pace.concurrency))
        else:
            self._hosts.move_to_end(name)
        return known

    def _forget(self) -> None:
        """Drop the hosts that were asked longest ago, unless something waits there or must not be asked yet."""
        now = self._now()
        for name in list(self._hosts)[: max(len(self._hosts) - HOSTS + 1, 0)]:
            if not self._hosts[name].waiting and self._hosts[name].free_at <= now:
                del self._hosts[name]
