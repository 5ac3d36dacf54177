"""What discovery finds, and how it says that a listing is none."""

from dataclasses import dataclass

__all__ = ["Found", "ListingError"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """An article that a listing names."""

    url: str
    title: str = ""
    #: As the listing writes it; a later word about a known article is a signal that it changed.
    updated: str | None = None


class ListingError(ValueError):
    """
    A listing cannot be read.

    Attributes:
        reason: one of the contract's reasons.
    """

    def __init__(self, reason: str, detail: str) -> None:
        self.reason = reason
        super().__init__(detail)
