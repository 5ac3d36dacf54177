"""Column types that both engines store alike: moments as microseconds, ids and digests as bytes, states as numbers."""

import re
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import BigInteger, Dialect, LargeBinary, SmallInteger
from sqlalchemy.types import TypeDecorator

__all__ = ["Coded", "HexId", "LabelledDigest", "Moment", "RecordId", "from_micros", "to_micros"]

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MICROSECOND = timedelta(microseconds=1)


def to_micros(moment: datetime) -> int:
    """Return an aware moment as microseconds since 1970, exactly; ValueError for a naive one."""
    if moment.tzinfo is None:
        message = f"{moment!r} has no time zone"
        raise ValueError(message)
    return (moment - EPOCH) // MICROSECOND


def from_micros(micros: int) -> datetime:
    """Return microseconds since 1970 as a moment in UTC."""
    return EPOCH + timedelta(microseconds=micros)


class Moment(TypeDecorator[datetime]):
    """An aware moment, kept as microseconds since 1970: eight bytes, ordered, the same on every engine."""

    impl = BigInteger
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> int | None:  # noqa: ARG002 - the library's signature
        """Turn a moment into microseconds."""
        return None if value is None else to_micros(value)

    def process_result_value(self, value: Any | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002 - the library's signature
        """Turn microseconds into a moment."""
        return None if value is None else from_micros(value)


class HexId(TypeDecorator[str]):
    """A 32-digit hex id, kept as its 16 bytes."""

    impl = LargeBinary(16)
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> bytes | None:  # noqa: ARG002 - the library's signature
        """Turn hex into bytes; what is no hex matches nothing."""
        if value is None:
            return None
        try:
            return bytes.fromhex(value)
        except ValueError:
            return b""

    def process_result_value(self, value: Any | None, dialect: Dialect) -> str | None:  # noqa: ARG002 - the library's signature
        """Turn bytes into hex."""
        return None if value is None else bytes(value).hex()


SHA256 = re.compile(r"sha256:[0-9a-f]{64}")


class LabelledDigest(TypeDecorator[str]):
    """A labelled digest: a SHA-256 as its 32 bytes, any other as its text behind zeros, never 32 bytes long."""

    impl = LargeBinary
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> bytes | None:  # noqa: ARG002 - the library's signature
        """Turn a digest into bytes."""
        if value is None:
            return None
        if SHA256.fullmatch(value):
            return bytes.fromhex(value[7:])
        text = b"\0" + value.encode()
        return b"\0" + text if len(text) == 32 else text

    def process_result_value(self, value: Any | None, dialect: Dialect) -> str | None:  # noqa: ARG002 - the library's signature
        """Turn bytes into a digest."""
        if value is None:
            return None
        return f"sha256:{value.hex()}" if len(value) == 32 else bytes(value).lstrip(b"\0").decode()


UUID = re.compile(r"<urn:uuid:[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}>")
PREFIX = "<urn:uuid:"
#: First byte of ids that sort before, among and behind UUIDs.
BEFORE, AMONG, BEHIND = b"\1", b"\2", b"\3"


class RecordId(TypeDecorator[str]):
    """
    A WARC-Record-ID: a UUID as its 16 bytes, any other as its text.

    A byte before them keeps the order of the texts, which decides between captures of one moment. Only UUIDs that
    are not written as WARC tools write them come behind all others.
    """

    impl = LargeBinary
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> bytes | None:  # noqa: ARG002 - the library's signature
        """Turn an id into bytes."""
        if value is None:
            return None
        if UUID.fullmatch(value):
            return AMONG + bytes.fromhex(value[10:-1].replace("-", ""))
        return (BEFORE if value < PREFIX else BEHIND) + value.encode()

    def process_result_value(self, value: Any | None, dialect: Dialect) -> str | None:  # noqa: ARG002 - the library's signature
        """Turn bytes into an id."""
        if value is None:
            return None
        if value[0] != 2:
            return bytes(value[1:]).decode()
        digits = value.hex()
        return f"<urn:uuid:{digits[2:10]}-{digits[10:14]}-{digits[14:18]}-{digits[18:22]}-{digits[22:]}>"


class Coded(TypeDecorator[str]):
    """A state, kept as the small number that a table gives it; numbers are never used again for another."""

    impl = SmallInteger
    cache_ok = True

    def __init__(self, states: tuple[tuple[Any, int], ...]) -> None:
        super().__init__()
        #: Under the name of the parameter: statements are cached by it.
        self.states = states
        self._codes = dict(states)
        self._states = {code: state for state, code in states}

    def process_bind_param(self, value: str | None, dialect: Dialect) -> int | None:  # noqa: ARG002 - the library's signature
        """Turn a state into its number."""
        return None if value is None else self._codes[value]

    def process_result_value(self, value: Any | None, dialect: Dialect) -> str | None:  # noqa: ARG002 - the library's signature
        """Turn a number into the state."""
        return None if value is None else self._states[value]
