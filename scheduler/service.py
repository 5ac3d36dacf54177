"""
The service: the crawler in this process, with APScheduler's few jobs; delivery and the web as children.

It owns the home's lock and the order of start and end; what the children do is theirs. Without children it is
a worker: one of as many as one likes where the catalogue can be shared.
"""

import asyncio
import logging
import signal
import socket
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass
from datetime import timedelta

from archive.catalog import frontier
from archive.errors import ArchiveError
from archive.ingest import OnEvents, recover
from archive.opening import Stores, as_writer, lock_home
from config import Settings
from scheduler.crawling import open_engine
from scheduler.frontier import CatalogueFrontier, Goal
from scheduler.jobs import Job, periodic
from scheduler.refitting import known, pace_of, refit_if_due
from scheduler.retrying import FIXED_MOST
from scheduler.sharing import take_back
from scheduler.supervision import Child, Supervisor
from scrapers.crawling import Crawl

__all__ = ["PortInUseError", "Service", "listening_socket"]

log = logging.getLogger(__name__)

#: Seconds that visits under way are given when the service is told to end; their leases end by themselves.
GRACE = 8.0
#: Seconds between two looks for something due, of the wall clock.
TICK = 1.0
#: Seconds between two looks for workers that died, and for files of dead ones that held no host, of the wall clock.
MOURN, INHERIT = 5.0, 600.0
#: How often it is looked whether the policy was fitted anew, or is to be.
LOOK_AT_FIT = timedelta(minutes=20)
#: Seconds of a day, and later than which nothing is due: the longest wait of the policy, and of what keeps failing.
DAY, LATEST = 86_400.0, timedelta(days=30)
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
    """Everything of `run`, or of `work`: one home, crawled until told to end."""

    stores: Stores
    settings: Settings
    version: str
    #: Where its page is reached; "" for a worker.
    address: str = ""
    #: Parts that run in processes of their own.
    children: Sequence[Child] = ()
    on_events: OnEvents | None = None
    #: Told in words what an operator should know.
    say: Callable[[str], None] = lambda _line: None

    async def run(self) -> int:
        """
        Work until SIGTERM or SIGINT; return the exit code.

        Raises:
            HomeInUseError: another process crawls this home.
            CatalogueInUseError: a rebuild, or its like, has the catalogue for itself.
            ArchiveError: the archive cannot be written any more.
        """
        with self._home(), _stop_on_signal() as stop, as_writer(self.stores, self._command()):
            self.say(f"Late Edition {self._where()}; Ctrl-C ends it.")
            await asyncio.to_thread(self._recover)
            await asyncio.to_thread(take_back, self.stores)
            async with Supervisor(self.children):
                return await self._crawl(stop)

    def _is_one_of_many(self) -> bool:
        """Tell whether others may work beside this process, in this home as well."""
        return not self.address and self.stores.catalogue.is_shared

    def _home(self) -> AbstractContextManager[None]:
        return nullcontext() if self._is_one_of_many() else lock_home(self.stores.home)

    def _command(self) -> str:
        return "run" if self.address else "work"

    def _where(self) -> str:
        return f"is at {self.address}" if self.address else f"works on {self.stores.catalogue.url}"

    def _recover(self) -> None:
        """Take up the files that dead writers left."""
        report = recover(self.stores, on_events=self.on_events, say=self.say)
        if report.indexed:
            self.say(f"{report.indexed} captures that were durable but not catalogued are catalogued now.")

    async def _crawl(self, stop: asyncio.Event) -> int:
        due = CatalogueFrontier(
            self.stores,
            pace_of(self.settings, await asyncio.to_thread(known, self.stores)),
            Goal(once=False),
            owner=self.stores.writer,
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
        """
        Return the periodic jobs. They hold no state: when something is due stands in the catalogue.

        What is to be done once for all workers is done by whoever finds it due and undone first.
        """

        async def tick() -> None:
            due.wake()

        async def learn() -> None:
            learnt = await asyncio.to_thread(refit_if_due, self.stores, self.settings)
            due.keep_pace(pace_of(self.settings, learnt))

        async def mourn() -> None:
            if await asyncio.to_thread(take_back, self.stores):
                due.wake()
                await inherit()

        async def inherit() -> None:
            await asyncio.to_thread(self._recover)

        async def pull_in() -> None:
            moved = await asyncio.to_thread(self._pull_in)
            if moved:
                log.warning("frontier.pulled_in addresses=%s a clock that was wrong had put them off", moved)
                due.wake()

        look = self.stores.clock.real_seconds(LOOK_AT_FIT.total_seconds())
        jobs = (
            Job("tick", tick, every=TICK),
            Job("refit", learn, every=max(REFIT_AT_MOST, look), at_once=True),
            Job("pull in", pull_in, every=DAY, at_once=True),
        )
        if not self.stores.catalogue.is_shared:
            return jobs
        return (*jobs, Job("mourn", mourn, every=MOURN), Job("inherit", inherit, every=INHERIT))

    def _pull_in(self) -> int:
        """Bring back what a clock that ran ahead put off further than the policy ever does."""
        now = self.stores.clock.now()
        latest = now + max(LATEST, timedelta(seconds=self.settings.revisit_fixed_interval) * FIXED_MOST)
        with self.stores.catalogue.writing() as connection:
            return frontier.pull_in(connection, now, latest)

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
