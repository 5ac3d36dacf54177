"""What fetching learns: the pace of hosts, what listings said last, whether signals hold, bodies set aside."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply this step."""
    op.add_column("frontier_host", sa.Column("delay", sa.Float(), nullable=False, server_default="0"))
    op.add_column("frontier_url", sa.Column("reason", sa.String(length=32), nullable=True))
    op.add_column(
        "frontier_url", sa.Column("is_signalled", sa.Boolean(), nullable=False, server_default=sa.false())
    )
    op.add_column("listing", sa.Column("payload_digest", sa.Text(), nullable=True))
    op.add_column("listing", sa.Column("hub", sa.Text(), nullable=True))
    for column in ("signalled", "signalled_right", "blind", "blind_right"):
        op.add_column("source", sa.Column(column, sa.Integer(), nullable=False, server_default="0"))
    op.add_column("source", sa.Column("article_share", sa.Float(), nullable=True))
    op.add_column("capture", sa.Column("rights", sa.String(length=64), nullable=True))
    op.create_table(
        "aside",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("source_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("uri", sa.Text(), nullable=False),
        sa.Column("reason", sa.String(length=32), nullable=False),
        sa.Column("detail", sa.Text(), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["source_id"], ["source.id"], name=op.f("fk_aside_source_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_aside")),
    )
    op.create_index("ix_aside_source_id_at", "aside", ["source_id", "at"])
