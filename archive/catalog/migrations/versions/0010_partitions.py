"""On PostgreSQL the captures lie in partitions by their address, so that each one's indexes stay small."""

from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

PARTITIONS = 16

INDEXES = (("captured_at",), ("url_id", "captured_at"), ("article_id", "captured_at"), ("file_id", "offset"))
KEYS = (("url_id", "url", ""), ("source_id", "source", ""), ("file_id", "warc_file", ""), ("article_id", "article", " ON DELETE SET NULL"))  # fmt: skip


def upgrade() -> None:
    """Apply this step."""
    if op.get_bind().dialect.name != "postgresql":
        return
    run = op.get_bind().exec_driver_sql
    run("ALTER TABLE capture RENAME TO capture_whole")
    run("CREATE TABLE capture (LIKE capture_whole) PARTITION BY HASH (url_id)")
    for number in range(PARTITIONS):
        values = f"WITH (MODULUS {PARTITIONS}, REMAINDER {number})"
        run(f"CREATE TABLE capture_{number:02} PARTITION OF capture FOR VALUES {values}")
    run("INSERT INTO capture SELECT * FROM capture_whole")
    run("DROP TABLE capture_whole")
    # A key of a partitioned table has to name what it is partitioned by.
    run("ALTER TABLE capture ADD CONSTRAINT pk_capture PRIMARY KEY (id, url_id)")
    for column, table, then in KEYS:
        run(
            f"ALTER TABLE capture ADD CONSTRAINT fk_capture_{column} FOREIGN KEY ({column}) REFERENCES {table} (id){then}"
        )
    for columns in INDEXES:
        names = ", ".join(f'"{name}"' for name in columns)
        run(f"CREATE INDEX ix_capture_{'_'.join(columns)} ON capture ({names})")
