"""The frontier under workers that come, go and die: nothing is held twice, nothing is forgotten, on every engine."""

import threading
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)
from sqlalchemy import Connection, select, update

from archive.catalog import articles, discovered, frontier, leases, revisits, sources
from archive.catalog.catalogue import Catalogue
from archive.catalog.frontier import Settled
from archive.catalog.leases import Lease, Release
from archive.catalog.schema import frontier_host, frontier_url, metadata, url
from archive.model import Source
from archive.opening import open_stores

pytestmark = pytest.mark.timeout(90)

START = datetime(2026, 7, 19, tzinfo=UTC)
LEASE = timedelta(minutes=15)
WORKERS = ("ann", "bob", "cyd")
HOSTS = ("a.example", "b.example", "c.example", "d.example")


@pytest.fixture
def catalogue(tmp_path: Path, catalogue_url: str) -> Iterator[Catalogue]:
    """An empty catalogue on each engine."""
    opened = open_stores(tmp_path, catalogue=catalogue_url).catalogue
    yield opened
    opened.close()


def watch(catalogue: Catalogue, *hosts: str, due: datetime = START, name: str = "s") -> None:
    """Put an address a host under watch, as a feed would name it."""
    with catalogue.writing() as connection:
        find(connection, *hosts, due=due, name=name)


def find(connection: Connection, *hosts: str, due: datetime = START, name: str = "s") -> None:
    """The same, in a transaction that goes on."""
    row = sources.source_id(connection, name) or sources.add_source(
        connection,
        Source(name=name, url=f"https://{name}.example", kind="site", is_paused=False, added_at=START),
    )
    count = len(connection.execute(select(frontier_url.c.url_id)).all())
    named = [
        discovered.Named(
            uri=f"https://{host}/{number}", urlkey="", host=host, identity=f"{host}/{number}", due=due
        )
        for number, host in enumerate(hosts, count)
    ]
    discovered.add_named(connection, named, source_id=row)


def claim(catalogue: Catalogue, token: str, now: datetime, *, limit: int = 9) -> dict[str, list[int]]:
    """Lease ready hosts and return the rows that are due there; hosts with nothing due go back."""
    with catalogue.writing() as connection:
        claimed = leases.claim_hosts(connection, now=now, until=now + LEASE, token=token, limit=limit)
        due = frontier.due_articles(connection, {one.host: 2 for one in claimed}, now=now)
        idle = [one.host for one in claimed if one.host not in due]
        leases.release_hosts(connection, [ended(host, token, now) for host in idle])
        return {host: [visit.row for visit in visits] for host, visits in due.items()}


def ended(host: str, token: str, now: datetime) -> Release:
    """Return the end of a lease."""
    return Release(lease=Lease(host, token), not_before=now, delay=0.0)


def commit(catalogue: Catalogue, lease: Lease, rows: list[int], now: datetime) -> bool:
    """Write that rows were visited, in one transaction that asks for the lease first; False when it was lost."""
    with catalogue.writing() as connection:
        if not leases.held_leases(connection, [lease]):
            return False
        later = now + timedelta(hours=3)
        done = [Settled(row=row, next_due=later, failures=0, reason=None) for row in rows]
        frontier.settle_urls(connection, done)
        leases.release_hosts(connection, [ended(lease.host, lease.token, now)])
    return True


class Workers(RuleBasedStateMachine):
    """Workers claim hosts, commit what they visited, lose their leases, and die holding them."""

    def __init__(self, catalogue: Catalogue) -> None:
        super().__init__()
        self.catalogue = catalogue
        with catalogue.writing() as connection:
            for table in reversed(metadata.sorted_tables):
                connection.execute(table.delete())
        self.now = START
        self.claims = 0
        self.watched: set[int] = set()
        self.visited: set[int] = set()
        #: By worker and lease: the rows it believes that it holds, until when.
        self.held: dict[str, dict[Lease, tuple[list[int], datetime]]] = {name: {} for name in WORKERS}

    @initialize(hosts=st.lists(st.sampled_from(HOSTS), min_size=1, max_size=12))
    def begin(self, hosts: list[str]) -> None:
        """Put some addresses of some hosts under watch."""
        self.find(hosts, 0)

    @rule(hosts=st.lists(st.sampled_from(HOSTS), min_size=1, max_size=3), minutes=st.integers(0, 30))
    def find(self, hosts: list[str], minutes: int) -> None:
        """Find more addresses, due now or later, on hosts that may be leased."""
        watch(self.catalogue, *hosts, due=self.now + timedelta(minutes=minutes))
        with self.catalogue.reading() as connection:
            self.watched = set(connection.execute(select(frontier_url.c.url_id)).scalars())

    @rule(worker=st.sampled_from(WORKERS), limit=st.integers(1, 3))
    def claim(self, worker: str, limit: int) -> None:
        """Lease ready hosts and take their due addresses, under a token of the claim's own."""
        self.claims += 1
        token = leases.token_of(worker, self.claims)
        for host, rows in claim(self.catalogue, token, self.now, limit=limit).items():
            self.held[worker][Lease(host, token)] = (rows, self.now + LEASE)

    @precondition(lambda self: any(self.held.values()))
    @rule(data=st.data())
    def commit(self, data: st.DataObject) -> None:
        """Write what was visited under some lease, which may have ended long ago."""
        worker, lease = data.draw(
            st.sampled_from([(name, lease) for name, held in self.held.items() for lease in held])
        )
        rows, until = self.held[worker].pop(lease)
        others = {row for held in self.held.values() for mine, end in held.values() if end > self.now for row in mine}  # fmt: skip

        done = commit(self.catalogue, lease, rows, self.now)

        assert done or until <= self.now, "a lease that had not ended was refused"
        assert not done or not others & set(rows), "rows were written that somebody else holds"
        if done:
            self.visited.update(rows)

    @rule(worker=st.sampled_from(WORKERS), noticed=st.booleans())
    def die(self, worker: str, noticed: bool) -> None:
        """End without a word: its leases run out by themselves, or somebody notices and gives them back."""
        self.held[worker] = {}
        if noticed:
            with self.catalogue.writing() as connection:
                leases.free_leases_of(connection, worker, self.now)

    @rule(minutes=st.integers(1, 40))
    def wait(self, minutes: int) -> None:
        """Let time pass."""
        self.now += timedelta(minutes=minutes)

    @rule()
    def pause_and_resume(self) -> None:
        """Pause the source, let a claim find nothing, and resume it."""
        with self.catalogue.writing() as connection:
            sources.set_paused(connection, "s", paused=True)
        self.claims += 1

        assert not claim(self.catalogue, leases.token_of("dan", self.claims), self.now)

        with self.catalogue.writing() as connection:
            sources.set_paused(connection, "s", paused=False)

    @invariant()
    def nothing_is_held_twice(self) -> None:
        """At any moment an address is under one lease at most."""
        live = [row for held in self.held.values() for rows, until in held.values() if until > self.now for row in rows]  # fmt: skip

        assert len(live) == len(set(live))

    def teardown(self) -> None:
        """Once all leases have run out, one worker visits all that is left: nothing was forgotten."""
        self.now += timedelta(minutes=30)
        for _ in range(2 * len(self.watched) + 2):
            self.now += LEASE
            self.claims += 1
            token = leases.token_of("ann", self.claims)
            for host, rows in claim(self.catalogue, token, self.now).items():
                commit(self.catalogue, Lease(host, token), rows, self.now)
                self.visited.update(rows)

        assert self.visited == self.watched


def test_nothing_is_held_twice_and_nothing_is_forgotten(catalogue: Catalogue) -> None:
    """Whatever workers do, and whenever they die."""
    run_state_machine_as_test(
        lambda: Workers(catalogue),
        settings=settings(
            max_examples=15,
            stateful_step_count=20,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )


def test_a_worker_cannot_commit_under_a_lease_that_ended_and_was_claimed_again(catalogue: Catalogue) -> None:
    """Not even when it was the same worker who claimed the host again."""
    watch(catalogue, "a.example")
    old, new = leases.token_of("ann", 1), leases.token_of("ann", 2)
    (rows,) = claim(catalogue, old, START).values()
    later = START + LEASE
    claim(catalogue, new, later)

    stale = commit(catalogue, Lease("a.example", old), rows, later)
    fresh = commit(catalogue, Lease("a.example", new), rows, later)

    assert (stale, fresh) == (False, True)


def test_what_is_found_while_a_host_is_given_back_is_not_forgotten(catalogue: Catalogue) -> None:
    """The worker waits for the finder to end, and sees what it found."""
    watch(catalogue, "a.example")
    (rows,) = claim(catalogue, "ann.1", START).values()
    lease = Lease("a.example", "ann.1")
    worker = threading.Thread(target=commit, args=(catalogue, lease, rows, START))

    with catalogue.writing() as connection:
        find(connection, "a.example")
        worker.start()
        _until_it_waits_or_ends(catalogue, worker)
    worker.join()

    assert claim(catalogue, "bob.1", START + timedelta(minutes=1))


def _until_it_waits_or_ends(catalogue: Catalogue, thread: threading.Thread) -> None:
    """Look until a thread waits for a lock of PostgreSQL, or has ended; SQLite's writer waits by itself."""
    from sqlalchemy import text

    while catalogue.is_shared and thread.is_alive():
        with catalogue.reading() as connection:
            if connection.execute(text("SELECT count(*) FROM pg_locks WHERE NOT granted")).scalar_one():
                return
        thread.join(0.01)


def test_the_leases_of_one_that_died_are_given_back(catalogue: Catalogue) -> None:
    """Before they end, and nobody else's; names that begin alike are told apart."""
    watch(catalogue, *HOSTS)
    claim(catalogue, "ann.1", START, limit=2)
    theirs = claim(catalogue, "anna.1", START, limit=2)
    with catalogue.writing() as connection:
        known, freed = leases.owners(connection), leases.free_leases_of(connection, "ann", START)

    assert (known, freed) == ({"ann", "anna"}, 2)
    assert claim(catalogue, "bob.1", START).keys() == set(HOSTS) - theirs.keys()


def test_workers_that_claim_at_once_get_different_hosts(catalogue: Catalogue) -> None:
    """Eight claim at the same moment: all hosts are leased, none twice."""
    hosts = [f"h{number}.example" for number in range(40)]
    watch(catalogue, *hosts)
    start = threading.Barrier(8)
    found: list[str] = []

    def work(name: str) -> None:
        start.wait()
        found.extend(claim(catalogue, f"{name}.1", START, limit=5))

    threads = [threading.Thread(target=work, args=(f"w{number}",)) for number in range(8)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()

    assert sorted(found) == sorted(set(found))
    assert set(found) | set(claim(catalogue, "last.1", START, limit=40)) == set(hosts)


def test_no_host_starves_while_there_is_more_to_do_than_can_be_done(catalogue: Catalogue) -> None:
    """A host that was served waits until all others were, however much more of it is due."""
    small = [f"h{number}.example" for number in range(8)]
    watch(catalogue, *["huge.example"] * 60, *small * 3)
    now, turns = START, []
    for turn in range(6):
        now += timedelta(seconds=5)
        token = leases.token_of("ann", turn)
        found = claim(catalogue, token, now, limit=3)
        turns.append(set(found))
        for host, rows in found.items():
            assert commit(catalogue, Lease(host, token), rows[:1], now)

    every = {"huge.example", *small}
    assert set.union(*turns[:3]) == every
    assert set.union(*turns[3:]) == every


def test_a_look_for_ready_hosts_needs_no_turn_to_write(catalogue: Catalogue) -> None:
    """It is answered while another writer is at work: an idle worker keeps nobody waiting."""
    watch(catalogue, "a.example", due=START + timedelta(hours=1))
    with catalogue.writing() as writer:
        writer.execute(update(frontier_host).values(delay=1.0))
        with catalogue.reading() as connection:
            ready = [leases.is_any_ready(connection, START + timedelta(hours=hour)) for hour in (0, 1)]

    assert ready == [False, True]


def test_the_backlog_counts_what_is_due_of_sources_at_work(catalogue: Catalogue) -> None:
    """How much, and since when; what is paused waits for nobody."""
    watch(catalogue, *HOSTS, due=START)
    watch(catalogue, *HOSTS, due=START - timedelta(hours=1), name="paused")
    watch(catalogue, "a.example", due=START + timedelta(hours=2))
    with catalogue.writing() as connection:
        sources.set_paused(connection, "paused", paused=True)

    with catalogue.reading() as connection:
        before = revisits.backlog(connection, START - timedelta(hours=2))
        now = revisits.backlog(connection, START + timedelta(hours=1))

    assert (before.overdue, before.oldest) == (0, None)
    assert (now.overdue, now.oldest) == (len(HOSTS), START)


@pytest.fixture
def opened_again(tmp_path: Path, catalogue_url: str, catalogue: Catalogue) -> Iterator[Callable[[], Catalogue]]:  # fmt: skip
    """Open the same catalogue once more, as another process would."""
    made: list[Catalogue] = []

    def open_again() -> Catalogue:
        made.append(open_stores(tmp_path, catalogue=catalogue_url).catalogue)
        return made[-1]

    yield open_again
    for one in made:
        one.close()


def test_one_process_is_alone_with_a_name(
    catalogue: Catalogue, opened_again: Callable[[], Catalogue]
) -> None:
    """Others are told so at once, may have other names, and get this one when it is given back."""
    other = opened_again()
    with catalogue.alone("refit") as mine, other.alone("refit") as same, other.alone("upkeep") as different:
        pass
    with other.alone("refit") as after:
        pass

    assert (mine, same, different, after) == (True, False, True, True)


def test_a_name_is_given_back_when_its_holder_fails(catalogue: Catalogue, opened_again: Callable[[], Catalogue]) -> None:  # fmt: skip
    """An error in the block is the caller's, and the name is free."""
    message = "no"
    with pytest.raises(ValueError, match=message), catalogue.alone("refit"):
        raise ValueError(message)

    with opened_again().alone("refit") as mine:
        assert mine


def test_what_a_wrong_clock_put_off_is_spread_over_a_day(catalogue: Catalogue) -> None:
    """What is due years ahead comes back, not all at once; what is due soon, or never, stays."""
    watch(catalogue, *["a.example"] * 30, "b.example", due=START + timedelta(days=900))
    watch(catalogue, "soon.example", due=START + timedelta(days=2))
    watch(catalogue, "idle.example")
    ((idle,),) = claim(catalogue, "ann.1", START).values()
    with catalogue.writing() as connection:
        frontier.drop_from_frontier(connection, idle)
        leases.release_hosts(connection, [ended("idle.example", "ann.1", START)])
        pulled = frontier.pull_in(connection, START, START + timedelta(days=30))
        again = frontier.pull_in(connection, START, START + timedelta(days=30))
        due = dict(connection.execute(select(frontier_url.c.url_id, frontier_url.c.next_due)).all())
        ready = dict(connection.execute(select(frontier_host.c.host, frontier_host.c.ready_at)).all())

    moved = [at for at in due.values() if at < START + timedelta(days=1)]
    assert (pulled, again) == (31, 0) == (len(moved), 0)
    assert len(set(moved)) == 31
    assert START + timedelta(days=2) in due.values()
    assert ready == {
        "a.example": START,
        "b.example": START,
        "soon.example": START + timedelta(days=2),
        "idle.example": leases.FAR,
    }


def test_a_host_rests_whatever_is_found_on_it_meanwhile(catalogue: Catalogue) -> None:
    """A new address, and an order to visit everything now, wait until the host's delay is over."""
    watch(catalogue, "a.example")
    assert claim(catalogue, "ann.1", START)
    rested = START + timedelta(minutes=10)
    with catalogue.writing() as connection:
        release = Release(lease=Lease("a.example", "ann.1"), not_before=rested, delay=0.0)
        leases.release_hosts(connection, [release])
    watch(catalogue, "a.example", due=START + timedelta(minutes=1))
    asked = [claim(catalogue, f"bob.{one}", START + timedelta(minutes=one)) for one in (1, 9)]
    with catalogue.writing() as connection:
        frontier.make_all_due(connection, START + timedelta(minutes=9))
    asked.append(claim(catalogue, "bob.10", START + timedelta(minutes=9)))

    assert asked == [{}, {}, {}]
    assert len(claim(catalogue, "bob.11", rested)["a.example"]) == 2


def test_a_rest_that_a_wrong_clock_made_years_long_is_over(catalogue: Catalogue) -> None:
    """What is found on the host afterwards is visited when it is due."""
    watch(catalogue, "a.example")
    assert claim(catalogue, "ann.1", START)
    with catalogue.writing() as connection:
        far = Release(lease=Lease("a.example", "ann.1"), not_before=START + timedelta(days=900), delay=0.0)
        leases.release_hosts(connection, [far])
        frontier.pull_in(connection, START, START + timedelta(days=30))
    watch(catalogue, "a.example", due=START + timedelta(minutes=1))

    assert claim(catalogue, "bob.1", START + timedelta(minutes=1))


def test_articles_with_two_watched_addresses_are_told_from_others(catalogue: Catalogue) -> None:
    """One address, or a second one that is not watched, is no pair."""
    watch(catalogue, *["a.example"] * 5)
    with catalogue.writing() as connection:
        rows = list(
            connection.execute(select(frontier_url.c.url_id).order_by(frontier_url.c.url_id)).scalars()
        )
        outlet = sources.source_id(connection, "s")
        assert outlet is not None
        ids = [
            articles.add_article(connection, uri=f"https://a.example/{name}", source_id=outlet, at=START)
            for name in ("pair", "single", "dropped")
        ]
        for row, id_ in zip(rows, (ids[0], ids[0], ids[1], ids[2], ids[2]), strict=True):
            connection.execute(update(url).where(url.c.id == row).values(article_id=id_))
        frontier.drop_from_frontier(connection, rows[-1])

        assert revisits.twofold(connection, ids) == {ids[0]}


def test_validators_are_replaced_by_whole_answers_only(catalogue: Catalogue) -> None:
    """A failure leaves what the server gave before, a whole answer without validators takes it away."""
    watch(catalogue, "a.example", "b.example")
    rows = [row for some in claim(catalogue, "ann.1", START).values() for row in some]
    later = START + timedelta(hours=3)

    def settle(**values: object) -> dict[int, tuple[str | None, str | None, str | None, int, int]]:
        visited = {"next_due": later, "failures": 0, "reason": None} | values
        with catalogue.writing() as connection:
            frontier.settle_urls(connection, [Settled(row=rows[0], **visited)])  # type: ignore[arg-type]  # values by name
            known = frontier_url.c
            columns = (
                known.url_id,
                known.etag,
                known.last_modified,
                known.reason,
                known.failures,
                known.visits,
            )
            found = connection.execute(select(*columns))
            return {row[0]: tuple(row[1:]) for row in found}  # type: ignore[misc]

    whole = settle(etag='"1"', last_modified="then", is_whole=True)
    failed = settle(reason="timeout", failures=1)
    bare = settle(is_whole=True)

    assert [one[rows[0]] for one in (whole, failed, bare)] == [
        ('"1"', "then", None, 0, 1),
        ('"1"', "then", "timeout", 1, 2),
        (None, None, None, 0, 3),
    ]
    assert bare[rows[1]] == (None, None, None, 0, 0)


@pytest.mark.parametrize("catalogue_url", [pytest.param("", id="sqlite")])
def test_a_claim_costs_what_it_takes_and_not_what_is_due(catalogue: Catalogue) -> None:
    """Forty times as much due on a host: the engine takes hardly a step more for the two that are claimed."""

    def steps() -> int:
        taken = 0

        def step() -> int:
            nonlocal taken
            taken += 1
            return 0

        with catalogue.writing() as connection:
            connection.exec_driver_sql("ANALYZE")
            driver = connection.connection.driver_connection
            assert driver is not None
            driver.set_progress_handler(step, 1)
            claimed = leases.claim_hosts(connection, now=START, until=START + LEASE, token="ann.1", limit=1)
            frontier.due_articles(connection, {one.host: 2 for one in claimed}, now=START)
            leases.release_hosts(connection, [ended(one.host, "ann.1", START) for one in claimed])
            driver.set_progress_handler(None, 1)
        return taken

    watch(catalogue, *["a.example"] * 20)
    few = steps()
    watch(catalogue, *["a.example"] * 780)
    many = steps()

    assert 0 < many <= 1.5 * few
