"""A host never gets two requests closer than its delay, nor more at a time than it may: on a simulated clock."""

import asyncio
import heapq
from collections import defaultdict
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scrapers.fetching.manners import HostBusyError, Manners, Pace


class SimulatedTime:
    """Time that moves to the next sleeper's moment once everybody sleeps."""

    def __init__(self) -> None:
        self.time = 0.0
        self._sleepers: list[tuple[float, int, asyncio.Future[None]]] = []
        self._count = 0

    def now(self) -> float:
        """Return the moment."""
        return self.time

    async def sleep(self, seconds: float) -> None:
        """Sleep without waiting."""
        done = asyncio.get_running_loop().create_future()
        self._count += 1
        heapq.heappush(self._sleepers, (self.time + seconds, self._count, done))
        await done

    async def run(self, *work) -> None:
        """Run work to its end."""
        tasks = [asyncio.ensure_future(one) for one in work]
        while not all(task.done() for task in tasks):
            for _ in range(20):
                await asyncio.sleep(0)
            if self._sleepers:
                self.time, _, done = heapq.heappop(self._sleepers)
                if not done.done():
                    done.set_result(None)
        await asyncio.gather(*tasks)


REQUESTS = st.lists(
    st.tuples(
        st.sampled_from(["a.example", "b.example", "c.example:8080"]),  # host
        st.floats(0, 20),  # when somebody wants it
        st.floats(0, 9),  # how long the answer takes
        st.sampled_from([None, None, None, "hush"]),  # whether the answer asks for silence
    ),
    max_size=25,
)


@given(
    requests=REQUESTS,
    delay=st.floats(0, 5),
    concurrency=st.integers(1, 3),
    crawl_delay=st.floats(0, 9),
)
@settings(max_examples=60, deadline=None)
def test_a_host_never_gets_requests_closer_than_its_delay(requests, delay, concurrency, crawl_delay):
    """Whatever is wanted and however long answers take: gap, number at a time and silence are kept."""
    began: dict[str, list[float]] = defaultdict(list)
    under_way: dict[str, int] = defaultdict(int)
    silent_until: dict[str, float] = defaultdict(float)
    most: dict[str, int] = defaultdict(int)
    broken = []

    async def everything():
        time = SimulatedTime()
        manners = Manners(
            Pace(delay=delay, concurrency=concurrency, patience=1e9), now=time.now, sleep=time.sleep
        )
        manners.ask_gap("a.example", crawl_delay)

        async def one(host, at, took, asks):
            await time.sleep(at)
            async with manners.turn(f"https://{host}/story"):
                if time.now() < silent_until[host]:
                    broken.append(host)
                began[host].append(time.now())
                under_way[host] += 1
                most[host] = max(most[host], under_way[host])
                await time.sleep(took)
                under_way[host] -= 1
                if asks:
                    manners.hush(host, 30.0)
                    silent_until[host] = time.now() + 30.0

        await time.run(*[one(*request) for request in requests])

    asyncio.run(everything())

    for host, moments in began.items():
        gap = max(delay, crawl_delay if host == "a.example" else 0)
        assert all(later - earlier >= gap - 1e-6 for earlier, later in pairwise(moments))
    assert all(count <= concurrency for count in most.values())
    assert broken == []
    assert sum(map(len, began.values())) == len(requests)


async def test_a_long_silence_gives_the_request_back():
    """Nobody waits an hour in memory for a host: the frontier is told how long, and nothing is sent."""
    manners = Manners(Pace(delay=0, patience=10))
    manners.hush("a.example", 3600)

    with pytest.raises(HostBusyError) as told:
        async with manners.turn("https://a.example/"):
            pytest.fail("it was sent")

    assert 3590 < told.value.seconds <= 3600
    assert 3590 < manners.ready_in("a.example") <= 3600


async def test_hosts_do_not_wait_for_one_another():
    """A silent host holds nobody else up."""
    manners = Manners(Pace(delay=60, patience=10))

    async with manners.turn("https://a.example/"), manners.turn("https://b.example/"):
        pass
