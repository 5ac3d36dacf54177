"""The tables of alerts: what people decided, and what is to be delivered. They cannot be made anew from WARC files."""

from sqlalchemy import Boolean, Column, ForeignKey, Index, Integer, String, Table, Text

from archive.catalog.columns import HexId, Moment
from archive.catalog.schema import RowId, metadata

__all__ = ["channel", "delivery", "delivery_event", "mute", "rule"]

channel = Table(
    "channel",
    metadata,
    Column("id", RowId, primary_key=True),
    Column("name", Text, nullable=False, unique=True),
    Column("url", Text, nullable=False),
    # Names of environment variables, separated by spaces; the secrets themselves are never stored.
    Column("secret_env", Text),
    Column("is_on", Boolean, nullable=False),
    Column("reason", Text, nullable=False),
    # Messages an hour; the rest is gathered. Null: no bound.
    Column("cap", Integer),
    # Told when a source stops working or a rule matches nothing.
    Column("is_watchdog", Boolean, nullable=False, server_default="0"),
    # The breaker: failures in a row, since when, and until when nothing is tried.
    Column("failures", Integer, nullable=False, server_default="0"),
    Column("failing_since", Moment),
    Column("resting_until", Moment),
)

rule = Table(
    "rule",
    metadata,
    Column("id", RowId, primary_key=True),
    Column("name", Text, nullable=False, unique=True),
    Column("added_at", Moment, nullable=False),
    # Conditions and channels as JSON: read whole, judged in Python.
    Column("definition", Text, nullable=False),
)

mute = Table(
    "mute",
    metadata,
    Column("id", RowId, primary_key=True),
    # What is muted; null for any.
    Column("rule", Text),
    Column("source", Text),
    Column("article", Text),
    # Null: until it is taken back.
    Column("until", Moment),
    Column("added_at", Moment, nullable=False),
)

delivery = Table(
    "delivery",
    metadata,
    Column("id", HexId, primary_key=True),
    Column("rule", Text, nullable=False),
    Column("channel", Text, nullable=False),
    Column("state", String(16), nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("created_at", Moment, nullable=False),
    Column("sent_at", Moment),
    Column("next_attempt_at", Moment),
    # While a deliverer is at it, until when it may be: a killed one's rows come back then.
    Column("leased_until", Moment),
    Column("last_error", Text),
    # HTTP status of the last answer.
    Column("status", Integer),
    # When it was tried first; a day later it is given up.
    Column("tried_at", Moment),
    # Which events still join this message; null once it is on its way.
    Column("open_key", Text),
    # Its events are older than they should be when it goes out, and it says so.
    Column("is_late", Boolean, nullable=False, server_default="0"),
    # What a message without events says, as JSON.
    Column("notice", Text),
    Index("ix_delivery_channel_state_next_attempt_at", "channel", "state", "next_attempt_at"),
    Index("ix_delivery_state_next_attempt_at", "state", "next_attempt_at"),
    Index("ix_delivery_channel_sent_at", "channel", "sent_at"),
    Index("ix_delivery_created_at", "created_at"),
    Index("uq_delivery_open_key", "open_key", unique=True),
)

delivery_event = Table(
    "delivery_event",
    metadata,
    Column("rule", Text, primary_key=True),
    # No foreign key: an event that a rebuild does not find again was reported all the same.
    Column("event_id", HexId, primary_key=True),
    Column("channel", Text, primary_key=True),
    Column("delivery_id", HexId, ForeignKey("delivery.id", ondelete="CASCADE"), nullable=False),
    Column("matched_at", Moment, nullable=False),
    # The key makes a row unique by rule, event and channel: an event is never sent twice.
    Index("ix_delivery_event_delivery_id", "delivery_id"),
    Index("ix_delivery_event_rule_matched_at", "rule", "matched_at"),
)
