"""Extraction in several processes survives their death: one line for the page that caused it, all others answered."""

import json
import os
import signal
from collections.abc import Iterator
from multiprocessing import active_children
from pathlib import Path
from threading import Event, Thread
from typing import Any

import pytest

from lateedition.extracting import Limits, answers

LIMITS = Limits(seconds=8, megabytes=900)
ARTICLE = "<html><title>Bridge {0}</title><h1>Bridge {0} closed</h1>" + "".join(
    f"<p>Paragraph {number} tells of the bridge and of those who cross it every day, at some length.</p>"
    for number in range(6)
)


def line(folder: Path, number: int) -> bytes:
    """Write a page; return the line that asks for it."""
    file = folder / f"{number}.html"
    file.write_text(ARTICLE.format(number))
    return json.dumps({"id": number, "url": "https://quayside.example/a", "html_path": str(file)}).encode()


def kill_workers() -> None:
    """End every process that extracts, as a kernel that runs out of memory does."""
    for child in active_children():
        if child.pid is not None:
            os.kill(child.pid, signal.SIGKILL)


def kill_readers_of(pipe: Path) -> None:
    """End the processes that have a pipe open for reading, and no others."""
    for child in active_children():
        here = Path(f"/proc/{child.pid}")
        try:
            reads = any(
                one.readlink() == pipe and (here / "fdinfo" / one.name).read_text().split()[3].endswith("0")
                for one in (here / "fd").iterdir()
            )
        except OSError:
            # It has just died.
            continue
        if reads and child.pid is not None:
            os.kill(child.pid, signal.SIGKILL)


def ordered(said: list[dict[str, Any]]) -> list[Any]:
    """Return the ids and headlines of answers."""
    return [(one["id"], one["headline"]) for one in said]


def test_killed_workers_cost_no_line(tmp_path: Path) -> None:
    """Whatever they had in hand is read by others; the order stays."""

    def lines() -> Iterator[bytes]:
        for number in range(40):
            if number in (12, 25):
                kill_workers()
            yield line(tmp_path, number)

    said = list(answers(lines(), workers=2, limits=LIMITS))

    assert ordered(said) == [(number, f"Bridge {number} closed") for number in range(40)]
    assert [one["error"] for one in said] == [None] * 40


@pytest.mark.parametrize("place", [pytest.param(0, id="first"), pytest.param(5, id="in the middle")])
def test_a_page_that_ends_its_process_costs_one_line(tmp_path: Path, place: int) -> None:
    """It is tried once more by itself; then its line says what happened, and the batch has gone on."""
    pipe = tmp_path / "deadly"
    os.mkfifo(pipe)

    finished = Event()

    def kill_readers() -> None:
        # Whoever reads the page dies of it: opening a pipe for writing waits until somebody reads.
        while not finished.is_set():
            with pipe.open("wb"):
                kill_readers_of(pipe)

    lines = [line(tmp_path, number) for number in range(9)]
    lines[place] = json.dumps({"id": place, "html_path": str(pipe)}).encode()
    killer = Thread(target=kill_readers, daemon=True)
    killer.start()
    said = list(answers(lines, workers=2, limits=LIMITS))
    finished.set()
    release = os.open(pipe, os.O_RDONLY | os.O_NONBLOCK)
    killer.join()
    os.close(release)

    assert [one["id"] for one in said] == list(range(9))
    assert [number for number, one in enumerate(said) if one["error"]] == [place]
    assert "ended the process" in said[place]["error"]


def test_a_page_that_takes_all_memory_costs_one_line(tmp_path: Path) -> None:
    """A process over its bound gives up the page and reads the next."""
    lines = [line(tmp_path, number) for number in range(6)]
    lines[2] = json.dumps({"id": 2, "html_path": "/dev/zero"}).encode()
    said = list(answers(lines, workers=2, limits=Limits(seconds=8, megabytes=200)))

    assert [one["id"] for one in said] == list(range(6))
    assert [number for number, one in enumerate(said) if one["error"]] == [2]
