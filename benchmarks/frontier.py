"""
How many addresses a second the frontier claims and commits, and how a claim grows with the frontier.

    python benchmarks/frontier.py [--hosts 2000] [--urls 100000 1000000] [--seconds 10]

SQLite in a temporary folder, one writer, batches as the crawler makes them; no fetching and no policy.
"""

import argparse
import platform
import tempfile
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from statistics import median

import sqlalchemy
from sqlalchemy import Connection, insert

from archive.catalog import frontier
from archive.catalog.catalogue import Catalogue
from archive.catalog.frontier import Settled
from archive.catalog.schema import frontier_host, frontier_url, source, url
from archive.catalog.sqlite import SqliteCatalogue

NOW = datetime(2026, 7, 19, 12, tzinfo=UTC)
#: Hosts a claim, and addresses a host, as the crawler takes them at most.
HOSTS, PER_HOST = 64, 32


def fill(connection: Connection, urls: int, hosts: int) -> None:
    """Put so many addresses under watch, all of them due."""
    connection.execute(
        insert(source).values(
            id=1, name="s", url="https://s.example/", kind="site", is_paused=False, added_at=NOW
        )
    )
    for begin in range(1, urls + 1, 20_000):
        rows = range(begin, min(urls + 1, begin + 20_000))
        connection.execute(
            insert(url),
            [
                {
                    "id": n,
                    "uri": f"https://h{n % hosts}.example/{n}",
                    "urlkey": f"{n}",
                    "host": f"h{n % hosts}.example",
                }
                for n in rows
            ],
        )
        connection.execute(
            insert(frontier_url),
            [
                {
                    "url_id": n,
                    "host": f"h{n % hosts}.example",
                    "source_id": 1,
                    "next_due": NOW - timedelta(minutes=(n // hosts * 7919) % 1000),
                    "visits": 1,
                    "failures": 0,
                }
                for n in rows
            ],
        )
    connection.execute(
        insert(frontier_host),
        [{"host": f"h{n}.example", "ready_at": NOW - timedelta(1), "delay": 0} for n in range(hosts)],
    )


def work(catalogue: Catalogue, seconds: float) -> tuple[int, list[float]]:
    """Claim and commit for so long; return the addresses settled and the seconds of each claim."""
    token, settled, claims = "bench", 0, []
    end = time.perf_counter() + seconds
    clock = NOW
    while time.perf_counter() < end:
        clock += timedelta(seconds=20)
        began = time.perf_counter()
        with catalogue.writing() as connection:
            claimed = frontier.claim_hosts(
                connection, now=clock, until=clock + timedelta(minutes=15), token=token, limit=HOSTS
            )
            due = {
                one.host: frontier.due_articles(connection, one.host, now=clock, limit=PER_HOST)
                for one in claimed
            }
        claims.append(time.perf_counter() - began)
        with catalogue.writing() as connection:
            visits = [one for some in due.values() for one in some]
            frontier.settle_urls(
                connection,
                [
                    Settled(row=one.row, next_due=clock + timedelta(hours=3), failures=0, reason=None)
                    for one in visits
                ],
            )
            for host in due:
                frontier.release_host(connection, host, token, not_before=clock + timedelta(seconds=5))
        settled += len(visits)
    return settled, claims


def main() -> None:
    """Print one table."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--hosts", type=int, default=2000)
    parser.add_argument("--urls", type=int, nargs="*", default=[100_000, 1_000_000])
    parser.add_argument("--seconds", type=float, default=10.0)
    options = parser.parse_args()
    print(f"Python {platform.python_version()}, SQLAlchemy {sqlalchemy.__version__}, {platform.machine()}")
    print(f"{'addresses':>12} {'hosts':>8} {'addresses/s':>12} {'claim ms':>9}")
    for count in options.urls:
        with tempfile.TemporaryDirectory() as folder:
            catalogue = SqliteCatalogue(Path(folder) / "catalog.sqlite")
            with catalogue.writing() as connection:
                fill(connection, count, options.hosts)
            began = time.perf_counter()
            settled, claims = work(catalogue, options.seconds)
            rate = settled / (time.perf_counter() - began)
            catalogue.close()
        print(f"{count:>12,} {options.hosts:>8,} {rate:>12,.0f} {1000 * median(claims):>9.1f}", flush=True)


if __name__ == "__main__":
    main()
