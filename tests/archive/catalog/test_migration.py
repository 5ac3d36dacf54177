"""Migrations: they lead to the schema the code speaks, and never back."""

from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import create_engine, text

import archive.catalog.alert_tables  # noqa: F401 - its tables join the metadata
from archive.catalog.migration import HEAD, MIGRATIONS, migrate, upgrade
from archive.catalog.postgres import PostgresCatalogue
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
    return kind != "table" or not str(name).startswith((*INDEXES, "sqlite_"))


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
