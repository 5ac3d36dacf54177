"""The archive in a notebook: typed, lazy, and the same rows as the command line."""

import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pyarrow
import pytest

import lateedition
from archive.reading import Archive, event_line
from lateedition.notebook import OpenArchive
from tests.archive.paper import STORY, opened, record, story

START = datetime(2018, 7, 19, tzinfo=UTC)


@pytest.fixture
def archive(tmp_path: Path) -> Iterator[OpenArchive]:
    """A home that holds a day in an article's life, opened as in a notebook."""
    stores = opened(tmp_path / "home")
    record(stores, story())
    stores.close()
    with lateedition.open_archive(tmp_path / "home") as archive:
        yield archive


def test_edits_are_those_of_the_ledger(archive: OpenArchive) -> None:
    """The same events in the same order; times are times."""
    rows = list(archive.edits(all=True))
    ledger = [event_line(one) for one in Archive(archive._stores).edits() if one.alert]

    assert {line["event"] for line in ledger} <= {row["event"] for row in rows}
    assert all(isinstance(row["first_seen_at"], datetime) for row in rows)
    assert [row["kind"] for row in archive.edits(kind="removed", since="2018-07-19T12:00")] == ["removed"]
    assert list(archive.edits(since=datetime(2019, 1, 1))) == []  # noqa: DTZ001 - without a zone it is UTC


def test_tables_are_arrow(archive: OpenArchive) -> None:
    """Arrow, pandas, and whatever takes Arrow's C stream see the same rows and types."""
    table = archive.versions(STORY)
    arrow = table.to_arrow()
    frame = table.to_pandas()

    assert arrow.column_names == table.columns == list(frame.columns)
    assert pyarrow.table(table).equals(arrow)
    assert str(frame["captured_at"].dtype) == "datetime64[us, UTC]"
    assert len(frame) == arrow.num_rows == len(list(table)) > 1


def test_an_empty_table_has_its_types(archive: OpenArchive) -> None:
    """Nothing found is a table without rows, not an error."""
    empty = archive.edits(source="nobody").to_arrow()

    assert empty.num_rows == 0
    assert str(empty.schema.field("first_seen_at").type) == "timestamp[us, tz=UTC]"


def test_search_statistics_and_text(archive: OpenArchive) -> None:
    """Words, counts and what was said then."""
    found = archive.search("people -zebra", where="text").to_arrow()
    counted = archive.statistics(by="all").to_arrow().to_pylist()

    assert found.num_rows == 2
    assert archive.search("ten", where="added", source="paper").to_arrow().num_rows == 1
    assert counted[0]["articles"] == 2
    assert archive.text(STORY, at="2018-07-19T11:30:00").startswith("Nine people")
    assert archive.captures(STORY, since=START).to_arrow().num_rows > 5


def test_a_table_shows_itself(archive: OpenArchive) -> None:
    """Notebooks show the first rows, and markup in them is text."""
    shown = archive.captures()._repr_html_()

    assert shown.count("<tr>") == 11
    assert "more rows" in shown
    assert "first_seen_at" in repr(archive.edits())


def test_no_scrapy_in_a_notebook() -> None:
    """Opening an archive loads neither Scrapy nor the web."""
    script = (
        "import sys, lateedition; lateedition.open_archive; "
        "print([name for name in ('scrapy', 'twisted', 'fastapi', 'pandas') if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)

    assert done.stdout.strip() == "[]"


def test_reading_loads_what_it_needs() -> None:
    """A reading command starts without the other engine, the parser and Arrow: a start is what people wait for."""
    script = (
        "import sys, lateedition.cli.edits, lateedition.access; heavy = ('sqlalchemy.dialects.postgresql', "
        "'lxml', 'trafilatura', 'pyarrow', 'rapidfuzz', 'fastapi'); "
        "print([name for name in heavy if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)

    assert done.stdout.strip() == "[]"
