"""`work`: several workers, in real processes, on one PostgreSQL and one S3 store."""

import contextlib
import signal
import subprocess
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from archive.catalog import frontier
from archive.catalog.catalogue import lock_of
from archive.ingest import recover
from archive.opening import Stores, open_stores
from archive.reading import Archive, verify
from archive.warc.writer import writer_of
from tests.archive.conftest import postgres, s3
from tests.archive.servers import new_bucket, new_database
from tests.system.conftest import CommandLine, Outlet, eventually, serving

__all__ = ["postgres", "s3"]

pytestmark = pytest.mark.timeout(120)

HOSTS, STORIES = 4, 5
BODY = (
    "The harbour board met on Monday evening and decided that the swing bridge will close for repairs.",
    "The work will cost $42 million, of which the state has promised to pay half.",
    "About 6,300 vehicles cross the bridge each day, and lorries will have to take the valley road.",
)

Start = Callable[[str], "subprocess.Popen[str]"]


@pytest.fixture
def shared(tmp_path: Path, postgres: str, s3: str) -> Iterator[Stores]:
    """A catalogue and a blob store that several homes name; everything is due once an hour."""
    catalogue, blobs = new_database(postgres), new_bucket(s3)
    for home in ("ann", "bob"):
        CommandLine(tmp_path / home).settle(
            f'contact = "tests@example.org"\nallowed_private_networks = ["127.0.0.0/8"]\n'
            f'catalogue = "{catalogue}"\nblobs = "{blobs}"\n'
            "[politeness]\ndelay = 0\n[revisit]\nfixed_interval = 3600\n[discovery]\ninterval = 3600\n"
        )
    stores = open_stores(tmp_path / "reader", catalogue=catalogue, blobs=blobs)
    yield stores
    stores.close()


@pytest.fixture
def press() -> Iterator[list[Outlet]]:
    """Several outlets, each on a host of its own, with some stories each."""
    with contextlib.ExitStack() as stack:
        sites = [stack.enter_context(serving()) for _ in range(HOSTS)]
        for site in sites:
            for number in range(STORIES):
                site.publish(f"swing-bridge-to-close-part-{number}", f"Bridge to close {number}", *BODY)
        yield sites


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Start]:
    """Start a worker in a home; killed if a test forgets it."""
    started: list[subprocess.Popen[str]] = []

    def begin(home: str) -> "subprocess.Popen[str]":
        started.append(CommandLine(tmp_path / home).start("work"))
        return started[-1]

    yield begin
    for process in started:
        if process.poll() is None:
            process.kill()
        process.communicate()


def asked(press: list[Outlet]) -> Counter[str]:
    """Count the requests for each story."""
    return Counter(site.address + path for site in press for path in site.asked if path.startswith("/2026/"))


def is_settled(stores: Stores, captures: int) -> bool:
    """Tell whether so many stories were captured, and every capture is known to the frontier."""
    with stores.catalogue.reading() as connection:
        hosts = {one.requested_uri.split("/")[2]: 99 for one in Archive(stores).captures()}
        later = stores.clock.now().replace(year=2100)
        known = frontier.due_articles(connection, hosts, now=later) if hosts else {}
    visits = sum(one.visits for some in known.values() for one in some)
    return visits == captures == len(list(Archive(stores).captures()))


def test_two_workers_fetch_everything_once_and_one_takes_over_from_the_other(
    shared: Stores, press: list[Outlet], start: Start, tmp_path: Path
) -> None:
    """Each time it is due, each story is fetched by one of them; what a killed one held, the other visits at once."""
    watch = CommandLine(tmp_path / "ann")
    for number, site in enumerate(press):
        assert watch("watch", site.address + "/feed.xml", "--name", f"outlet-{number}").code == 0
    ann, bob = start("ann"), start("bob")
    stories = HOSTS * STORIES
    eventually(lambda: is_settled(shared, stories))

    assert set(asked(press).values()) == {1}

    hung = set()
    for site in press:
        last = max(path for path in site.pages if path.startswith("/2026/"))
        site.hangs.add(last)
        hung.add(site.address + last)
    with shared.catalogue.writing() as connection:
        frontier.make_all_due(connection, shared.clock.now())
    # Whoever holds a host waits for its last story now; the others of it are done, or wait behind it.
    eventually(lambda: {one for one, count in asked(press).items() if count == 2} >= hung)
    eventually(lambda: is_settled(shared, sum(asked(press).values()) - len(hung)))
    ann.send_signal(signal.SIGKILL)
    ann.communicate()
    for site in press:
        site.hangs.clear()
        site.patience.set()
    eventually(lambda: is_settled(shared, 2 * stories))
    counts = asked(press)
    bob.send_signal(signal.SIGTERM)
    _, said = bob.communicate(timeout=20)

    assert {one: count for one, count in counts.items() if count != 2}.keys() <= hung
    assert max(counts.values()) <= 3
    assert bob.returncode == 0, said
    assert "Traceback" not in said
    assert verify(shared, deep=True).ok


def is_gone(stores: Stores, writer: str) -> bool:
    """Tell whether the engine has noticed that a writer ended."""
    with stores.catalogue.alone(lock_of(writer)) as mine:
        return mine


def test_a_worker_makes_the_files_of_dead_ones_whole_and_leaves_those_of_living_ones(
    shared: Stores, press: list[Outlet], start: Start, tmp_path: Path
) -> None:
    """At its start; in an object store, where nothing but the writer's name tells whether it lives."""
    watch = CommandLine(tmp_path / "ann")
    assert watch("watch", press[0].address + "/feed.xml", "--name", "outlet").code == 0
    ann = start("ann")
    eventually(lambda: is_settled(shared, STORIES))
    (left,) = shared.blobs.open_names()
    recover(shared)
    kept = shared.blobs.open_names()
    ann.send_signal(signal.SIGKILL)
    ann.communicate()
    eventually(lambda: is_gone(shared, writer_of(left)))
    bob = start("bob")
    eventually(lambda: left not in shared.blobs.open_names() or bob.poll() is not None)
    bob.send_signal(signal.SIGTERM)
    _, said = bob.communicate(timeout=20)

    assert kept == [left]
    assert left in shared.blobs.final_sizes()
    assert bob.returncode == 0, said
    assert shared.blobs.open_names() == []
    assert verify(shared, deep=True).ok


def test_a_worker_on_an_embedded_catalogue_is_the_only_one(le: CommandLine) -> None:
    """It crawls like `run`, without a page; a second one is refused with the pid of the first."""
    first = le.start("work")
    try:
        eventually(lambda: (le.home / "writer.lock").exists() and (le.home / "writer.lock").read_text())
        second = le("work")
        first.send_signal(signal.SIGTERM)
        _, said = first.communicate(timeout=20)
    finally:
        first.kill()

    assert second.code == 1
    assert f"process {first.pid}" in second.err
    assert first.returncode == 0, said
    assert "works on sqlite:///" in said


def test_a_worker_whose_files_nobody_else_sees_says_so(tmp_path: Path, postgres: str) -> None:
    """On a shared catalogue, WARC files on this machine's disk are lost to the others."""
    command = CommandLine(tmp_path / "home")
    command.settle(f'contact = "tests@example.org"\ncatalogue = "{new_database(postgres)}"\n')
    worker = command.start("work")
    assert worker.stderr is not None
    first = worker.stderr.readline()
    worker.kill()
    worker.communicate()

    assert "blobs" in first
    assert "s3://" in first
