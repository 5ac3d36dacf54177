"""Captures keep digests and record ids as bytes and states as numbers: a third less for each of many rows."""

import re
from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

VERDICTS = (
    "unchanged", "first", "cosmetic", "metadata", "edit", "live", "variant", "blocked", "suspect", "missing",
    "removed", "restored", "moved", "redirect",
)  # fmt: skip
RECORD_TYPES = ("revisit", "response", "request-only")
PAGE_KINDS = (
    "article", "liveblog", "paywalled", "consent", "challenge", "login", "not_found", "listing", "empty", "error",
)  # fmt: skip
AIMS = ("same", "home", "section", "elsewhere", "offsite")
STATES = {"verdict": VERDICTS, "record_type": RECORD_TYPES, "page_kind": PAGE_KINDS, "aim": AIMS}
DIGESTS = ("payload_digest", "content")

KEPT = (
    "id", "captured_at", "url_id", "article_id", "source_id", "status", "version", "refers_to", "file_id",
    "offset", "length", "is_damaged", "target", "rendition", "rights",
)  # fmt: skip
INDEXES = (("captured_at",), ("url_id", "captured_at"), ("article_id", "captured_at"), ("file_id", "offset"))


def upgrade() -> None:
    """Apply this step."""
    if op.get_bind().dialect.name == "postgresql":
        _alter()
    else:
        _copy()


def _alter() -> None:
    """Let PostgreSQL write the table once more, in place."""
    changes = [f"ALTER {name} TYPE smallint USING {_numbered(name)}" for name in STATES]
    changes += [
        f"ALTER {name} TYPE bytea USING CASE WHEN {name} ~ '^sha256:[0-9a-f]{{64}}$' THEN decode(substr({name}, 8), 'hex')"
        f" WHEN octet_length({name}) = 31 THEN '\\x0000'::bytea || convert_to({name}, 'UTF8')"
        f" ELSE '\\x00'::bytea || convert_to({name}, 'UTF8') END"
        for name in DIGESTS
    ]
    uuid = "^<urn:uuid:[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}>$"
    changes.append(
        f"ALTER record_id TYPE bytea USING CASE WHEN record_id ~ '{uuid}'"
        " THEN '\\x02'::bytea || decode(replace(substr(record_id, 11, 36), '-', ''), 'hex')"
        " WHEN record_id < '<urn:uuid:' COLLATE \"C\" THEN '\\x01'::bytea || convert_to(record_id, 'UTF8')"
        " ELSE '\\x03'::bytea || convert_to(record_id, 'UTF8') END"
    )
    op.get_bind().exec_driver_sql(f"ALTER TABLE capture {', '.join(changes)}")


def _numbered(name: str) -> str:
    cases = " ".join(f"WHEN '{state}' THEN {number}" for number, state in enumerate(STATES[name]))
    return f"(CASE {name} {cases} END)::smallint"


def _copy() -> None:
    """Fill a new table and put it in the old one's place."""
    own: Any = op.get_bind().connection.dbapi_connection
    own.create_function("narrow_digest", 1, _digest, deterministic=True)
    own.create_function("narrow_record_id", 1, _record_id, deterministic=True)
    _create("capture_narrow")
    there = [*KEPT, *STATES, *DIGESTS, "record_id"]
    values = [f'"{name}"' for name in KEPT] + [
        f"CASE {name} {' '.join(f'WHEN {state!r} THEN {number}' for number, state in enumerate(states))} END"
        for name, states in STATES.items()
    ]
    values += [f"narrow_digest({name})" for name in DIGESTS] + ["narrow_record_id(record_id)"]
    columns = ", ".join(f'"{name}"' for name in there)
    op.get_bind().exec_driver_sql(
        f"INSERT INTO capture_narrow ({columns}) SELECT {', '.join(values)} FROM capture ORDER BY rowid"  # noqa: S608 - of the constants above
    )
    op.drop_table("capture")
    op.rename_table("capture_narrow", "capture")
    for columns_ in INDEXES:
        op.create_index(f"ix_capture_{'_'.join(columns_)}", "capture", list(columns_), unique=False)


def _create(name: str) -> None:
    row = sa.Integer()
    op.create_table(
        name,
        sa.Column("id", sa.LargeBinary(16), nullable=False),
        sa.Column("captured_at", sa.BigInteger(), nullable=False),
        sa.Column("url_id", row, nullable=False),
        sa.Column("article_id", row, nullable=True),
        sa.Column("source_id", row, nullable=False),
        sa.Column("status", sa.SmallInteger(), nullable=True),
        sa.Column("verdict", sa.SmallInteger(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=True),
        sa.Column("payload_digest", sa.LargeBinary(), nullable=True),
        sa.Column("record_type", sa.SmallInteger(), nullable=False),
        sa.Column("record_id", sa.LargeBinary(), nullable=False),
        sa.Column("refers_to", sa.LargeBinary(16), nullable=True),
        sa.Column("file_id", row, nullable=True),
        sa.Column("offset", sa.BigInteger(), nullable=True),
        sa.Column("length", sa.BigInteger(), nullable=True),
        sa.Column("page_kind", sa.SmallInteger(), nullable=True),
        sa.Column("content", sa.LargeBinary(), nullable=True),
        sa.Column("is_damaged", sa.Boolean(), nullable=False),
        sa.Column("aim", sa.SmallInteger(), nullable=True),
        sa.Column("target", sa.Text(), nullable=True),
        sa.Column("rendition", sa.String(length=16), nullable=False),
        sa.Column("rights", sa.String(length=64), nullable=True),
        sa.ForeignKeyConstraint(
            ["article_id"], ["article.id"], name=op.f("fk_capture_article_id"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(["file_id"], ["warc_file.id"], name=op.f("fk_capture_file_id")),
        sa.ForeignKeyConstraint(["source_id"], ["source.id"], name=op.f("fk_capture_source_id")),
        sa.ForeignKeyConstraint(["url_id"], ["url.id"], name=op.f("fk_capture_url_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_capture")),
    )


def _digest(value: str | None) -> bytes | None:
    if value is None:
        return None
    if re.fullmatch(r"sha256:[0-9a-f]{64}", value):
        return bytes.fromhex(value[7:])
    text = b"\0" + value.encode()
    return b"\0" + text if len(text) == 32 else text


def _record_id(value: str) -> bytes:
    if re.fullmatch(r"<urn:uuid:[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}>", value):
        return b"\2" + bytes.fromhex(value[10:-1].replace("-", ""))
    return (b"\1" if value < "<urn:uuid:" else b"\3") + value.encode()
