"""Times are aware and in UTC; checked where they enter."""

from datetime import UTC, datetime

__all__ = ["aware"]


def aware(moment: datetime) -> datetime:
    """Return the moment in UTC, or raise ValueError when it has no zone."""
    if moment.tzinfo is None:
        message = f"{moment!r} has no time zone"
        raise ValueError(message)
    return moment.astimezone(UTC)
