"""Queries on the outbox: deliveries, the events they carry, and who is at them."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    RowMapping,
    Select,
    bindparam,
    case,
    delete,
    func,
    insert,
    literal,
    or_,
    select,
    tuple_,
    update,
)

from archive.catalog.alert_tables import delivery, delivery_event
from archive.catalog.columns import Moment

__all__ = [
    "WAITING",
    "DeliveryFilter",
    "DeliveryRow",
    "DeliveryState",
    "add_delivery",
    "add_notice",
    "anything_due",
    "channels_due",
    "close_delivery",
    "count_by_state",
    "deliveries",
    "delivery_by_id",
    "due_of_channel",
    "end_waiting",
    "events_of",
    "forget_before",
    "hold",
    "is_on_its_way",
    "join_delivery",
    "lease",
    "merge",
    "open_delivery",
    "sent_since",
    "settle",
    "settle_all",
]


class DeliveryState(StrEnum):
    """How far a delivery is."""

    PENDING = "pending"  # waits for its first try
    RETRYING = "retrying"  # was tried and did not arrive
    SENT = "sent"  # the receiver took it
    DEAD = "dead"  # given up: a day has passed, the channel is gone, it was muted or withdrawn
    HELD = "held"  # waits for quiet hours, a cap or a suspected redesign to be over


#: States in which a delivery still has to be made.
WAITING: Sequence[DeliveryState] = (DeliveryState.PENDING, DeliveryState.RETRYING, DeliveryState.HELD)
#: Parameters of one statement that every engine takes.
CHUNK = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class DeliveryRow:
    """One message on its way to one channel."""

    id: str
    rule: str
    channel: str
    state: DeliveryState
    attempts: int
    created_at: datetime
    sent_at: datetime | None = None
    next_attempt_at: datetime | None
    leased_until: datetime | None = None
    last_error: str | None = None
    status: int | None = None
    tried_at: datetime | None = None
    open_key: str | None = None
    is_late: bool = False
    notice: str | None = None

    @property
    def is_untouched(self) -> bool:
        """Nobody can have received it yet, not even from a deliverer that was killed."""
        return self.attempts == 0 and self.leased_until is None


def is_on_its_way(connection: Connection, rule: str, event_id: str, channel: str) -> bool:
    """Tell whether an event has a delivery for a rule and channel, in whatever state."""
    query = select(delivery_event.c.delivery_id).where(
        delivery_event.c.rule == rule,
        delivery_event.c.event_id == event_id,
        delivery_event.c.channel == channel,
    )
    return connection.execute(query).first() is not None


def open_delivery(connection: Connection, key: str) -> tuple[DeliveryRow, int] | None:
    """Return the delivery that events of a key still join, with the number it has."""
    row = connection.execute(_deliveries().where(delivery.c.open_key == key)).mappings().first()
    if row is None:
        return None
    count = select(func.count()).where(delivery_event.c.delivery_id == row["id"])
    return _row(row), int(connection.execute(count).scalar_one())


def add_delivery(connection: Connection, new: DeliveryRow, event_id: str, matched_at: datetime) -> None:
    """Put an event on its way in a delivery of its own, or the first of a group."""
    connection.execute(insert(delivery).values({name: getattr(new, name) for name in DeliveryRow.__slots__}))
    _link(connection, new, event_id, matched_at)


def join_delivery(
    connection: Connection, row: DeliveryRow, event_id: str, matched_at: datetime, ready_at: datetime
) -> None:
    """Let an event join a delivery that is open, which may put its sending off."""
    _link(connection, row, event_id, matched_at)
    connection.execute(update(delivery).where(delivery.c.id == row.id).values(next_attempt_at=ready_at))


def add_notice(connection: Connection, new: DeliveryRow) -> bool:
    """Put a message without events on its way, once for its id; False when it has been."""
    if delivery_by_id(connection, new.id) is not None:
        return False
    connection.execute(insert(delivery).values({name: getattr(new, name) for name in DeliveryRow.__slots__}))
    return True


def close_delivery(connection: Connection, delivery_id: str) -> None:
    """Let no further event join."""
    connection.execute(update(delivery).where(delivery.c.id == delivery_id).values(open_key=None))


def anything_due(connection: Connection, now: datetime) -> bool:
    """Tell whether a delivery is due; asked often, so it takes no lock."""
    return connection.execute(select(delivery.c.id).where(_due(now)).limit(1)).first() is not None


def channels_due(connection: Connection, now: datetime) -> list[str]:
    """Return the channels that a delivery is due for."""
    return list(connection.execute(select(delivery.c.channel).where(_due(now)).distinct()).scalars())


def due_of_channel(connection: Connection, channel: str, now: datetime, limit: int) -> list[DeliveryRow]:
    """Return deliveries that are due for a channel, the longest due first; locked where engines lock rows."""
    rows = connection.execute(
        _deliveries()
        .where(delivery.c.channel == channel, _due(now))
        .order_by(delivery.c.next_attempt_at, delivery.c.id)
        .limit(limit)
        .with_for_update(skip_locked=True)
    ).mappings()
    return [_row(row) for row in rows]


def lease(connection: Connection, ids: Sequence[str], *, now: datetime, until: datetime) -> None:
    """Take deliveries until a moment; a dead deliverer's come back then. Nothing joins them any more."""
    for chunk in _chunks(ids):
        connection.execute(
            update(delivery)
            .where(delivery.c.id.in_(chunk))
            .values(
                leased_until=until,
                tried_at=func.coalesce(delivery.c.tried_at, literal(now, Moment())),
                open_key=None,
            )
        )


def hold(connection: Connection, ids: Sequence[str], *, until: datetime, why: str) -> None:
    """Put deliveries off to a moment."""
    for chunk in _chunks(ids):
        connection.execute(
            update(delivery)
            .where(delivery.c.id.in_(chunk))
            .values(state=DeliveryState.HELD, next_attempt_at=until, last_error=why)
        )


def merge(connection: Connection, into: str, others: Sequence[str], *, is_late: bool) -> None:
    """Let one delivery carry the events of others, which nobody can have received yet."""
    for chunk in _chunks(others):
        connection.execute(
            update(delivery_event).where(delivery_event.c.delivery_id.in_(chunk)).values(delivery_id=into)
        )
        connection.execute(delete(delivery).where(delivery.c.id.in_(chunk)))
    values: dict[str, Any] = {"open_key": None}
    if is_late:
        values["is_late"] = True
    connection.execute(update(delivery).where(delivery.c.id == into).values(values))


def events_of(connection: Connection, ids: Sequence[str]) -> dict[str, list[str]]:
    """Return the ids of the events that deliveries carry, in the order in which they matched."""
    found: dict[str, list[str]] = defaultdict(list)
    for chunk in _chunks(ids):
        rows = connection.execute(
            select(delivery_event.c.delivery_id, delivery_event.c.event_id)
            .where(delivery_event.c.delivery_id.in_(chunk))
            .order_by(delivery_event.c.matched_at, delivery_event.c.event_id)
        )
        for row in rows:
            found[row.delivery_id].append(row.event_id)
    return found


def settle(connection: Connection, delivery_id: str, **values: Any) -> None:
    """Write how a try went, and give the row back."""
    connection.execute(
        update(delivery).where(delivery.c.id == delivery_id).values(leased_until=None, **values)
    )


def settle_all(connection: Connection, rows: Sequence[dict[str, Any]]) -> None:
    """Write how many tries went at once; every row has the same keys and `id`."""
    if not rows:
        return
    names = [name for name in rows[0] if name != "id"]
    statement = (
        update(delivery)
        .where(delivery.c.id == bindparam("of_id", type_=delivery.c.id.type))
        .values(
            leased_until=None,
            **{name: bindparam(f"to_{name}", type_=delivery.c[name].type) for name in names},
        )
    )
    connection.execute(
        statement, [{"of_id": row["id"], **{f"to_{name}": row[name] for name in names}} for row in rows]
    )


def sent_since(connection: Connection, channel: str, since: datetime) -> list[datetime]:
    """Return when messages were sent to a channel after a moment, oldest first."""
    query = (
        select(delivery.c.sent_at)
        .where(delivery.c.channel == channel, delivery.c.sent_at > since)
        .order_by(delivery.c.sent_at)
    )
    return list(connection.execute(query).scalars())


def end_waiting(
    connection: Connection,
    why: str,
    *,
    channel: str | None = None,
    rule: str | None = None,
    made_before: datetime | None = None,
) -> int:
    """Give up what waits for a channel or of a rule; returns how many. What was tried keeps what went wrong then."""
    query = update(delivery).where(delivery.c.state.in_(WAITING))
    if channel is not None:
        query = query.where(delivery.c.channel == channel)
    if rule is not None:
        query = query.where(delivery.c.rule == rule)
    if made_before is not None:
        query = query.where(delivery.c.created_at <= made_before)
    values = {
        "state": DeliveryState.DEAD,
        "last_error": case((delivery.c.status.is_not(None), delivery.c.last_error), else_=why),
        "next_attempt_at": None,
        "leased_until": None,
        "open_key": None,
    }
    return connection.execute(query.values(values)).rowcount


def forget_before(connection: Connection, moment: datetime) -> int:
    """Remove deliveries that were done with before a moment; returns how many."""
    gone = select(delivery.c.id).where(delivery.c.created_at < moment, delivery.c.state.not_in(WAITING))
    connection.execute(delete(delivery_event).where(delivery_event.c.delivery_id.in_(gone)))
    return connection.execute(
        delete(delivery).where(delivery.c.created_at < moment, delivery.c.state.not_in(WAITING))
    ).rowcount


@dataclass(frozen=True, slots=True, kw_only=True)
class DeliveryFilter:
    """Which deliveries are wanted; an empty field does not narrow."""

    rules: tuple[str, ...] = ()
    channels: tuple[str, ...] = ()
    states: tuple[str, ...] = ()
    since: datetime | None = None


def deliveries(
    connection: Connection,
    wanted: DeliveryFilter | None = None,
    *,
    limit: int | None = None,
    newest_first: bool = False,
    after: tuple[datetime, str] | None = None,
) -> list[DeliveryRow]:
    """Return deliveries in the order they were made; `after` names the last one of the page before."""
    order = (delivery.c.created_at, delivery.c.id)
    query = _narrowed(_deliveries(), wanted or DeliveryFilter())
    query = query.order_by(*[column.desc() for column in order] if newest_first else order)
    if after is not None:
        place = tuple_(*order)
        query = query.where(place < after if newest_first else place > after)
    if limit is not None:
        query = query.limit(limit)
    return [_row(row) for row in connection.execute(query).mappings()]


def delivery_by_id(connection: Connection, delivery_id: str) -> DeliveryRow | None:
    """Return one delivery."""
    row = connection.execute(_deliveries().where(delivery.c.id == delivery_id)).mappings().first()
    return None if row is None else _row(row)


def count_by_state(connection: Connection, channel: str) -> dict[str, int]:
    """Count a channel's deliveries by state."""
    query = (
        select(delivery.c.state, func.count()).where(delivery.c.channel == channel).group_by(delivery.c.state)
    )
    return {state: int(count) for state, count in connection.execute(query)}


def _narrowed(query: Select[Any], wanted: DeliveryFilter) -> Select[Any]:
    for column, values in (
        (delivery.c.rule, wanted.rules),
        (delivery.c.channel, wanted.channels),
        (delivery.c.state, wanted.states),
    ):
        if values:
            query = query.where(column.in_(values))
    return query if wanted.since is None else query.where(delivery.c.created_at >= wanted.since)


def _due(now: datetime) -> ColumnElement[bool]:
    free = or_(delivery.c.leased_until.is_(None), delivery.c.leased_until <= now)
    return delivery.c.state.in_(WAITING) & (delivery.c.next_attempt_at <= now) & free


def _link(connection: Connection, row: DeliveryRow, event_id: str, matched_at: datetime) -> None:
    connection.execute(
        insert(delivery_event).values(
            rule=row.rule,
            event_id=event_id,
            channel=row.channel,
            delivery_id=row.id,
            matched_at=matched_at,
        )
    )


def _deliveries() -> Select[Any]:
    return select(*[delivery.c[name] for name in DeliveryRow.__slots__])


def _row(row: RowMapping) -> DeliveryRow:
    values = dict(row)
    return DeliveryRow(**(values | {"state": DeliveryState(values["state"])}))


def _chunks(ids: Sequence[str]) -> list[Sequence[str]]:
    return [ids[start : start + CHUNK] for start in range(0, len(ids), CHUNK)]
