"""Events by when they were confirmed, for those who follow them as they come."""

from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply this step."""
    op.create_index(op.f("ix_event_confirmed_at"), "event", ["confirmed_at"])
