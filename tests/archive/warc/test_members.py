"""Members: whole ones are found, a torn tail is told apart."""

import gzip
from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from archive.warc.members import Member, TornTail, walk_members

PARTS = [b"first " * 40, b"", b"third " * 9000]


def written(path: Path, tail: bytes = b"") -> list[int]:
    """Write three members and a tail; return where each member begins."""
    members = [gzip.compress(part, mtime=0) for part in PARTS]
    path.write_bytes(b"".join(members) + tail)
    return [sum(map(len, members[:number])) for number in range(3)]


def walked(path: Path, piece: int = 1000) -> list[Member | TornTail]:
    """Walk a file that comes in small pieces."""
    data = path.read_bytes()
    return list(walk_members(data[at : at + piece] for at in range(0, len(data), piece)))


def test_members_are_found_where_they_lie(tmp_path: Path) -> None:
    """Offsets, lengths and contents fit the file."""
    offsets = written(tmp_path / "a.gz")

    found = list(walked(tmp_path / "a.gz"))

    assert offsets == [one.offset for one in found]
    assert [one.data for one in found if isinstance(one, Member)] == PARTS


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(tail=st.binary(min_size=1, max_size=300))
def test_garbage_behind_members_is_a_torn_tail(tmp_path: Path, tail: bytes) -> None:
    """Whatever stands behind the last whole member is told as one tail that begins right there."""
    written(tmp_path / "a.gz", tail)
    end = (tmp_path / "a.gz").stat().st_size - len(tail)

    *whole, last = walked(tmp_path / "a.gz")

    assert len(whole) == 3
    assert isinstance(last, TornTail)
    assert end == last.offset


def test_a_member_cut_short_is_a_torn_tail(tmp_path: Path) -> None:
    """A file that ends within its last member keeps the ones before."""
    offsets = written(tmp_path / "a.gz")
    data = (tmp_path / "a.gz").read_bytes()
    (tmp_path / "a.gz").write_bytes(data[:-3])

    *whole, last = walked(tmp_path / "a.gz")

    assert len(whole) == 2
    assert offsets[2] == last.offset
