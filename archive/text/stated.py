"""
The time a note states: parsed as it stands, year and zone inferred only with a mark that says so.

"ET" is a zone, not an offset: which offset it means depends on the day.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, timezone, tzinfo
from zoneinfo import ZoneInfo

from archive.text.wording import wording

__all__ = ["Day", "Stated", "days_in", "find_stated", "stated_at", "stated_in", "without_times"]

#: A day, whether its year was inferred, and where it stands: from and to.
Day = tuple[date, bool, int, int]

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
    r"\b([^\W\d_]{3,12})\.?(?:\s+|-)(\d{1,2})(?:st|nd|rd|th)?\b(?!\s*(?::\d|h))(?:,?\s+(\d{4}))?"
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
#: "ET" is a word in some languages: a zone stands right behind its time.
ZONE = re.compile(r"[\s,(]*\b(" + "|".join(ZONES) + r")\b")
OFFSET = re.compile(r"[\s,(]*(?:utc|gmt)?\s*([+-])(\d{2}):?(\d{2})\b")
#: How far behind a time or a date its zone is looked for, in letters.
BEHIND = 16
LETTERS = re.compile(r"[^\W\d_]+")
#: A sentence ends, or a text begins.
ENDING = re.compile(r"[^\W\d_]{4,}[.!?]\s|[;!?]|[:：](?!\d)|^\.\s+[^\W\d_]")
#: A stated time stands near the beginning of a line, or near its end.
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
        if part and (stated := stated_in(part, published)) is not None:
            return stated
    return None


def stated_in(part: str, published: datetime | None) -> Stated | None:
    """Return the first moment that a piece of text in lower case names, or None when it names no day."""
    day = next(_readings(part, published), None)
    return None if day is None else stated_at(part, day, published)


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


def days_in(text: str, published: datetime | None) -> Iterator[Day]:
    """Yield all days that a text names, in its order."""
    found = [one for one in _readings(text, published) if one is not None]
    yield from sorted(found, key=lambda one: one[2])


def _readings(text: str, published: datetime | None) -> Iterator[Day | None]:
    """Yield what looks like a day, the surest ways of writing first; None for one that is in no calendar."""
    months = wording().months
    for pattern in (ISO, CJK):
        for found in pattern.finditer(text):
            yield _day(found.group(1), found.group(2), found.group(3), found, published)
    for found in NUMERIC.finditer(text):
        yield _numeric(found, published)
    for found in WORDY_DAY_FIRST.finditer(text):
        if found.group(2) in months:
            yield _day(found.group(3), months[found.group(2)], found.group(1), found, published)
    for found in WORDY_MONTH_FIRST.finditer(text):
        if found.group(1) in months:
            yield _day(found.group(3), months[found.group(1)], found.group(2), found, published)


def _numeric(found: re.Match[str], published: datetime | None) -> Day | None:
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
) -> Day | None:
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


def stated_at(text: str, found: Day, published: datetime | None) -> Stated:
    """Return the moment of a day that a text in lower case names, with the time of day beside it."""
    day, year_inferred, start, end = found
    assumed = ["year"] if year_inferred else []
    clock, behind = _clock(text, start, end)
    zone = None if clock is None else _zone(behind, text[end : end + BEHIND], day)
    if zone is None:
        assumed.append("timezone")
        # A bare day stays that day wherever it is read; a time of day is the outlet's own.
        zone = published.tzinfo if clock and published is not None and published.tzinfo else UTC
    if clock is None:
        assumed.append("time")
    moment = datetime.combine(day, clock or time(0), tzinfo=zone)
    return Stated(moment.astimezone(UTC), tuple(assumed))


def _clock(text: str, start: int, end: int) -> tuple[time | None, str]:
    """Find the time of day, behind the date or in front of it, and return what stands behind it."""
    before = max(0, start - 30)
    for begin, part in ((end, text[end : end + 40]), (before, text[before:start])):
        for found in (*NAMED_CLOCK.finditer(part), *CLOCK.finditer(part)):
            between = part[: found.start()] if begin == end else part[found.end() :]
            clock = _time_of(found)
            if clock is not None and _is_beside(between):
                return clock, text[begin + found.end() : begin + found.end() + BEHIND]
    return None, ""


def _time_of(found: re.Match[str]) -> time | None:
    """Read a time of day; None for a number that is none."""
    minute = next((group for group in found.groups()[1:5] if group and group.isdigit()), None)
    mark = (found.group(6) or "").replace(".", "") if found.re is CLOCK else ""
    if minute is None and not mark and "時" not in found.group() and "시" not in found.group():
        return None
    hour = int(found.group(1))
    if mark in ("pm", "am") and 1 <= hour <= 12:
        hour = hour % 12 + (12 if mark == "pm" else 0)
    return time(hour, int(minute or 0)) if hour < 24 and int(minute or 0) < 60 else None


def _is_beside(between: str) -> bool:
    """Tell that only small words, or a day of the week, stand between a date and a time of day."""
    return len(LETTERS.findall(between)) <= 3 and not ENDING.search(between)


def _zone(behind_clock: str, behind_day: str, day: date) -> tzinfo | None:
    """Read the zone that stands right behind the time of day, or behind the date."""
    for behind in (behind_clock, behind_day):
        if (named := ZONE.match(behind)) is not None:
            return _named_zone(named.group(1), day)
        if (offset := OFFSET.match(behind)) is not None:
            minutes = int(offset.group(2)) * 60 + int(offset.group(3))
            return timezone(timedelta(minutes=minutes if offset.group(1) == "+" else -minutes))
    return None


def _named_zone(name: str, day: date) -> tzinfo:
    zone = ZoneInfo(ZONES[name])
    if name not in FIXED:
        return zone
    stated = timezone(timedelta(hours=FIXED[name]))
    noon = datetime.combine(day, time(12))
    # People write EST all year round; the zone's own offset on that day is what they mean.
    return zone if zone.utcoffset(noon) != stated.utcoffset(noon) else stated
