"""The whole path on every pair of catalogue and blob store: same promises, same archive."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import or_, select, update

from archive.blobs.local import LocalBlobs
from archive.catalog import captures
from archive.catalog.schema import capture, restatement
from archive.errors import ArchiveError, CatalogueError
from archive.ingest import Recorder, import_files, rebuild, recover
from archive.ingest.ledger import Contents
from archive.ingest.reprocessing import reprocess
from archive.ingest.restating import heed_restatements
from archive.opening import Stores, open_stores
from archive.reading import verify
from archive.reading.export import ExportQuery, export
from tests.archive.ingest.test_restating import TODAY, day
from tests.archive.paper import contents, exchange, fetches, opened, page, record, story

pytestmark = pytest.mark.timeout(90)
Anywhere = Callable[[str], Stores]


def test_a_day_is_recorded_verified_and_rebuilt(anywhere: Anywhere, tmp_path: Path) -> None:
    """Captures, verdicts, versions and events stand, are found whole, and are the same after a rebuild."""
    stores = anywhere("home")

    done = record(stores, story())
    before = contents(stores)
    report = verify(stores, deep=True)
    rebuild(stores)

    assert 14 == len(done) == report.captures
    assert (report.ok, report.orphans) == (True, 0)
    assert before == contents(stores)


def test_a_later_look_is_kept_and_rebuilt(anywhere: Anywhere) -> None:
    """What reprocess left is what a rebuild gives; rows that a stop left behind their records are brought on."""
    stores = anywhere("home")
    record(stores, day())
    reprocess(stores, TODAY)
    after = contents(stores)
    rebuild(stores)
    assert contents(stores) == after

    with stores.catalogue.writing() as connection:
        restated = select(restatement.c.capture)
        lagging = or_(capture.c.id.in_(restated), capture.c.refers_to.in_(restated))
        connection.execute(update(capture).where(lagging).values(content=None, page_kind=None))
        heed_restatements(connection, Contents().loader(connection))
    assert contents(stores) == after


def test_the_engines_agree(anywhere: Anywhere, tmp_path: Path) -> None:
    """What one pair of engines wrote, imported into the smallest one, gives the same archive."""
    stores, small = anywhere("home"), opened(tmp_path / "small")
    record(stores, [one for one in story() if one.status is not None])
    wanted = captures.CaptureFilter()
    export(stores, ExportQuery(format="warc"), wanted, tmp_path / "all.warc.gz", software="lateedition/test")

    import_files(small, [tmp_path / "all.warc.gz"], software="lateedition/test")

    assert contents(stores) == contents(small)
    small.close()


def test_what_was_left_behind_is_taken_up(anywhere: Anywhere) -> None:
    """After a dead writer everything acknowledged is there, its file is final, and the next writer goes on."""
    stores = anywhere("home")
    record(stores, story(), close=False)
    before = contents(stores)

    recover(stores)

    assert contents(stores)["events"] == before["events"]
    assert stores.blobs.open_names() == []
    record(stores, [exchange(page("Twelve"), after=99)])
    assert verify(stores, deep=True).captures == 15


def test_records_without_rows_are_indexed(anywhere: Anywhere) -> None:
    """When the catalogue fails after the bytes were made durable, the next start indexes them."""
    stores = anywhere("home")
    broken = Recorder(replace(stores, catalogue=_Refusing(stores)), software="lateedition/test")  # type: ignore[arg-type]  # half a catalogue

    with pytest.raises(CatalogueError):
        broken.store(fetches(stores, [exchange(page())]))
    _let_go(broken)
    report = recover(stores)

    assert report.indexed == 1
    assert verify(stores, deep=True).ok


def test_a_writer_whose_file_was_taken_goes_on(anywhere: Anywhere) -> None:
    """On an object store, where nobody can tell whether a writer lives, it goes on in a new file."""
    stores = anywhere("home")
    recorder = Recorder(stores, software="lateedition/test")
    recorder.store(fetches(stores, [exchange(page())]))

    recover(stores)
    recorder.store(fetches(stores, [exchange(page("Ten"), after=1)]))
    recorder.close()

    report = verify(stores, deep=True)
    assert (report.ok, report.captures, report.orphans) == (True, 2, 0)
    assert len(list(stores.blobs.names())) == (1 if isinstance(stores.blobs, LocalBlobs) else 2)


def test_nothing_is_acknowledged_before_it_is_in_the_store(anywhere: Anywhere) -> None:
    """As soon as `store` returns, another process finds the record's bytes."""
    stores, other = anywhere("home"), anywhere("home")
    recorder = Recorder(stores, software="lateedition/test")

    (done,) = recorder.store(fetches(stores, [exchange(page())]))

    with other.catalogue.reading() as connection:
        found = captures.capture_by_id(connection, done.id)
    assert found is not None
    assert found.record.file is not None
    data = other.blobs.read(found.record.file.removesuffix(".open"), found.record.offset or 0, found.record.length or 0)  # fmt: skip
    assert data.startswith(b"\x1f\x8b")
    recorder.close()


@pytest.mark.parametrize(
    ("catalogue", "blobs"),
    [
        pytest.param("mysql://x/y", "", id="another engine"),
        pytest.param("postgresql://127.0.0.1:9/none", "", id="a database that is not there"),
        pytest.param("postgresql://[", "", id="no address"),
        pytest.param("", "gs://bucket/x", id="another store"),
        pytest.param("", "s3://", id="no bucket"),
    ],
)
def test_what_cannot_be_opened_is_one_line(tmp_path: Path, catalogue: str, blobs: str) -> None:
    """An address that leads nowhere is said, with the setting or the address."""
    with pytest.raises(ArchiveError) as told:
        open_stores(tmp_path, catalogue=catalogue, blobs=blobs)

    assert "\n" not in str(told.value)


class _Refusing:
    """A catalogue that reads and refuses to write."""

    def __init__(self, stores: Stores) -> None:
        self.url = stores.catalogue.url
        self.reading = stores.catalogue.reading

    def writing(self) -> None:
        """Refuse."""
        message = "the connection is lost"
        raise CatalogueError(message)


def _let_go(recorder: Recorder) -> None:
    from tests.archive.paper import leave_behind

    leave_behind(recorder)
