"""
The service: the crawler in this process, with APScheduler's few jobs; delivery and the web as children.

It owns the home's lock and the order of start and end; what the children do is theirs.
"""

import asyncio
import logging
import signal
import socket
import uuid
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

from archive.catalog import frontier
from archive.errors import ArchiveError
from archive.ingest import OnEvents, recover
from archive.opening import Stores, lock_home
from config import Settings
from scheduler.crawling import open_engine
from scheduler.frontier import CatalogueFrontier, Goal
from scheduler.jobs import Job, periodic
from scheduler.refitting import REFIT_EVERY, known, pace_of, refit
from scheduler.supervision import Child, Supervisor
from scrapers.crawling import Crawl

__all__ = ["PortInUseError", "Service", "listening_socket"]

log = logging.getLogger(__name__)

#: Seconds that visits under way are given when the service is told to end; their leases end by themselves.
GRACE = 8.0
#: Seconds between two looks for something due, of the wall clock.
TICK = 1.0
#: However fast a home's clock runs, the policy is not fitted oftener, in seconds of the wall clock.
REFIT_AT_MOST = 60.0


class PortInUseError(ArchiveError):
    """The address is taken by another program, or is not of this machine."""

    def __init__(self, host: str, port: int, why: str) -> None:
        self.host, self.port = host, port
        super().__init__(f"{host}:{port}: {why}; end the other program or choose another --port.")


def listening_socket(host: str, port: int) -> socket.socket:
    """
    Take an address before anything else is started, so that a taken one is said at once.

    Raises:
        PortInUseError: it cannot be had.
    """
    try:
        return socket.create_server((host, port), backlog=512, family=_family(host))
    except OSError as error:
        raise PortInUseError(host, port, error.strerror or str(error)) from error


def _family(host: str) -> socket.AddressFamily:
    return socket.AF_INET6 if ":" in host else socket.AF_INET


@dataclass(frozen=True, slots=True, kw_only=True)
class Service:
    """Everything of `run`: one home, crawled until told to end."""

    stores: Stores
    settings: Settings
    version: str
    #: Where its page is reached.
    address: str
    #: Parts that run in processes of their own.
    children: Sequence[Child]
    on_events: OnEvents | None = None
    #: Told in words what an operator should know.
    say: Callable[[str], None] = lambda _line: None

    async def run(self) -> int:
        """
        Work until SIGTERM or SIGINT; return the exit code.

        Raises:
            HomeInUseError: another process crawls this home.
            ArchiveError: the archive cannot be written any more.
        """
        with lock_home(self.stores.home), _stop_on_signal() as stop:
            self.say(f"Late Edition is at {self.address}; Ctrl-C ends it.")
            report = await asyncio.to_thread(recover, self.stores, on_events=self.on_events, say=self.say)
            if report.indexed:
                self.say(
                    f"{report.indexed} captures that were durable but not catalogued are catalogued now."
                )
            await asyncio.to_thread(self._free_leases)
            async with Supervisor(self.children):
                return await self._crawl(stop)

    async def _crawl(self, stop: asyncio.Event) -> int:
        due = CatalogueFrontier(
            self.stores,
            pace_of(self.settings, await asyncio.to_thread(known, self.stores)),
            Goal(once=False),
            token=uuid.uuid4().hex,
            gap=self.settings.politeness_delay,
        )
        async with (
            open_engine(
                self.stores,
                self.settings,
                due,
                version=self.version,
                on_events=self.on_events,
                on_settled=lambda *_: None,
            ) as crawl,
            periodic(self._jobs(due)),
        ):
            crawling = asyncio.create_task(crawl.run(), name="crawl")
            stopping = asyncio.create_task(stop.wait(), name="stop")
            await asyncio.wait({crawling, stopping}, return_when=asyncio.FIRST_COMPLETED)
            stopping.cancel()
            if stop.is_set():
                await self._end(crawl, crawling, due)
                return 0
            await crawling
        self.say("lateedition: the crawl ended: nothing is left to do")
        return 1

    def _jobs(self, due: CatalogueFrontier) -> Sequence[Job]:
        """Return the periodic jobs. They hold no state: when something is due stands in the catalogue."""

        async def tick() -> None:
            due.wake()

        async def learn() -> None:
            learnt = await asyncio.to_thread(refit, self.stores, self.settings)
            due.keep_pace(pace_of(self.settings, learnt))

        refit_every = self.stores.clock.real_seconds(REFIT_EVERY.total_seconds())
        return (
            Job("tick", tick, every=TICK),
            Job("refit", learn, every=max(REFIT_AT_MOST, refit_every), at_once=True),
        )

    async def _end(self, crawl: Crawl, crawling: "asyncio.Task[None]", due: CatalogueFrontier) -> None:
        """Hand nothing more out, give what is under way a moment, write what was settled."""
        due.end()
        crawl.stop()
        done, _ = await asyncio.wait({crawling}, timeout=GRACE)
        if not done:
            log.warning("service.ending visits still under way are left to the next start")
            crawling.cancel()
            await asyncio.wait({crawling}, timeout=1.0)
        await due.flush()

    def _free_leases(self) -> None:
        """Give back the hosts that a predecessor held when it died; nobody else crawls this home now."""
        with self.stores.catalogue.writing() as connection:
            frontier.free_leases(connection, self.stores.clock.now())


@contextmanager
def _stop_on_signal() -> Iterator[asyncio.Event]:
    """Give an event that SIGTERM and SIGINT set while the block runs."""
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for one in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(one, stop.set)
    try:
        yield stop
    finally:
        for one in (signal.SIGTERM, signal.SIGINT):
            loop.remove_signal_handler(one)
