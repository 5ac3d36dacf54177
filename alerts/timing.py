"""When what a rule matched may be sent: grouping, digests and quiet hours, in local time. Pure."""

import re
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

__all__ = ["Grouping", "Pace", "QuietHours", "ready_at", "time_of_day"]

CLOCK = re.compile(r"([01]?\d|2[0-3]):([0-5]\d)")


class Grouping(StrEnum):
    """Which events share a message."""

    NONE = "none"  # every event has its own
    ARTICLE = "article"  # a burst of edits of one article
    HOUR = "hour"  # everything until the full hour
    DAY = "day"  # everything until a local time of day


def time_of_day(text: str) -> time:
    """
    Read `HH:MM`.

    Raises:
        ValueError: it is no time of day.
    """
    found = CLOCK.fullmatch(text.strip())
    if found is None:
        message = f"{text!r} is no time of day; write it as 22:00"
        raise ValueError(message)
    return time(int(found[1]), int(found[2]))


@dataclass(frozen=True, slots=True)
class QuietHours:
    """A span of the local day, over midnight perhaps; its end is not part of it."""

    start: time
    end: time

    @classmethod
    def parse(cls, text: str) -> "QuietHours":
        """
        Read `HH:MM-HH:MM`.

        Raises:
            ValueError: it is no span of a day.
        """
        first, dash, second = text.partition("-")
        if not dash:
            message = f"{text!r} is no span of a day; write it as 22:00-07:00"
            raise ValueError(message)
        span = cls(time_of_day(first), time_of_day(second))
        if span.start == span.end:
            message = f"{text!r} begins when it ends; for a rule that sends nothing, mute it"
            raise ValueError(message)
        return span

    def __str__(self) -> str:
        return f"{self.start:%H:%M}-{self.end:%H:%M}"

    def end_of(self, moment: datetime, zone: ZoneInfo) -> datetime | None:
        """Return when the quiet hours end that a moment lies in, or None when it lies in none."""
        local = moment.astimezone(zone).time().replace(tzinfo=None)
        if self.start < self.end:
            is_quiet = self.start <= local < self.end
        else:
            is_quiet = local >= self.start or local < self.end
        return _next(moment, self.end, zone) if is_quiet else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Pace:
    """What an operator set for all rules."""

    zone: ZoneInfo
    #: Quiet that ends a burst of one article.
    burst: timedelta


def ready_at(grouping: Grouping, digest_at: time, moment: datetime, pace: Pace) -> datetime:
    """Return when a message is complete that an event of a moment joins."""
    match grouping:
        case Grouping.ARTICLE:
            return moment + pace.burst
        case Grouping.HOUR:
            local = moment.astimezone(pace.zone)
            # Not every zone is whole hours from UTC.
            into = timedelta(minutes=local.minute, seconds=local.second, microseconds=local.microsecond)
            return moment - into + timedelta(hours=1)
        case Grouping.DAY:
            return _next(moment, digest_at, pace.zone)
        case Grouping.NONE:
            return moment


def _next(moment: datetime, at: time, zone: ZoneInfo) -> datetime:
    """Return the next moment, after this one, at which local clocks show a time of day."""
    local = moment.astimezone(zone)
    for days in (0, 1, 2):
        found = datetime.combine(local.date() + timedelta(days=days), at, zone).astimezone(moment.tzinfo)
        if found > moment:
            return found
    raise AssertionError  # a day after tomorrow is always later
