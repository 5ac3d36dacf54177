"""Opening a home: one writer at a time, and nothing left open."""

import subprocess
import sys
import threading
from pathlib import Path

import pytest

from archive.errors import CatalogueError, HomeInUseError
from archive.opening import lock_home, open_stores
from archive.reading import verify
from tests.archive.paper import opened, record, story

DESCRIPTORS = Path("/proc/self/fd")
HOLD = """
import sys
from pathlib import Path
from archive.opening import lock_home
with lock_home(Path(sys.argv[1])):
    print("held", flush=True)
    sys.stdin.read()
"""


def test_a_second_writer_is_refused_with_the_pid_of_the_first(tmp_path: Path) -> None:
    """Who writes to the home is said, and when it has ended the home is free."""
    holder = subprocess.Popen(
        [sys.executable, "-c", HOLD, str(tmp_path)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert holder.stdout is not None
    assert holder.stdout.readline() == "held\n"

    with pytest.raises(HomeInUseError) as told, lock_home(tmp_path):
        pass
    holder.communicate("")
    with lock_home(tmp_path):
        pass

    assert holder.pid == told.value.pid


def test_opening_and_closing_leaves_nothing_open(tmp_path: Path) -> None:
    """After fifty rounds of opening, writing and reading there are as many descriptors and threads as before."""

    def once() -> None:
        stores = opened(tmp_path)
        verify(stores)
        stores.close()

    stores = opened(tmp_path)
    record(stores, story()[:3])
    stores.close()
    once()
    before = (len(list(DESCRIPTORS.iterdir())), threading.active_count())

    for _ in range(50):
        once()

    assert before == (len(list(DESCRIPTORS.iterdir())), threading.active_count())


def test_a_home_that_cannot_be_made_is_told(tmp_path: Path) -> None:
    """A file where the home should be is one line that says what to do."""
    (tmp_path / "file").write_text("x")

    with pytest.raises(CatalogueError, match="choose another folder with --home"):
        open_stores(tmp_path / "file" / "home")
