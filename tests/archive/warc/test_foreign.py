"""Files of other tools: any version, any compression, any damage; one record in memory at a time."""

import gzip
import io
import random
import tracemalloc
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from warcio.archiveiterator import ArchiveIterator
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from archive.errors import ArchiveError, NotAWarcError, RecordDamagedError
from archive.warc.foreign import records_in
from archive.warc.reader import ReadRecord

COUNT = 6
ARC_HEAD = (
    b"filedesc://x.arc 0.0.0.0 20080430204825 text/plain 76\n1 0 Alexa Internet\n"
    b"URL IP-address Archive-date Content-type Archive-length\n\n\n"
)


def plain(version: str = "1.1", *, size: int = 2000) -> list[bytes]:
    """Return records as warcio writes them, without compression."""
    chance = random.Random(1)
    made = []
    for number in range(COUNT):
        out = io.BytesIO()
        writer = WARCWriter(out, gzip=False, warc_version=version)
        body = chance.randbytes(size)
        record = writer.create_warc_record(
            f"http://news.example/{number}",
            "response",
            payload=io.BytesIO(body),
            length=len(body),
            http_headers=StatusAndHeaders("200 OK", [("Content-Type", "text/html")], protocol="HTTP/1.1"),
            warc_headers_dict={
                "WARC-Date": f"2009-05-2{number}T03:29:48Z",
                "WARC-Record-ID": f"<urn:t:{number}>",
            },
        )
        writer.write_record(record)
        made.append(out.getvalue())
    return made


def arc() -> bytes:
    """Return an ARC file."""
    out = ARC_HEAD
    for number in range(COUNT):
        block = b"HTTP/1.0 200 OK\r\nContent-Type: text/html\r\n\r\n<p>page %d</p>" % number
        out += b"http://news.example/%d 192.0.2.1 2008043020482%d text/html %d\n" % (
            number,
            number,
            len(block),
        )
        out += block + b"\n"
    return out


def wacz(members: bytes) -> bytes:
    """Return a WACZ of two WARC files."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("datapackage.json", "{}")
        archive.writestr("archive/data.warc.gz", members)
        archive.writestr("pages/pages.jsonl", "{}")
    return out.getvalue()


def by_record(records: list[bytes]) -> bytes:
    """Return records as one gzip member each."""
    return b"".join(gzip.compress(record, mtime=0) for record in records)


SHAPES: dict[str, Callable[[], bytes]] = {
    "gzip by record": lambda: by_record(plain()),
    "gzip by record, version 1.0": lambda: by_record(plain("1.0")),
    "gzip as a whole": lambda: gzip.compress(b"".join(plain())),
    "gzip in blocks": lambda: by_record([b"".join(plain())[at : at + 700] for at in range(0, 20_000, 700)]),
    "plain": lambda: b"".join(plain()),
    "plain with bare line feeds": lambda: b"".join(
        record.replace(b"\r\n", b"\n", 8) for record in plain(size=0)
    ),
    "arc": arc,
    "arc, gzip as a whole": lambda: gzip.compress(arc()),
    "wacz": lambda: wacz(by_record(plain())),
    "zero bytes behind": lambda: by_record(plain()) + bytes(500),
}


def read(path: Path, data: bytes) -> list[ReadRecord | ArchiveError]:
    """Write a file and read its records."""
    path.write_bytes(data)
    return list(records_in(path))


@pytest.mark.parametrize("shape", SHAPES)
def test_every_shape_gives_all_records(tmp_path: Path, shape: str) -> None:
    """Whatever the compression, every record comes out in order, whole."""
    found = read(tmp_path / "x", SHAPES[shape]())

    assert [f"http://news.example/{number}" for number in range(COUNT)] == [
        one.uri for one in found if isinstance(one, ReadRecord)
    ]
    assert all(isinstance(one, ReadRecord) and one.http().status == 200 for one in found)


@pytest.mark.parametrize("shape", ["gzip by record", "gzip as a whole", "plain", "wacz"])
def test_blocks_are_those_that_warcio_reads(tmp_path: Path, shape: str) -> None:
    """Byte for byte what the anchor of the field reads."""
    (tmp_path / "w").write_bytes(b"".join(plain()))
    with (tmp_path / "w").open("rb") as file:
        wanted = [one.raw_stream.read() for one in ArchiveIterator(file, no_record_parse=True)]

    found = read(tmp_path / "x", SHAPES[shape]())

    assert wanted == [one.block for one in found if isinstance(one, ReadRecord)]


def test_a_record_without_an_id_gets_one_that_follows_from_it(tmp_path: Path) -> None:
    """Reading an ARC file twice gives the same ids, so that importing it twice adds nothing."""
    once, again = read(tmp_path / "x", arc()), read(tmp_path / "y", arc())

    ids = [one.id for one in once if isinstance(one, ReadRecord)]
    assert ids == [one.id for one in again if isinstance(one, ReadRecord)]
    assert len(set(ids)) == COUNT


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=80, deadline=None)
@given(data=st.data(), shape=st.sampled_from(["gzip by record", "plain", "gzip as a whole", "wacz", "arc"]))
def test_damage_never_raises(tmp_path: Path, data: st.DataObject, shape: str) -> None:
    """Flip, cut or put in bytes anywhere: what is wrong is said, and no more is lost than what lies there."""
    whole = bytearray(SHAPES[shape]())
    for _ in range(data.draw(st.integers(1, 3))):
        at = data.draw(st.integers(0, len(whole) - 1))
        match data.draw(st.sampled_from(["flip", "cut", "put in"])):
            case "flip":
                whole[at] ^= data.draw(st.integers(1, 255))
            case "cut":
                del whole[at : at + data.draw(st.integers(1, 400))]
            case "put in":
                whole[at:at] = data.draw(st.binary(min_size=1, max_size=60))

    for one in read(tmp_path / "x", bytes(whole)):
        assert isinstance(one, ReadRecord | ArchiveError)


@pytest.mark.parametrize("number", range(1, COUNT))
def test_a_damaged_member_costs_itself_only(tmp_path: Path, number: int) -> None:
    """Of a file with one gzip member a record all others are read, and the place of the damage is told."""
    members = [gzip.compress(record, mtime=0) for record in plain()]
    offset = sum(map(len, members[:number]))
    spoiled = bytearray(b"".join(members))
    spoiled[offset + len(members[number]) // 2] ^= 0x20

    found = read(tmp_path / "x", bytes(spoiled))

    (trouble,) = [one for one in found if isinstance(one, RecordDamagedError)]
    assert sum(isinstance(one, ReadRecord) for one in found) == COUNT - 1
    assert (str(tmp_path / "x"), offset) == (trouble.file, trouble.offset)


def test_a_length_that_lies_costs_itself_only(tmp_path: Path) -> None:
    """A record that claims more than its member holds does not swallow the next one."""
    records = plain()
    records[2] = records[2].replace(b"Content-Length: 20", b"Content-Length: 30", 1)

    found = read(tmp_path / "x", by_record(records))

    assert sum(isinstance(one, ReadRecord) for one in found) == COUNT - 1
    assert [one.reason for one in found if isinstance(one, RecordDamagedError)] == [
        "the record's block ends early"
    ]


def test_a_date_that_is_none_is_told(tmp_path: Path) -> None:
    """A record without a usable date has no place in any history."""
    records = plain()
    records[1] = records[1].replace(b"2009-05-21T03:29:48Z", b"yesterday, at noon!!", 1)

    found = read(tmp_path / "x", by_record(records))

    assert "is no date" in str(found[1])
    assert sum(isinstance(one, ReadRecord) for one in found) == COUNT - 1


@pytest.mark.parametrize("text", ["2009", "2009-05", "2009-05-20", "2009-05-20T03:29Z"])
def test_short_dates_are_their_first_instant(tmp_path: Path, text: str) -> None:
    """WARC 1.1 allows dates with fewer parts."""
    record = plain()[0].replace(b"2009-05-20T03:29:48Z", text.encode(), 1)

    (found,) = read(tmp_path / "x", record)

    assert isinstance(found, ReadRecord)
    assert found.date.isoformat().startswith(text.removesuffix("Z"))


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\x1f\x8b\x08",
        b"<html>no</html>" * 100,
        bytes(4000),
        gzip.compress(b"a letter"),
        b"PK\x03\x04 no zip",
    ],
    ids=["empty", "three bytes", "a page", "zeros", "a gzip file", "half a zip"],
)
def test_what_is_no_warc_is_one_line(tmp_path: Path, data: bytes) -> None:
    """A file of another kind is said to be one, once."""
    (found,) = read(tmp_path / "x", data)

    assert isinstance(found, NotAWarcError)


def test_memory_stays_flat(tmp_path: Path) -> None:
    """A file many times larger than a record is read within the memory of a few records."""
    with gzip.open(tmp_path / "x", "wb", compresslevel=1) as file:
        for _ in range(60):
            file.write(b"".join(plain(size=100_000)))
    tracemalloc.start()

    count = sum(isinstance(one, ReadRecord) for one in records_in(tmp_path / "x"))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()

    assert count == 60 * COUNT
    assert peak < 12_000_000


def test_a_record_that_is_too_long_is_left_out(tmp_path: Path) -> None:
    """A film in a web archive costs one line, not the memory of the machine."""
    long = b"WARC/1.0\r\nWARC-Type: resource\r\nContent-Length: 90000000\r\n\r\n"
    with (tmp_path / "x").open("wb") as file:
        file.write(plain()[0] + long)
        file.seek(90_000_000, 1)
        file.write(b"\r\n\r\n" + plain()[1])

    found = list(records_in(tmp_path / "x"))

    assert [ReadRecord, RecordDamagedError, ReadRecord] == [type(one) for one in found]
    assert "85 MB long" in str(found[1])
