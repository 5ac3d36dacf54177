"""What discovery finds, and how it says that a listing is none."""

from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

__all__ = ["Found", "ListingError", "stated_moment"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """An article that a listing names."""

    url: str
    title: str = ""
    #: ISO 8601 in UTC; a later word about a known article is a signal that it changed.
    updated: str | None = None


def stated_moment(text: str) -> str | None:
    """Return a listing's date as ISO 8601 in UTC, so that dates of feeds and sitemaps compare; None for others."""
    try:
        moment = datetime.fromisoformat(text.strip())
    except ValueError:
        try:
            moment = parsedate_to_datetime(text.strip())
        except (ValueError, TypeError):
            return None
    moment = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return moment.astimezone(UTC).replace(microsecond=0).isoformat()


class ListingError(ValueError):
    """
    A listing cannot be read.

    Attributes:
        reason: one of the contract's reasons.
    """

    def __init__(self, reason: str, detail: str) -> None:
        self.reason = reason
        super().__init__(detail)
