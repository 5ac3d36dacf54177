"""Full-text search over versions and over the words of edits."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

INDEXES = ("search_text_terms", "search_added_terms", "search_removed_terms")


def upgrade() -> None:
    """Apply this step."""
    row = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
    op.create_table(
        "search_state",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_search_state")),
    )
    op.create_table(
        "search_text",
        sa.Column("id", row, nullable=False),
        sa.Column("content", sa.Text(), nullable=False),
        sa.Column("language", sa.String(length=35), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_search_text")),
        sa.UniqueConstraint("content", name=op.f("uq_search_text_content")),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "search_version",
        sa.Column("id", row, nullable=False),
        sa.Column("article_id", row, nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("text_id", row, nullable=False),
        sa.Column("captured_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["article_id"], ["article.id"], name=op.f("fk_search_version_article_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["text_id"], ["search_text.id"], name=op.f("fk_search_version_text_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_search_version")),
    )
    op.create_index(
        "uq_search_version_article_id_number", "search_version", ["article_id", "number"], unique=True
    )
    op.create_index("ix_search_version_text_id", "search_version", ["text_id"], unique=False)
    op.create_table(
        "search_edit",
        sa.Column("id", row, nullable=False),
        sa.Column("event_id", sa.LargeBinary(16), nullable=False),
        sa.Column("words", sa.String(length=32), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_search_edit")),
        sa.UniqueConstraint("event_id", name=op.f("uq_search_edit_event_id")),
        sqlite_autoincrement=True,
    )
    if op.get_bind().dialect.name == "sqlite":
        for name in INDEXES:
            op.execute(
                f"CREATE VIRTUAL TABLE {name} USING fts5(headline, body, content='', tokenize='ascii')"
            )
    else:
        for name in INDEXES:
            op.execute(
                f"CREATE TABLE {name} (id bigint PRIMARY KEY, headline text, body text, terms tsvector)"
            )
            op.execute(f"CREATE INDEX ix_{name}_terms ON {name} USING gin (terms)")
    # What is there already is indexed at the next start; where nothing is, the index is whole.
    op.execute("INSERT INTO search_state (id, version) SELECT 1, 1 WHERE NOT EXISTS (SELECT 1 FROM version)")
