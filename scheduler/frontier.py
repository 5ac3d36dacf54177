"""
The frontier over the catalogue: hosts leased, visits claimed, outcomes written back in batches.

It hands the spider what is due and nothing else; when something is due again is the policy's word.
"""

import asyncio
from collections import Counter
from collections.abc import Sequence
from datetime import datetime, timedelta
from urllib.parse import urlsplit

from sqlalchemy import Connection

from archive import urls
from archive.catalog import articles, frontier, sources
from archive.clock import Clock
from archive.model import Verdict
from archive.opening import Stores
from scheduler.policy import ListingPast, Pace, VisitPast, next_look, next_visit
from scrapers.frontier import Outcome, Visit

__all__ = ["CatalogueFrontier", "Goal"]

#: How long a host is leased, how many are leased at once, and how many of its articles at a time.
LEASE, HOSTS, PER_HOST = timedelta(minutes=15), 64, 32
#: Seconds between two looks for something due, of the wall clock.
LOOK = 0.25
#: Statuses and reasons that say nothing about the outlet's health.
ORDINARY = frozenset({"", "offsite"})


class Goal:
    """Until when a frontier goes on."""

    def __init__(self, *, once: bool, sources: Sequence[int] = (), most: int | None = None) -> None:
        #: End when nothing that was due at the start, or was found since, is left.
        self.once = once
        #: Rows of the sources to be crawled; empty for all.
        self.sources = tuple(sources)
        #: Visits to articles at most.
        self.left = most


class CatalogueFrontier:
    """Hands out what the catalogue says is due. One per process."""

    def __init__(self, stores: Stores, pace: Pace, goal: Goal, *, token: str) -> None:
        self._stores = stores
        self._clock: Clock = stores.clock
        self._pace = pace
        self._goal = goal
        self._token = token
        self._horizon = stores.clock.now()
        self._held: Counter[str] = Counter()
        self._not_before: dict[str, timedelta] = {}
        self._settled: list[tuple[Visit, Outcome]] = []
        self._news = asyncio.Event()
        self._wake = asyncio.Event()
        self._ended = False

    def wake(self) -> None:
        """Look for something due now."""
        self._wake.set()

    def end(self) -> None:
        """Hand nothing more out."""
        self._ended = True
        self._wake.set()

    async def claim(self, room: int) -> Sequence[Visit]:
        """Lease ready hosts and return their due visits."""
        if self._ended or (self._goal.left is not None and self._goal.left <= 0):
            return ()
        visits = await asyncio.to_thread(self._claim, room)
        if self._goal.left is not None:
            self._goal.left -= sum(visit.kind == "article" for visit in visits)
        return visits

    async def settle(self, visit: Visit, outcome: Outcome) -> None:
        """Take a visit back; it is written with others."""
        self._settled.append((visit, outcome))
        self._news.set()
        if len(self._settled) >= HOSTS:
            await self.flush()

    async def wait(self) -> bool:
        """Write what was settled, then wait for something due; False when the goal is reached."""
        await self.flush()
        if self._ended:
            return False
        if self._goal.once and not self._held and not await asyncio.to_thread(self._anything_left):
            return False
        self._wake.clear()
        try:
            async with asyncio.timeout(LOOK):
                await self._wake.wait()
        except TimeoutError:
            pass
        return True

    async def flush(self) -> None:
        """Write everything that was settled."""
        batch, self._settled = self._settled, []
        if batch:
            await asyncio.to_thread(self._write, batch)

    def _claim(self, room: int) -> list[Visit]:
        now = self._clock.now()
        due = self._horizon if self._goal.once else now
        due = max(due, self._horizon)
        visits: list[Visit] = []
        with self._stores.catalogue.writing() as connection:
            limit = max(1, min(HOSTS, room // 4))
            # A lease bounds the work of a process, which goes by the wall clock.
            until = now + LEASE / self._clock.real_seconds(1.0)
            for host in frontier.claim_hosts(
                connection, now=now, until=until, token=self._token, limit=limit, sources=self._goal.sources
            ):
                found = frontier.due_listings(connection, host, now=due, sources=self._goal.sources)
                found += frontier.due_articles(
                    connection, host, now=due, limit=PER_HOST, sources=self._goal.sources
                )
                if found:
                    self._held[host] += len(found)
                    visits += [_visit(one, host) for one in found]
                else:
                    frontier.release_host(connection, host, self._token, not_before=now)
        return visits

    def _anything_left(self) -> bool:
        with self._stores.catalogue.reading() as connection:
            return frontier.is_anything_due(connection, self._horizon, self._goal.sources)

    def _write(self, batch: Sequence[tuple[Visit, Outcome]]) -> None:
        with self._stores.catalogue.writing() as connection:
            for visit, outcome in batch:
                if visit.kind == "article":
                    self._write_article(connection, visit, outcome)
                else:
                    self._write_listing(connection, visit, outcome)
                self._write_problem(connection, visit, outcome)
                self._release(connection, visit, outcome)

    def _write_article(self, connection: Connection, visit: Visit, outcome: Outcome) -> None:
        now = self._clock.now()
        failures = visit.failures + 1 if _is_failure(outcome) else 0
        since = now
        if outcome.article_id is not None:
            since = articles.article_values(connection, outcome.article_id).first_seen_at
        due = next_visit(
            VisitPast(now=now, since=since, verdict=outcome.verdict, failures=failures), self._pace
        )
        kept = {"etag": outcome.etag, "last_modified": outcome.last_modified} if outcome.status == 200 else {}
        frontier.settle_url(connection, visit.row, next_due=self._later(due), failures=failures, **kept)

    def _write_listing(self, connection: Connection, visit: Visit, outcome: Outcome) -> None:
        now = self._clock.now()
        new = sum(self._add(connection, visit, one.url, one.updated) for one in outcome.found)
        for place in outcome.listings:
            self._add_listing(connection, visit, place)
        failures = visit.failures + 1 if _is_failure(outcome) else 0
        past = ListingPast(
            now=now,
            interval=frontier.listing_interval(connection, visit.row),
            found=len(outcome.found),
            new=new,
            failures=failures,
        )
        wait = next_look(past, self._pace)
        values: dict[str, object] = {
            "next_due": self._later(now + wait),
            "interval": wait.total_seconds(),
            "failures": failures,
        }
        if outcome.status == 200 and not outcome.problem:
            values |= {"etag": outcome.etag, "last_modified": outcome.last_modified}
        frontier.settle_listing(connection, visit.row, **values)

    def _later(self, due: datetime) -> datetime:
        """While a goal is to be reached once, nothing that was done is due again."""
        return max(due, self._horizon + timedelta(microseconds=1)) if self._goal.once else due

    def _add(self, connection: Connection, visit: Visit, url: str, updated: str | None) -> bool:
        """Watch an address that a listing names, if it is of the outlet's own site."""
        try:
            clean = urls.clean_url(url)
        except ValueError:
            return False
        kind = urls.kind_of(clean)
        # A feed is the outlet's own word that something is an article; a page links to much else.
        excluded = NOT_ARTICLES if visit.kind in OWN_WORD else NOT_ARTICLES | {urls.UrlKind.SERVICE}
        if not urls.same_site(clean, visit.uri) or kind in excluded:
            return False
        host = urlsplit(clean).netloc
        row = articles.ensure_url(connection, clean, urls.urlkey(clean), host)
        return frontier.add_to_frontier(
            connection, url_id=row.id, host=host, source_id=visit.source_id, due=self._horizon if self._goal.once else self._clock.now(), signalled_at=updated
        )  # fmt: skip

    def _add_listing(self, connection: Connection, visit: Visit, place: str) -> None:
        if urls.same_site(place, visit.uri):
            host, due = urlsplit(place).netloc, self._clock.now()
            sources.add_listing(
                connection, source_row=visit.source_id, url=place, kind="sitemap", host=host, due=due
            )
            frontier.note_host(connection, host, due)

    def _write_problem(self, connection: Connection, visit: Visit, outcome: Outcome) -> None:
        if outcome.problem:
            trouble = sources.Problem(
                at=self._clock.now(),
                uri=outcome.problem_uri or visit.uri,
                reason=outcome.problem,
                detail=outcome.detail,
            )
            sources.add_problem(connection, visit.source_id, trouble)

    def _release(self, connection: Connection, visit: Visit, outcome: Outcome) -> None:
        """Give a host back once all that was claimed of it is settled, not before it wants to be asked again."""
        if outcome.retry_after:
            pause = timedelta(seconds=outcome.retry_after)
            self._not_before[visit.host] = max(pause, self._not_before.get(visit.host, timedelta(0)))
        self._held[visit.host] -= 1
        if self._held[visit.host] <= 0:
            del self._held[visit.host]
            pause = self._not_before.pop(visit.host, timedelta(0))
            frontier.release_host(connection, visit.host, self._token, not_before=self._clock.now() + pause)


#: Addresses that are never articles, whatever names them.
NOT_ARTICLES = frozenset({urls.UrlKind.FEED, urls.UrlKind.SITEMAP, urls.UrlKind.ASSET, urls.UrlKind.HOME})
OWN_WORD = frozenset({"feed", "news_sitemap"})


def _visit(due: frontier.DueVisit, host: str) -> Visit:
    return Visit(
        uri=due.uri,
        kind=due.kind,
        source=due.source,
        source_id=due.source_id,
        row=due.row,
        host=host,
        etag=due.etag,
        last_modified=due.last_modified,
        failures=due.failures,
    )


def _is_failure(outcome: Outcome) -> bool:
    if outcome.problem not in ORDINARY:
        return True
    return outcome.verdict in (Verdict.BLOCKED, Verdict.SUSPECT)
