"""Looking again on a cluster: the same findings as here, and a cluster that cannot be used is said in a line."""

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.archive.ingest.outlet import PARAGRAPHS, Outlet, page

pytestmark = pytest.mark.timeout(180)

ROOT = Path(__file__).parents[2]
RECIPE = '[select]\nbody = "article p"\nremove = ["p.ferry"]\n'
Command = Callable[..., subprocess.CompletedProcess[str]]


@contextmanager
def running_cluster(workers: int) -> Iterator[str]:
    """Run a cluster of so many workers."""
    child = subprocess.Popen(
        [sys.executable, "-m", "tests.scheduler.dask_cluster", str(workers)],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    assert child.stdin
    assert child.stdout
    try:
        yield child.stdout.readline().strip()
    finally:
        child.stdin.close()
        child.wait()
        child.stdout.close()


@pytest.fixture
def command(tmp_path: Path) -> Command:
    """`lateedition` over a home whose outlet got a recipe after its pages were fetched."""
    home = tmp_path / "home"
    outlet = Outlet(home)
    for count in ("sixty", "sixty", "eighty", "eighty"):
        ferry = f"</p><p class=ferry>The harbour ferry carried {count} people across on the same evening."
        outlet.serve("/2026/07/19/river", page(*PARAGRAPHS, ferry))
    outlet.close()
    (home / "sources").mkdir(exist_ok=True)
    (home / "sources" / "paper.toml").write_text(RECIPE)

    def run(*arguments: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", "lateedition", "--home", str(home), *arguments],
            capture_output=True,
            text=True,
            env=os.environ | {"TZ": "UTC"},
        )

    return run


def test_workers_find_what_is_found_here(command: Command) -> None:
    """The listing of a dry run is the same; written on a cluster, nothing is left to be found here."""
    here = command("reprocess", "--dry-run", "--format", "jsonl")
    with running_cluster(2) as address:
        there = command("reprocess", "--dry-run", "--format", "jsonl", "--cluster", address)
        written = command("reprocess", "--cluster", address)

    assert here.returncode == there.returncode == written.returncode == 0, there.stderr + written.stderr
    assert [json.loads(line)["change"] for line in here.stdout.splitlines()] == ["vanishes"]
    assert there.stdout == here.stdout
    assert "nothing to write" in command("reprocess").stderr


@pytest.mark.soak  # it is waited for
def test_a_cluster_without_workers_is_said(command: Command) -> None:
    """What is missing, and what to do; the home is as it was."""
    with running_cluster(0) as address:
        done = command("reprocess", "--cluster", address)

    assert done.returncode == 1
    assert f"dask worker {address}" in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize(
    "address",
    [
        pytest.param("tcp://127.0.0.1:1", id="nobody", marks=pytest.mark.soak),
        pytest.param("127.0.0.1:8786", id="no-scheme"),
    ],
)
def test_a_cluster_that_is_not_there_is_said(command: Command, address: str) -> None:
    """One line, and never a traceback."""
    done = command("reprocess", "--cluster", address)

    assert done.returncode == 1
    assert address in done.stderr
    assert "Traceback" not in done.stderr
