"""
The frontier over the catalogue: hosts leased, visits claimed, outcomes written back in batches.

It hands the spider what is due and nothing else; when something is due again is the policy's word.
"""

import asyncio
import logging
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import Connection

from archive.catalog import frontier
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

    def __init__(self, stores: Stores, pace: Pace, goal: Goal, *, token: str, gap: float = 0.0) -> None:
        """
        Begin at now.

        Args:
            gap: seconds kept between two requests to any host.
        """
        self._stores = stores
        self._clock: Clock = stores.clock
        self._goal = goal
        self._gap = gap
        self._token = token
        self._horizon = stores.clock.now()
        self._held: Counter[str] = Counter()
        self._waits: dict[str, _Waits] = {}
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
        due = self._horizon if self._goal.once else now
        due = max(due, self._horizon)
        visits: list[Visit] = []
        with self._stores.catalogue.writing() as connection:
            # A lease bounds the work of a process, which goes by the wall clock.
            until = now + LEASE / self._clock.real_seconds(1.0)
            limit = max(1, min(HOSTS, room // self._per_host(0.0)))
            for one in frontier.claim_hosts(
                connection, now=now, until=until, token=self._token, limit=limit, sources=self._goal.sources
            ):
                found = frontier.due_listings(connection, one.host, now=due, sources=self._goal.sources)
                found += frontier.due_articles(
                    connection, one.host, now=due, limit=PER_HOST, sources=self._goal.sources
                )
                # What cannot be sent before the host's gap is over is better left where it is.
                found = sorted(found, key=lambda due_visit: due_visit.next_due)[: self._per_host(one.delay)]
                if found:
                    self._held[one.host] += len(found)
                    visits += [_visit(due_visit, one.host) for due_visit in found]
                else:
                    frontier.release_host(connection, one.host, self._token, not_before=now)
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
        with self._stores.catalogue.writing() as connection:
            kept = {host for host in {visit.host for visit, _ in batch} if self._is_ours(connection, host)}
            self._settler.write(connection, [one for one in batch if one[0].host in kept])
            if counts:
                self._settler.write_counts(connection)
            for visit, outcome in batch:
                self._release(connection, visit, outcome)

    def _is_ours(self, connection: Connection, host: str) -> bool:
        """Tell whether a host's lease still holds: its successor's word counts otherwise."""
        held = frontier.holds_lease(connection, host, self._token)
        if not held:
            log.warning("frontier.lease_lost host=%s", host)
        return held

    def _release(self, connection: Connection, visit: Visit, outcome: Outcome) -> None:
        """Give a host back once all that was claimed of it is settled, not before it wants to be asked again."""
        waits = self._waits.setdefault(visit.host, _Waits())
        waits.ready_in = max(waits.ready_in, outcome.ready_in)
        waits.gap = outcome.gap
        self._held[visit.host] -= 1
        if self._held[visit.host] <= 0:
            del self._held[visit.host], self._waits[visit.host]
            # The gap is kept by the wall clock, whatever the home's time does.
            pause = timedelta(seconds=waits.ready_in) / self._clock.real_seconds(1.0)
            frontier.release_host(
                connection,
                visit.host,
                self._token,
                not_before=self._clock.now() + pause,
                delay=waits.gap if waits.gap > self._gap else 0.0,
            )


@dataclass(slots=True)
class _Waits:
    """What the visits of a host under lease say about when it may be asked again, in seconds."""

    ready_in: float = 0.0
    gap: float = 0.0


def _visit(due: frontier.DueVisit, host: str) -> Visit:
    return Visit(
        uri=due.uri,
        kind=due.kind,
        source=due.source,
        source_id=due.source_id,
        row=due.row,
        host=host,
        etag=due.etag,
        last_modified=due.last_modified,
        failures=due.failures,
        visits=due.visits,
        is_signalled=due.is_signalled,
        payload_digest=due.payload_digest,
    )
