"""What captures are found to show by later software than looked at them first."""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply this step."""
    op.create_table(
        "restatement",
        sa.Column("capture", sa.LargeBinary(length=16), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("page_kind", sa.SmallInteger(), nullable=True),
        sa.Column("content", sa.LargeBinary(), nullable=True),
        sa.Column("is_damaged", sa.Boolean(), nullable=False),
        sa.Column("rendition", sa.String(length=16), nullable=False),
        sa.PrimaryKeyConstraint("capture", name=op.f("pk_restatement")),
    )
