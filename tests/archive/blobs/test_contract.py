"""What every blob store promises, held against each of them."""

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from archive.blobs.local import LocalBlobs
from archive.blobs.objects import open_s3
from archive.blobs.store import BlobStore
from archive.errors import BlobStoreError, BlobTakenError

pytestmark = pytest.mark.timeout(60)
NAME = "LE-20180719-00001-test.warc.gz"


@pytest.fixture
def blobs(blobs_url: str, tmp_path: Path) -> BlobStore:
    """An empty store."""
    return open_s3(blobs_url) if blobs_url else LocalBlobs(tmp_path / "warc")


def filled(blobs: BlobStore, *parts: bytes, close: bool = True) -> bytes:
    """Write parts, one `sync` each; return all bytes."""
    file = blobs.create(NAME)
    for part in parts:
        file.append(part)
        file.sync()
    if close:
        file.close()
    return b"".join(parts)


@pytest.mark.parametrize("close", [True, False], ids=["final", "growing"])
def test_what_was_synced_is_read(blobs: BlobStore, close: bool) -> None:
    """Bytes are read by range and as a whole, of a blob that grows as of a final one, across appends."""
    data = filled(blobs, b"one " * 100, b"two " * 1000, b"three", close=close)

    assert data == b"".join(blobs.pieces(NAME))
    assert data[500:] == b"".join(blobs.pieces(NAME, 500))
    assert data[390:420] == blobs.read(NAME, 390, 30)
    assert (len(data), [NAME]) == (blobs.size(NAME), list(blobs.names()))
    assert (not close, [] if close else [NAME]) == (blobs.is_open(NAME), blobs.open_names())
    assert blobs.final_sizes() == ({NAME: len(data)} if close else {})


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=8, deadline=None)
@given(
    parts=st.lists(st.binary(min_size=1, max_size=300), min_size=1, max_size=5),
    data=st.data(),
)
def test_any_range_is_what_was_written(blobs: BlobStore, parts: list[bytes], data: st.DataObject) -> None:
    """Whatever the appends were, a range gives the bytes of that range, before and after the blob is final."""
    name = f"{abs(hash(tuple(parts)))}-{len(list(blobs.names()))}.warc.gz"
    file = blobs.create(name)
    whole = b"".join(parts)
    for part in parts:
        file.append(part)
        file.sync()
    start = data.draw(st.integers(0, len(whole) - 1))
    length = data.draw(st.integers(1, len(whole) - start))

    growing = blobs.read(name, start, length)
    file.close()

    assert whole[start : start + length] == growing == blobs.read(name, start, length)


def test_offsets_are_where_bytes_begin(blobs: BlobStore) -> None:
    """`append` returns the offset at which its bytes begin."""
    file = blobs.create(NAME)

    assert [file.append(b"abc"), file.append(b"defg"), file.append(b"h")] == [0, 3, 3 + 4]
    assert file.size == 8
    file.close()


def test_a_batch_that_is_cut_back_is_gone(blobs: BlobStore) -> None:
    """What was appended and cut before a `sync` leaves nothing behind."""
    file = blobs.create(NAME)
    file.append(b"kept")
    file.sync()
    file.append(b"not to be")
    file.cut(4)
    file.append(b"!")
    file.close()

    assert b"".join(blobs.pieces(NAME)) == b"kept!"


def test_a_torn_tail_is_cut(blobs: BlobStore) -> None:
    """Taken over after its writer's end, a blob is cut anywhere and made final."""
    file = blobs.create(NAME)
    for part in (b"first", b"second", b"torn"):
        file.append(part)
        file.sync()
    _die(file)

    taken = blobs.reopen(NAME)
    assert taken is not None
    taken.cut(8)
    taken.close()

    assert b"".join(blobs.pieces(NAME)) == b"firstsec"
    assert not blobs.is_open(NAME)


def test_a_name_is_given_once(blobs: BlobStore) -> None:
    """A second writer of the same name is refused, while it grows and when it is final."""
    filled(blobs, b"x", close=False)

    with pytest.raises(BlobTakenError):
        blobs.create(NAME)


def test_an_empty_blob_leaves_nothing(blobs: BlobStore) -> None:
    """A blob that nothing was written to is dropped."""
    blobs.create(NAME).close()

    assert list(blobs.names()) == []
    assert blobs.size(NAME) is None


def test_a_blob_that_is_not_there_is_told(blobs: BlobStore) -> None:
    """Reading what is not there says so, with the name."""
    with pytest.raises(BlobStoreError, match=r"nothing\.warc\.gz"):
        blobs.read("nothing.warc.gz", 0, 10)
    with pytest.raises(BlobStoreError, match=r"nothing\.warc\.gz"):
        list(blobs.pieces("nothing.warc.gz"))
    assert blobs.reopen("nothing.warc.gz") is None


def test_a_range_behind_the_end_is_told(blobs: BlobStore) -> None:
    """A record that should end behind the end of its file is damage, not a short answer."""
    filled(blobs, b"short")

    with pytest.raises(BlobStoreError, match="ends at byte 5"):
        blobs.read(NAME, 2, 50)


@pytest.mark.parametrize("size", [4, 0])
def test_trimming_a_final_blob(blobs: BlobStore, size: int) -> None:
    """What is behind a final blob's last record goes; an empty one goes as a whole."""
    filled(blobs, b"data", b"garbage")

    blobs.trim(NAME, size)

    assert ({NAME: 4} if size else {}) == blobs.final_sizes()


def test_a_reader_follows_a_blob_that_is_made_final(blobs: BlobStore) -> None:
    """A record read while its file grew is read at the same place when it is final."""
    file = blobs.create(NAME)
    file.append(b"record")
    file.sync()
    before = blobs.read(NAME, 0, 6)
    file.append(b"more")
    file.close()

    assert before == blobs.read(NAME, 0, 6) == b"record"
    assert blobs.read(NAME, 6, 4) == b"more"


def _die(file: object) -> None:
    """Let go of a blob as the end of a process would."""
    import os

    descriptor = getattr(file, "_descriptor", None)
    if descriptor is not None:
        os.close(descriptor)
        file._descriptor = None  # type: ignore[attr-defined]  # a local one
