"""
What a crawl does when the archive cannot be written any more, because a disk is full or a database is gone.

It ends: nothing more is handed out, and what is under way is neither archived nor settled, so that it is due
again. The first error is kept, for whoever runs the crawl to say; Scrapy, which would log a traceback, never sees it.
"""

from collections.abc import Sequence

from archive.errors import ArchiveError
from archive.ingest import Catalogued, Pages, Unfinished
from archive.model import Exchange
from scrapers.frontier import Frontier, Outcome, Visit
from scrapers.spiders.articles import Store

__all__ = ["EndingFrontier"]


class EndingFrontier:
    """A frontier, and a way into the archive, that both end with the first error of the archive."""

    def __init__(self, frontier: Frontier, store: Store) -> None:
        self._frontier = frontier
        self._store = store
        #: What ended it.
        self.error: ArchiveError | None = None

    async def store(
        self, exchange: Exchange, source_id: int, pages: Pages | None = None
    ) -> Catalogued | Unfinished:
        """
        Archive an exchange.

        Raises:
            ArchiveError: it could not be archived, or the crawl is ending.
        """
        if self.error is not None:
            raise self.error
        try:
            return await self._store(exchange, source_id, pages)
        except ArchiveError as error:
            self._end(error)
            raise

    async def claim(self, room: int) -> Sequence[Visit]:
        """Hand out what is due; nothing while the crawl is ending."""
        if self.error is not None:
            return ()
        try:
            return await self._frontier.claim(room)
        except ArchiveError as error:
            self._end(error)
            return ()

    async def settle(self, visit: Visit, outcome: Outcome) -> None:
        """Take a visit back; dropped while the crawl is ending, for its lease ends by itself."""
        if self.error is not None:
            return
        try:
            await self._frontier.settle(visit, outcome)
        except ArchiveError as error:
            self._end(error)

    async def wait(self) -> bool:
        """Wait until it is worth asking again; False while the crawl is ending."""
        if self.error is not None:
            return False
        try:
            return await self._frontier.wait()
        except ArchiveError as error:
            self._end(error)
            return False

    def _end(self, error: ArchiveError) -> None:
        self.error = self.error or error
