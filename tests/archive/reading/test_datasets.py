"""Datasets: the same question gives the same bytes, in formats that other programs read."""

import csv
import hashlib
import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyarrow import parquet

from archive.catalog.captures import stream_captures
from archive.errors import BlobStoreError, UnknownSourceError
from archive.opening import Stores
from archive.reading import Archive, event_line
from archive.reading.archive import EditQuery
from archive.reading.datasets import (
    DATASETS,
    WRITERS,
    RowQuery,
    cell,
    export_dataset,
    records_wanted,
    rows_of,
)
from archive.reading.whole import whole_file
from tests.archive.paper import STORY, record, story

FORMATS = sorted(WRITERS)


@pytest.fixture
def archive(stores: Stores) -> Iterator[Archive]:
    """An archive that holds a day in an article's life."""
    record(stores, story())
    return Archive(stores)


def exported(
    archive: Archive, path: Path, form: str, dataset: str = "edits", **narrowed: Any
) -> dict[str, Any]:
    """Export a dataset and return its manifest."""
    query = RowQuery(dataset=dataset, **({"all": True} if dataset == "edits" else {}) | narrowed)
    export_dataset(archive, query, form, path, software="lateedition/test")
    return json.loads(path.with_name(path.name + ".manifest.json").read_text())


@pytest.mark.parametrize("form", FORMATS)
@pytest.mark.parametrize("dataset", sorted(DATASETS))
def test_the_same_question_gives_the_same_bytes(
    archive: Archive, tmp_path: Path, dataset: str, form: str
) -> None:
    """Two exports are equal, and the manifest says which file, which question and how much."""
    manifest = exported(archive, tmp_path / "one", form, dataset)
    exported(archive, tmp_path / "two", form, dataset)
    data = (tmp_path / "one").read_bytes()

    assert data == (tmp_path / "two").read_bytes()
    assert manifest["digest"] == f"sha256:{hashlib.sha256(data).hexdigest()}"
    assert manifest["bytes"] == len(data)
    assert manifest["counts"]["rows"] > 0
    assert manifest["query"]["dataset"] == dataset
    assert [one["name"] for one in manifest["columns"]] == [one.name for one in DATASETS[dataset]]


def test_json_lines_are_the_lines_of_the_ledger(archive: Archive, tmp_path: Path) -> None:
    """What `edits` prints is what is exported."""
    exported(archive, tmp_path / "e.jsonl", "jsonl")
    lines = [json.loads(line) for line in (tmp_path / "e.jsonl").read_text().splitlines()]

    assert lines == [event_line(one) for one in archive.edits(EditQuery(all=True))]


@pytest.mark.parametrize("dataset", sorted(DATASETS))
def test_every_format_holds_the_same_values(archive: Archive, tmp_path: Path, dataset: str) -> None:
    """Parquet, CSV and JSON lines differ in form only."""
    for form in FORMATS:
        exported(archive, tmp_path / form, form, dataset)
    lines = [json.loads(line) for line in (tmp_path / "jsonl").read_text().splitlines()]
    with (tmp_path / "csv").open(newline="", encoding="utf-8") as file:
        cells = list(csv.DictReader(file))
    rows = parquet.read_table(tmp_path / "parquet").to_pylist()

    assert len(lines) == len(cells) == len(rows)
    for line, told, row in zip(lines, cells, rows, strict=True):
        assert list(line) == list(told) == list(row)
        assert {name: "" if cell(value) is None else str(cell(value)) for name, value in line.items()} == told
        for name, value in row.items():
            if isinstance(value, datetime):
                assert value == datetime.fromisoformat(line[name])
            elif name != "notes":
                assert value == line[name]


def test_parquet_has_types(archive: Archive, tmp_path: Path) -> None:
    """Times are times in UTC, lists are lists, and every column says what it holds."""
    exported(archive, tmp_path / "e.parquet", "parquet")
    schema = parquet.read_schema(tmp_path / "e.parquet")

    assert str(schema.field("first_seen_at").type) == "timestamp[us, tz=UTC]"
    assert str(schema.field("alert").type) == "bool"
    assert str(schema.field("tracks").type).startswith("list<")
    assert all(field.metadata[b"description"] for field in schema)


def test_versions_carry_their_text(archive: Archive) -> None:
    """The text of every version is there, and a language narrows."""
    rows = list(rows_of(archive, RowQuery(dataset="versions", url=STORY)))

    assert [row["version"] for row in rows] == list(range(1, len(rows) + 1))
    assert all("people spoke at the town hall" in row["text"] for row in rows)
    assert list(rows_of(archive, RowQuery(dataset="versions", languages=("xx",)))) == []


@pytest.mark.parametrize("dataset", ["edits", "versions"])
def test_rows_lead_to_their_captures(archive: Archive, stores: Stores, dataset: str) -> None:
    """An export of records holds the captures that the rows follow from, and no other."""
    wanted = records_wanted(archive, RowQuery(dataset=dataset))
    with stores.catalogue.reading() as connection:
        found = {one.id for one in stream_captures(connection, wanted)}
    if dataset == "edits":
        expected = {side for one in archive.edits() for side in (one.from_capture, one.to_capture)}
    else:
        expected = {row["capture"] for row in rows_of(archive, RowQuery(dataset="versions"))}

    assert found == expected - {None} != set()


def test_an_unknown_source_leaves_nothing(archive: Archive, tmp_path: Path) -> None:
    """What cannot be asked makes no file."""
    with pytest.raises(UnknownSourceError):
        exported(archive, tmp_path / "x.csv", "csv", "versions", sources=("nobody",))

    assert list(tmp_path.glob("x.csv*")) == []


def test_a_file_that_cannot_be_written_is_told(archive: Archive, tmp_path: Path) -> None:
    """No such folder: one line says so."""
    with pytest.raises(BlobStoreError, match="cannot be written"):
        exported(archive, tmp_path / "no" / "x.csv", "csv")


def test_a_full_disk_leaves_the_older_file(tmp_path: Path) -> None:
    """What fails half-way leaves what was there before."""
    target = tmp_path / "x"
    target.write_text("older")

    def fill_disk() -> None:
        with whole_file(target) as aside:
            aside.write_text("half")
            raise OSError(28, os.strerror(28))

    with pytest.raises(BlobStoreError, match="No space"):
        fill_disk()

    assert [path.name for path in tmp_path.glob("x*")] == ["x"]
    assert target.read_text() == "older"


@pytest.mark.crash
def test_a_killed_writer_leaves_the_older_file(tmp_path: Path) -> None:
    """After SIGKILL in the middle of a write the older file is whole."""
    target = tmp_path / "x"
    target.write_text("older")
    script = (
        "import sys; from pathlib import Path; from archive.reading.whole import whole_file\n"
        "with whole_file(Path(sys.argv[1])) as aside:\n"
        "    aside.write_text('half'); print('half', flush=True); sys.stdin.read()"
    )
    with subprocess.Popen(
        [sys.executable, "-c", script, str(target)], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as child:
        assert child.stdout is not None
        child.stdout.readline()
        child.send_signal(signal.SIGKILL)

    assert target.read_text() == "older"


@given(st.one_of(st.text(), st.lists(st.text(), max_size=2), st.none(), st.integers(), st.booleans()))
def test_no_cell_is_a_formula(value: Any) -> None:
    """Whatever a headline says, a spreadsheet does not run it."""
    told = cell(value)

    assert not (isinstance(told, str) and told.startswith(("=", "+", "-", "@", "\t", "\r")))


def test_reading_is_streamed(archive: Archive) -> None:
    """The first row comes without the rest."""
    assert next(iter(rows_of(archive, RowQuery(dataset="captures"))))["captured_at"] == "2018-07-19T10:00:00Z"
    assert archive.now.tzinfo is UTC
