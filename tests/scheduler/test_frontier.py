"""The frontier as the spider has it: claims under leases, outcomes written in batches, on every engine."""

import asyncio
from collections import defaultdict
from collections.abc import Iterator
from datetime import timedelta
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from archive.catalog import discovered, frontier, leases, sources
from archive.model import Source, Verdict
from archive.opening import Stores, open_stores
from scheduler.frontier import LEASE, CatalogueFrontier, Goal
from scheduler.policy import Pace
from scrapers.frontier import Outcome, Visit
from tests.archive.conftest import catalogue_url, postgres
from tests.conftest import StillClock

__all__ = ["catalogue_url", "postgres"]

pytestmark = pytest.mark.timeout(60)

HOUR = timedelta(hours=1)
SAME = Outcome(status=200, verdict=Verdict.UNCHANGED)


@pytest.fixture
def stores(tmp_path: Path, catalogue_url: str, clock: StillClock) -> Iterator[Stores]:
    """A home on each engine, in which two addresses of two hosts are watched."""
    opened = open_stores(tmp_path, catalogue=catalogue_url, clock=clock)
    now = clock.now()
    with opened.catalogue.writing() as connection:
        new = Source(name="s", url="https://s.example", kind="site", is_paused=False, added_at=now)
        row = sources.add_source(connection, new)
        named = [
            discovered.Named(uri=f"https://{host}/1", urlkey="", host=host, identity=host, due=now)
            for host in ("a.example", "b.example")
        ]
        discovered.add_named(connection, named, source_id=row)
    yield opened
    opened.close()


def worker(stores: Stores, owner: str) -> CatalogueFrontier:
    """Return a worker's frontier; what it visited is due again an hour later."""
    return CatalogueFrontier(stores, Pace(fixed_interval=HOUR), Goal(once=False), owner=owner)


async def settle(due: CatalogueFrontier, *visits: Visit) -> None:
    """Settle visits and write that."""
    for visit in visits:
        await due.settle(visit, SAME)
    await due.flush()


def visited(stores: Stores) -> dict[str, int]:
    """Return how many visits to each host were committed."""
    with stores.catalogue.reading() as connection:
        later = stores.clock.now() + 9 * HOUR
        found = frontier.due_articles(connection, {"a.example": 9, "b.example": 9}, now=later)
    return {one.uri[8:9]: one.visits for some in found.values() for one in some}


async def test_visits_of_a_lease_that_ended_are_not_committed(stores: Stores, clock: StillClock) -> None:
    """Neither when another worker claimed the host meanwhile, nor when it was the same one."""
    slow = worker(stores, "slow")
    stale = await slow.claim(64)
    clock.time += LEASE
    again = await slow.claim(1)
    other = await worker(stores, "other").claim(64)

    await settle(slow, *stale)

    assert len(stale) == 2 == len(again) + len(other)
    assert visited(stores) == {"a": 0, "b": 0}

    await settle(slow, *again)

    assert sorted(visited(stores).values()) == [0, 1]


async def test_a_lease_that_ended_and_that_nobody_claimed_is_still_good(
    stores: Stores, clock: StillClock
) -> None:
    """A visit that took long is not made twice for that."""
    slow = worker(stores, "slow")
    visits = await slow.claim(64)
    clock.time += 2 * LEASE

    await settle(slow, *visits)

    assert visited(stores) == {"a": 1, "b": 1}


async def test_a_claim_that_finds_nothing_keeps_no_writer_waiting(stores: Stores) -> None:
    """It is answered while another process holds the only turn to write."""
    idle = worker(stores, "idle")
    await settle(idle, *await idle.claim(64))

    with stores.catalogue.writing() as connection:
        leases.free_leases(connection, stores.clock.now())
        async with asyncio.timeout(10):
            assert await idle.claim(64) in ((), [])


async def test_what_several_workers_measure_of_a_source_adds_up(stores: Stores) -> None:
    """Counts of signals are sums over all workers, not the last one's word."""
    one, two = worker(stores, "one"), worker(stores, "two")
    for due in (one, two):
        await settle(due, *await due.claim(1))
    stores.clock.go(hours=1)  # type: ignore[attr-defined]  # the tests' own clock
    for due in (one, two):
        visits = await due.claim(1)
        assert [visit.visits for visit in visits] == [1]
        await settle(due, *visits)

    with stores.catalogue.reading() as connection:
        (counts,) = sources.counts_of(connection, [1]).values()
    assert counts.signals == {"signalled": 0, "signalled_right": 0, "blind": 2, "blind_right": 0}


#: By how much a clock is set, and how long a step of elapsed time takes.
JUMPS, STEP = [timedelta(days=-1), -HOUR, HOUR, timedelta(days=1)], timedelta(minutes=10)


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(jumps=st.dictionaries(st.integers(0, 40), st.sampled_from(JUMPS), max_size=3))
@pytest.mark.parametrize("catalogue_url", [pytest.param("", id="sqlite")])
def test_a_clock_that_is_set_makes_neither_a_storm_nor_a_gap(
    stores: Stores, clock: StillClock, jumps: dict[int, timedelta]
) -> None:
    """
    By elapsed time: set forward, an address is visited once too early at most.

    Set back, it waits longer by what the clock was set back at most, and is never forgotten.
    """
    with stores.catalogue.writing() as connection:
        leases.free_leases(connection, clock.now())
        frontier.make_all_due(connection, clock.now())
        frontier.pull_in(connection, clock.now(), clock.now())
    clock.time += timedelta(days=1)
    back = -sum((jump for jump in jumps.values() if jump < timedelta(0)), timedelta(0))
    forward = sum(jump > timedelta(0) for jump in jumps.values())
    visits: dict[str, list[timedelta]] = defaultdict(list)
    elapsed, steps = timedelta(0), 48 + back // STEP

    async def crawl() -> None:
        nonlocal elapsed
        due = worker(stores, "only")
        for step in range(steps):
            clock.time += jumps.get(step, timedelta(0))
            found = await due.claim(64)
            for visit in found:
                visits[visit.uri].append(elapsed)
            await settle(due, *found)
            clock.time += STEP
            elapsed += STEP

    asyncio.run(crawl())

    assert visits.keys() == {"https://a.example/1", "https://b.example/1"}
    for times in visits.values():
        assert len(times) <= elapsed // HOUR + 1 + forward
        assert all(later - sooner <= HOUR + STEP + back for sooner, later in pairwise([*times, elapsed]))
