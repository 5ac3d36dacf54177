"""By what a page is known to say what it said."""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply this step."""
    op.create_table(
        "signature",
        sa.Column("url_id", sa.Integer(), nullable=False),
        sa.Column("signature", sa.LargeBinary(length=16), nullable=False),
        sa.Column("content", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["url_id"], ["url.id"], name=op.f("fk_signature_url_id_url"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("url_id", name=op.f("pk_signature")),
    )
