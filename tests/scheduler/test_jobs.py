"""The periodic jobs, and clocks that do not behave."""

import asyncio
from collections import Counter
from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from scheduler.jobs import TOLERANCE, ClockWatch, Job, periodic, run_all_now


@given(st.lists(st.tuples(st.floats(0.1, 60), st.floats(-TOLERANCE / 20, TOLERANCE / 20)), max_size=20))
def test_what_clocks_do_by_themselves_is_no_jump(steps: list[tuple[float, float]]) -> None:
    """Seconds of drift are nothing to be told; daylight saving does not touch this clock at all."""
    wall, steady = 1e9, 50.0
    watch = ClockWatch(wall, steady)
    for passed, drift in steps:
        wall, steady = wall + passed + drift, steady + passed

        assert watch.jumped(wall, steady) == 0


@given(st.lists(st.tuples(st.floats(0.1, 60), st.sampled_from([-86400.0, -3600.0, 0.0, 3600.0, 200000.0]))))
def test_every_jump_is_noticed_once(steps: list[tuple[float, float]]) -> None:
    """Set forward, set back or slept: said at the next look, and not again."""
    wall, steady = 1e9, 50.0
    watch = ClockWatch(wall, steady)
    for passed, jump in steps:
        wall, steady = wall + passed + jump, steady + passed

        assert round(watch.jumped(wall, steady)) == round(jump)
        assert watch.jumped(wall, steady) == 0


async def test_a_job_that_was_missed_for_days_runs_once() -> None:
    """After a long sleep there is no storm: a run for each missed interval would be thousands."""
    runs: Counter[str] = Counter()
    ran = asyncio.Event()

    async def work() -> None:
        runs["work"] += 1
        ran.set()

    async with periodic([Job("work", work, every=3600)]) as scheduler:
        scheduler.get_job("work").modify(next_run_time=datetime.now(UTC) - timedelta(days=3))
        await asyncio.wait_for(ran.wait(), 5)

    assert runs["work"] == 1


async def test_after_a_clock_was_set_back_jobs_run_at_once() -> None:
    """A run that lies a day ahead by a clock that is set back is not waited for."""
    ran = asyncio.Event()

    async def work() -> None:
        ran.set()

    async with periodic([Job("work", work, every=3600)]) as scheduler:
        scheduler.get_job("work").modify(next_run_time=datetime.now(UTC) + timedelta(days=1))
        run_all_now(scheduler)
        await asyncio.wait_for(ran.wait(), 5)

    assert ran.is_set()


async def test_a_job_that_fails_is_logged_and_comes_again(caplog) -> None:
    """One bad run ends nothing."""
    runs = asyncio.Queue[int]()

    async def work() -> None:
        runs.put_nowait(1)
        message = "no"
        raise ValueError(message)

    async with periodic([Job("work", work, every=0.05, at_once=True)]):
        for _ in range(2):
            await asyncio.wait_for(runs.get(), 5)

    assert "job.failed name=work" in caplog.text
