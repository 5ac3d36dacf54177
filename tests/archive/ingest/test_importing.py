"""Imports: the same archive, however the files come."""

import random
import subprocess
import sys
from collections.abc import Iterator, Sequence
from datetime import timedelta
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from archive.catalog import captures, ledger
from archive.ingest import ImportReport, import_files, recover
from archive.model import Event
from archive.opening import Stores
from archive.reading import verify
from archive.warc.members import Member, walk_members
from archive.warc.reader import read_member
from tests.archive.paper import START, contents, exchange, opened, page, record, story, unanswered

SOFTWARE = "lateedition/test"
ROOT = Path(__file__).parents[3]


@pytest.fixture(scope="module")
def members(tmp_path_factory: pytest.TempPathFactory) -> list[bytes]:
    """The records of a story as another crawler would hand them over, without metadata of ours."""
    home = tmp_path_factory.mktemp("origin")
    origin = opened(home)
    record(origin, [one for one in story() if one.status is not None])
    found = []
    for path in sorted((home / "warc").iterdir()):
        data = path.read_bytes()
        for member in walk_members([data]):
            assert isinstance(member, Member)
            if read_member(member.data).type not in ("metadata", "conversion"):
                found.append(data[member.offset : member.offset + member.length])
    origin.close()
    return found


def imported(stores: Stores, folder: Path, *files: Sequence[bytes]) -> ImportReport:
    """Import files of these members."""
    paths = []
    for number, parts in enumerate(files):
        path = folder / f"{len(list(folder.iterdir()))}-{number}.warc.gz"
        path.write_bytes(b"".join(parts))
        paths.append(path)
    return import_files(stores, paths, software=SOFTWARE)


@pytest.fixture
def fresh(tmp_path: Path) -> Iterator[Stores]:
    """A second home."""
    made = opened(tmp_path / "fresh")
    yield made
    made.close()


@pytest.fixture
def files(tmp_path: Path) -> Path:
    """A folder for files to be imported."""
    made = tmp_path / "files"
    made.mkdir()
    return made


def test_an_import_gives_what_the_crawl_gave(stores: Stores, fresh: Stores) -> None:
    """A home imported into an empty one says the same, verdict by verdict and event by event."""
    exchanges = [one for one in story() if one.status is not None]
    record(stores, exchanges)

    report = import_files(fresh, sorted((stores.home / "warc").iterdir()), software=SOFTWARE)

    assert (len(exchanges), 0, []) == (report.captures, report.unresolved, report.problems)
    assert contents(stores) == contents(fresh)
    assert verify(fresh, deep=True).ok


def test_importing_twice_adds_nothing(stores: Stores, files: Path, members: list[bytes]) -> None:
    """The second time everything is known, and not a byte is written."""
    first = imported(stores, files, members)
    before = contents(stores)
    size = sum(path.stat().st_size for path in (stores.home / "warc").iterdir())

    again = imported(stores, files, members)

    assert (0, first.captures) == (again.captures, again.known)
    assert before == contents(stores)
    assert size == sum(path.stat().st_size for path in (stores.home / "warc").iterdir())


@pytest.mark.parametrize("order", [(0, 1), (1, 0)], ids=["in order", "the later one first"])
def test_in_two_halves(
    stores: Stores, fresh: Stores, files: Path, members: list[bytes], order: tuple[int, int]
) -> None:
    """Two halves give the archive that the whole gives, whichever comes first."""
    imported(fresh, files, members)
    half = len(members) // 2
    halves = (members[:half], members[half:])

    for number in order:
        imported(stores, files, halves[number])

    whole, parts = contents(fresh), contents(stores)
    # What was reported and does not hold any more stays, marked as superseded.
    parts["events"] = [one for one in parts["events"] if ("is_superseded", False) in one]
    assert whole == parts


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=6, deadline=None)
@given(seed=st.integers(0, 1 << 30))
def test_shuffled(tmp_path: Path, fresh: Stores, members: list[bytes], seed: int) -> None:
    """Records in any order, in any number of files, give one archive."""
    chance = random.Random(seed)
    home = tmp_path / f"s{seed}"
    shuffled = list(members)
    chance.shuffle(shuffled)
    cut = chance.randint(0, len(shuffled))
    (home / "files").mkdir(parents=True, exist_ok=True)
    stores = opened(home)

    imported(stores, home / "files", shuffled[:cut], shuffled[cut:])
    imported(fresh, home / "files", members)

    assert contents(fresh) == contents(stores)
    stores.close()


def test_captures_of_one_second(stores: Stores, fresh: Stores, tmp_path: Path, files: Path) -> None:
    """Captures with one WARC-Date are told apart by address and record id, whatever their order in the file."""
    origin = opened(tmp_path / "origin")
    subjects = ["Nine", "Ten", "Eleven", "Twelve"]
    record(origin, [exchange(page(one), uri=f"https://paper.example/2018/07/19/town-hall-meeting?s={one}") for one in subjects] * 2)  # fmt: skip
    data = next((tmp_path / "origin" / "warc").iterdir()).read_bytes()
    found = [data[one.offset : one.offset + one.length] for one in walk_members([data])]
    origin.close()

    imported(stores, files, found)
    imported(fresh, files, found[:1] + found[:0:-1])

    assert contents(stores) == contents(fresh)


def test_the_record_date_is_the_clock(stores: Stores, files: Path, members: list[bytes]) -> None:
    """Nothing is dated by the import: captures, versions and events have the dates of their records."""
    imported(stores, files, members)

    with stores.catalogue.reading() as connection:
        dates = [one.captured_at for one in captures.stream_captures(connection, captures.CaptureFilter())]
        events = list(ledger.events_matching(connection, ledger.EventFilter(all=True)))

    assert dates == sorted(dates)
    assert START + timedelta(hours=1) == dates[0]
    assert all(one.first_seen_at < START + timedelta(days=4) for one in events)


def test_nothing_old_is_alerted(stores: Stores, files: Path, members: list[bytes]) -> None:
    """Captures older than what is known change the history, and alert nobody."""
    record(stores, [exchange(page("Twelve"), after=500), exchange(page("Twelve"), after=501)])
    told: list[Event] = []
    path = files / "old.warc.gz"
    path.write_bytes(b"".join(members))

    import_files(stores, [path], software=SOFTWARE, on_events=lambda _connection, events: told.extend(events))

    with stores.catalogue.reading() as connection:
        events = list(ledger.events_matching(connection, ledger.EventFilter(all=True)))
    assert events
    assert [one for one in told if one.article.endswith("town-hall-meeting")] == []


def test_a_foreign_revisit_waits_for_its_original(stores: Stores, fresh: Stores, files: Path, members: list[bytes]) -> None:  # fmt: skip
    """Kept and said while the answer it stands for is absent; resolved when that is imported."""
    revisits = [one for one in members if read_member(_plain(one)).type == "revisit"]
    others = [one for one in members if one not in revisits]

    alone = imported(stores, files, revisits)
    imported(stores, files, others)
    imported(fresh, files, members)

    assert len(revisits) == alone.captures == alone.unresolved
    parts = contents(stores)
    parts["events"] = [one for one in parts["events"] if ("is_superseded", False) in one]
    assert contents(fresh) == parts


@pytest.mark.parametrize(
    "step", ["after append", "after sync", "before commit", "after commit", "before close"]
)
def test_a_killed_import_goes_on(
    fresh: Stores, tmp_path: Path, files: Path, members: list[bytes], step: str
) -> None:
    """What was copied is indexed at the next start; the next import takes the rest; nothing is doubled."""
    path = files / "all.warc.gz"
    path.write_bytes(b"".join(members))
    home = tmp_path / "killed"

    child = subprocess.run(
        [sys.executable, "-m", "tests.archive.ingest.killed", str(home), step, "1", str(path)], cwd=ROOT
    )
    stores = opened(home)
    recover(stores)
    import_files(stores, [path], software=SOFTWARE)
    imported(fresh, files, members)
    report = verify(stores, deep=True)

    assert child.returncode == -9
    assert contents(fresh) == contents(stores)
    assert (report.ok, report.orphans) == (True, 0)
    stores.close()


def test_a_file_that_is_none_does_not_stop_the_others(stores: Stores, files: Path, members: list[bytes]) -> None:  # fmt: skip
    """One line for each bad file; the rest of the batch goes on."""
    letter, gone, good = files / "letter.txt", files / "gone.warc.gz", files / "good.warc.gz"
    letter.write_text("dear aunt")
    good.write_bytes(b"".join(members))

    report = import_files(stores, [letter, gone, good], software=SOFTWARE)

    assert len(report.problems) == 2
    assert "letter.txt" in report.problems[0]
    assert "gone.warc.gz" in report.problems[1]
    assert report.captures > 0


def test_addresses_that_are_none_are_left_out(stores: Stores, files: Path) -> None:
    """A record whose address cannot be one harms nobody."""
    plain = b"WARC/1.0\r\nWARC-Type: response\r\nWARC-Record-ID: <urn:x:1>\r\nWARC-Date: 2018-07-19T10:00:00Z\r\nWARC-Target-URI: http://[::1/\r\nContent-Length: 19\r\n\r\nHTTP/1.1 200 OK\r\n\r\n\r\n\r\n"
    (files / "odd.warc").write_bytes(plain)

    report = import_files(stores, [files / "odd.warc"], software=SOFTWARE)

    assert (report.records, report.captures) == (1, 0)


def test_requests_stay_with_their_answers(stores: Stores, files: Path, members: list[bytes]) -> None:
    """In the copy a request stands right behind its answer, wherever it stood before."""
    imported(stores, files, list(reversed(members)))

    types = [
        read_member(member.data).type
        for name in stores.blobs.names()
        for member in walk_members(stores.blobs.pieces(name))
        if isinstance(member, Member)
    ]

    assert types.count("request") == types.count("response") + types.count("revisit")
    assert all(
        after == "request" for one, after in pairwise(types) if one in ("response", "revisit")
    )  # fmt: skip


def _plain(member: bytes) -> bytes:
    (found,) = walk_members([member])
    assert isinstance(found, Member)
    return found.data


def test_a_request_alone_is_not_made_a_capture(stores: Stores, fresh: Stores) -> None:
    """Requests of others without an answer say nothing; only our own metadata makes them captures."""
    record(stores, [unanswered()])

    report = import_files(fresh, sorted((stores.home / "warc").iterdir()), software=SOFTWARE)

    assert report.captures == 0
