"""Bodies: codings undone, and every early end noticed."""

import gzip
import zlib

import brotli
import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive.warc.bodies import dechunk, decode_entity

CODINGS = {
    "gzip": lambda data: gzip.compress(data, mtime=0),
    "deflate": zlib.compress,
    "br": lambda data: brotli.compress(data, quality=3),
    "identity": bytes,
}


def raw_deflate(data: bytes) -> bytes:
    """Return a deflate stream without zlib's head, as some servers send it."""
    squeeze = zlib.compressobj(wbits=-15)
    return squeeze.compress(data) + squeeze.flush()


@given(data=st.binary(max_size=5000), coding=st.sampled_from(sorted(CODINGS)))
def test_every_coding_is_undone(data: bytes, coding: str) -> None:
    """Decoding gives back what was coded, and nothing is called damaged."""
    decoded = decode_entity(CODINGS[coding](data), coding)

    assert (data, False) == (decoded.data, decoded.is_damaged)


@given(data=st.binary(min_size=200, max_size=5000), cut=st.integers(1, 60))
@pytest.mark.parametrize("coding", ["gzip", "br"])
def test_a_stream_that_ends_early_is_damaged(coding: str, data: bytes, cut: int) -> None:
    """A coded body without its end is told, whatever could be decoded of it."""
    coded = CODINGS[coding](data)

    assert decode_entity(coded[:-cut], coding).is_damaged


def test_a_gzip_body_without_its_trailer_is_damaged() -> None:
    """Half an answer must never pass as a whole one: the trailer alone may be missing."""
    assert decode_entity(gzip.compress(b"x" * 1000)[:-8], "gzip").is_damaged


def test_deflate_without_zlib_head_is_read() -> None:
    """`deflate` comes in two forms in the wild; both are read."""
    assert decode_entity(raw_deflate(b"words " * 50), "deflate").data == b"words " * 50


def test_two_codings_are_undone_in_reverse_order() -> None:
    """The coding named last was applied last."""
    coded = gzip.compress(brotli.compress(b"text"))

    assert decode_entity(coded, "br, gzip").data == b"text"


def test_a_bomb_stops_at_the_limit() -> None:
    """Decoding stops at the limit and says so."""
    decoded = decode_entity(gzip.compress(bytes(1_000_000)), "gzip", limit=10_000)

    assert decoded.is_damaged
    assert len(decoded.data) <= 10_000


def test_an_unknown_coding_is_named() -> None:
    """What cannot be decoded is damaged, with the coding's name."""
    assert "'zstd'" in decode_entity(b"x", "zstd").reason


def test_chunks_are_joined() -> None:
    """Sizes, extensions and trailers go; the entity stays."""
    assert dechunk(b"3;x=y\r\nabc\r\n2\r\nde\r\n0\r\nX: t\r\n\r\n").data == b"abcde"


def test_a_body_that_only_claims_chunks_is_left_alone() -> None:
    """Archives often keep the field and drop the framing."""
    assert dechunk(b"<html>no chunks</html>").data == b"<html>no chunks</html>"


def test_missing_chunks_are_told() -> None:
    """A chunk that is shorter than its size is damage."""
    assert dechunk(b"5\r\nabc").is_damaged
