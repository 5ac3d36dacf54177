"""What the deliverer does once a minute: gives up what cannot arrive, forgets what is old, and watches over the watch."""

import json
import logging
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from alerts.outbox import rules_of
from archive.catalog import alerts, deliveries
from archive.catalog.alerts import RuleMatches
from archive.catalog.deliveries import DeliveryRow, DeliveryState
from archive.digests import derived_id
from archive.opening import Stores
from archive.reading import Archive, SourceStatus

__all__ = ["KEPT", "SILENT_FOR", "Notice", "Upkeep", "notices"]

log = logging.getLogger(__name__)

#: How long the log of deliveries is kept.
KEPT = timedelta(days=90)
#: A source that was added so lately may still be finding its feet.
NEW = timedelta(hours=24)
#: A rule that matched nothing for so long is worth a word.
SILENT_FOR = timedelta(days=30)


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """Something that keeps alerts from coming, told once."""

    #: What it is about and since when: the same trouble has the same key.
    key: tuple[str, ...]
    title: str
    text: str


def notices(
    statuses: Iterable[SourceStatus],
    rules: Iterable[tuple[str, datetime, RuleMatches | None]],
    now: datetime,
) -> list[Notice]:
    """
    Say which sources have stopped working and which rules have long matched nothing. Pure.

    Args:
        statuses: every source with its health.
        rules: name, when it was added, and what it matched.
        now: the home's time.
    """
    found = []
    for status in statuses:
        is_new = now - status.source.added_at < NEW
        if status.health != "failing" or is_new or not status.problems:
            continue
        name, last = status.source.name, status.problems[0]
        first = min(problem.at for problem in status.problems)
        found.append(
            Notice(
                # A day of trouble is told once; trouble that comes back another day is told again.
                key=("source", name, f"{first:%Y-%m-%d}"),
                title=f"{name}: nothing could be fetched for a day",
                text=(
                    f"{name} is failing: no capture succeeded in the last 24 hours, so no edit of it can be seen.\n"
                    f"Last problem: {last.reason} at {last.uri} ({last.detail}).\n"
                    f"{' '.join(part for part in (status.reason, status.advice) if part)}\n"
                    f"`lateedition sources show {name}` says more."
                ),
            )
        )
    for name, added_at, matches in rules:
        quiet_since = matches.last_at if matches is not None else added_at
        if now - quiet_since < SILENT_FOR:
            continue
        found.append(
            Notice(
                key=("rule", name, quiet_since.isoformat()),
                title=f"Rule {name} has matched nothing for {(now - quiet_since).days} days",
                text=(
                    f"The rule {name} has matched no event since {quiet_since:%Y-%m-%d}.\n"
                    f"`lateedition rules backtest {name} --days 90` says what it would have sent."
                ),
            )
        )
    return found


class Upkeep:
    """One round of it."""

    def __init__(self, stores: Stores, *, give_up: timedelta) -> None:
        self._stores = stores
        self._give_up = give_up

    def run(self) -> None:
        """Do everything that is to be done now, unless another process of this catalogue is at it."""
        with self._stores.catalogue.alone("upkeep") as mine:
            if mine:
                self._run()

    def _run(self) -> None:
        now = self._stores.clock.now()
        with self._stores.catalogue.writing() as connection:
            for channel in alerts.all_channels(connection).values():
                since = channel.failing_since
                if not channel.is_on:
                    why = f"the channel is off: {channel.reason}"
                elif since is not None and now - since >= self._give_up:
                    why = channel.reason or "the channel has not answered for a day"
                else:
                    continue
                deliveries.end_waiting(connection, why, channel=channel.name, made_before=now - self._give_up)
            deliveries.forget_before(connection, now - KEPT)
        self._watch(now)

    def _watch(self, now: datetime) -> None:
        with self._stores.catalogue.reading() as connection:
            told = [one.name for one in alerts.all_channels(connection).values() if one.is_watchdog]
            if not told:
                return
            matches = alerts.matches_of_rules(connection)
            rules = [(rule.name, rule.added_at, matches.get(rule.name)) for rule in rules_of(connection)]
        found = notices(Archive(self._stores).sources(), rules, now)
        with self._stores.catalogue.writing() as connection:
            for notice in found:
                for channel in told:
                    deliveries.add_notice(connection, _delivery(notice, channel, now))


def _delivery(notice: Notice, channel: str, now: datetime) -> DeliveryRow:
    return DeliveryRow(
        id=derived_id("notice", *notice.key, channel),
        rule="watchdog",
        channel=channel,
        state=DeliveryState.PENDING,
        attempts=0,
        created_at=now,
        next_attempt_at=now,
        notice=json.dumps({"title": notice.title, "text": notice.text}, ensure_ascii=False),
    )
