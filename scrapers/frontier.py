"""What the spider asks of a frontier: which addresses to visit now, and whom to tell how it went."""

from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from archive.model import PageKind, Verdict
from scrapers.discovery.listings import ListingContent

__all__ = ["Frontier", "ListFrontier", "Outcome", "Visit"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Visit:
    """One address to be visited now, under a lease."""

    uri: str
    #: "article", or the kind of a listing.
    kind: str = "article"
    source: str = ""
    source_id: int = 0
    #: Row of the address, or of the listing.
    row: int = 0
    #: Host under which it was leased.
    host: str = ""
    #: Token of that lease.
    lease: str = ""
    #: When it was due; None where nothing said so.
    due_at: datetime | None = None
    etag: str | None = None
    last_modified: str | None = None
    failures: int = 0
    #: Visits that were made before.
    visits: int = 0
    #: A word of a feed or sitemap brought the visit forward.
    is_signalled: bool = False
    #: Of the body that a listing gave last.
    payload_digest: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """How a visit went."""

    status: int | None = None
    verdict: Verdict | None = None
    page_kind: PageKind | None = None
    article_id: int | None = None
    etag: str | None = None
    last_modified: str | None = None
    #: Address that gave the answer, where permanent redirects led to another one.
    moved_to: str = ""
    #: What a listing named.
    listing: ListingContent | None = None
    #: Digest of a listing's body that was read, or was the same as before.
    payload_digest: str | None = None
    #: A body that could not be read, to be looked at.
    aside: bytes = b""
    #: One of the contract's reasons, or "".
    problem: str = ""
    detail: str = ""
    #: Address at which the problem arose: a hop may lead elsewhere.
    problem_uri: str = ""
    #: Nothing was sent: the host wants to be left alone.
    is_postponed: bool = False
    #: Seconds until the host may be asked again, and the gap it asked for between two requests.
    ready_in: float = 0.0
    gap: float = 0.0


class Frontier(Protocol):
    """Hands out what is due."""

    async def claim(self, room: int) -> Sequence[Visit]:
        """Lease up to about `room` visits that are due now; empty when nothing is."""
        raise NotImplementedError

    async def settle(self, visit: Visit, outcome: Outcome) -> None:
        """Take a visit back with its outcome. Every claimed visit is settled exactly once."""
        raise NotImplementedError

    async def wait(self) -> bool:
        """Wait until it is worth asking again; False when nothing will ever be due."""
        raise NotImplementedError


class ListFrontier:
    """A frontier over a fixed list of addresses, each visited once."""

    def __init__(self, visits: Sequence[Visit]) -> None:
        self._waiting = deque(visits)
        #: Every visit with its outcome, in the order they ended.
        self.outcomes: list[tuple[Visit, Outcome]] = []

    @property
    def left(self) -> int:
        """How many visits were not handed out yet."""
        return len(self._waiting)

    async def claim(self, room: int) -> Sequence[Visit]:
        """Hand out what is left."""
        return [self._waiting.popleft() for _ in range(min(room, len(self._waiting)))]

    async def settle(self, visit: Visit, outcome: Outcome) -> None:
        """Keep the outcome."""
        self.outcomes.append((visit, outcome))

    async def wait(self) -> bool:
        """There is nothing to wait for once the list is empty."""
        return bool(self._waiting)
