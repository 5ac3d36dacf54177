"""Exports: whole, checkable by other tools, and the same bytes for the same question."""

import hashlib
import io
import json
import zipfile
from collections import Counter
from datetime import timedelta
from pathlib import Path

import pytest
from warcio.archiveiterator import ArchiveIterator

from archive.catalog.captures import CaptureFilter
from archive.errors import BlobStoreError
from archive.ingest import import_files
from archive.opening import Stores
from archive.reading.export import FORMATS, ExportQuery, ExportReport, export
from archive.warc.reader import read_member
from tests.archive.paper import START, contents, opened, record, story

SOFTWARE = "lateedition/test"


def exported(stores: Stores, path: Path, form: str, wanted: CaptureFilter | None = None) -> ExportReport:
    """Export captures."""
    return export(stores, ExportQuery(format=form), wanted or CaptureFilter(), path, software=SOFTWARE)


@pytest.mark.parametrize("form", FORMATS)
def test_the_same_question_gives_the_same_bytes(stores: Stores, tmp_path: Path, form: str) -> None:
    """Two exports of one archive are equal, and the manifest's digest is the file's."""
    record(stores, story())

    report = exported(stores, tmp_path / "one", form)
    exported(stores, tmp_path / "two", form)

    manifest = json.loads((tmp_path / "one.manifest.json").read_text())
    data = (tmp_path / "one").read_bytes()
    assert data == (tmp_path / "two").read_bytes()
    assert f"sha256:{hashlib.sha256(data).hexdigest()}" == manifest["digest"] == report.digest
    assert {"captures": len(story()), "originals": 0, "records": report.records} == manifest["counts"]


def test_a_warc_export_is_read_by_others(stores: Stores, tmp_path: Path) -> None:
    """Warcio reads every record, and every digest fits."""
    record(stores, story())
    report = exported(stores, tmp_path / "all.warc.gz", "warc")

    with (tmp_path / "all.warc.gz").open("rb") as file:
        types = Counter()
        for one in ArchiveIterator(file, check_digests="raise"):
            one.content_stream().read()
            types[one.rec_type] += 1

    assert report.records + 1 == sum(types.values())
    assert types == {
        "warcinfo": 1,
        "response": 9,
        "revisit": 4,
        "request": 14,
        "metadata": 10,
        "conversion": 3,
    }


def test_an_export_imported_gives_the_archive(stores: Stores, tmp_path: Path) -> None:
    """What was exported, imported into an empty home, says the same."""
    record(stores, [one for one in story() if one.status is not None])
    exported(stores, tmp_path / "all.wacz", "wacz")
    other = opened(tmp_path / "other")

    import_files(other, [tmp_path / "all.wacz"], software=SOFTWARE)

    assert contents(stores) == contents(other)
    other.close()


def test_a_wacz_is_read_by_its_directory_alone(stores: Stores, tmp_path: Path) -> None:
    """ReplayWeb.page takes from the directory how long the header before an entry is; so it must be right there."""
    record(stores, story())
    exported(stores, tmp_path / "all.wacz", "wacz")
    whole = (tmp_path / "all.wacz").read_bytes()

    with zipfile.ZipFile(tmp_path / "all.wacz") as package:
        for one in package.infolist():
            start = one.header_offset + 30 + len(one.filename.encode()) + len(one.extra)

            assert whole[start : start + one.file_size] == package.read(one)


def test_a_wacz_points_at_its_records(stores: Stores, tmp_path: Path) -> None:
    """Every index line leads to one gzip member of that address, and every digest of the package fits."""
    record(stores, story())
    exported(stores, tmp_path / "all.wacz", "wacz")

    with zipfile.ZipFile(tmp_path / "all.wacz") as package:
        data = package.read("archive/data.warc.gz")
        lines = package.read("indexes/index.cdxj").decode().splitlines()
        described = json.loads(package.read("datapackage.json"))
        for one in described["resources"]:
            content = package.read(one["path"])
            assert (len(content), f"sha256:{hashlib.sha256(content).hexdigest()}") == (
                one["bytes"],
                one["hash"],
            )
        digest = json.loads(package.read("datapackage-digest.json"))["hash"]
        assert digest == f"sha256:{hashlib.sha256(package.read('datapackage.json')).hexdigest()}"
        pages = [json.loads(line) for line in package.read("pages/pages.jsonl").splitlines()]
        assert all(one.compress_type == zipfile.ZIP_STORED for one in package.infolist())

    assert lines == sorted(lines)
    assert len(lines) == 14
    for line in lines:
        fields = json.loads(line.split(" ", 2)[2])
        start, length = int(fields["offset"]), int(fields["length"])
        (found,) = ArchiveIterator(io.BytesIO(data[start : start + length]))
        assert fields["url"] == found.rec_headers.get_header("WARC-Target-URI")
    assert pages[0]["format"] == "json-pages-1.0"
    assert {"Nine people speak at the town hall", "Ten people speak at the town hall"} <= {
        one["title"] for one in pages[1:]
    }


def test_a_revisit_brings_its_original(stores: Stores, tmp_path: Path) -> None:
    """A selection that holds only a revisit holds the answer it stands for as well."""
    record(stores, story())
    wanted = CaptureFilter(since=START + timedelta(hours=3), until=START + timedelta(hours=4))

    report = exported(stores, tmp_path / "one.warc.gz", "warc", wanted)

    with (tmp_path / "one.warc.gz").open("rb") as file:
        types = [one.rec_type for one in ArchiveIterator(file)]
    assert (report.captures, report.originals) == (1, 1)
    assert types == ["warcinfo", "response", "request", "metadata", "conversion", "revisit", "request"]


def test_nothing_selected_is_an_empty_file(stores: Stores, tmp_path: Path) -> None:
    """An export of nothing is a file all the same."""
    report = exported(stores, tmp_path / "none.warc.gz", "warc")

    data = (tmp_path / "none.warc.gz").read_bytes()
    assert report.captures == 0
    assert data.startswith(b"\x1f\x8b")


def test_a_place_that_cannot_be_written_is_told(stores: Stores, tmp_path: Path) -> None:
    """One line, and nothing left behind."""
    record(stores, story())

    with pytest.raises(BlobStoreError, match="choose another --output"):
        exported(stores, tmp_path / "not" / "there.warc.gz", "warc")


def test_records_are_those_of_the_archive(stores: Stores, tmp_path: Path) -> None:
    """Every member of the export stands in the archive, byte for byte."""
    record(stores, story())
    exported(stores, tmp_path / "all.warc.gz", "warc")
    kept = b"".join(path.read_bytes() for path in (stores.home / "warc").iterdir())

    from archive.warc.members import walk_members

    data = (tmp_path / "all.warc.gz").read_bytes()
    members = list(walk_members([data]))

    assert all(data[one.offset : one.offset + one.length] in kept for one in members[1:])
    assert read_member(members[0].data).type == "warcinfo"
