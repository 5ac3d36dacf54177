"""Writes what visits brought: when each is due again, what listings named, what went wrong, how signals did."""

import random
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from urllib.parse import urlsplit

from sqlalchemy import Connection

from archive import urls
from archive.catalog import articles, discovered, frontier, revisits, sources
from archive.catalog.frontier import Settled
from archive.catalog.revisits import Standing
from archive.catalog.sources import Counts
from archive.clock import Clock
from archive.model import PageKind, Verdict
from config import Recipe
from scheduler.naming import Naming, name_all
from scheduler.policy import ListingPast, Pace, VisitPast, next_look, next_visit
from scheduler.retrying import retry_wait
from scheduler.signals import SignalRecord, are_heeded
from scrapers.frontier import Outcome, Visit

__all__ = ["Settler"]

#: Reasons that say nothing about the outlet's health or the address.
ORDINARY = frozenset({"", "offsite", "too_many_urls", "bad_url"})
#: Verdicts of visits that a signal was right about.
CHANGED = frozenset({Verdict.EDIT, Verdict.LIVE, Verdict.METADATA, Verdict.COSMETIC, Verdict.REMOVED})
#: Pages that a site shows instead of an article, and that say nothing about its layout.
WALLS = frozenset(
    {PageKind.CONSENT, PageKind.CHALLENGE, PageKind.LOGIN, PageKind.PAYWALLED, PageKind.NOT_FOUND}
)
#: Weight of the newest page in a source's share of articles, and the share under which its pages have changed.
NEWEST, UNLIKE = 0.1, 0.4
#: Seconds between two writings of a source's counts: they are measurements, not promises.
COUNTS_EVERY = timedelta(seconds=30)


@dataclass(slots=True)
class _Counts:
    """What was measured of one source."""

    signals: SignalRecord
    article_share: float | None
    #: What the catalogue knew when it was read last.
    stored: SignalRecord
    is_stale: bool = False


class Settler:
    """Turns outcomes into rows. The caller owns the transaction."""

    def __init__(
        self,
        clock: Clock,
        pace: Pace,
        *,
        not_before: datetime | None,
        recipes: Mapping[str, Recipe],
        chance: Callable[[], float] = random.random,
    ) -> None:
        """
        Begin.

        Args:
            not_before: for a crawl that ends, what was done is due again only after this moment.
            chance: gives a number between 0 and 1 for each visit.
        """
        self._clock = clock
        self._chance = chance
        #: What the operator decided and the policy learnt; may be replaced at any time.
        self.pace = pace
        self._not_before = not_before
        self._recipes = recipes
        self._counts: dict[int, _Counts] = {}
        self._standings: dict[int, Standing] = {}
        self._twofold: set[int] = set()
        self._counted_at = clock.now()

    def write(self, connection: Connection, batch: Sequence[tuple[Visit, Outcome]]) -> None:
        """Write a batch of outcomes."""
        self._look_up(connection, batch)
        settled = []
        for visit, outcome in batch:
            if outcome.is_postponed:
                continue
            if visit.kind == "article":
                settled.append(self._article(connection, visit, outcome))
                self._count(connection, visit, outcome)
            else:
                self._listing(connection, visit, outcome)
            if outcome.problem:
                self._problem(connection, visit, outcome.problem, outcome.detail, outcome.problem_uri)
            if outcome.aside:
                self._set_aside(connection, visit, outcome)
        frontier.settle_urls(connection, settled)
        if self._clock.now() - self._counted_at >= COUNTS_EVERY:
            self.write_counts(connection)

    @staticmethod
    def places(batch: Sequence[tuple[Visit, Outcome]]) -> set[str]:
        """
        Return addresses whose sites are to be locked before a batch is written.

        Where it names new addresses, or moves one, it may wait for hosts that another worker's batch holds.
        """
        named: set[str] = set()
        for _, outcome in batch:
            if outcome.moved_to:
                named.add(outcome.moved_to)
            if outcome.listing is not None:
                named.update(found.url for found in outcome.listing.found)
                named.update(outcome.listing.listings)
        return named | {visit.uri for visit, _ in batch} if named else named

    def _look_up(self, connection: Connection, batch: Sequence[tuple[Visit, Outcome]]) -> None:
        """Ask the catalogue once for what the policy needs to know of a whole batch."""
        articles_ = {outcome.article_id for _, outcome in batch if outcome.article_id is not None}
        self._standings = revisits.standings_of(connection, articles_)
        # An article shows that it has a second address when that is visited first.
        first = articles_ & {outcome.article_id for visit, outcome in batch if visit.visits == 0}
        self._twofold = revisits.twofold(connection, first) if first else set()
        unknown = {visit.source_id for visit, _ in batch} - self._counts.keys()
        for row, stored in sources.counts_of(connection, unknown).items() if unknown else ():
            record = SignalRecord(**stored.signals)
            self._counts[row] = _Counts(record, stored.article_share, record)

    def write_counts(self, connection: Connection) -> None:
        """Add what was measured of sources since the last time, and look up anew what all workers measured."""
        self._counted_at = self._clock.now()
        stale = {row: counts for row, counts in self._counts.items() if counts.is_stale}
        sources.add_counts(
            connection,
            {row: Counts(one.signals.since(one.stored), one.article_share) for row, one in stale.items()},
        )
        for row in stale:
            del self._counts[row]

    def _article(self, connection: Connection, visit: Visit, outcome: Outcome) -> Settled:
        now = self._clock.now()
        reason = _reason(outcome)
        failures = visit.failures + 1 if reason else 0
        if reason:
            due = now + retry_wait(reason, failures, self.pace.fixed_interval)
        else:
            due = next_visit(self._past(visit, outcome, now), self.pace)
        if outcome.article_id is not None and (visit.visits == 0 or outcome.moved_to):
            self._one_address(connection, visit, outcome)
        return Settled(
            row=visit.row,
            next_due=self._later(due),
            failures=failures,
            reason=reason or None,
            etag=outcome.etag,
            last_modified=outcome.last_modified,
            is_whole=outcome.status == 200 and not outcome.moved_to,
        )

    def _past(self, visit: Visit, outcome: Outcome, now: datetime) -> VisitPast:
        if outcome.article_id is None or self.pace.fixed_interval:
            return VisitPast(now=now, since=now, verdict=outcome.verdict)
        standing = self._standings.get(outcome.article_id)
        if standing is None:
            return VisitPast(now=now, since=now, verdict=outcome.verdict)
        return VisitPast(
            now=now,
            since=standing.first_seen_at,
            verdict=outcome.verdict,
            outlet=standing.source,
            host=visit.host,
            changes=standing.changes,
            changed_at=standing.changed_at,
            chance=self._chance(),
        )

    def _one_address(self, connection: Connection, visit: Visit, outcome: Outcome) -> None:
        """Watch an article at one address: its new one after a move that was confirmed, else its canonical one."""
        assert outcome.article_id is not None  # noqa: S101 - the caller has looked
        if outcome.moved_to and visit.visits and outcome.verdict is Verdict.UNCHANGED:
            self._follow(connection, visit, outcome)
            return
        if visit.visits == 0 and outcome.article_id not in self._twofold:
            return
        twins = frontier.twins_of(connection, outcome.article_id)
        if len(twins) < 2:
            return
        canonical = articles.article_values(connection, outcome.article_id).uri
        kept = next((row for row, uri in twins if uri == canonical), twins[0][0])
        for row, _ in twins:
            if row != kept:
                frontier.drop_from_frontier(connection, row)

    def _follow(self, connection: Connection, visit: Visit, outcome: Outcome) -> None:
        clean = urls.clean_url(outcome.moved_to)
        host = urlsplit(clean).netloc
        row = articles.ensure_url(connection, clean, urls.urlkey(clean), host)
        if row.article_id == outcome.article_id and row.id != visit.row:
            frontier.move_in_frontier(connection, visit.row, row.id, host)
            frontier.note_host(connection, host, self._clock.now())

    def _listing(self, connection: Connection, visit: Visit, outcome: Outcome) -> None:
        now = self._clock.now()
        reason = _reason(outcome)
        failures = visit.failures + 1 if reason else 0
        new = self._named(connection, visit, outcome)
        past = ListingPast(
            now=now,
            interval=frontier.listing_interval(connection, visit.row),
            found=len(outcome.listing.found) if outcome.listing else 0,
            new=new,
        )
        wait = (
            retry_wait(reason, failures, self.pace.discovery_interval)
            if reason
            else next_look(past, self.pace)
        )
        values: dict[str, object] = {
            "next_due": self._later(now + wait),
            "interval": past.interval.total_seconds() if reason else wait.total_seconds(),
            "failures": failures,
        }
        if outcome.payload_digest:
            values |= {
                "etag": outcome.etag,
                "last_modified": outcome.last_modified,
                "payload_digest": outcome.payload_digest,
            }
        if outcome.listing and outcome.listing.hub:
            values["hub"] = outcome.listing.hub
        frontier.settle_listing(connection, visit.row, **values)

    def _named(self, connection: Connection, visit: Visit, outcome: Outcome) -> int:
        """Watch what a listing names; return how much of it was new."""
        if outcome.listing is None:
            return 0
        for place in outcome.listing.listings:
            self._add_listing(connection, visit, place)
        naming = name_all(
            visit.kind,
            visit.uri,
            outcome.listing,
            recipe=self._recipes.get(visit.source),
            due=self._not_before or self._clock.now(),
            spread=self._not_before is None,
        )
        self._say_refused(connection, visit, naming)
        return discovered.add_named(
            connection,
            naming.names,
            source_id=visit.source_id,
            heed_signals=are_heeded(self._counts_of(visit.source_id).signals),
        )

    def _say_refused(self, connection: Connection, visit: Visit, naming: Naming) -> None:
        for one in naming.refused:
            self._problem(connection, visit, one.reason, one.detail, one.uri)
        if naming.is_cut:
            detail = "names years of articles; the latest are watched, `watch --file` takes lists of others"
            self._problem(connection, visit, "too_many_urls", detail, visit.uri)

    def _add_listing(self, connection: Connection, visit: Visit, place: str) -> None:
        if urls.same_site(place, visit.uri):
            host, due = urlsplit(place).netloc, self._clock.now()
            sources.add_listing(
                connection, source_row=visit.source_id, url=place, kind="sitemap", host=host, due=due
            )
            frontier.note_host(connection, host, due)

    def _problem(self, connection: Connection, visit: Visit, reason: str, detail: str, uri: str) -> None:
        trouble = sources.Problem(at=self._clock.now(), uri=uri or visit.uri, reason=reason, detail=detail)
        sources.add_problem(connection, visit.source_id, trouble)

    def _set_aside(self, connection: Connection, visit: Visit, outcome: Outcome) -> None:
        trouble = sources.Problem(
            at=self._clock.now(), uri=outcome.problem_uri, reason=outcome.problem, detail=outcome.detail
        )
        sources.set_aside(connection, visit.source_id, trouble, outcome.aside)

    def _count(self, connection: Connection, visit: Visit, outcome: Outcome) -> None:
        """Measure whether signals are right, and whether pages still look like articles."""
        counts = self._counts_of(visit.source_id)
        if visit.visits and outcome.verdict is not None:
            counts.signals = counts.signals.after(
                signalled=visit.is_signalled, right=outcome.verdict in CHANGED
            )
            counts.is_stale = True
        kind = outcome.page_kind
        if outcome.status != 200 or kind is None or kind in WALLS:
            return
        before = 1.0 if counts.article_share is None else counts.article_share
        share = before * (1 - NEWEST) + NEWEST * kind.is_trusted
        counts.is_stale = counts.is_stale or share != counts.article_share
        counts.article_share = share
        if share < UNLIKE and not kind.is_trusted:
            detail = f"of its latest pages only {share:.0%} look like articles: the site's layout may have changed; give it a recipe"
            self._problem(connection, visit, "unlike_articles", detail, visit.uri)

    def _counts_of(self, row: int) -> _Counts:
        return self._counts.setdefault(row, _Counts(SignalRecord(), None, SignalRecord()))

    def _later(self, due: datetime) -> datetime:
        """While a goal is to be reached once, nothing that was done is due again."""
        return max(due, self._not_before + timedelta(microseconds=1)) if self._not_before else due


def _reason(outcome: Outcome) -> str:
    """Return the class of a failure, or "" when there was none."""
    if outcome.problem not in ORDINARY or (outcome.problem == "bad_url" and outcome.status is None):
        return outcome.problem
    return str(outcome.verdict) if outcome.verdict in (Verdict.BLOCKED, Verdict.SUSPECT) else ""
