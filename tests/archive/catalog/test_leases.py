"""The frontier under workers that come, go and die: nothing is held twice, nothing is forgotten."""

import tempfile
from datetime import UTC, datetime, timedelta
from pathlib import Path

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule
from sqlalchemy import insert

from archive.catalog import frontier
from archive.catalog.frontier import Settled
from archive.catalog.schema import frontier_host, frontier_url, source, url
from archive.catalog.sqlite import SqliteCatalogue

START = datetime(2026, 7, 19, tzinfo=UTC)
LEASE = timedelta(minutes=15)
WORKERS = ("ann", "bob", "cyd")
HOSTS = ("a.example", "b.example", "c.example", "d.example")


class Workers(RuleBasedStateMachine):
    """Workers claim hosts, commit what they visited, lose their leases, and die holding them."""

    @initialize(urls=st.lists(st.sampled_from(HOSTS), min_size=1, max_size=12))
    def open(self, urls: list[str]) -> None:
        """Put some addresses of some hosts under watch."""
        self.folder = tempfile.TemporaryDirectory()
        self.catalogue = SqliteCatalogue(Path(self.folder.name) / "c.sqlite")
        self.now = START
        #: By worker: what it believes that it holds, until when.
        self.held: dict[str, dict[int, tuple[str, datetime]]] = {worker: {} for worker in WORKERS}
        self.visited: set[int] = set()
        self.rows = dict(enumerate(urls, 1))
        with self.catalogue.writing() as connection:
            connection.execute(
                insert(source).values(
                    id=1, name="s", url="https://a.example", kind="site", is_paused=False, added_at=START
                )
            )
            for row, host in self.rows.items():
                connection.execute(
                    insert(url).values(id=row, uri=f"https://{host}/{row}", urlkey="", host=host)
                )
                connection.execute(
                    insert(frontier_url).values(
                        url_id=row, host=host, source_id=1, next_due=START, visits=0, failures=0
                    )
                )
            connection.execute(
                insert(frontier_host),
                [{"host": host, "ready_at": START, "delay": 0.0} for host in sorted(set(urls))],
            )

    @rule(worker=st.sampled_from(WORKERS), limit=st.integers(1, 3))
    def claim(self, worker: str, limit: int) -> None:
        """Lease ready hosts and take their due addresses."""
        until = self.now + LEASE
        with self.catalogue.writing() as connection:
            for one in frontier.claim_hosts(connection, now=self.now, until=until, token=worker, limit=limit):
                due = frontier.due_articles(connection, one.host, now=self.now, limit=2)
                for visit in due:
                    self.held[worker][visit.row] = (one.host, until)
                if not due:
                    frontier.release_host(connection, one.host, worker, not_before=self.now)

    @rule(worker=st.sampled_from(WORKERS), host=st.sampled_from(HOSTS))
    def commit(self, worker: str, host: str) -> None:
        """Write what was visited of a host, in one transaction that asks for the lease first."""
        mine = [row for row, (where, _) in self.held[worker].items() if where == host]
        if not mine:
            return
        with self.catalogue.writing() as connection:
            if frontier.holds_lease(connection, host, worker):
                later = self.now + timedelta(hours=3)
                frontier.settle_urls(
                    connection,
                    [Settled(row=row, next_due=later, failures=0, reason=None) for row in mine],
                )
                frontier.release_host(connection, host, worker, not_before=self.now)
                self.visited.update(mine)
        for row in mine:
            del self.held[worker][row]

    @rule(worker=st.sampled_from(WORKERS))
    def die(self, worker: str) -> None:
        """End without a word: its leases run out by themselves."""
        self.held[worker] = {}

    @rule(minutes=st.integers(1, 40))
    def wait(self, minutes: int) -> None:
        """Let time pass."""
        self.now += timedelta(minutes=minutes)

    @invariant()
    def nothing_is_held_twice(self) -> None:
        """At any moment an address is under one lease at most."""
        live = [row for held in self.held.values() for row, (_, until) in held.items() if until > self.now]

        assert len(live) == len(set(live))

    def teardown(self) -> None:
        """Once all leases have run out, one worker visits all that is left: nothing was forgotten."""
        if not hasattr(self, "catalogue"):
            return
        for worker in WORKERS:
            self.die(worker)
        for _ in range(2 * len(self.rows) + 2):
            self.now += LEASE
            self.claim("ann", 3)
            for host in HOSTS:
                self.commit("ann", host)
        self.catalogue.close()
        self.folder.cleanup()

        assert self.visited == set(self.rows)


Workers.TestCase.settings = settings(max_examples=20, stateful_step_count=20, deadline=None)
TestWorkers = Workers.TestCase
