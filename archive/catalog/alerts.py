"""Queries on what people decided about alerts: channels, rules and mutes."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, Connection, delete, func, insert, or_, select, type_coerce, update

from archive.catalog.alert_tables import channel, delivery_event, mute, rule

__all__ = [
    "ChannelRow",
    "MuteRow",
    "RuleMatches",
    "RuleRow",
    "add_channel",
    "add_mute",
    "add_rule",
    "all_channels",
    "all_rules",
    "events_of_rule",
    "matches_of_rules",
    "mutes_at",
    "remove_channel",
    "remove_mute",
    "remove_rule",
    "rules_mark",
    "update_channel",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class ChannelRow:
    """Where alerts go."""

    name: str
    url: str
    #: Environment variables that hold the secrets, separated by spaces.
    secret_env: str | None = None
    is_on: bool = True
    #: Why it is off, or "".
    reason: str = ""
    #: Messages an hour; None for no bound.
    cap: int | None = None
    #: Told when a source stops working or a rule matches nothing.
    is_watchdog: bool = False
    #: Failures in a row, since when, and until when nothing is tried.
    failures: int = 0
    failing_since: datetime | None = None
    resting_until: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleRow:
    """A rule as it is stored."""

    name: str
    added_at: datetime
    #: JSON.
    definition: str


@dataclass(frozen=True, slots=True, kw_only=True)
class MuteRow:
    """What is not to be sent for a while; an empty field means any."""

    id: int = 0
    rule: str | None = None
    source: str | None = None
    article: str | None = None
    #: None: until it is taken back.
    until: datetime | None = None
    added_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleMatches:
    """How often a rule has matched, as far as deliveries are kept."""

    count: int
    last_at: datetime


def add_channel(connection: Connection, new: ChannelRow) -> None:
    """Add a channel."""
    connection.execute(insert(channel).values({name: getattr(new, name) for name in ChannelRow.__slots__}))


def all_channels(connection: Connection) -> dict[str, ChannelRow]:
    """Return every channel by name."""
    columns = [channel.c[name] for name in ChannelRow.__slots__]
    rows = connection.execute(select(*columns).order_by(channel.c.name)).mappings()
    return {row["name"]: ChannelRow(**row) for row in rows}


def update_channel(connection: Connection, name: str, **values: Any) -> bool:
    """Change a channel; False when there is none of that name."""
    return connection.execute(update(channel).where(channel.c.name == name).values(**values)).rowcount > 0


def remove_channel(connection: Connection, name: str) -> bool:
    """Remove a channel; False when there is none of that name."""
    return connection.execute(delete(channel).where(channel.c.name == name)).rowcount > 0


def add_rule(connection: Connection, new: RuleRow) -> None:
    """Add a rule."""
    connection.execute(insert(rule).values(name=new.name, added_at=new.added_at, definition=new.definition))


def all_rules(connection: Connection) -> list[RuleRow]:
    """Return every rule, by name."""
    rows = connection.execute(
        select(rule.c.name, rule.c.added_at, rule.c.definition).order_by(rule.c.name)
    ).mappings()
    return [RuleRow(**row) for row in rows]


def rules_mark(connection: Connection) -> tuple[object, ...]:
    """Return what changes whenever a rule comes or goes, for the price of one small row."""
    row = connection.execute(
        select(
            func.count(),
            func.min(rule.c.name),
            func.max(rule.c.name),
            func.sum(func.length(rule.c.definition)),
            # Added up as numbers; the remainder keeps the sum small.
            func.sum(type_coerce(rule.c.added_at, BigInteger) % 1_000_000_007),
        )
    ).one()
    return tuple(row)


def remove_rule(connection: Connection, name: str) -> bool:
    """Remove a rule; what it had matched is still delivered."""
    return connection.execute(delete(rule).where(rule.c.name == name)).rowcount > 0


def matches_of_rules(connection: Connection) -> dict[str, RuleMatches]:
    """Count what every rule matched."""
    query = select(
        delivery_event.c.rule,
        func.count(delivery_event.c.event_id.distinct()).label("events"),
        func.max(delivery_event.c.matched_at).label("last_at"),
    ).group_by(delivery_event.c.rule)
    return {
        row.rule: RuleMatches(count=int(row.events), last_at=row.last_at) for row in connection.execute(query)
    }


def events_of_rule(connection: Connection, name: str, *, limit: int) -> list[str]:
    """Return the ids of the events that a rule matched last, newest first, each once whatever channels it went to."""
    query = (
        select(delivery_event.c.event_id, func.max(delivery_event.c.matched_at).label("at"))
        .where(delivery_event.c.rule == name)
        .group_by(delivery_event.c.event_id)
        .order_by(func.max(delivery_event.c.matched_at).desc(), delivery_event.c.event_id)
        .limit(limit)
    )
    return [row.event_id for row in connection.execute(query)]


def add_mute(connection: Connection, new: MuteRow) -> int:
    """Mute something and return the mute's number."""
    values = {name: getattr(new, name) for name in MuteRow.__slots__ if name != "id"}
    return int(connection.execute(insert(mute).values(values).returning(mute.c.id)).scalar_one())


def mutes_at(connection: Connection, now: datetime) -> list[MuteRow]:
    """Return the mutes that hold."""
    columns = [mute.c[name] for name in MuteRow.__slots__]
    query = select(*columns).where(or_(mute.c.until.is_(None), mute.c.until > now)).order_by(mute.c.id)
    return [MuteRow(**row) for row in connection.execute(query).mappings()]


def remove_mute(connection: Connection, number: int) -> bool:
    """Take a mute back; False when there is none of that number."""
    return connection.execute(delete(mute).where(mute.c.id == number)).rowcount > 0
