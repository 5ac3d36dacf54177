"""
The handful of periodic jobs, on APScheduler.

A job that could not run in time, because the machine slept, its clock jumped or the job before it took long,
runs once when it can: neither a storm of missed runs nor a gap that nobody notices. Intervals are of elapsed
time, so that daylight saving means nothing to them.
"""

import asyncio
import logging
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime

from apscheduler.events import EVENT_JOB_ERROR, JobExecutionEvent
from apscheduler.schedulers.asyncio import AsyncIOScheduler

__all__ = ["ClockWatch", "Job", "periodic", "run_all_now"]

log = logging.getLogger(__name__)

#: Seconds between two looks at the clocks, and by how much they may part before it is called a jump.
LOOK, TOLERANCE = 10.0, 30.0


@dataclass(frozen=True, slots=True)
class Job:
    """Something to be done again and again. A failure is logged; the next run comes all the same."""

    name: str
    work: Callable[[], Awaitable[None]]
    #: Seconds of the wall clock.
    every: float
    #: Run when the service starts, too.
    at_once: bool = False


class ClockWatch:
    """Notices when the wall clock was set, or stood still while the machine slept."""

    def __init__(self, wall: float, steady: float) -> None:
        self._offset = wall - steady

    def jumped(self, wall: float, steady: float) -> float:
        """Return by how many seconds the wall clock jumped since the last look; 0 for what clocks do by themselves."""
        jump = wall - steady - self._offset
        if abs(jump) <= TOLERANCE:
            return 0.0
        self._offset = wall - steady
        return jump


@asynccontextmanager
async def periodic(jobs: Sequence[Job]) -> AsyncIterator[AsyncIOScheduler]:
    """Run jobs while the block runs."""
    scheduler = AsyncIOScheduler(timezone=UTC)
    logging.getLogger("apscheduler").setLevel(logging.CRITICAL)
    scheduler.add_listener(_say_failed, EVENT_JOB_ERROR)
    for job in jobs:
        # No `next_run_time` means the first run is one interval away; None would pause the job.
        first = {"next_run_time": datetime.now(UTC)} if job.at_once else {}
        scheduler.add_job(
            job.work,
            "interval",
            seconds=job.every,
            id=job.name,
            coalesce=True,
            max_instances=1,
            misfire_grace_time=None,
            **first,
        )
    scheduler.start()
    watching = asyncio.create_task(_watch_clock(scheduler), name="clock")
    try:
        yield scheduler
    finally:
        watching.cancel()
        scheduler.shutdown(wait=False)


async def _watch_clock(scheduler: AsyncIOScheduler) -> None:
    watch = ClockWatch(time.time(), time.monotonic())
    while True:
        await asyncio.sleep(LOOK)
        jump = watch.jumped(time.time(), time.monotonic())
        if jump:
            log.warning("clock.jumped seconds=%.0f every job runs now", jump)
            run_all_now(scheduler)


def run_all_now(scheduler: AsyncIOScheduler) -> None:
    """Run every job once, now: times of runs that were worked out by a clock that was set mean nothing."""
    for job in scheduler.get_jobs():
        job.modify(next_run_time=datetime.now(UTC))


def _say_failed(event: JobExecutionEvent) -> None:
    log.error("job.failed name=%s error=%r", event.job_id, event.exception)
