"""Moments as the contract writes them."""

from datetime import UTC, datetime

__all__ = ["iso"]


def iso(moment: datetime | None) -> str | None:
    """Return a moment as ISO 8601 in UTC with `Z`, fractions only where there are any."""
    if moment is None:
        return None
    moment = moment if moment.tzinfo is UTC else moment.astimezone(UTC)
    return moment.isoformat().removesuffix("+00:00") + "Z"
