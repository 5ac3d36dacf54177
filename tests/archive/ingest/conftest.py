"""A home with one outlet for every test that asks."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.archive.ingest.outlet import Outlet


@pytest.fixture
def outlet(tmp_path: Path) -> Iterator[Outlet]:
    """An outlet that is archived into a fresh home."""
    made = Outlet(tmp_path / "home")
    yield made
    made.close()
