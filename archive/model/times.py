"""Times are aware and in UTC; checked where they enter, and written as the contract has them."""

from datetime import UTC, datetime

__all__ = ["aware", "iso"]


def aware(moment: datetime) -> datetime:
    """Return the moment in UTC, or raise ValueError when it has no zone."""
    if moment.tzinfo is None:
        message = f"{moment!r} has no time zone"
        raise ValueError(message)
    return moment.astimezone(UTC)


def iso(moment: datetime | None) -> str | None:
    """Return a moment as ISO 8601 in UTC with `Z`, fractions only where there are any."""
    if moment is None:
        return None
    moment = moment if moment.tzinfo is UTC else moment.astimezone(UTC)
    return moment.isoformat().removesuffix("+00:00") + "Z"
