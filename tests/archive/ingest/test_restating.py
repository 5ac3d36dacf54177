"""What looking again finds stands in the WARC files: made anew from them, the archive is as it was left."""

import subprocess
import sys
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import func, select

from archive.catalog.restatements import last_restated
from archive.catalog.schema import capture, event
from archive.ingest import Keep, StorePolicy, import_files, rebuild, recover
from archive.ingest.reprocessing import Way, reprocess
from archive.model import Event, Exchange
from archive.opening import Stores
from archive.reading import verify
from archive.text.selectors import Selectors
from tests.archive.paper import START, contents, exchange, opened, page, record
from tests.conftest import StillClock

ROOT = Path(__file__).parents[3]
#: The software of today: it knows which paragraph is of no article, and where a page without a sign of one has its text.
TODAY = Way(
    software="lateedition/tomorrow", selectors={"paper": Selectors(remove=("p.ferry",), body="article p")}
)
THEN = Way(software="lateedition/test")
ODD = "https://paper.example/2018/07/19/odd-page"


def told(promo: str, subject: str = "Nine") -> bytes:
    """Return the story with a paragraph of another story, which today's software leaves out."""
    return page(
        subject,
        note=f"<p class=ferry>The harbour ferry carried {promo} passengers across the river on the same evening.</p>",
    )


def day() -> list[Exchange]:
    """Return a day in which the other paragraph changed, and later the story."""
    return [
        exchange(told("Sixty"), after=1),
        exchange(told("Sixty"), after=2),
        exchange(after=3, status=304, reason=b"Not Modified"),
        exchange(told("Eighty"), after=4),
        exchange(told("Eighty") + b"<!-- again -->", after=5),
        exchange(told("Eighty", "Ten"), after=6),
        exchange(told("Ninety", "Ten"), after=7),
        exchange(told("Ninety", "Ten"), after=8),
        exchange(
            b"<html><body><main><article><p>Short.</p></article></main></body></html>", after=9, uri=ODD
        ),
        exchange(b"gone", after=10, status=404, reason=b"Not Found", uri=ODD),
    ]


def superseded(stores: Stores) -> int:
    """Count the events that hold no more."""
    with stores.catalogue.reading() as connection:
        query = select(func.count()).select_from(event).where(event.c.is_superseded)
        return int(connection.execute(query).scalar_one())


def size_of_files(stores: Stores) -> int:
    """Return the bytes of all files."""
    return sum(path.stat().st_size for path in (stores.home / "warc").iterdir())


@pytest.fixture
def lost(stores: Stores, tmp_path: Path) -> Iterator[Stores]:
    """A home over the same files that has no catalogue."""
    made = opened(tmp_path / "lost", blobs=stores.blobs.url)
    yield made
    made.close()


@pytest.mark.parametrize("keep", [pytest.param(Keep.ALL, id="all"), pytest.param(Keep.CHANGES, id="changes")])
def test_a_rebuild_after_reprocess_gives_what_reprocess_left(
    stores: Stores, lost: Stores, keep: Keep
) -> None:
    """Captures, versions, events, ids and what was superseded: beside the old catalogue and without one."""
    record(stores, day(), policy=StorePolicy(keep=keep))
    before = contents(stores)
    reprocess(stores, TODAY)
    after = contents(stores)
    assert after != before
    assert superseded(stores) > 0

    rebuild(stores)
    rebuild(lost)

    assert contents(stores) == after
    assert contents(lost) == after
    assert verify(stores, deep=True).ok


def test_a_second_reprocess_writes_nothing(stores: Stores) -> None:
    """Neither to the catalogue nor to the files; after a rebuild neither."""
    record(stores, day())
    reprocess(stores, TODAY)
    size, after = size_of_files(stores), contents(stores)

    assert reprocess(stores, TODAY).changes == []
    rebuild(stores)
    assert reprocess(stores, TODAY).changes == []

    assert (size_of_files(stores), contents(stores)) == (size, after)


def test_the_last_look_holds(tmp_path: Path) -> None:
    """Looked at by one software, then by another, then by the first again, with a clock that was set back."""
    clock = StillClock(START + timedelta(days=2))
    stores = opened(tmp_path / "home", clock)
    record(stores, day())
    at_first = contents(stores)
    reprocess(stores, TODAY)
    clock.go(minutes=-90)
    reprocess(stores, THEN)
    rebuild(stores)
    held = contents(stores)
    assert held["captures"] == at_first["captures"]
    assert held["versions"] == at_first["versions"]

    reprocess(stores, TODAY)
    after = contents(stores)
    rebuild(stores)

    assert contents(stores) == after
    with stores.catalogue.reading() as connection:
        last = last_restated(connection)
    assert last is not None
    assert last > START + timedelta(days=2)
    stores.close()


def test_what_comes_after_a_reprocess_is_rebuilt_behind_it(stores: Stores, lost: Stores) -> None:
    """An unchanged page shows what the look found, not what its record said at first."""
    record(stores, day())
    reprocess(stores, TODAY)
    record(stores, [exchange(told("Ninety", "Ten"), after=30), exchange(after=31, status=304)])
    after = contents(stores)

    rebuild(lost)

    assert contents(lost) == after


def test_a_page_that_became_an_article_is_one_after_a_rebuild(stores: Stores, lost: Stores) -> None:
    """It belonged to nobody by the software of then."""
    record(stores, day())
    with stores.catalogue.reading() as connection:
        strays = select(func.count()).select_from(capture).where(capture.c.article_id.is_(None))
        assert connection.execute(strays).scalar_one() == 2
    reprocess(stores, TODAY)
    after = contents(stores)
    with stores.catalogue.reading() as connection:
        assert connection.execute(strays).scalar_one() == 0

    rebuild(lost)

    assert contents(lost) == after


def test_another_home_imports_captures_and_looks_for_itself(stores: Stores, tmp_path: Path) -> None:
    """Later words of one archive are not the word of another."""
    record(stores, day())
    plain = contents(stores)
    reprocess(stores, TODAY)
    other = opened(tmp_path / "other")

    report = import_files(other, sorted((stores.home / "warc").iterdir()), software="lateedition/test")

    assert report.problems == []
    assert [dict(one)["id"] for one in contents(other)["events"]] == [
        dict(one)["id"] for one in plain["events"]
    ]
    other.close()


STEPS = (
    "before create",
    "after create",
    "half an append",
    "before sync",
    "after commit",
    "before close",
    "after close",
)


def _steps() -> Iterator[object]:
    """Yield steps of writing, and how often they are passed before death comes; the most telling ones first."""
    for step, turn in (("after append", 3), ("after sync", 1), ("before commit", 2)):
        yield pytest.param(step, turn, id=f"{step} {turn}")
    for step in STEPS:
        yield pytest.param(step, 1, id=step, marks=pytest.mark.crash)


@pytest.mark.parametrize(("step", "turn"), [*_steps()])
def test_killed_at_a_step_of_reprocessing(tmp_path: Path, step: str, turn: int) -> None:
    """SIGKILL at any step: the next start and the next reprocess come to what an undisturbed one comes to."""
    stores = opened(tmp_path / "home")
    record(stores, day())
    child = subprocess.run(
        [
            sys.executable,
            "-m",
            "tests.archive.ingest.killed_reprocessing",
            str(tmp_path / "home"),
            step,
            str(turn),
        ],
        cwd=ROOT,
        capture_output=True,
        text=True,
    )
    assert child.returncode == -9, child.stderr

    sent: list[Event] = []
    recover(stores, on_events=lambda _connection, events: sent.extend(events))
    assert sent == []
    after = contents(stores)
    rebuild(stores)
    assert contents(stores) == after
    reprocess(stores, TODAY)
    left = contents(stores)
    undisturbed = opened(tmp_path / "undisturbed")
    record(undisturbed, day())
    reprocess(undisturbed, TODAY)

    assert _told(left) == _told(contents(undisturbed))
    assert verify(stores, deep=True).ok
    rebuild(stores)
    assert contents(stores) == left
    for one in (stores, undisturbed):
        one.close()


def _told(found: dict[str, list[tuple[object, ...]]]) -> list[list[str]]:
    """Return what two homes with the same captures have in common: ids of records differ."""
    named = {"captures": ("verdict", "content", "version"), "events": ("summary", "is_superseded", "kind")}
    return [
        sorted(str([dict(one)[name] for name in names]) for one in found[table])  # type: ignore[call-overload]
        for table, names in named.items()
    ]
