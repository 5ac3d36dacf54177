"""Records as gzip members: whatever a body is made of, it comes out as it went in."""

import gzip
import io
import random

import deflate
import pytest
from hypothesis import given
from hypothesis import strategies as st
from warcio.archiveiterator import ArchiveIterator

from archive.warc.layout import STORED, member_of
from archive.warc.members import Member, walk_members

HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Encoding: gzip\r\n\r\n"
FIELDS = (
    ("WARC-Type", "response"),
    ("WARC-Record-ID", "<urn:test:1>"),
    ("WARC-Date", "2026-11-24T10:00:00Z"),
    ("WARC-Target-URI", "https://paper.example/a"),
    ("Content-Type", "application/http; msgtype=response"),
)


def noise(size: int, seed: int = 1) -> bytes:
    """Return bytes that no compressor makes fewer."""
    return random.Random(seed).randbytes(size)


def lone_member(data: bytes) -> bytes:
    """Return what bytes inflate to; they must be one whole member and nothing else."""
    (found,) = walk_members([data])
    assert isinstance(found, Member)
    assert found.length == len(data)
    return found.data


@given(
    size=st.one_of(
        st.integers(0, 9000), st.integers(STORED - 300, STORED + 300), st.integers(190_000, 200_000)
    ),
    seed=st.integers(0, 5),
    before=st.binary(max_size=200),
    behind=st.binary(max_size=200),
)
def test_dense_bodies_of_any_size_come_out_as_they_went_in(
    size: int, seed: int, before: bytes, behind: bytes
) -> None:
    """Stored or compressed, in as many blocks as it takes, the record is one whole member."""
    body = before + noise(size, seed) + behind
    record = lone_member(member_of(FIELDS, HEAD, body))

    assert record.endswith(HEAD + body + b"\r\n\r\n")
    assert f"Content-Length: {len(HEAD) + len(body)}\r\n\r\n".encode() in record


@pytest.mark.parametrize(
    "pieces",
    [
        pytest.param((HEAD, noise(200_000)), id="as captured"),
        pytest.param((HEAD + noise(200_000),), id="as imported"),
    ],
)
def test_a_dense_body_costs_what_it_is_long(pieces: tuple[bytes, ...]) -> None:
    """The head before it is still compressed, and the body takes little more than its own bytes."""
    member = member_of(FIELDS, *pieces)

    head = len(member_of(FIELDS, HEAD))
    assert len(member) <= 200_000 + head + 5 * 4 + 32


@given(st.integers(0, 40_000))
def test_libdeflate_and_pythons_own_read_stored_members(size: int) -> None:
    """The single read of one record inflates by libdeflate, whole files by zlib."""
    member = member_of(FIELDS, HEAD, noise(size))
    record = lone_member(member)

    assert record == gzip.decompress(member)
    assert record == bytes(deflate.gzip_decompress(member, len(record)))


def test_warcio_reads_stored_members_one_behind_the_other() -> None:
    """Other people's readers see ordinary records, whichever way each was laid out."""
    page = gzip.compress(b"<p>A page</p>" + noise(90_000).hex().encode(), mtime=0)
    plain = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n"
    file = (
        member_of(FIELDS, HEAD, page)
        + member_of(FIELDS, plain, b"<p>plain</p>" * 900)
        + member_of(FIELDS, HEAD, page)
    )

    bodies = [one.raw_stream.read() for one in ArchiveIterator(io.BytesIO(file))]

    assert bodies == [page, b"<p>plain</p>" * 900, page]


@pytest.mark.parametrize(
    "body",
    [
        pytest.param("<p>首相は計画を否定した。</p>".encode() * 900, id="text that is not ASCII"),
        pytest.param(noise(30_000) + b"<p>text</p>" * 6000 + noise(30_000), id="dense at both ends only"),
        pytest.param(noise(700) * 100, id="dense pieces that repeat"),
    ],
)
def test_what_can_be_compressed_is(body: bytes) -> None:
    """Odd bytes alone are no reason to store a body as it is."""
    assert len(member_of(FIELDS, HEAD, body)) < 0.9 * len(body)
