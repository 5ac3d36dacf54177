"""
Where an article's history stands: digests and ids, no texts.

Kept beside the article as JSON, so that the next capture can be judged without looking at the ones before.
"""

import json
from dataclasses import asdict, dataclass, fields
from datetime import datetime
from typing import Any

__all__ = ["VOLATILE", "Doubt", "HistoryState", "Missing", "Pending", "Shown", "bounded"]

#: Blocks that are remembered as volatile.
VOLATILE = 120


@dataclass(frozen=True, slots=True, kw_only=True)
class Pending:
    """A change that was seen once and waits to be seen again."""

    #: EventKind of the event it will be.
    kind: str
    #: Digest of the content before, and of the content that showed the change.
    base: str
    seen: str
    #: Capture before, and capture that showed it.
    from_capture: str
    to_capture: str
    first_seen_at: datetime
    from_version: int
    to_version: int
    #: Of the version before: its first capture, when that was made, and the event that led to it.
    version_capture: str = ""
    version_at: datetime | None = None
    version_event: str | None = None
    #: When the capture before was made.
    from_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Missing:
    """A run of captures that found nothing, not broken by a trusted one."""

    first_capture: str
    first_at: datetime
    count: int
    #: All of them were 410 Gone.
    all_gone: bool
    is_removed: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Doubt:
    """A change that is not taken at its word: it counts once it was seen several times in a row."""

    #: Keys of the operations that every look so far has shown.
    keys: tuple[str, ...]
    looks: int
    #: Digest of what the last look showed.
    content: str
    #: Capture before the first look, that look, and when it was.
    from_capture: str
    to_capture: str
    first_seen_at: datetime
    #: When the capture before was made.
    from_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """What a list of versions says of a content, so that an unchanged one need not be read again."""

    #: Digest of the content.
    content: str
    headline: str
    words: int


@dataclass(frozen=True, slots=True, kw_only=True)
class HistoryState:
    """The state of one article's history; the empty one is an article never seen."""

    #: Number of the current version; 0 before the first.
    version: int = 0
    #: Rendition that versions are made from.
    rendition: str = ""
    #: Digest of the content that the next capture is compared with.
    reference: str = ""
    #: Trusted captures in a row that showed exactly the reference.
    steady: int = 0
    shown: Shown | None = None
    #: Last trusted capture, and when it was made.
    capture: str = ""
    captured_at: datetime | None = None
    #: First capture of the current version, when it was made, and the event that led to it.
    version_capture: str = ""
    version_at: datetime | None = None
    version_event: str | None = None
    pending: Pending | None = None
    #: A restoration that waits to be confirmed.
    restored: Pending | None = None
    #: A move that waits to be confirmed, and targets that were reported.
    moved: Pending | None = None
    targets: tuple[str, ...] = ()
    missing: Missing | None = None
    #: Keys of operations that the site does and undoes by itself, newest last.
    alternates: tuple[str, ...] = ()
    doubt: Doubt | None = None
    #: Keys of confirmed operations: done again they alternate, undone they were taken back.
    made: tuple[str, ...] = ()
    #: Keys of blocks that come and go by themselves.
    volatile: tuple[str, ...] = ()
    #: Until when further entries belong to the burst that was reported.
    burst_until: datetime | None = None
    #: A text that shrank so far that it is not believed yet: content, captures, since when.
    shrunk: str = ""
    shrunk_count: int = 0
    shrunk_at: datetime | None = None

    def to_json(self) -> str:
        """Return the state as JSON; fields at their defaults are left out."""
        values = {
            one.name: value for one in fields(self) if (value := getattr(self, one.name)) != one.default
        }
        plain = {
            name: asdict(value) if isinstance(value, Pending | Missing | Doubt | Shown) else value
            for name, value in values.items()
        }
        return json.dumps(plain, separators=(",", ":"), default=datetime.isoformat)

    @classmethod
    def from_json(cls, text: str) -> "HistoryState":
        """Return the state that `to_json` wrote; what it wrote once and writes no more is left aside."""
        known = {one.name for one in fields(cls)}
        values: dict[str, Any] = {name: one for name, one in json.loads(text).items() if name in known}
        for name in ("pending", "restored", "moved"):
            if values.get(name):
                values[name] = Pending(
                    **_with_moments(values[name], "first_seen_at", "version_at", "from_at")
                )
        if values.get("shown"):
            values["shown"] = Shown(**values["shown"])
        if values.get("missing"):
            values["missing"] = Missing(**_with_moments(values["missing"], "first_at"))
        if values.get("doubt"):
            doubt = _with_moments(values["doubt"], "first_seen_at", "from_at")
            values["doubt"] = Doubt(**doubt | {"keys": tuple(doubt["keys"])})
        for name in ("targets", "alternates", "made", "volatile"):
            if name in values:
                values[name] = tuple(values[name])
        return cls(**_with_moments(values, "captured_at", "version_at", "burst_until", "shrunk_at"))


def _with_moments(values: dict[str, Any], *names: str) -> dict[str, Any]:
    moments = {name: datetime.fromisoformat(values[name]) for name in names if values.get(name)}
    return values | moments


def bounded(known: tuple[str, ...], new: tuple[str, ...], most: int) -> tuple[str, ...]:
    """Return what was known and what is new, the oldest forgotten beyond a number."""
    return tuple(dict.fromkeys((*known, *new)))[-most:]
