"""Start-up after the worst: nothing acknowledged is lost, nothing torn is left, nothing is told twice."""

import random
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from warcio.archiveiterator import ArchiveIterator

from archive.catalog import captures
from archive.ingest import Recorder, recover
from archive.opening import Stores
from archive.reading import verify
from tests.archive.ingest.killed import STEPS
from tests.archive.paper import contents, exchange, fetches, opened, page, record, story, unanswered

ROOT = Path(__file__).parents[3]


@pytest.mark.parametrize(
    "turn", [pytest.param(1, id="first"), pytest.param(4, id="fourth", marks=pytest.mark.crash)]
)
@pytest.mark.parametrize("step", STEPS)
def test_killed_at_a_step_of_the_write_path(tmp_path: Path, step: str, turn: int) -> None:
    """SIGKILL at any step: after the next start all that was acknowledged is there, whole, once, and others read it."""
    child = subprocess.run(
        [sys.executable, "-m", "tests.archive.ingest.killed", str(tmp_path), step, str(turn)],
        cwd=ROOT,
        capture_output=True,
        text=True,
    )
    acknowledged = child.stdout.split()
    stores = opened(tmp_path)
    said: list[str] = []

    recover(stores, say=said.append)
    with stores.catalogue.reading() as connection:
        known = captures.known_captures(connection, acknowledged)
    report = verify(stores, deep=True, say=said.append)

    assert child.returncode == -9, child.stderr
    assert set(acknowledged) == known
    assert (report.ok, report.orphans) == (True, 0), said
    assert not stores.blobs.open_names()
    for name in stores.blobs.names():
        with stores.blobs.folder.joinpath(name).open("rb") as file:  # type: ignore[attr-defined]  # local here
            assert sum(1 for _ in ArchiveIterator(file)) > 0
    stores.close()


def test_what_the_files_hold_is_indexed_as_it_was(stores: Stores, tmp_path: Path) -> None:
    """A catalogue that lost everything since the files were begun is brought to what it was."""
    record(stores, story(), close=False)
    lost = opened(tmp_path / "other", blobs=stores.blobs.url)

    done = recover(lost)

    assert len(story()) == done.indexed
    assert contents(stores) == contents(lost)
    lost.close()


def test_a_recovery_twice_finds_nothing_more(stores: Stores) -> None:
    """What was mended stays mended."""
    record(stores, story(), close=False)
    recover(stores)
    before = contents(stores)

    again = recover(stores)

    assert (again.files, again.indexed, again.torn_tails) == (0, 0, 0)
    assert before == contents(stores)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=8, deadline=None)
@given(
    seed=st.integers(0, 1 << 30), kind=st.sampled_from(["garbage", "zeros", "half a record", "two halves"])
)
def test_a_torn_tail_is_cut(tmp_path: Path, seed: int, kind: str) -> None:
    """Whatever a dying writer left behind the last whole record goes, and everything before it stays."""
    home = Path(tempfile.mkdtemp(dir=tmp_path))
    stores = opened(home)
    chance = random.Random(seed)
    record(stores, [exchange(page()), exchange(page("Ten"), after=1)], close=False)
    (path,) = (home / "warc").iterdir()
    whole = path.read_bytes()
    tails = {
        "garbage": chance.randbytes(chance.randint(1, 3000)),
        "zeros": bytes(chance.randint(1, 3000)),
        "half a record": whole[: chance.randint(11, 200)],
        # A writer that died soon after one that died: each left the beginning of a record.
        "two halves": whole[: chance.randint(100, 200)] + whole[: chance.randint(100, 200)],
    }
    path.write_bytes(whole + tails[kind])
    said: list[str] = []

    report = recover(stores, say=said.append)

    assert whole == (home / "warc" / path.name.removesuffix(".open")).read_bytes()
    assert (1, len(tails[kind])) == (report.torn_tails, report.bytes_cut)
    assert "never acknowledged" in said[0]
    assert verify(stores, deep=True).ok
    stores.close()


def test_garbage_behind_a_final_file_is_cut(stores: Stores) -> None:
    """A final file whose size is not the one it had is looked at again, and made whole."""
    record(stores, [exchange(page()), exchange(page("Ten"), after=1)])
    (path,) = (stores.home / "warc").iterdir()
    whole = path.read_bytes()
    path.write_bytes(whole + whole[:90])

    report = recover(stores)

    assert whole == path.read_bytes()
    assert (report.torn_tails, report.bytes_cut) == (1, 90)
    assert recover(stores).files == 0


def test_a_file_that_was_put_there_is_indexed(stores: Stores, tmp_path: Path) -> None:
    """A file restored from a copy joins the archive at the next start."""
    other = opened(tmp_path / "other")
    record(other, story())
    (stores.home / "warc").mkdir()
    for path in (tmp_path / "other" / "warc").iterdir():
        path.rename(stores.home / "warc" / path.name)

    recover(stores)

    assert contents(other) == contents(stores)
    other.close()


def test_damage_in_the_middle_cuts_nothing_off(stores: Stores, tmp_path: Path) -> None:
    """A record damaged in place is told; whole records behind it stay."""
    record(stores, [exchange(page()), exchange(page("Ten"), after=1)], close=False)
    (path,) = (tmp_path / "home" / "warc").iterdir()
    data = bytearray(path.read_bytes())
    data[700] ^= 0x10
    path.write_bytes(data)
    said: list[str] = []

    recover(stores, say=said.append, drop=False)

    assert len(data) == path.with_name(path.name.removesuffix(".open")).stat().st_size
    assert "damaged" in said[0]
    assert (verify(stores, deep=True).damaged, verify(stores).missing) == (1, 0)


def test_rows_without_bytes_are_dropped_aloud(stores: Stores, tmp_path: Path) -> None:
    """When the end of a file is gone its captures go too, each by name, and the history is worked out anew."""
    record(stores, [exchange(page())], close=False)
    kept = contents(stores)
    recover(stores)
    record(stores, [exchange(page("Ten"), after=1)], close=False)
    (path,) = (tmp_path / "home" / "warc").glob("*.open")
    path.write_bytes(path.read_bytes()[:600])
    said: list[str] = []

    report = recover(stores, say=said.append)

    assert report.dropped == 1
    assert any("its capture is dropped" in line for line in said)
    after = contents(stores)
    assert kept["captures"] == after["captures"]
    assert kept["versions"] == after["versions"]


def test_verify_finds_rows_without_bytes_instead(stores: Stores, tmp_path: Path) -> None:
    """Without leave to drop them, such rows stay, and verify says what is lost."""
    record(stores, [exchange(page()), exchange(page("Ten"), after=1)], close=False)
    (path,) = (tmp_path / "home" / "warc").iterdir()
    path.write_bytes(path.read_bytes()[:-5000])

    recover(stores, drop=False)
    report = verify(stores)

    assert not report.ok
    assert report.missing >= 1


def test_the_file_of_a_living_writer_is_left_alone(stores: Stores) -> None:
    """Only what a dead writer left is taken over."""
    recorder = Recorder(stores, software="lateedition/test")
    recorder.store(fetches(stores, [unanswered()]))

    report = recover(stores)
    recorder.close()

    assert report.files == 0
