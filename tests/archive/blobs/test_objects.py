"""Object stores: no bytes are acknowledged that a successor does not find."""

import pytest

from archive.blobs.objects import ObjectBlobs, open_s3
from archive.errors import BlobStoreError, BlobTakenError
from tests.archive.servers import new_bucket

pytestmark = pytest.mark.timeout(60)
NAME = "LE-20180719-00001-test.warc.gz"


@pytest.fixture
def blobs(s3: str) -> ObjectBlobs:
    """An empty prefix."""
    return open_s3(new_bucket(s3))


@pytest.mark.parametrize("joined", [False, True], ids=["sealed", "joined"])
def test_a_writer_that_was_declared_dead_notices(blobs: ObjectBlobs, joined: bool) -> None:
    """Once its blob was taken over, a writer that lived on cannot make anything durable there."""
    living = blobs.create(NAME)
    living.append(b"acknowledged")
    living.sync()
    successor = open_s3(blobs.url).reopen(NAME)
    assert successor is not None

    if joined:
        successor.close()
    living.append(b"too late")
    with pytest.raises(BlobTakenError, match="another process"):
        living.sync()
    successor.close()
    living.close()

    assert b"".join(blobs.pieces(NAME)) == b"acknowledged"


def test_two_successors_agree(blobs: ObjectBlobs) -> None:
    """Two processes that take one blob over at once make the same final blob."""
    file = blobs.create(NAME)
    file.append(b"data")
    file.sync()

    one, other = open_s3(blobs.url).reopen(NAME), open_s3(blobs.url).reopen(NAME)
    assert one is not None
    assert other is not None
    one.close()
    other.close()

    assert b"".join(blobs.pieces(NAME)) == b"data"
    assert blobs.open_names() == []


def test_segments_left_behind_a_final_blob_go(blobs: ObjectBlobs) -> None:
    """A process killed between joining and deleting leaves nothing that counts twice."""
    file = blobs.create(NAME)
    file.append(b"data")
    file.sync()
    blobs.join_segments(NAME, 4)
    blobs.put_new(f"{NAME}.open/{0:015}", b"data")

    fresh = open_s3(blobs.url)

    assert fresh.open_names() == []
    assert list(fresh.names()) == [NAME]
    assert b"".join(fresh.pieces(NAME)) == b"data"


def test_an_answer_that_was_lost_is_no_other_writer(blobs: ObjectBlobs) -> None:
    """Putting the same bytes at the same place again is our own retry."""
    blobs.put_new(f"{NAME}.open/{0:015}", b"data")
    blobs.put_new(f"{NAME}.open/{0:015}", b"data")

    assert blobs.size(NAME) == 4


def test_an_address_that_is_none_says_how_to_write_it() -> None:
    """Unknown parts of an address are one clear line."""
    with pytest.raises(BlobStoreError, match="s3://bucket/prefix"):
        open_s3("s3://bucket/prefix?endpont=http://x")


def test_a_store_that_is_not_there_is_told(s3: str) -> None:
    """Wrong keys or a closed port are one line with the store's address."""
    blobs = open_s3("s3://tests/x?endpoint=http://127.0.0.1:9")

    with pytest.raises(BlobStoreError, match="s3://tests/x"):
        blobs.read(NAME, 0, 1)
