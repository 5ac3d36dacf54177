"""The writer: durable when it returns, and files of a size and age that can be handled."""

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from archive.blobs.local import LocalBlobs
from archive.warc.members import Member, walk_members
from archive.warc.reader import read_member
from archive.warc.records import BuiltRecord, RecordForge
from archive.warc.writer import Rotation, WarcWriter
from tests.archive.paper import exchange, page


def record(number: int = 0) -> BuiltRecord:
    """Return one record."""
    return RecordForge(lambda: f"<urn:test:{number}>").response(exchange(page()), "sha256:00")


@pytest.fixture
def blobs(tmp_path: Path) -> LocalBlobs:
    """An empty folder."""
    return LocalBlobs(tmp_path / "warc")


@pytest.fixture
def begin(blobs: LocalBlobs, clock: Any) -> Callable[..., WarcWriter]:
    """Make a writer by its rotation."""
    numbers = iter(range(1000))

    def made(**rotation: Any) -> WarcWriter:
        forge = RecordForge(lambda: f"<urn:info:{next(numbers)}>")
        return WarcWriter(
            blobs,
            forge,
            clock,
            about=[("software", "test/1")],
            name="0123456789ab",
            rotation=Rotation(**rotation),
        )

    return made


def test_places_are_where_the_records_lie(blobs: LocalBlobs, begin: Callable[..., WarcWriter]) -> None:
    """Each place is one gzip member that holds the record."""
    writer = begin()
    built = [[record(1), record(2)], [record(3)]]

    places = writer.write(built)

    assert [len(one) for one in places] == [2, 1]
    for group, where in zip(built, places, strict=True):
        for one, place in zip(group, where, strict=True):
            assert one.member == blobs.read(place.file, place.offset, place.length)


def test_a_file_is_named_by_time_serial_and_host_and_says_what_wrote_it(
    blobs: LocalBlobs, begin: Callable[..., WarcWriter]
) -> None:
    """PREFIX-YYYYMMDDhhmmss-SERIAL-HOST.warc.gz, and its first record names the software."""
    begin().write([[record()]])
    begin().write([[record()]])

    names = list(blobs.names())
    assert all(re.fullmatch(r"LE-20180720001500-0000\d-[\w-]+\.warc\.gz", name) for name in names)
    assert len(names) == 2
    first = next(walk_members(blobs.pieces(names[0])))
    assert isinstance(first, Member)
    info = read_member(first.data)
    assert ("warcinfo", names[0]) == (info.type, info.fields["warc-filename"])
    assert b"software: test/1" in info.block


@pytest.mark.parametrize(
    ("rotation", "hours", "files"),
    [
        pytest.param({"size": 100}, 0, 2, id="full"),
        pytest.param({}, 0, 1, id="neither full nor old"),
        pytest.param({}, 1, 2, id="idle for an hour"),
    ],
)
def test_a_file_is_set_aside(
    blobs: LocalBlobs,
    begin: Callable[..., WarcWriter],
    clock: Any,
    rotation: dict[str, Any],
    hours: float,
    files: int,
) -> None:
    """By size, or when nothing came for an hour."""
    writer = begin(**rotation)
    writer.write([[record(1)]])
    clock.go(hours=hours)

    writer.rotate_if_due()
    writer.write([[record(2)]])

    assert files == len(list(blobs.names()))


def test_a_busy_file_is_set_aside_after_a_day(
    blobs: LocalBlobs, begin: Callable[..., WarcWriter], clock: Any
) -> None:
    """A file that is never idle and never full is made final once a day."""
    writer = begin()
    for number in range(60):
        writer.rotate_if_due()
        writer.write([[record(number)]])
        clock.go(minutes=50)

    assert len(list(blobs.names())) == 3


def test_a_file_keeps_its_open_until_its_owner_says_so(
    blobs: LocalBlobs, begin: Callable[..., WarcWriter]
) -> None:
    """Set aside is not final: rows first, the name second."""
    writer = begin()
    ((place,),) = writer.write([[record()]])
    writer.set_aside()

    assert [place.file] == blobs.open_names() == writer.aside
    assert {place.file: blobs.size(place.file)} == writer.close_aside()
    assert [] == blobs.open_names() == writer.aside
