"""A crawl whose archive fails under it."""

import logging

import pytest
from sqlalchemy import text

from archive.errors import ArchiveError
from tests.scheduler.conftest import Home
from tests.scrapers.outlet import open_outlet


@pytest.mark.parametrize(
    "table",
    [
        pytest.param("frontier_url", id="nothing can be claimed"),
        pytest.param("capture", id="nothing can be archived"),
        pytest.param("listing", id="nothing can be settled"),
    ],
)
def test_a_crawl_ends_with_the_error_of_its_archive(home: Home, press, caplog, table: str) -> None:
    """Whatever cannot be read or written, the crawl ends and raises what it was; nobody is shown a traceback."""
    open_outlet(press)
    home.watch(press.base + "/")
    with home.stores.catalogue.writing() as connection:
        connection.execute(text(f"DROP TABLE {table}"))

    with caplog.at_level(logging.WARNING), pytest.raises(ArchiveError, match=table):
        home.crawl()

    assert not [record for record in caplog.records if record.exc_info]
