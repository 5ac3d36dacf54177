"""Labelled digests (`sha256:<hex>`) and the ids that are derived, never counted."""

import base64
import binascii
import hashlib

__all__ = ["capture_id", "derived_id", "sha256", "sha256_hex", "to_hex"]


def sha256(data: bytes, *more: bytes) -> str:
    """Return the labelled SHA-256 digest of the bytes, in hex; pieces count as one."""
    digest = hashlib.sha256(data)
    for piece in more:
        digest.update(piece)
    return f"sha256:{digest.hexdigest()}"


def derived_id(*parts: str) -> str:
    """Return a 32-digit hex id that follows from the parts and nothing else."""
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()[:32]


def capture_id(record_id: str) -> str:
    """Return a capture's id, derived from its WARC-Record-ID (brackets do not count)."""
    return derived_id("capture", record_id.strip().strip("<>"))


def to_hex(labelled: str) -> tuple[str, str] | None:
    """Split a labelled digest into algorithm and hex, from hex or base32 (WARC 1.1 §5.8); None when it is neither."""
    algorithm, _, value = labelled.strip().partition(":")
    algorithm = algorithm.lower().replace("-", "")
    length = {"sha1": 20, "sha256": 32, "md5": 16, "sha512": 64}.get(algorithm)
    if length is None:
        return None
    try:
        raw = (
            bytes.fromhex(value)
            if len(value) == 2 * length
            else base64.b32decode(value.upper() + "=" * (-len(value) % 8))
        )
    except (ValueError, binascii.Error):
        return None
    return (algorithm, raw.hex()) if len(raw) == length else None


def sha256_hex(data: bytes) -> str:
    """Return the bare hex of a SHA-256 digest."""
    return hashlib.sha256(data).hexdigest()
