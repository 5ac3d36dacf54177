"""Digests and derived ids."""

import base64
import hashlib

from hypothesis import given
from hypothesis import strategies as st

from archive.digests import capture_id, derived_id, sha256, to_hex


@given(st.binary(max_size=200))
def test_hex_and_base32_say_the_same(data: bytes) -> None:
    """A digest may be written in hex or in base32; both are read."""
    raw = hashlib.sha1(data, usedforsecurity=False).digest()

    assert ("sha1", raw.hex()) == to_hex("sha1:" + raw.hex())
    assert ("sha1", raw.hex()) == to_hex("sha1:" + base64.b32encode(raw).decode())


@given(st.text(max_size=40))
def test_what_is_no_digest_is_none(text: str) -> None:
    """Nonsense is told, never raised."""
    assert to_hex(text) is None or ":" in text


def test_the_label_names_the_algorithm() -> None:
    """Our own digests are SHA-256 in hex."""
    assert sha256(b"") == "sha256:" + hashlib.sha256(b"").hexdigest()


def test_a_capture_id_does_not_depend_on_brackets() -> None:
    """The same record has the same id, however its id is written."""
    assert capture_id("<urn:uuid:1>") == capture_id(" urn:uuid:1 ")


def test_parts_are_kept_apart() -> None:
    """Two parts that join to the same text give different ids."""
    assert derived_id("ab", "c") != derived_id("a", "bc")
