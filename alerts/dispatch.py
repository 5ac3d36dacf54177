"""
Chooses what is sent next: by channel, so that none keeps another waiting, within caps and quiet hours.

Runs inside one transaction of the catalogue. What nobody can have received yet may be gathered into one
message; what was tried keeps its id and its events.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import groupby

from sqlalchemy import Connection

from alerts.outbox import MOST_EVENTS, RuleShelf, muted_by
from alerts.patience import BREAK
from alerts.rules import Rule
from alerts.timing import Pace
from archive.catalog import alerts, deliveries, ledger
from archive.catalog.alerts import ChannelRow, MuteRow
from archive.catalog.deliveries import DeliveryRow, DeliveryState

__all__ = ["Dispatcher", "Errand"]

#: Messages that may be under way, in all and to one channel.
ROOM, ROOM_OF_CHANNEL = 128, 16
#: Deliveries of a channel that are looked at together.
LOOKED_AT = 500
HOUR = timedelta(hours=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Errand:
    """One message to be sent now."""

    row: DeliveryRow
    channel: ChannelRow
    events: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Dispatcher:
    """Chooses and leases."""

    pace: Pace
    shelf: RuleShelf
    #: What is due for longer is late.
    late: timedelta
    #: For how long a message may be under way.
    lease: timedelta

    def take(self, connection: Connection, now: datetime, under_way: Mapping[str, int]) -> list[Errand]:
        """Lease what may be sent now."""
        channels = alerts.all_channels(connection)
        rules = self.shelf.by_name(connection)
        mutes = alerts.mutes_at(connection, now)
        muted = {one.rule for one in mutes if not (one.source or one.article)}
        narrow = [one for one in mutes if one.source or one.article]
        room = ROOM - sum(under_way.values())
        errands: list[Errand] = []
        for name in deliveries.channels_due(connection, now):
            channel = channels.get(name)
            if channel is None:
                deliveries.end_waiting(connection, "the channel was removed", channel=name)
                continue
            if not channel.is_on or (channel.resting_until is not None and channel.resting_until > now):
                continue
            busy = under_way.get(name, 0)
            free = (1 if channel.failures >= BREAK else ROOM_OF_CHANNEL) - busy
            rows = self._looked_at(connection, channel, max(free, 0), now)
            rows = self._ready(connection, channel, rows, rules, muted, now)
            rows = self._within_cap(connection, channel, rows, now, busy)
            chosen = self._leased(connection, channel, rows[: max(min(free, room - len(errands)), 0)], now)
            errands += _without_muted(connection, chosen, narrow) if narrow else chosen
        return errands

    def _looked_at(
        self, connection: Connection, channel: ChannelRow, free: int, now: datetime
    ) -> list[DeliveryRow]:
        """Return as many rows as there is room for, or many more where some are to be gathered."""
        if not free:
            return []
        if channel.cap is None:
            rows = deliveries.due_of_channel(connection, channel.name, now, free)
            if len(rows) < free or not any(row.is_untouched and self._is_late(row, now) for row in rows):
                return rows
        return deliveries.due_of_channel(connection, channel.name, now, LOOKED_AT)

    def _ready(
        self,
        connection: Connection,
        channel: ChannelRow,
        rows: Sequence[DeliveryRow],
        rules: Mapping[str, Rule],
        muted: set[str | None],
        now: datetime,
    ) -> list[DeliveryRow]:
        """Return what is due for a channel, without what is quiet or muted, late ones gathered."""
        ready: list[DeliveryRow] = []
        for row in rows:
            rule = rules.get(row.rule)
            quiet = rule.quiet.end_of(now, self.pace.zone) if rule and rule.quiet else None
            if row.rule in muted or None in muted:
                deliveries.end_waiting(connection, "muted", rule=row.rule, channel=channel.name)
            elif quiet is not None and rule is not None:
                deliveries.hold(connection, [row.id], until=quiet, why=f"quiet hours {rule.quiet}")
            else:
                ready.append(row)
        late = [row for row in ready if row.is_untouched and self._is_late(row, now)]
        if not late:
            return ready
        gathered = _gather(connection, late, is_late=True)
        ids = {row.id for row in late}
        return sorted([*gathered, *(row for row in ready if row.id not in ids)], key=_order)

    def _is_late(self, row: DeliveryRow, now: datetime) -> bool:
        return row.next_attempt_at is not None and now - row.next_attempt_at > self.late

    def _within_cap(
        self,
        connection: Connection,
        channel: ChannelRow,
        rows: list[DeliveryRow],
        now: datetime,
        busy: int,
    ) -> list[DeliveryRow]:
        """Return what a channel's cap leaves; the rest is gathered, and held until the hour is over."""
        if channel.cap is None or not rows:
            return rows
        sent = deliveries.sent_since(connection, channel.name, now - HOUR)
        left = max(channel.cap - len(sent) - busy, 0)
        if len(rows) <= left:
            return rows
        # The last message of the hour carries all the others.
        alone, rest = rows[: max(left - 1, 0)], rows[max(left - 1, 0) :]
        gathered = _gather(connection, [row for row in rest if row.is_untouched], is_late=False)
        gathered = sorted([*gathered, *(row for row in rest if not row.is_untouched)], key=_order)
        last = gathered[:1] if left else []
        held = gathered[len(last) :]
        until = (sent[0] if sent else now) + HOUR
        deliveries.hold(
            connection,
            [row.id for row in held],
            until=max(until, now + timedelta(seconds=1)),
            why=f"{channel.cap} messages were sent within the hour",
        )
        return [*alone, *last]

    def _leased(
        self, connection: Connection, channel: ChannelRow, rows: Sequence[DeliveryRow], now: datetime
    ) -> list[Errand]:
        ids = [row.id for row in rows]
        if not ids:
            return []
        deliveries.lease(connection, ids, now=now, until=now + self.lease)
        events = deliveries.events_of(connection, ids)
        return [
            Errand(
                row=replace(row, tried_at=row.tried_at or now), channel=channel, events=tuple(events[row.id])
            )
            for row in rows
        ]


def _without_muted(
    connection: Connection, errands: Sequence[Errand], mutes: Sequence[MuteRow]
) -> list[Errand]:
    """Leave out the events of outlets and articles that were muted since they matched; what was tried goes as it was."""
    kept: list[Errand] = []
    for errand in errands:
        found = [ledger.event_by_id(connection, one) for one in errand.events]
        muted = {
            one.id for one in found if one is not None and muted_by(one, errand.row.rule, mutes) is not None
        }
        left = tuple(one for one in errand.events if one not in muted)
        if muted and not left:
            deliveries.settle(
                connection, errand.row.id, state=DeliveryState.DEAD, last_error="muted", next_attempt_at=None
            )
        else:
            kept.append(replace(errand, events=left) if errand.row.is_untouched else errand)
    return kept


def _order(row: DeliveryRow) -> tuple[datetime, str]:
    return row.next_attempt_at or row.created_at, row.id


def _gather(connection: Connection, rows: Sequence[DeliveryRow], *, is_late: bool) -> list[DeliveryRow]:
    """Let the first delivery of each rule carry the events of the others, as many as one may."""
    kept: list[DeliveryRow] = []
    counts = {
        one: len(events) for one, events in deliveries.events_of(connection, [r.id for r in rows]).items()
    }
    events = [row for row in rows if row.notice is None]
    for _, group in groupby(sorted(events, key=lambda row: row.rule), key=lambda row: row.rule):
        into: DeliveryRow | None = None
        others: list[str] = []
        carried = 0
        for row in sorted(group, key=_order):
            if into is not None and carried + counts.get(row.id, 0) <= MOST_EVENTS:
                others.append(row.id)
                carried += counts.get(row.id, 0)
                continue
            if into is not None:
                deliveries.merge(connection, into.id, others, is_late=is_late)
            into, others, carried = row, [], counts.get(row.id, 0)
            kept.append(replace(row, is_late=row.is_late or is_late))
        if into is not None:
            deliveries.merge(connection, into.id, others, is_late=is_late)
    return sorted([*kept, *(row for row in rows if row.notice is not None)], key=_order)
