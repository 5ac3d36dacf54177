"""A home for each test of the archive."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from archive.opening import Stores
from tests.archive.paper import opened


@pytest.fixture
def stores(tmp_path: Path) -> Iterator[Stores]:
    """An empty home on SQLite and local disk, in which the paper is watched."""
    made = opened(tmp_path / "home")
    yield made
    made.close()
