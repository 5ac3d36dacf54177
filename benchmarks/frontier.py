"""
How many addresses a second the frontier claims and commits, and how a claim grows with the frontier.

    python benchmarks/frontier.py [--engine sqlite postgres] [--urls 100000 10000000] [--workers 8]

One writer on SQLite in a temporary folder, several processes on a PostgreSQL that it starts; batches as the
crawler makes them; no fetching and no policy. A claim is one transaction: hosts leased, their due addresses read;
`us each` is its time by the address, because hosts with more addresses give more of them.
"""

import argparse
import multiprocessing
import platform
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from statistics import median

import sqlalchemy
from sqlalchemy import Connection, insert, text

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from archive.catalog import frontier, leases
from archive.catalog.frontier import Settled
from archive.catalog.leases import Lease, Release
from archive.catalog.schema import frontier_host, source
from archive.opening import open_stores
from tests.archive.servers import new_database, running_postgres

NOW = datetime(2026, 7, 19, 12, tzinfo=UTC)
#: Hosts a claim, and addresses a host, as the crawler takes them at most.
HOSTS, PER_HOST = 64, 32
#: Home time that a worker lets pass with each batch.
STEP = timedelta(seconds=20)
#: Made by the engine itself: ten million rows take minutes then, not hours.
NUMBERS = {
    "sqlite": "WITH RECURSIVE n(n) AS (SELECT :low UNION ALL SELECT n + 1 FROM n WHERE n < :high)",
    "postgresql": "WITH n(n) AS (SELECT generate_series(CAST(:low AS bigint), CAST(:high AS bigint)))",
}
URLS = """INSERT INTO url (id, uri, urlkey, host)
{numbers} SELECT n, 'https://h' || (n % :hosts) || '.example/' || n, CAST(n AS text), 'h' || (n % :hosts) || '.example' FROM n"""
DUE = """INSERT INTO frontier_url (url_id, host, source_id, next_due, visits, failures, is_signalled)
{numbers} SELECT n, 'h' || (n % :hosts) || '.example', 1, {moment}, 1, 0, {false} FROM n"""


def fill(connection: Connection, urls: int, hosts: int) -> None:
    """Put so many addresses under watch, all of them due."""
    connection.execute(
        insert(source).values(
            id=1, name="s", url="https://s.example/", kind="site", is_paused=False, added_at=NOW
        )
    )
    connection.execute(
        insert(frontier_host),
        [{"host": f"h{n}.example", "ready_at": NOW - timedelta(1), "delay": 0} for n in range(hosts)],
    )
    dialect = connection.dialect.name
    # As the column keeps a moment: microseconds since 1970.
    kept = int(NOW.timestamp() * 1_000_000)
    moment = f"{kept} - ((n / :hosts * 7919) % 1000) * 60000000"
    for statement in (URLS, DUE):
        said = statement.format(
            numbers=NUMBERS[dialect], moment=moment, false="0" if dialect == "sqlite" else "false"
        )
        for low in range(1, urls + 1, 1_000_000):
            high = min(urls, low + 999_999)
            connection.execute(text(said), {"low": low, "high": high, "hosts": hosts})


def work(home: Path, address: str, name: str, seconds: float) -> tuple[int, list[float]]:
    """Claim and commit for so long; return the addresses settled and the seconds of each claim."""
    stores = open_stores(home, catalogue=address)
    settled, claims = 0, []
    end = time.perf_counter() + seconds
    clock = NOW
    while time.perf_counter() < end:
        clock += STEP
        token = leases.token_of(name, len(claims))
        began = time.perf_counter()
        with stores.catalogue.writing() as connection:
            claimed = leases.claim_hosts(
                connection, now=clock, until=clock + timedelta(minutes=15), token=token, limit=HOSTS
            )
            frontier.due_listings(connection, [one.host for one in claimed], now=clock)
            most = {one.host: PER_HOST for one in claimed}
            articles = frontier.due_articles(connection, most, now=clock)
        claims.append(time.perf_counter() - began)
        held = [Lease(one.host, token) for one in claimed]
        visits = [one for some in articles.values() for one in some]
        later, ready = clock + timedelta(hours=3), clock + timedelta(seconds=5)
        with stores.catalogue.writing() as connection:
            leases.held_leases(connection, held)
            frontier.settle_urls(
                connection,
                [Settled(row=one.row, next_due=later, failures=0, reason=None) for one in visits],
            )
            leases.release_hosts(
                connection, [Release(lease=lease, not_before=ready, delay=0.0) for lease in held]
            )
        settled += len(visits)
    stores.close()
    return settled, claims


def several(workers: int, home: Path, address: str, seconds: float) -> tuple[int, list[float]]:
    """Let so many processes work at once."""
    with multiprocessing.get_context("spawn").Pool(workers) as pool:
        # All are up before any begins.
        pool.map(time.sleep, [0.2] * workers, chunksize=1)
        jobs = [(home, address, f"worker{n}", seconds) for n in range(workers)]
        done = pool.starmap(work, jobs, chunksize=1)
    return sum(count for count, _ in done), [one for _, claims in done for one in claims]


@contextmanager
def addresses(engine: str) -> Iterator[str]:
    """Give the address of an empty catalogue; "" is the home's own."""
    if engine == "sqlite":
        yield ""
        return
    with running_postgres() as address:
        yield new_database(address)


def main() -> None:
    """Print one table."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--engine", nargs="*", choices=["sqlite", "postgres"], default=["sqlite", "postgres"])
    parser.add_argument("--hosts", type=int, default=20_000)
    parser.add_argument("--urls", type=int, nargs="*", default=[100_000, 10_000_000])
    parser.add_argument("--workers", type=int, default=8, help="On PostgreSQL; SQLite has one writer.")
    parser.add_argument("--seconds", type=float, default=20.0)
    parser.add_argument("--folder", type=Path, help="Where SQLite's file is made.")
    options = parser.parse_args()
    print(f"Python {platform.python_version()}, SQLAlchemy {sqlalchemy.__version__}, {platform.machine()}, {multiprocessing.cpu_count()} processors")  # fmt: skip
    print(f"{'engine':<10}{'addresses':>12}{'hosts':>8}{'workers':>9}{'addresses/s':>13}{'claim ms':>10}{'us each':>9}{'fill s':>8}")  # fmt: skip
    for engine in options.engine:
        workers = 1 if engine == "sqlite" else options.workers
        for count in options.urls:
            with tempfile.TemporaryDirectory(dir=options.folder) as folder, addresses(engine) as address:
                home, began = Path(folder), time.perf_counter()
                stores = open_stores(home, catalogue=address)
                with stores.catalogue.writing() as connection:
                    fill(connection, count, options.hosts)
                with stores.catalogue.writing() as connection:
                    connection.execute(text("ANALYZE"))
                stores.close()
                filled, began = time.perf_counter() - began, time.perf_counter()
                if workers == 1:
                    settled, claims = work(home, address, "only", options.seconds)
                else:
                    settled, claims = several(workers, home, address, options.seconds)
                rate = settled / options.seconds
            each = sum(claims) / settled * 1e6
            print(
                f"{engine:<10}{count:>12,}{options.hosts:>8,}{workers:>9}{rate:>13,.0f}{1000 * median(claims):>10.1f}{each:>9.0f}{filled:>8.0f}",
                flush=True,
            )


if __name__ == "__main__":
    main()
