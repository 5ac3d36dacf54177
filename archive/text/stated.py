"""
The time a note states: parsed as it stands, year and zone inferred only with a mark that says so.

"ET" is a zone, not an offset: which offset it means depends on the day.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from zoneinfo import ZoneInfo

from archive.text.wording import wording

__all__ = ["Stated", "find_stated", "without_times"]

ZONES = {
    "et": "America/New_York", "est": "America/New_York", "edt": "America/New_York", "eastern": "America/New_York",
    "ct": "America/Chicago", "cst": "America/Chicago", "cdt": "America/Chicago", "central": "America/Chicago",
    "mt": "America/Denver", "mst": "America/Denver", "mdt": "America/Denver",
    "pt": "America/Los_Angeles", "pst": "America/Los_Angeles", "pdt": "America/Los_Angeles", "pacific": "America/Los_Angeles",
    "gmt": "UTC", "utc": "UTC", "bst": "Europe/London", "wet": "Europe/Lisbon", "cet": "Europe/Paris", "cest": "Europe/Paris",
    "mez": "Europe/Berlin", "mesz": "Europe/Berlin", "eet": "Europe/Helsinki", "eest": "Europe/Helsinki", "msk": "Europe/Moscow",
    "мск": "Europe/Moscow", "jst": "Asia/Tokyo", "kst": "Asia/Seoul", "aest": "Australia/Sydney", "aedt": "Australia/Sydney",
}  # fmt: skip
#: Abbreviations that name an offset even where the zone is at the other one on that day.
FIXED = {"est": -5, "edt": -4, "cst": -6, "cdt": -5, "mst": -7, "mdt": -6, "pst": -8, "pdt": -7, "cet": 1, "cest": 2, "mez": 1, "mesz": 2, "bst": 1}  # fmt: skip

ISO = re.compile(r"\b(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})\b(?:[t ](\d{2}):(\d{2}))?")
CJK = re.compile(r"(?:(\d{4})\s*[年년]\s*)?(\d{1,2})\s*[月월]\s*(\d{1,2})\s*[日일]")
NUMERIC = re.compile(r"(?<![\d.])(\d{1,2})([./-])\s?(\d{1,2})\2\s?(\d{4})\b")
WORDY_DAY_FIRST = re.compile(
    r"\b(\d{1,2})(?:st|nd|rd|th|er|\.|º|ª)?(?:\s+|-)(?:de\s+|d'|of\s+)?([^\W\d_]{3,12})\.?,?(?:(?:\s+|-)(?:de[l]?\s+|р\.?\s+)?(\d{4}))?"
)
WORDY_MONTH_FIRST = re.compile(
    r"\b([^\W\d_]{3,12})\.?(?:\s+|-)(\d{1,2})(?:st|nd|rd|th)?\b(?!\s*[:h])(?:,?\s+(\d{4}))?"
)
ENGLISH = re.compile(r"\b(the|this|was|an|has|at)\b")
CLOCK = re.compile(
    r"(?<![\d.,])(\d{1,2})(?:\s*[:h]\s*(\d{2})|\s*時\s*(\d{2})?\s*分?|\s*시\s*(\d{2})?\s*분?|\.(\d{2})(?=\s*(?:uhr|kl|a\.?m|p\.?m)))?"
    r"\s*(a\.?m\.?|p\.?m\.?|uhr|時|시|h(?=\W|$))?",
)
#: A time with a word in front of it may have a dot in it.
NAMED_CLOCK = re.compile(
    r"\b(?:godz|kl|klo|ore|alle ore|alle|ora|um|om|uur|ώρα|в|о|u|kello)\.?\s+(\d{1,2})[.:](\d{2})\b(?![./]\d)"
)
ZONE = re.compile(r"\s*\(?\b(" + "|".join(ZONES) + r")\b")
OFFSET = re.compile(r"\s*(?:utc|gmt)?\s*([+-])(\d{2}):?(\d{2})\b")
#: A stated time stands near the beginning of a note, or near its end.
NEAR = 140


@dataclass(frozen=True, slots=True)
class Stated:
    """A moment as a note states it, and which parts of it were inferred."""

    at: datetime
    assumed: tuple[str, ...]


def find_stated(text: str, published: datetime | None) -> Stated | None:
    """
    Return the moment a note states, or None when it names no day.

    Args:
        published: when the article was published, with its offset; anchors dates without year, and lends its
            offset to times without zone.
    """
    lower = text.lower()
    for part in (lower[:NEAR], lower[-NEAR:] if len(lower) > NEAR else ""):
        if part and (day := _find_day(part, published)) is not None:
            return _with_time(part, day, published)
    return None


def without_times(text: str) -> str:
    """Return lower-case text without dates, times and zones: what a bare stamp is left empty by."""
    for pattern in (ISO, CJK, NUMERIC):
        text = pattern.sub(" ", text)
    months = wording().months
    for pattern, group in ((WORDY_DAY_FIRST, 2), (WORDY_MONTH_FIRST, 1)):
        text = pattern.sub(_blank_if(group, months), text)
    return ZONE.sub(" ", CLOCK.sub(" ", wording().ages.sub(" ", text)))


def _blank_if(group: int, months: dict[str, int]) -> Callable[[re.Match[str]], str]:
    def blank(found: re.Match[str]) -> str:
        return " " if found.group(group) in months else found.group()

    return blank


def _find_day(text: str, published: datetime | None) -> tuple[date, bool, int, int] | None:
    """Find a day: the date, whether its year was inferred, and where it stands."""
    months = wording().months
    for found in ISO.finditer(text):
        return _day(found.group(1), found.group(2), found.group(3), found, published)
    for found in CJK.finditer(text):
        return _day(found.group(1), found.group(2), found.group(3), found, published)
    for found in NUMERIC.finditer(text):
        return _numeric(found, published)
    for found in WORDY_DAY_FIRST.finditer(text):
        if found.group(2) in months:
            return _day(found.group(3), months[found.group(2)], found.group(1), found, published)
    for found in WORDY_MONTH_FIRST.finditer(text):
        if found.group(1) in months:
            return _day(found.group(3), months[found.group(1)], found.group(2), found, published)
    return None


def _numeric(found: re.Match[str], published: datetime | None) -> tuple[date, bool, int, int] | None:
    """Read "12/02/2024": the day first, unless only the month first gives a day, or one behind publication."""
    one, sign, other, year = found.groups()
    day_first = _day(year, other, one, found, published)
    # Only English puts the month first.
    month_first = (
        _day(year, one, other, found, published) if sign == "/" and ENGLISH.search(found.string) else None
    )
    if day_first is None or month_first is None or published is None:
        return day_first or month_first
    earliest = published.date() - timedelta(days=2)
    fitting = [day for day in (day_first, month_first) if day[0] >= earliest]
    return min(fitting, key=lambda day: day[0]) if len(fitting) == 1 else day_first


def _day(
    year: str | None, month: str | int, day: str | int, found: re.Match[str], published: datetime | None
) -> tuple[date, bool, int, int] | None:
    try:
        if year:
            return date(int(year), int(month), int(day)), False, found.start(), found.end()
        if published is None:
            return None
        # A note is written after publication: the first such day that is not well before it.
        first = published.date() - timedelta(days=2)
        guess = date(published.year, int(month), int(day))
        return (
            (guess if guess >= first else guess.replace(year=guess.year + 1)),
            True,
            found.start(),
            found.end(),
        )
    except ValueError:
        return None


def _with_time(text: str, found: tuple[date, bool, int, int], published: datetime | None) -> Stated:
    day, year_inferred, start, end = found
    assumed = ["year"] if year_inferred else []
    clock = _clock(text, start, end)
    zone = _zone(text, day)
    if zone is None:
        assumed.append("timezone")
        # A bare day stays that day wherever it is read; a time of day is the outlet's own.
        zone = published.tzinfo if clock and published is not None and published.tzinfo else UTC
    if clock is None:
        assumed.append("time")
    moment = datetime.combine(day, clock or time(0), tzinfo=zone)
    return Stated(moment.astimezone(UTC), tuple(assumed))


def _clock(text: str, start: int, end: int) -> time | None:
    """Find the time of day: behind the date, or in front of it."""
    for part in (text[end : end + 40], text[max(0, start - 30) : start]):
        if (named := NAMED_CLOCK.search(part)) and int(named.group(1)) < 24 and int(named.group(2)) < 60:
            return time(int(named.group(1)), int(named.group(2)))
        for found in CLOCK.finditer(part):
            minute = next((group for group in found.group(2, 3, 4, 5) if group), None)
            mark = (found.group(6) or "").replace(".", "")
            if minute is None and not mark and "時" not in found.group() and "시" not in found.group():
                continue
            hour = int(found.group(1))
            if mark in ("pm", "am") and 1 <= hour <= 12:
                hour = hour % 12 + (12 if mark == "pm" else 0)
            if hour < 24 and int(minute or 0) < 60:
                return time(hour, int(minute or 0))
    return None


def _zone(text: str, day: date) -> tzinfo | None:
    from datetime import timezone

    named = ZONE.search(text)
    if named is not None:
        name = named.group(1)
        zone = ZoneInfo(ZONES[name])
        if name in FIXED:
            stated = timezone(timedelta(hours=FIXED[name]))
            noon = datetime.combine(day, time(12))
            # People write EST all year round; the zone's own offset on that day is what they mean.
            return zone if zone.utcoffset(noon) != stated.utcoffset(noon) else stated
        return zone
    offset = OFFSET.search(text)
    if offset is not None:
        minutes = int(offset.group(2)) * 60 + int(offset.group(3))
        return timezone(timedelta(minutes=minutes if offset.group(1) == "+" else -minutes))
    return None
