"""
Puts events on their way: matched against all rules, inside the event's own transaction.

A row is unique by rule, event and channel, so an event is never on its way twice. What is grouped joins a
delivery that is still open; what is quiet, muted or looks like a redesign waits or ends in a state that says so.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from sqlalchemy import Connection

from alerts.facts import Around, Facts
from alerts.rulebook import RuleBook
from alerts.rules import Rule
from alerts.timing import Grouping, Pace, ready_at
from archive.catalog import alerts, deliveries, ledger, outlets
from archive.catalog.alerts import MuteRow
from archive.catalog.deliveries import DeliveryRow, DeliveryState
from archive.clock import Clock
from archive.digests import derived_id
from archive.model import Event, EventKind

if TYPE_CHECKING:
    from config import Settings

__all__ = ["MOST_EVENTS", "OLD", "Outbox", "RuleShelf", "facts_of", "muted_by", "pace_of", "rules_of"]

#: An event that was confirmed longer ago is history: it comes from an import or a late capture.
OLD = timedelta(hours=24)
#: Events that one message carries at most.
MOST_EVENTS = 100
#: A burst that never ends is sent after so many of its pauses.
LONGEST_BURST = 10
#: So many articles of an outlet changed within a span, and such a share of those that were looked at, are no editing.
STORM_ARTICLES, STORM_SHARE, STORM_SPAN = 20, 0.5, timedelta(minutes=10)
#: How long a suspected redesign holds alerts back each time.
STORM_HOLD = timedelta(minutes=15)
#: An outlet is counted again after so long at the latest.
STORM_LOOK = timedelta(seconds=10)


def pace_of(settings: "Settings") -> Pace:
    """Return what the operator set for all rules."""
    return Pace(zone=ZoneInfo(settings.alerts_timezone), burst=timedelta(seconds=settings.alerts_burst))


def rules_of(connection: Connection) -> list[Rule]:
    """Return all rules."""
    return [Rule.from_json(row.name, row.added_at, row.definition) for row in alerts.all_rules(connection)]


def facts_of(connection: Connection, event: Event) -> Facts:
    """Return what rules may know of an event; its texts are loaded when asked for."""

    def load() -> Around:
        numbers = [one for one in (event.from_version, event.to_version) if one is not None]
        contents, begun = outlets.contents_around(connection, event.id, numbers)
        return Around(tuple(contents), begun)

    return Facts(event, load)


def muted_by(event: Event, rule: str, mutes: Sequence[MuteRow]) -> MuteRow | None:
    """Return the mute that keeps an event from being sent by a rule, or None."""
    for one in mutes:
        if (
            one.rule in (None, rule)
            and one.source in (None, event.source)
            and one.article in (None, event.article)
        ):
            return one
    return None


@dataclass(slots=True)
class _Look:
    """How an outlet looked when it was counted last."""

    at: datetime
    is_storm: bool
    #: Events after which it is counted again.
    left: int


class _Weather:
    """Tells whether so much of an outlet changes at once that it is hardly editing."""

    def __init__(self) -> None:
        self._looks: dict[str, _Look] = {}

    def is_stormy(self, connection: Connection, event: Event, now: datetime) -> bool:
        """Tell it for the outlet of an event."""
        if event.kind is EventKind.REDESIGN:
            return False
        look = self._looks.get(event.source)
        if look is None or look.left <= 0 or now - look.at > STORM_LOOK:
            look = self._looks[event.source] = self._count(connection, event.source, now)
        look.left -= 1
        return look.is_storm

    def _count(self, connection: Connection, source: str, now: datetime) -> _Look:
        if outlets.had_redesign(connection, source, now - timedelta(hours=1)):
            return _Look(now, is_storm=True, left=1)
        edited = outlets.articles_edited(connection, source, now - STORM_SPAN)
        is_storm = edited >= STORM_ARTICLES and edited >= STORM_SHARE * outlets.articles_captured(
            connection, source, now - STORM_SPAN
        )
        # Counting costs as much as there is to count, so the more there is, the more rarely.
        return _Look(now, is_storm=is_storm, left=max(edited // STORM_ARTICLES, 1))


class RuleShelf:
    """The rules of a home, read anew when one came or went."""

    def __init__(self) -> None:
        self._mark: tuple[object, ...] = ()
        self._rules: dict[str, Rule] = {}
        self._book = RuleBook(())

    def by_name(self, connection: Connection) -> dict[str, Rule]:
        """Return all rules by name."""
        self._look(connection)
        return self._rules

    def book(self, connection: Connection) -> RuleBook:
        """Return all rules, filed."""
        self._look(connection)
        return self._book

    def _look(self, connection: Connection) -> None:
        mark = alerts.rules_mark(connection)
        if mark != self._mark:
            found = rules_of(connection)
            self._rules, self._book = {rule.name: rule for rule in found}, RuleBook(found)
            self._mark = mark


class Outbox:
    """Takes confirmed events; the caller owns the transaction. Usable as `archive.ingest.OnEvents`."""

    def __init__(self, pace: Pace, clock: Clock) -> None:
        self._pace = pace
        self._clock = clock
        self._shelf = RuleShelf()
        self._weather = _Weather()

    @classmethod
    def of(cls, settings: "Settings", clock: Clock) -> "Outbox":
        """Return the outbox of a home."""
        return cls(pace_of(settings), clock)

    def __call__(self, connection: Connection, events: Sequence[Event]) -> None:
        """Write a delivery for every rule and channel that wants one of these events."""
        book = self._shelf.book(connection)
        if not book.size:
            return
        now = self._clock.now()
        mutes = alerts.mutes_at(connection, now)
        for one in events:
            event = ledger.event_by_id(connection, one.id)
            if event is None or event.confirmed_at is None or now - event.confirmed_at > OLD:
                continue
            matching = [
                rule
                for rule in book.matching(facts_of(connection, event))
                # What was confirmed before a rule was made is history to it.
                if event.confirmed_at >= rule.added_at
            ]
            if matching:
                self._put(connection, event, matching, mutes, now)

    def _put(
        self,
        connection: Connection,
        event: Event,
        rules: Sequence[Rule],
        mutes: Sequence[MuteRow],
        now: datetime,
    ) -> None:
        storm = self._weather.is_stormy(connection, event, now)
        for rule in rules:
            plan = _Plan.of(event, rule, self._pace, is_storm=storm)
            if muted_by(event, rule.name, mutes) is not None:
                plan = plan.muted()
            for channel in rule.channels:
                if not deliveries.is_on_its_way(connection, rule.name, event.id, channel):
                    self._write(connection, event, rule, channel, plan)

    def _write(self, connection: Connection, event: Event, rule: Rule, channel: str, plan: "_Plan") -> None:
        assert event.confirmed_at is not None  # noqa: S101 - the caller has looked
        key = None if plan.key is None else f"{plan.key}|{channel}"
        if key is not None and (found := deliveries.open_delivery(connection, key)) is not None:
            row, count = found
            if count < MOST_EVENTS:
                deliveries.join_delivery(connection, row, event.id, event.confirmed_at, plan.joined_at(row))
                return
            deliveries.close_delivery(connection, row.id)
        new = DeliveryRow(
            id=derived_id("delivery", rule.name, rule.added_at.isoformat(), channel, event.id),
            rule=rule.name,
            channel=channel,
            state=plan.state,
            attempts=0,
            created_at=event.confirmed_at,
            next_attempt_at=plan.ready_at,
            last_error=plan.why,
            open_key=key,
        )
        deliveries.add_delivery(connection, new, event.id, event.confirmed_at)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Plan:
    """When and with what an event goes out."""

    state: DeliveryState
    ready_at: datetime | None
    #: Events of one key share a message; None for one of its own.
    key: str | None
    why: str | None
    #: Ends a burst: returns when the delivery goes out that another event joins.
    joined_at: Callable[[DeliveryRow], datetime]

    @classmethod
    def of(cls, event: Event, rule: Rule, pace: Pace, *, is_storm: bool) -> "_Plan":
        """Plan for a rule's grouping and quiet hours."""
        assert event.confirmed_at is not None  # noqa: S101 - the caller has looked
        at = event.confirmed_at
        ready, why, key = ready_at(rule.group, rule.at, at, pace), None, None
        if is_storm:
            ready, why = max(ready, at + STORM_HOLD), f"a redesign of {event.source} is suspected"
            key = f"{rule.name}|{rule.added_at.isoformat()}|redesign|{event.source}"
        elif rule.group is not Grouping.NONE:
            about = event.article if rule.group is Grouping.ARTICLE else rule.group
            key = f"{rule.name}|{rule.added_at.isoformat()}|{about}"
        quiet = rule.quiet.end_of(ready, pace.zone) if rule.quiet else None
        if quiet is not None:
            ready, why = quiet, f"quiet hours {rule.quiet}"

        def joined(row: DeliveryRow) -> datetime:
            due = row.next_attempt_at or ready
            if rule.group is not Grouping.ARTICLE or is_storm:
                return due
            last = row.created_at + LONGEST_BURST * pace.burst
            return max(due, min(ready, last) if quiet is None else ready)

        return cls(
            state=DeliveryState.PENDING if why is None else DeliveryState.HELD,
            ready_at=ready,
            key=key,
            why=why,
            joined_at=joined,
        )

    def muted(self) -> "_Plan":
        """Return the plan of what is not to be sent, but kept."""
        return replace(self, state=DeliveryState.DEAD, ready_at=None, key=None, why="muted")
