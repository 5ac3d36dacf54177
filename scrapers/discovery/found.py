"""What discovery finds, and how it says that a listing is none."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from urllib.parse import urljoin

__all__ = ["Found", "ListingError", "joined", "stated_moment"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """An article that a listing names."""

    url: str
    title: str = ""
    #: ISO 8601 in UTC; a later word about a known article is a signal that it changed.
    updated: str | None = None
    #: A news sitemap's own fields (`publication_date`, `keywords`, `language`, …), names without their prefix.
    news: Mapping[str, str] = field(default_factory=dict)


def joined(base: str, reference: str) -> str:
    """Return a reference as an address; what cannot be joined stays as it is, for its reader to refuse."""
    try:
        return urljoin(base, reference.strip())
    except ValueError:
        return reference.strip()


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
