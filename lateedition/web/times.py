"""Times for readers: how long ago, and exactly, in UTC."""

from datetime import UTC, datetime

from archive.reading.lines import iso

__all__ = ["ago", "calendar_day", "clock_time", "exact", "machine", "timestamp"]


def ago(moment: datetime, now: datetime) -> str:
    """Say how long ago a moment was."""
    seconds = (now - moment).total_seconds()
    for size, name in ((86_400, "day"), (3_600, "hour"), (60, "minute")):
        if seconds >= size * 0.75:
            count = max(1, round(seconds / size))
            return f"{count:,} {name}{'s' if count != 1 else ''} ago"
    return "just now"


def exact(moment: datetime) -> str:
    """Return date and time in UTC, to the minute."""
    return f"{moment.astimezone(UTC):%Y-%m-%d %H:%M} UTC"


def calendar_day(moment: datetime) -> str:
    """Return the day in UTC, as people write it."""
    return f"{moment.astimezone(UTC):%a} {moment.astimezone(UTC).day} {moment.astimezone(UTC):%b %Y}"


def clock_time(moment: datetime) -> str:
    """Return the time of day in UTC."""
    return f"{moment.astimezone(UTC):%H:%M}"


def machine(moment: datetime) -> str:
    """Return a moment for the `datetime` attribute."""
    return iso(moment) or ""


def timestamp(moment: datetime) -> str:
    """Return a moment as fourteen digits, as addresses of mementos have it."""
    return f"{moment.astimezone(UTC):%Y%m%d%H%M%S}"
