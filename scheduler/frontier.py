"""
The frontier over the catalogue: hosts leased, visits claimed, outcomes written back in batches.

It hands the spider what is due and nothing else; when something is due again is the policy's word.
"""

import asyncio
import itertools
import logging
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection

from archive.catalog import frontier, leases
from archive.catalog.leases import Lease, Release
from archive.catalog.locks import lock_sites
from archive.clock import Clock
from archive.opening import Stores
from config import load_recipes
from scheduler.policy import Pace
from scheduler.settling import Settler
from scrapers.frontier import Outcome, Visit

__all__ = ["CatalogueFrontier", "Goal"]

#: How long a host is leased, how many are leased at once, and how many of its articles at a time.
LEASE, HOSTS, PER_HOST = timedelta(minutes=15), 64, 32
#: Seconds between two looks for something due, of the wall clock.
LOOK = 0.25
#: How long a crawl that ends waits for a host that wants to be left alone.
PATIENCE = timedelta(seconds=30)

log = logging.getLogger(__name__)


class Goal:
    """Until when a frontier goes on."""

    def __init__(self, *, once: bool, sources: Sequence[int] = (), most: int | None = None) -> None:
        #: End when nothing that was due at the start, or was found since, is left.
        self.once = once
        #: Rows of the sources to be crawled; empty for all.
        self.sources = tuple(sources)
        #: Visits to articles at most.
        self.left = most


class CatalogueFrontier:
    """Hands out what the catalogue says is due. One per process."""

    def __init__(self, stores: Stores, pace: Pace, goal: Goal, *, owner: str, gap: float = 0.0) -> None:
        """
        Begin at now.

        Args:
            owner: a name that no other process has; its leases bear it.
            gap: seconds kept between two requests to any host.
        """
        self._stores = stores
        self._clock: Clock = stores.clock
        self._goal = goal
        self._gap = gap
        self._owner = owner
        self._claims = itertools.count(1)
        self._horizon = stores.clock.now()
        #: Visits under way, and what those that ended say, by lease.
        self._held: Counter[Lease] = Counter()
        self._waits: dict[Lease, _Waits] = {}
        self._settler = Settler(
            stores.clock,
            pace,
            not_before=self._horizon if goal.once else None,
            recipes=load_recipes(stores.home),
        )
        self._settled: list[tuple[Visit, Outcome]] = []
        self._news = asyncio.Event()
        self._wake = asyncio.Event()
        self._ended = False

    def keep_pace(self, pace: Pace) -> None:
        """Settle visits by another pace from now on."""
        self._settler.pace = pace

    def wake(self) -> None:
        """Look for something due now."""
        self._wake.set()

    def end(self) -> None:
        """Hand nothing more out."""
        self._ended = True
        self._wake.set()

    async def claim(self, room: int) -> Sequence[Visit]:
        """Lease ready hosts and return their due visits."""
        if self._ended or (self._goal.left is not None and self._goal.left <= 0):
            return ()
        visits = await asyncio.to_thread(self._claim, room)
        if self._goal.left is not None:
            self._goal.left -= sum(visit.kind == "article" for visit in visits)
        return visits

    async def settle(self, visit: Visit, outcome: Outcome) -> None:
        """Take a visit back; it is written with others."""
        self._settled.append((visit, outcome))
        self._news.set()
        if len(self._settled) >= HOSTS:
            await self._flush(counts=False)

    async def wait(self) -> bool:
        """Write what was settled, then wait for something due; False when the goal is reached."""
        await self._flush(counts=False)
        if self._ended:
            return False
        if self._goal.once and not self._held and not await asyncio.to_thread(self._anything_left):
            return False
        self._wake.clear()
        try:
            async with asyncio.timeout(LOOK):
                await self._wake.wait()
        except TimeoutError:
            pass
        return True

    async def flush(self) -> None:
        """Write everything that was settled."""
        await self._flush(counts=True)

    async def _flush(self, *, counts: bool) -> None:
        batch, self._settled = self._settled, []
        if batch or counts:
            await asyncio.to_thread(self._write, batch, counts=counts)

    def _claim(self, room: int) -> list[Visit]:
        now = self._clock.now()
        with self._stores.catalogue.reading() as connection:
            if not leases.is_any_ready(connection, now, self._goal.sources):
                return []
        with self._stores.catalogue.writing() as connection:
            return self._claim_in(connection, now, max(1, min(HOSTS, room // self._per_host(0.0))))

    def _claim_in(self, connection: Connection, now: datetime, hosts: int) -> list[Visit]:
        due = self._horizon if self._goal.once else now
        due = max(due, self._horizon)
        only = self._goal.sources
        # A lease bounds the work of a process, which goes by the wall clock.
        until = now + LEASE / self._clock.real_seconds(1.0)
        token = leases.token_of(self._owner, next(self._claims))
        claimed = leases.claim_hosts(connection, now=now, until=until, token=token, limit=hosts, sources=only)
        # What cannot be sent before a host's gap is over is better left where it is.
        most = {one.host: self._per_host(one.delay) for one in claimed}
        listings = frontier.due_listings(connection, list(most), now=due, sources=only)
        articles = frontier.due_articles(connection, most, now=due, sources=only)
        visits: list[Visit] = []
        idle: list[Release] = []
        for one in claimed:
            host, lease = one.host, Lease(one.host, token)
            found = listings.get(host, []) + articles.get(host, [])
            found = sorted(found, key=lambda visit: visit.next_due)[: most[host]]
            if found:
                self._held[lease] += len(found)
                visits += [_visit(due_visit, lease) for due_visit in found]
            else:
                idle.append(Release(lease=lease, not_before=now, delay=one.delay))
        leases.release_hosts(connection, idle)
        return visits

    def _per_host(self, asked: float) -> int:
        """Return how many visits of a host are handed out at a time: what it takes in about a second."""
        gap = max(self._gap, asked)
        return PER_HOST if gap <= 0 else max(1, min(PER_HOST, int(1 / gap)))

    def _anything_left(self) -> bool:
        # A host that asked for an hour of silence is left to the next crawl.
        soon = self._clock.now() + PATIENCE + timedelta(seconds=self._gap)
        with self._stores.catalogue.reading() as connection:
            return frontier.is_anything_due(connection, self._horizon, self._goal.sources, ready_by=soon)

    def _write(self, batch: Sequence[tuple[Visit, Outcome]], *, counts: bool) -> None:
        under = {_lease(visit) for visit, _ in batch}
        with self._stores.catalogue.writing() as connection:
            lock_sites(connection, self._settler.places(batch))
            held = leases.held_leases(connection, under)
            for lost in under - held:
                # Its successor's word counts: what was fetched is archived, when to come back is not ours to say.
                log.warning("frontier.lease_lost host=%s", lost.host)
            self._settler.write(connection, [one for one in batch if _lease(one[0]) in held])
            if counts:
                self._settler.write_counts(connection)
            ended = [done for one in batch if (done := self._release(*one)) is not None]
            leases.release_hosts(connection, ended)

    def _release(self, visit: Visit, outcome: Outcome) -> Release | None:
        """Tell how to give a host back once all that was claimed of it is settled; None before that."""
        lease = _lease(visit)
        waits = self._waits.setdefault(lease, _Waits())
        waits.ready_in = max(waits.ready_in, outcome.ready_in)
        waits.gap = outcome.gap
        self._held[lease] -= 1
        if self._held[lease] > 0:
            return None
        del self._held[lease], self._waits[lease]
        # The gap is kept by the wall clock, whatever the home's time does.
        pause = timedelta(seconds=waits.ready_in) / self._clock.real_seconds(1.0)
        return Release(
            lease=lease,
            not_before=self._clock.now() + pause,
            delay=waits.gap if waits.gap > self._gap else 0.0,
        )


@dataclass(slots=True)
class _Waits:
    """What the visits of a host under lease say about when it may be asked again, in seconds."""

    ready_in: float = 0.0
    gap: float = 0.0


def _lease(visit: Visit) -> Lease:
    return Lease(visit.host, visit.lease)


def _visit(due: frontier.DueVisit, lease: Lease) -> Visit:
    return Visit(
        uri=due.uri,
        kind=due.kind,
        source=due.source,
        source_id=due.source_id,
        row=due.row,
        host=lease.host,
        lease=lease.token,
        due_at=due.next_due,
        etag=due.etag,
        last_modified=due.last_modified,
        failures=due.failures,
        visits=due.visits,
        is_signalled=due.is_signalled,
        payload_digest=due.payload_digest,
    )
