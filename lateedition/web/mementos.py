"""Memento (RFC 7089): times in addresses and headers, the nearest capture, and the links between mementos."""

import re
from calendar import monthrange
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime, parsedate_to_datetime
from urllib.parse import quote

from archive.catalog.cdx import IndexRow
from lateedition.web.problems import BadRequestError
from lateedition.web.rendering import UNTOUCHED, memento_path

__all__ = [
    "http_date",
    "links_of",
    "moment_of",
    "nearest",
    "parse_http_date",
    "span_of",
    "time_map",
]

DIGITS = re.compile(r"\d{4,14}")


def http_date(moment: datetime) -> str:
    """Return a moment as HTTP has it (RFC 9110 §5.6.7)."""
    return format_datetime(moment.astimezone(UTC).replace(microsecond=0), usegmt=True)


def parse_http_date(text: str) -> datetime:
    """
    Read a date as HTTP has it.

    Raises:
        BadRequestError: it is none.
    """
    try:
        moment = parsedate_to_datetime(text)
    except (ValueError, TypeError) as error:
        message = f"Accept-Datetime: {text!r} is no date; write it as {http_date(datetime(2018, 7, 20, tzinfo=UTC))}"
        raise BadRequestError(message) from error
    return moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)


def span_of(digits: str) -> tuple[datetime, datetime]:
    """
    Return the first moment that up to fourteen digits name, and the first one behind them.

    "2018" names a year, "20180720001500" a second.

    Raises:
        BadRequestError: they name no time.
    """
    try:
        if not DIGITS.fullmatch(digits):
            raise ValueError
        parts = [int(digits[:4]), *[int(digits[at : at + 2]) for at in range(4, len(digits) - 1, 2)]]
        start = datetime(*(parts + [1, 1, 0, 0, 0][len(parts) - 1 :])[:6], tzinfo=UTC)  # type: ignore[arg-type,misc]
        units = (
            timedelta(366 if monthrange(start.year, 2)[1] == 29 else 365),
            timedelta(monthrange(start.year, start.month)[1]),
            timedelta(1),
            timedelta(hours=1),
            timedelta(minutes=1),
            timedelta(seconds=1),
        )
        return start, start + units[len(parts) - 1]
    except (ValueError, OverflowError) as error:
        message = f"{digits[:20]}: is no time; write it as digits, at most YYYYMMDDhhmmss in UTC"
        raise BadRequestError(message) from error


def moment_of(digits: str) -> datetime:
    """Return the first moment that up to fourteen digits name; BadRequestError when they name none."""
    return span_of(digits)[0]


def nearest(mementos: Sequence[IndexRow], moment: datetime) -> IndexRow:
    """Return the capture of that second, the last of several; else the nearest one, the older of two."""
    same = [one for one in mementos if one.captured_at.replace(microsecond=0) == moment]
    return same[-1] if same else min(mementos, key=lambda one: abs(one.captured_at - moment))


def links_of(base: str, url: str, mementos: Sequence[IndexRow], chosen: IndexRow | None = None) -> str:
    """
    Return the `Link` header of a memento or a TimeGate (RFC 7089 §2.2).

    Args:
        base: where this archive is reached, without a slash at the end.
        chosen: the memento itself; None for the TimeGate.
    """
    quoted = quote(url, safe=UNTOUCHED)
    links = [
        f'<{quoted}>; rel="original"',
        f'<{base}/web/timegate/{quoted}>; rel="timegate"',
        f'<{base}/web/timemap/link/{quoted}>; rel="timemap"; type="application/link-format"',
    ]
    return ", ".join([*links, *[_link(base, one, rels) for one, rels in _related(mementos, chosen)]])


def _related(mementos: Sequence[IndexRow], chosen: IndexRow | None) -> list[tuple[IndexRow, str]]:
    """Name first, last, previous, next and the memento itself; one that is several things is named once."""
    rels: dict[int, list[str]] = {}
    place = next((at for at, one in enumerate(mementos) if chosen and one.capture == chosen.capture), None)
    named = {"first": 0, "last": len(mementos) - 1}
    if place is not None:
        named |= {"prev": place - 1, "next": place + 1, "": place}
    for rel, at in named.items():
        if 0 <= at < len(mementos):
            rels.setdefault(at, []).extend([rel] if rel else [])
    return [(mementos[at], " ".join([*names, "memento"])) for at, names in sorted(rels.items())]


def _link(base: str, memento: IndexRow, rel: str) -> str:
    address = base + memento_path(memento.uri, memento.captured_at)
    return f'<{address}>; rel="{rel}"; datetime="{http_date(memento.captured_at)}"'


def time_map(base: str, url: str, mementos: Sequence[IndexRow]) -> str:
    """Return a TimeMap in link format (RFC 7089 §5)."""
    quoted = quote(url, safe=UNTOUCHED)
    first, last = http_date(mementos[0].captured_at), http_date(mementos[-1].captured_at)
    lines = [
        f'<{quoted}>; rel="original"',
        f'<{base}/web/timemap/link/{quoted}>; rel="self"; type="application/link-format"; from="{first}"; until="{last}"',
        f'<{base}/web/timegate/{quoted}>; rel="timegate"',
    ]
    ends = {mementos[0].capture: "first ", mementos[-1].capture: "last "}
    if len(mementos) == 1:
        ends = {mementos[0].capture: "first last "}
    lines += [_link(base, one, ends.get(one.capture, "") + "memento") for one in mementos]
    return ",\n".join(lines) + "\n"
