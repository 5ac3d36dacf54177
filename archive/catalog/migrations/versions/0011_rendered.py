"""Which captures were read from what a browser made of them."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply this step."""
    op.add_column(
        "capture", sa.Column("is_rendered", sa.Boolean(), nullable=False, server_default=sa.false())
    )
