"""Queries on channels, rules and deliveries."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import Connection, RowMapping, Select, delete, insert, or_, select, update

from archive.catalog.alert_tables import channel, delivery, rule
from archive.catalog.dialects import dialect_of

__all__ = [
    "ChannelRow",
    "DeliveryRow",
    "DeliveryState",
    "RuleRow",
    "add_channel",
    "add_delivery",
    "add_rule",
    "all_channels",
    "all_rules",
    "anything_due",
    "deliveries",
    "delivery_by_id",
    "lease_due",
    "remove_channel",
    "remove_rule",
    "set_channel",
    "settle_delivery",
]


class DeliveryState(StrEnum):
    """How far a delivery is."""

    PENDING = "pending"  # waits for its first try
    RETRYING = "retrying"  # was tried and did not arrive
    SENT = "sent"  # the receiver took it
    DEAD = "dead"  # given up after a day
    HELD = "held"  # waits for quiet hours to end


@dataclass(frozen=True, slots=True, kw_only=True)
class ChannelRow:
    """Where alerts go."""

    name: str
    url: str
    secret_env: str | None
    is_on: bool
    #: Why it is off, or "".
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleRow:
    """A rule as it is stored."""

    name: str
    added_at: datetime
    #: JSON.
    definition: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DeliveryRow:
    """One event on its way to one channel."""

    id: str
    rule: str
    channel: str
    event_id: str
    state: DeliveryState
    attempts: int
    created_at: datetime
    sent_at: datetime | None
    next_attempt_at: datetime | None
    last_error: str | None


def add_channel(connection: Connection, new: ChannelRow) -> None:
    """Add a channel."""
    connection.execute(
        insert(channel).values(
            name=new.name, url=new.url, secret_env=new.secret_env, is_on=new.is_on, reason=new.reason
        )
    )


def all_channels(connection: Connection) -> dict[str, ChannelRow]:
    """Return every channel by name."""
    columns = [channel.c[name] for name in ChannelRow.__slots__]
    rows = connection.execute(select(*columns).order_by(channel.c.name)).mappings()
    return {row["name"]: ChannelRow(**row) for row in rows}


def set_channel(connection: Connection, name: str, *, is_on: bool, reason: str) -> None:
    """Switch a channel on or off."""
    connection.execute(update(channel).where(channel.c.name == name).values(is_on=is_on, reason=reason))


def remove_channel(connection: Connection, name: str) -> bool:
    """Remove a channel; what waits for it is given up."""
    gone = connection.execute(delete(channel).where(channel.c.name == name)).rowcount > 0
    if gone:
        connection.execute(
            update(delivery)
            .where(delivery.c.channel == name, delivery.c.state.in_(WAITING))
            .values(state=DeliveryState.DEAD, last_error="the channel was removed", next_attempt_at=None)
        )
    return gone


def add_rule(connection: Connection, new: RuleRow) -> None:
    """Add a rule."""
    connection.execute(insert(rule).values(name=new.name, added_at=new.added_at, definition=new.definition))


def all_rules(connection: Connection) -> list[RuleRow]:
    """Return every rule, by name."""
    rows = connection.execute(
        select(rule.c.name, rule.c.added_at, rule.c.definition).order_by(rule.c.name)
    ).mappings()
    return [RuleRow(**row) for row in rows]


def remove_rule(connection: Connection, name: str) -> bool:
    """Remove a rule; what it had matched is still delivered."""
    return connection.execute(delete(rule).where(rule.c.name == name)).rowcount > 0


def add_delivery(
    connection: Connection,
    *,
    delivery_id: str,
    rule_name: str,
    channel_name: str,
    event_id: str,
    at: datetime,
) -> None:
    """Put an event on its way, once for each rule and channel."""
    dialect = dialect_of(connection)
    connection.execute(
        dialect.insert(delivery)
        .values(
            id=delivery_id,
            rule=rule_name,
            channel=channel_name,
            event_id=event_id,
            state=DeliveryState.PENDING,
            attempts=0,
            created_at=at,
            next_attempt_at=at,
        )
        .on_conflict_do_nothing()
    )


def anything_due(connection: Connection, now: datetime) -> bool:
    """Tell whether a delivery is due; asked often, so it takes no lock."""
    query = (
        select(delivery.c.id).where(delivery.c.state.in_(WAITING), delivery.c.next_attempt_at <= now).limit(1)
    )
    return connection.execute(query).first() is not None


def lease_due(connection: Connection, *, now: datetime, until: datetime, limit: int) -> list[DeliveryRow]:
    """Take deliveries that are due, of channels that are on, until a moment; a dead deliverer's come back then."""
    rows = connection.execute(
        _deliveries()
        .join(channel, channel.c.name == delivery.c.channel)
        .where(
            channel.c.is_on,
            delivery.c.state.in_(WAITING),
            delivery.c.next_attempt_at <= now,
            or_(delivery.c.leased_until.is_(None), delivery.c.leased_until <= now),
        )
        .order_by(delivery.c.next_attempt_at)
        .limit(limit)
        .with_for_update(skip_locked=True, of=delivery)
    ).mappings()
    due = [_row(row) for row in rows]
    if due:
        ids = [one.id for one in due]
        connection.execute(update(delivery).where(delivery.c.id.in_(ids)).values(leased_until=until))
    return due


def settle_delivery(connection: Connection, delivery_id: str, **values: object) -> None:
    """Write how a try went, and give the row back."""
    connection.execute(
        update(delivery).where(delivery.c.id == delivery_id).values(leased_until=None, **values)
    )


def deliveries(
    connection: Connection, *, limit: int | None = None, newest_first: bool = False
) -> list[DeliveryRow]:
    """Return deliveries in the order they were made."""
    order = (delivery.c.created_at, delivery.c.id)
    query = _deliveries().order_by(*[column.desc() for column in order] if newest_first else order)
    if limit is not None:
        query = query.limit(limit)
    return [_row(row) for row in connection.execute(query).mappings()]


def delivery_by_id(connection: Connection, delivery_id: str) -> DeliveryRow | None:
    """Return one delivery."""
    row = connection.execute(_deliveries().where(delivery.c.id == delivery_id)).mappings().first()
    return None if row is None else _row(row)


#: States in which a delivery still has to be made.
WAITING: Sequence[DeliveryState] = (DeliveryState.PENDING, DeliveryState.RETRYING, DeliveryState.HELD)


def _deliveries() -> Select[Any]:
    return select(*[delivery.c[name] for name in DeliveryRow.__slots__])


def _row(row: RowMapping) -> DeliveryRow:
    values = dict(row)
    return DeliveryRow(**(values | {"state": DeliveryState(values["state"])}))
