"""Captures name the original of a revisit, and final files are known by their size."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply this step."""
    op.add_column("capture", sa.Column("refers_to", sa.LargeBinary(16), nullable=True))
    op.add_column("warc_file", sa.Column("size", sa.BigInteger(), nullable=True))
    if op.get_bind().dialect.name == "postgresql":
        # Order is by code point on every engine; a database's own collation may be another.
        op.execute('ALTER TABLE url ALTER COLUMN urlkey TYPE text COLLATE "C"')
        op.execute('ALTER TABLE capture ALTER COLUMN record_id TYPE text COLLATE "C"')
