"""Migrations: they lead to the schema the code speaks, and never back."""

from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import create_engine, text

import archive.catalog.alert_tables  # noqa: F401 - its tables join the metadata
from archive.catalog.captures import CaptureFilter, stream_captures
from archive.catalog.migration import HEAD, MIGRATIONS, migrate, upgrade
from archive.catalog.postgres import PARTITIONS, PostgresCatalogue
from archive.catalog.schema import metadata
from archive.catalog.search_tables import INDEXES
from archive.catalog.sqlite import SqliteCatalogue
from archive.errors import CatalogueError
from tests.archive.servers import new_database


def test_all_migrations_together_give_the_metadata(tmp_path: Path) -> None:
    """A catalogue made by the migrations has the tables, columns and indexes that the queries expect."""
    engine = create_engine(f"sqlite:///{tmp_path / 'c.sqlite'}")
    migrate(engine)

    with engine.connect() as connection:
        opts = {"compare_type": False, "include_name": _is_ours}
        context = MigrationContext.configure(connection, opts=opts)
        differences = compare_metadata(context, metadata)
    engine.dispose()

    assert differences == []


def _is_ours(name: str | None, kind: str, _parents: object) -> bool:
    """Tell tables from those that an index of the engine keeps for itself."""
    return kind != "table" or not str(name).startswith((*INDEXES, *PARTITIONS, "sqlite_"))


def test_both_ways_make_the_same_indexes(tmp_path: Path) -> None:
    """The engine's own full-text indexes, which the comparison of tables does not see, are the same too."""
    made = []
    for way in (migrate, metadata.create_all):
        engine = create_engine(f"sqlite:///{tmp_path / way.__name__}.sqlite")
        way(engine)
        with engine.connect() as connection:
            rows = connection.execute(
                text("SELECT name, sql FROM sqlite_master WHERE sql LIKE 'CREATE VIRTUAL%' ORDER BY name")
            )
            made.append([tuple(row) for row in rows])
        engine.dispose()

    assert made[0] == made[1]
    assert sorted(INDEXES) == [name for name, _ in made[0]]


@pytest.mark.timeout(60)
def test_postgresql_gets_the_same_tables(postgres: str) -> None:
    """The migrations lead to the metadata on PostgreSQL too, in whatever order its own collation sorts."""
    address = new_database(postgres)
    PostgresCatalogue(address).close()
    engine = create_engine(address.replace("postgresql://", "postgresql+psycopg://", 1))

    with engine.connect() as connection:
        context = MigrationContext.configure(
            connection, opts={"compare_type": False, "include_name": _is_ours}
        )
        differences = compare_metadata(context, metadata)
        collations = connection.execute(
            text("SELECT collation_name FROM information_schema.columns WHERE column_name = 'urlkey'")
        ).scalars()
        assert list(collations) == ["C"]
    engine.dispose()

    assert differences == []


def test_a_catalogue_of_the_first_schema_is_brought_to_the_newest(tmp_path: Path) -> None:
    """A home of the first version is migrated after a copy, and what was in it stays."""
    path = tmp_path / "c.sqlite"
    engine = create_engine(f"sqlite:///{path}")
    upgrade(engine, "0001")
    with engine.begin() as connection:
        connection.execute(text("INSERT INTO warc_file (name, is_open) VALUES ('a.warc.gz', 0)"))
    engine.dispose()

    catalogue = SqliteCatalogue(path)
    with catalogue.reading() as connection:
        found = connection.execute(text("SELECT name, size FROM warc_file")).all()
    catalogue.close()

    assert found == [("a.warc.gz", None)]
    assert (tmp_path / "c.sqlite.0001.bak").exists()


OLD_IDS = (
    "<urn:uuid:0f1e2d3c-4b5a-6978-8796-a5b4c3d2e1f0>",
    "<urn:uuid:ffffffff-ffff-ffff-ffff-ffffffffffff>",
    "<urn:sha1:3I42H3S6NNFQ2MSVX7XZKYAYSCX5QBYJ>",
    "<urn:x-something:else>",
)
OLD_DIGESTS = (f"sha256:{'ab' * 32}", "sha1:3I42H3S6NNFQ2MSVX7XZKYAYSCX5QBYJ", "md5:" + "0" * 27, None)


@pytest.mark.timeout(60)
@pytest.mark.parametrize("engine_name", ["sqlite", "postgresql"])
def test_captures_of_wide_rows_are_carried_over(engine_name: str, tmp_path: Path, postgres: str) -> None:
    """What a catalogue listed before its rows became narrow and partitioned, it lists afterwards, in the same order."""
    catalogue = _wide_catalogue(tmp_path / "c.sqlite" if engine_name == "sqlite" else new_database(postgres))

    with catalogue.reading() as connection:
        found = list(stream_captures(connection, CaptureFilter()))
    catalogue.close()

    assert sorted(OLD_IDS) == [one.record.id for one in found]
    assert dict(zip(OLD_IDS, OLD_DIGESTS, strict=True)) == {
        one.record.id: one.payload_digest for one in found
    }
    assert {("edit", "response", "article")} == {
        (one.verdict, one.record.type, one.page_kind) for one in found
    }


def _wide_catalogue(place: Path | str) -> SqliteCatalogue | PostgresCatalogue:
    """Make a catalogue of the eighth schema with captures, and open it with today's software."""
    is_file = isinstance(place, Path)
    address = (
        f"sqlite:///{place}" if is_file else str(place).replace("postgresql://", "postgresql+psycopg://", 1)
    )
    engine = create_engine(address)
    upgrade(engine, "0008")
    with engine.begin() as connection:
        for statement in (
            "INSERT INTO source (id, name, url, kind, is_paused, added_at) VALUES (1, 's', 'u', 'outlet', false, 0)",
            "INSERT INTO url (id, uri, urlkey, host) VALUES (1, 'http://a.example/', 'example,a)/', 'a.example')",
        ):
            connection.execute(text(statement))
        for number, (record_id, digest) in enumerate(zip(OLD_IDS, OLD_DIGESTS, strict=True)):
            connection.execute(
                text(
                    "INSERT INTO capture (id, captured_at, url_id, source_id, status, verdict, payload_digest,"
                    " record_type, record_id, page_kind, content, is_damaged, rendition)"
                    " VALUES (:id, 5, 1, 1, 200, 'edit', :digest, 'response', :record, 'article', :digest, false, '')"
                ),
                {"id": bytes([number]) * 16, "digest": digest, "record": record_id},
            )
    engine.dispose()
    return SqliteCatalogue(place) if isinstance(place, Path) else PostgresCatalogue(place)


def test_head_is_the_newest_migration() -> None:
    """The revision in the code is the last one in the folder."""
    assert ScriptDirectory(str(MIGRATIONS)).get_current_head() == HEAD


def test_a_newer_catalogue_is_refused(tmp_path: Path) -> None:
    """A home written by newer software is not touched, and the message says what to do."""
    SqliteCatalogue(tmp_path / "c.sqlite").close()
    engine = create_engine(f"sqlite:///{tmp_path / 'c.sqlite'}")
    with engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    engine.dispose()

    with pytest.raises(CatalogueError, match="newer version"):
        SqliteCatalogue(tmp_path / "c.sqlite")


def test_what_is_no_database_is_told(tmp_path: Path) -> None:
    """A file that is something else gives one line, not a traceback."""
    (tmp_path / "c.sqlite").write_text("this is a letter to my aunt" * 100)

    with pytest.raises(CatalogueError, match="is no catalogue"):
        SqliteCatalogue(tmp_path / "c.sqlite")
