"""Captures name the original that a revisit record refers to."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply this step."""
    op.add_column("capture", sa.Column("refers_to", sa.LargeBinary(16), nullable=True))
    if op.get_bind().dialect.name == "postgresql":
        # Order is by code point on every engine; a database's own collation may be another.
        op.execute('ALTER TABLE url ALTER COLUMN urlkey TYPE text COLLATE "C"')
        op.execute('ALTER TABLE capture ALTER COLUMN record_id TYPE text COLLATE "C"')
