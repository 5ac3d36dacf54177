"""A disk without room, a real one: the home lies on a file system of a few megabytes."""

import os
import re
import signal
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.system.conftest import CommandLine, Outlet, eventually

pytestmark = pytest.mark.timeout(120)

#: Bytes of the whole disk: room for a catalogue and some captures.
SIZE = 6 << 20


@pytest.fixture
def small_disk(le: CommandLine) -> Iterator[Path]:
    """The home of the command, on a disk of its own."""
    settings = (le.home / "lateedition.toml").read_text()
    done = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", f"size={SIZE}", "tmpfs", le.home], capture_output=True, check=False
    )
    if done.returncode != 0:
        pytest.skip("only root may mount a small disk")
    le.settle(settings)
    yield le.home
    subprocess.run(["umount", "--lazy", le.home], check=True)


def fill(home: Path, *, left: int) -> Path:
    """Take the room of a disk but for some bytes; return what takes it."""
    filler = home / "filler"
    with filler.open("wb") as file:
        free = os.statvfs(home).f_bavail * os.statvfs(home).f_frsize
        os.posix_fallocate(file.fileno(), 0, max(free - left, 1))
    return filler


def publish(outlet: Outlet, edition: int) -> None:
    """Put articles on the site whose pages cannot be made small, another text in each edition."""
    for number in range(12):
        noise = os.urandom(20_000).hex()
        outlet.publish(
            f"story-{number}-of-the-day", f"Story {number}, edition {edition}", f"It says {noise}."
        )


@pytest.mark.parametrize(
    "left",
    [
        pytest.param(0, id="none left"),
        pytest.param(8192, id="two blocks left"),
        pytest.param(4096, id="a block left", marks=pytest.mark.crash),
        pytest.param(60_000, id="room for a page", marks=pytest.mark.crash),
    ],
)
def test_a_start_on_a_full_disk_ends_with_a_message(
    le: CommandLine, outlet: Outlet, small_disk: Path, left: int
) -> None:
    """Whichever file finds no room first, the service says so in words and ends with 1."""
    publish(outlet, 1)
    le("watch", outlet.address + "/feed.xml")
    filler = fill(small_disk, left=left)

    code, said = run_to_its_end(le)

    assert code == 1, said
    assert "Traceback" not in said
    assert re.search(r"^lateedition: .*disk is full; make room", said, re.MULTILINE), said
    filler.unlink()
    assert goes_on(le, at_least=12)


@pytest.mark.crash
def test_a_disk_that_fills_up_under_the_service_loses_nothing(
    le: CommandLine, outlet: Outlet, small_disk: Path
) -> None:
    """What was listed before is there afterwards, as it was; with room, the service goes on."""
    publish(outlet, 1)
    le("watch", outlet.address + "/feed.xml")
    filler = fill(small_disk, left=2 << 20)
    process = le.start("run", "--port", "0")
    listed = eventually(lambda: le("captures", "--format", "jsonl").lines)
    edition = 1
    while process.poll() is None:
        edition += 1
        publish(outlet, edition)
        listed = le("captures", "--format", "jsonl").lines or listed
    _, said = process.communicate()

    assert process.returncode == 1, said
    assert "Traceback" not in said
    assert "the disk is full; make room" in said
    filler.unlink()
    assert goes_on(le, at_least=len(listed) + 1)
    places = {one["capture"]: one["payload_digest"] for one in le("captures", "--format", "jsonl").lines}
    assert {one["capture"]: one["payload_digest"] for one in listed}.items() <= places.items()


def run_to_its_end(le: CommandLine) -> tuple[int, str]:
    """Run the service until it ends by itself; return its code, and what it and its children said."""
    process = le.start("run", "--port", "0")
    try:
        _, said = process.communicate(timeout=60)
    except subprocess.TimeoutExpired:
        process.send_signal(signal.SIGKILL)
        pytest.fail(f"went on and on: {process.communicate()[1]}")
    return process.returncode, said


def goes_on(le: CommandLine, *, at_least: int) -> bool:
    """Tell whether a home with room again works, and is whole."""
    crawled = le("crawl", "--once", "--refetch")
    verified = le("verify", "--deep", "--format", "json")
    assert (crawled.code, verified.code) == (0, 0), crawled.err + verified.err
    return int(verified.lines[0]["captures"]) >= at_least
