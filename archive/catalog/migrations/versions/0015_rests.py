"""A host is left alone for its delay whatever is found on it meanwhile."""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply this step."""
    op.add_column("frontier_host", sa.Column("rests_until", sa.BigInteger(), nullable=True))
