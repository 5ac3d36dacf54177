"""What needs a catalogue for itself waits for those who write to it, and they for it, on every engine."""

import os
import signal
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from archive.errors import CatalogueInUseError
from archive.opening import Stores, as_only_writer, open_stores
from tests.archive.conftest import catalogue_url, postgres
from tests.system.conftest import CommandLine, eventually

__all__ = ["catalogue_url", "postgres"]

pytestmark = pytest.mark.timeout(120)

SETTINGS = 'contact = "tests@example.org"\nallowed_private_networks = ["127.0.0.0/8"]\n'


@pytest.fixture
def shared(tmp_path: Path, catalogue_url: str) -> str:
    """A catalogue that two homes name."""
    address = catalogue_url or f"sqlite://{tmp_path}/catalog.sqlite"
    for home in ("ann", "bob"):
        CommandLine(tmp_path / home).settle(
            f'{SETTINGS}catalogue = "{address}"\nblobs = "file://{tmp_path}/warc"\n'
        )
    return address


@pytest.fixture
def stores(tmp_path: Path, shared: str) -> Iterator[Stores]:
    """The same catalogue, opened here."""
    opened = open_stores(tmp_path / "here", catalogue=shared, blobs=f"file://{tmp_path}/warc")
    yield opened
    opened.close()


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Callable[[str], "subprocess.Popen[str]"]]:
    """Start a worker in a home; killed if a test forgets it."""
    started: list[subprocess.Popen[str]] = []

    def begin(home: str) -> "subprocess.Popen[str]":
        started.append(CommandLine(tmp_path / home).start("work"))
        return started[-1]

    yield begin
    for process in started:
        if process.poll() is None:
            process.kill()
        process.communicate()


def is_written_to(stores: Stores) -> bool:
    """Tell whether somebody is among the writers."""
    try:
        with as_only_writer(stores, "test"):
            return False
    except CatalogueInUseError:
        return True


def test_a_catalogue_is_not_made_anew_under_a_worker(
    stores: Stores, start: Callable[[str], "subprocess.Popen[str]"], tmp_path: Path
) -> None:
    """From another home as well: refused with the worker's pid and what to do, and done once it has ended."""
    ann, bob = start("ann"), CommandLine(tmp_path / "bob")
    eventually(lambda: is_written_to(stores) or ann.poll() is not None)
    refused = [bob("rebuild"), bob("reprocess", "--dry-run")]
    ann.send_signal(signal.SIGTERM)
    _, said = ann.communicate(timeout=20)

    assert ann.returncode == 0, said
    for one in refused:
        assert one.code == 1, one.err
        assert f"in use by `work` (process {ann.pid} on " in one.err
        assert "end it first, then try again" in one.err
        assert "Traceback" not in one.err
    assert bob("rebuild").code == 0
    assert bob("reprocess").code == 0


def test_nobody_writes_to_a_catalogue_that_is_made_anew(stores: Stores, tmp_path: Path) -> None:
    """Workers, crawls, captures and imports are refused with the pid of what they have to wait for; readers read."""
    ann = CommandLine(tmp_path / "ann")
    (tmp_path / "empty.warc").write_bytes(b"")
    commands = (
        ["work"],
        ["crawl"],
        ["capture", "http://127.0.0.1:9/x"],
        ["import", str(tmp_path / "empty.warc")],
    )
    with as_only_writer(stores, "rebuild"):
        refused = [ann(*command) for command in commands]
        read = ann("captures", "--format", "jsonl")

    for one in refused:
        assert one.code == 1, one.err
        assert f"in use by `rebuild` (process {os.getpid()} on " in one.err
        assert "try again when it has ended" in one.err
    assert read.code == 0, read.err
