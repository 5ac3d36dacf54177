"""Homes for the tests of the archive, on every pair of catalogue and blob store."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from archive.opening import Stores
from tests.archive.paper import opened
from tests.archive.servers import new_bucket, new_database, running_postgres, running_s3


@pytest.fixture
def stores(tmp_path: Path) -> Iterator[Stores]:
    """An empty home on SQLite and local disk, in which the paper is watched."""
    made = opened(tmp_path / "home")
    yield made
    made.close()


@pytest.fixture(scope="session")
def postgres() -> Iterator[str]:
    """A running PostgreSQL."""
    with running_postgres() as address:
        yield address


@pytest.fixture(scope="session")
def s3(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A running S3 store."""
    with running_s3(tmp_path_factory.mktemp("s3")) as endpoint:
        yield endpoint


@pytest.fixture(params=["sqlite", "postgres"])
def catalogue_url(request: pytest.FixtureRequest) -> str:
    """The address of an empty catalogue on each engine; "" is the home's own."""
    if request.param == "sqlite":
        return ""
    return new_database(request.getfixturevalue("postgres"))


@pytest.fixture(params=["local", "s3"])
def blobs_url(request: pytest.FixtureRequest) -> str:
    """The address of an empty blob store of each kind; "" is the home's own."""
    if request.param == "local":
        return ""
    return new_bucket(request.getfixturevalue("s3"))


@pytest.fixture
def anywhere(tmp_path: Path, catalogue_url: str, blobs_url: str) -> Iterator[Callable[[str], Stores]]:
    """Open homes by name on each pair of engines, all on the same catalogue and blobs."""
    made = []

    def open_home(name: str = "home") -> Stores:
        made.append(opened(tmp_path / name, catalogue=catalogue_url, blobs=blobs_url))
        return made[-1]

    yield open_home
    for one in made:
        one.close()
