"""Which captures were read from what a browser made of them, and which are shown to nobody who does not ask."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply this step."""
    op.add_column(
        "capture", sa.Column("is_rendered", sa.Boolean(), nullable=False, server_default=sa.false())
    )
    op.add_column("capture", sa.Column("is_dark", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.create_table(
        "dark_article",
        sa.Column("article_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.ForeignKeyConstraint(
            ["article_id"], ["article.id"], name=op.f("fk_dark_article_article_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("article_id", name=op.f("pk_dark_article")),
    )
