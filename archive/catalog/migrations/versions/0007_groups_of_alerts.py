"""Deliveries of several events, mutes, and what a channel's breaker, cap and watchdog need."""

import json

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

RowId = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
#: Keys of a rule's definition as they were, and as they are.
RENAMED = {
    "channels": "to",
    "sources": "source",
    "articles": "article",
    "kinds": "kind",
    "severities": "severity",
    "disclosures": "disclosure",
    "tracks": "track",
    "min_words": "min-words",
}


def upgrade() -> None:
    """Apply this step."""
    op.create_table(
        "mute",
        sa.Column("id", RowId, nullable=False),
        sa.Column("rule", sa.Text(), nullable=True),
        sa.Column("source", sa.Text(), nullable=True),
        sa.Column("article", sa.Text(), nullable=True),
        sa.Column("until", sa.BigInteger(), nullable=True),
        sa.Column("added_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mute")),
    )
    op.add_column("channel", sa.Column("cap", sa.Integer(), nullable=True))
    op.add_column("channel", sa.Column("is_watchdog", sa.Boolean(), nullable=False, server_default="0"))
    op.add_column("channel", sa.Column("failures", sa.Integer(), nullable=False, server_default="0"))
    op.add_column("channel", sa.Column("failing_since", sa.BigInteger(), nullable=True))
    op.add_column("channel", sa.Column("resting_until", sa.BigInteger(), nullable=True))
    _deliveries()
    _rules()


def _deliveries() -> None:
    op.rename_table("delivery", "delivery_before")
    for index in ("ix_delivery_state_next_attempt_at", "uq_delivery_rule_event_channel"):
        op.drop_index(index, table_name="delivery_before")
    if op.get_bind().dialect.name == "postgresql":
        op.execute("ALTER TABLE delivery_before DROP CONSTRAINT pk_delivery")
    op.create_table(
        "delivery",
        sa.Column("id", sa.LargeBinary(16), nullable=False),
        sa.Column("rule", sa.Text(), nullable=False),
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("sent_at", sa.BigInteger(), nullable=True),
        sa.Column("next_attempt_at", sa.BigInteger(), nullable=True),
        sa.Column("leased_until", sa.BigInteger(), nullable=True),
        sa.Column("last_error", sa.Text(), nullable=True),
        sa.Column("status", sa.Integer(), nullable=True),
        sa.Column("tried_at", sa.BigInteger(), nullable=True),
        sa.Column("open_key", sa.Text(), nullable=True),
        sa.Column("is_late", sa.Boolean(), nullable=False, server_default="0"),
        sa.Column("notice", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_delivery")),
    )
    op.create_table(
        "delivery_event",
        sa.Column("rule", sa.Text(), nullable=False),
        sa.Column("event_id", sa.LargeBinary(16), nullable=False),
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("delivery_id", sa.LargeBinary(16), nullable=False),
        sa.Column("matched_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["delivery_id"], ["delivery.id"], name=op.f("fk_delivery_event_delivery_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("rule", "event_id", "channel", name=op.f("pk_delivery_event")),
    )
    op.execute(
        "INSERT INTO delivery (id, rule, channel, state, attempts, created_at, sent_at, next_attempt_at,"
        " leased_until, last_error, tried_at)"
        " SELECT id, rule, channel, state, attempts, created_at, sent_at, next_attempt_at,"
        " leased_until, last_error, CASE WHEN attempts > 0 THEN created_at END FROM delivery_before"
    )
    op.execute(
        "INSERT INTO delivery_event (rule, event_id, channel, delivery_id, matched_at)"
        " SELECT rule, event_id, channel, id, created_at FROM delivery_before"
    )
    op.drop_table("delivery_before")
    for name, table, columns, unique in (
        (
            "ix_delivery_channel_state_next_attempt_at",
            "delivery",
            ["channel", "state", "next_attempt_at"],
            False,
        ),
        ("ix_delivery_state_next_attempt_at", "delivery", ["state", "next_attempt_at"], False),
        ("ix_delivery_channel_sent_at", "delivery", ["channel", "sent_at"], False),
        ("ix_delivery_created_at", "delivery", ["created_at"], False),
        ("uq_delivery_open_key", "delivery", ["open_key"], True),
        ("ix_delivery_event_delivery_id", "delivery_event", ["delivery_id"], False),
        ("ix_delivery_event_rule_matched_at", "delivery_event", ["rule", "matched_at"], False),
    ):
        op.create_index(name, table, columns, unique=unique)


def _rules() -> None:
    """Bring definitions to the form of rule files."""
    rules = sa.table("rule", sa.column("id"), sa.column("definition"))
    bind = op.get_bind()
    for row in bind.execute(sa.select(rules.c.id, rules.c.definition)).all():
        table = {RENAMED.get(key, key): value for key, value in json.loads(row.definition).items()}
        definition = json.dumps(table, ensure_ascii=False)
        bind.execute(sa.update(rules).where(rules.c.id == row.id).values(definition=definition))
