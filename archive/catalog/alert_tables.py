"""The tables of alerts: what people decided, and what is to be delivered. They cannot be made anew from WARC files."""

from sqlalchemy import Boolean, Column, ForeignKey, Index, Integer, String, Table, Text

from archive.catalog.columns import HexId, Moment
from archive.catalog.schema import RowId, metadata

__all__ = ["channel", "delivery", "rule"]

channel = Table(
    "channel",
    metadata,
    Column("id", RowId, primary_key=True),
    Column("name", Text, nullable=False, unique=True),
    Column("url", Text, nullable=False),
    # The name of an environment variable; the secret itself is never stored.
    Column("secret_env", Text),
    Column("is_on", Boolean, nullable=False),
    Column("reason", Text, nullable=False),
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

delivery = Table(
    "delivery",
    metadata,
    Column("id", HexId, primary_key=True),
    Column("rule", Text, nullable=False),
    Column("channel", Text, nullable=False),
    Column("event_id", HexId, ForeignKey("event.id", ondelete="CASCADE"), nullable=False),
    Column("state", String(16), nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("created_at", Moment, nullable=False),
    Column("sent_at", Moment),
    Column("next_attempt_at", Moment),
    # While a deliverer is at it, until when it may be: a killed one's rows come back then.
    Column("leased_until", Moment),
    Column("last_error", Text),
    # One row for a rule, an event and a channel: an event is never sent twice.
    Index("uq_delivery_rule_event_channel", "rule", "event_id", "channel", unique=True),
    Index("ix_delivery_state_next_attempt_at", "state", "next_attempt_at"),
)
