"""What every catalogue engine promises, held against SQLite and PostgreSQL."""

import threading
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import insert, select

from archive.catalog import captures, files, payloads, sources
from archive.catalog.catalogue import Catalogue
from archive.catalog.schema import article, metadata, url
from archive.errors import CatalogueError
from archive.model import RecordType, Source, Verdict
from archive.opening import open_stores
from tests.archive.paper import START

pytestmark = pytest.mark.timeout(60)
PAPER = Source(name="paper", url="https://paper.example/", kind="outlet", is_paused=False, added_at=START)


@pytest.fixture
def open_catalogue(tmp_path: Path, catalogue_url: str) -> Iterator[Callable[[], Catalogue]]:
    """Open the same catalogue as often as one likes."""
    made = []

    def opened() -> Catalogue:
        made.append(open_stores(tmp_path, catalogue=catalogue_url).catalogue)
        return made[-1]

    yield opened
    for one in made:
        one.close()


@pytest.fixture
def catalogue(open_catalogue: Callable[[], Catalogue]) -> Catalogue:
    """An empty catalogue."""
    return open_catalogue()


def names(catalogue: Catalogue) -> list[str]:
    """Return the names of all sources."""
    with catalogue.reading() as connection:
        return [one.name for _, one in sources.all_sources(connection)]


def test_a_transaction_is_whole_or_not_at_all(catalogue: Catalogue) -> None:
    """What raises leaves nothing behind; what ends is there."""

    def fail() -> None:
        with catalogue.writing() as connection:
            sources.add_source(connection, PAPER)
            message = "half-way"
            raise RuntimeError(message)

    with pytest.raises(RuntimeError, match="half-way"):
        fail()

    assert names(catalogue) == []
    with catalogue.writing() as connection:
        sources.add_source(connection, PAPER)
    assert names(catalogue) == ["paper"]


def test_a_reader_sees_one_state(catalogue: Catalogue) -> None:
    """What is written while a reader reads is not seen by it before it begins again."""
    with catalogue.reading() as connection:
        before = sources.all_sources(connection)
        with catalogue.writing() as other:
            sources.add_source(other, PAPER)
        assert before == sources.all_sources(connection)

    assert names(catalogue) == ["paper"]


def test_two_processes_open_a_new_catalogue_at_once(open_catalogue: Callable[[], Catalogue]) -> None:
    """The second waits for the first one's tables and finds them."""
    errors: list[BaseException] = []

    def opened() -> None:
        try:
            open_catalogue()
        except BaseException as error:  # noqa: BLE001 - told to the test
            errors.append(error)

    threads = [threading.Thread(target=opened) for _ in range(4)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()

    assert errors == []


def test_order_is_by_code_point(catalogue: Catalogue) -> None:
    """Addresses sort by code point whatever the database's language is, as the index needs it."""
    keys = [
        "com,a)/b",
        "com,a)/B",
        "com,a)/a-b",
        "com,a)/a_b",
        "com,a)/ä",
        "com,a)/z",
        "com,a)/",
        "com,a)/a b",
    ]
    with catalogue.writing() as connection:
        connection.execute(
            insert(url), [{"uri": f"http://{n}", "urlkey": key, "host": "a"} for n, key in enumerate(keys)]
        )

    with catalogue.reading() as connection:
        found = list(connection.execute(select(url.c.urlkey).order_by(url.c.urlkey)).scalars())

    assert sorted(keys) == found


def test_moments_keep_their_microseconds(catalogue: Catalogue) -> None:
    """A moment comes back exactly, aware, in UTC."""
    at = START + timedelta(microseconds=123457)
    with catalogue.writing() as connection:
        row = sources.add_source(
            connection, Source(name="x", url="u", kind="k", is_paused=False, added_at=at)
        )
        found = sources.source_of_row(connection, row)

    assert at == found.added_at
    assert found.added_at.utcoffset() == timedelta(0)


def test_taking_over_is_all_at_once(catalogue: Catalogue, open_catalogue: Callable[[], Catalogue]) -> None:
    """A catalogue made beside replaces the old one, for those too that have it open, and rows count on."""
    other = open_catalogue()
    with catalogue.writing() as connection:
        sources.add_source(connection, PAPER)
    beside = catalogue.beside()
    with beside.writing() as connection:
        files.ensure_file(connection, "new.warc.gz", is_open=False)

    catalogue.take_over(beside)

    assert [] == names(other) == names(catalogue)
    with other.writing() as connection:
        sources.add_source(connection, PAPER)
        assert files.ensure_file(connection, "newer.warc.gz", is_open=True) > 1


def test_what_is_beside_can_be_dropped(catalogue: Catalogue, tmp_path: Path) -> None:
    """A catalogue that is not taken over leaves nothing behind, and one left behind is no obstacle."""
    catalogue.beside().close()
    catalogue.beside().drop()

    assert names(catalogue) == []
    assert not list(tmp_path.glob("*.rebuilt*"))


def test_an_error_of_the_engine_is_one_line(catalogue: Catalogue) -> None:
    """What the engine refuses is said in the archive's own error."""
    with pytest.raises(CatalogueError), catalogue.writing() as connection:
        connection.execute(insert(article), [{"uri": "x"}])


def test_full_answers_are_found_by_payload_and_by_time(catalogue: Catalogue) -> None:
    """The last full answer before a moment, the one of a payload, and no revisit among them."""
    with catalogue.writing() as connection:
        source = sources.add_source(connection, PAPER)
        file = files.ensure_file(connection, "a.warc.gz", is_open=False)
        connection.execute(insert(url), [{"uri": "http://a/", "urlkey": "a)/", "host": "a"}])
        row = connection.execute(select(url.c.id)).scalar_one()
        kinds = [
            ("aa", RecordType.RESPONSE, 0),
            ("bb", RecordType.RESPONSE, 1),
            ("aa", RecordType.REVISIT, 2),
        ]
        captures.add_captures(
            connection,
            [
                {
                    "id": f"{number:032x}", "captured_at": START + timedelta(hours=number), "url_id": row,
                    "source_id": source, "status": 200, "verdict": Verdict.FIRST, "payload_digest": digest,
                    "record_type": kind, "record_id": f"<urn:{number}>", "file_id": file, "offset": number,
                    "length": 1, "is_damaged": False, "rendition": "",
                }
                for digest, kind, number in kinds
            ],
        )  # fmt: skip
        latest = payloads.latest_payload(connection, row, START + timedelta(hours=9))
        first = payloads.latest_payload(connection, row, START)
        of_payload = payloads.payload_of(connection, row, "aa")
        known = captures.known_captures(connection, [f"{0:032x}", f"{7:032x}", "no hex"])

    assert [one.record_id for one in (latest, first, of_payload) if one] == ["<urn:1>", "<urn:0>", "<urn:0>"]
    assert {f"{0:032x}"} == known


def test_every_table_has_a_fate_at_rebuild() -> None:
    """Tables that follow from the files are named; all others are carried over."""
    from archive.catalog.carrying import FOLLOWS

    assert set(metadata.tables) >= FOLLOWS
