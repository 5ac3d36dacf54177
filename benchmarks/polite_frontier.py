"""
What the polite scheduler costs by itself: 500 hosts with 200 addresses each, nothing fetched.

    python benchmarks/polite_frontier.py [--hosts 500] [--urls 200] [--gap 5]

A simulated day runs as fast as it can: claims, turns, settlements and their transactions are real, time is not.
Prints CPU per visit, and the smallest gap that any host saw.
"""

import argparse
import asyncio
import platform
import sys
import tempfile
import time
from collections import defaultdict
from datetime import UTC, datetime, timedelta
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from archive import urls
from archive.catalog import discovered, sources
from archive.model import Source, Verdict
from archive.opening import open_stores
from scheduler.frontier import CatalogueFrontier, Goal
from scheduler.policy import Pace
from scrapers.frontier import Outcome


class SimulatedClock:
    """A clock that is moved by hand."""

    def __init__(self) -> None:
        self.time = datetime(2026, 1, 1, tzinfo=UTC)

    def now(self) -> datetime:
        """Return the moment."""
        return self.time

    def real_seconds(self, seconds: float) -> float:
        """Return the seconds unchanged."""
        return seconds


def fill(stores, hosts: int, count: int) -> None:
    """Put hosts × count addresses under watch."""
    now = stores.clock.now()
    for host in range(hosts):
        with stores.catalogue.writing() as connection:
            name = f"paper-{host}.example"
            row = sources.add_source(
                connection,
                Source(name=name, url=f"https://{name}/", kind="outlet", is_paused=False, added_at=now),
            )
            named = [
                discovered.Named(
                    uri=(url := f"https://{name}/2026/01/01/story-number-{number}-of-today"),
                    urlkey=urls.urlkey(url),
                    host=name,
                    identity=urls.identity_key(url),
                    due=now,
                )
                for number in range(count)
            ]
            discovered.add_named(connection, named, source_id=row)


async def crawl(stores, clock: SimulatedClock, total: int, gap: float) -> float:
    """Visit everything once, politely; return the smallest gap seen, in seconds."""
    frontier = CatalogueFrontier(stores, Pace(), Goal(once=False), owner="benchmark", gap=gap)
    last: dict[str, datetime] = {}
    gaps: dict[str, float] = defaultdict(lambda: float("inf"))
    done = 0
    while done < total:
        visits = await frontier.claim(256)
        for visit in visits:
            if visit.host in last:
                gaps[visit.host] = min(gaps[visit.host], (clock.now() - last[visit.host]).total_seconds())
            last[visit.host] = clock.now()
            outcome = Outcome(status=200, verdict=Verdict.FIRST, ready_in=gap, gap=gap)
            await frontier.settle(visit, outcome)
        done += len(visits)
        await frontier.flush()
        if not visits:
            clock.time += timedelta(seconds=0.25)
    return min(gaps.values(), default=float("inf"))


def main() -> None:
    """Run and print one table."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--hosts", type=int, default=500)
    parser.add_argument("--urls", type=int, default=200)
    parser.add_argument("--gap", type=float, default=5.0)
    chosen = parser.parse_args()
    clock = SimulatedClock()
    with tempfile.TemporaryDirectory() as folder:
        stores = open_stores(Path(folder), catalogue="", blobs="", clock=clock)
        began = time.process_time()
        fill(stores, chosen.hosts, chosen.urls)
        filled = time.process_time() - began
        total = chosen.hosts * chosen.urls
        start, began, wall = clock.now(), time.process_time(), time.perf_counter()
        smallest = asyncio.run(crawl(stores, clock, total, chosen.gap))
        cpu, wall = time.process_time() - began, time.perf_counter() - wall
        hours = (clock.now() - start).total_seconds() / 3600
        stores.close()
    print(
        f"{platform.machine()}, Python {platform.python_version()}, SQLite, {chosen.hosts} hosts x {chosen.urls}"
    )
    print(f"{'put under watch':<28}{filled / total * 1000:>10.3f} CPU ms an address")
    print(f"{'claim and settle':<28}{cpu / total * 1000:>10.3f} CPU ms a visit")
    print(f"{'visits a second':<28}{total / wall:>10.0f}")
    print(f"{'simulated time':<28}{hours:>10.2f} h (no less than {chosen.urls * chosen.gap / 3600:.2f})")
    print(f"{'smallest gap of a host':<28}{smallest:>10.2f} s (asked: {chosen.gap:g})")


if __name__ == "__main__":
    main()
