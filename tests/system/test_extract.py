"""`lateedition extract` in a child process: one line a page, in order, whatever the pages do."""

import base64
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

ARTICLE = (
    "<html><title>Bridge closed</title><h1>Bridge closed</h1>"
    + "".join(
        f"<p>Paragraph {number} tells of the bridge and of those who cross it every day, at some length.</p>"
        for number in range(6)
    )
).encode()


def run(lines: list[Any], home: Path, *options: str) -> list[dict[str, Any]]:
    """Run the command over lines; return its lines."""
    said = "".join(f"{one if isinstance(one, str) else json.dumps(one)}\n" for one in lines)
    done = subprocess.run(
        [sys.executable, "-m", "lateedition", "--home", str(home), "extract", "--format", "jsonl", *options],
        input=said.encode(),
        capture_output=True,
        timeout=60,
    )

    assert done.returncode == 0, done.stderr
    return [json.loads(line) for line in done.stdout.splitlines()]


def asked(number: int, html: bytes) -> dict[str, Any]:
    """Return a line that asks for a page."""
    return {
        "id": f"p{number}",
        "url": "https://quayside.example/a",
        "html_b64": base64.b64encode(html).decode(),
    }


@pytest.mark.parametrize(
    "workers", [pytest.param("1", id="one process"), pytest.param("2", id="two workers")]
)
def test_every_line_gets_its_answer_in_order(tmp_path: Path, workers: str) -> None:
    """Bad JSON, missing files, empty pages and articles all give one line each, in the order asked."""
    lines: list[Any] = [asked(number, ARTICLE if number % 3 else b"") for number in range(12)]
    lines[4] = "no JSON"
    lines[7] = {"id": "p7", "html_path": str(tmp_path / "missing.html")}
    lines[8] = ["a list"]

    said = run(lines, tmp_path, "--workers", workers)

    assert [None if number in (4, 8) else f"p{number}" for number in range(12)] == [one["id"] for one in said]
    assert [number for number, one in enumerate(said) if one["error"]] == [4, 7, 8]
    assert said[1]["headline"] == "Bridge closed"
    assert said[1]["origins"]["headline"] == "dom"


@pytest.mark.parametrize(
    "workers", [pytest.param("1", id="one process"), pytest.param("2", id="two workers")]
)
def test_a_page_that_costs_too_much_costs_one_line(tmp_path: Path, workers: str) -> None:
    """A page over its CPU time is an error that says so; the pages beside it are read."""
    dear = "".join(f"<p>p {number} some words here, with commas.</p>" for number in range(60_000)).encode()

    said = run(
        [asked(0, ARTICLE), asked(1, dear), asked(2, ARTICLE)],
        tmp_path,
        "--workers",
        workers,
        "--seconds",
        "0.3",
    )

    assert [bool(one["error"]) for one in said] == [False, True, False]
    assert "CPU time" in said[1]["error"]


def test_half_a_surrogate_pair_does_not_end_the_batch(tmp_path: Path) -> None:
    """Text that no encoding holds is replaced, and the next page follows."""
    said = run([{**asked(0, ARTICLE), "id": "\ud800"}, asked(1, ARTICLE)], tmp_path)

    assert len(said) == 2
    assert said[1]["id"] == "p1"


def test_the_python_function_is_the_same(tmp_path: Path) -> None:
    """`lateedition.extract` gives what the command prints."""
    import lateedition

    said = run([asked(0, ARTICLE)], tmp_path)[0]
    own = lateedition.extract(ARTICLE, "https://quayside.example/a")

    assert said["body"] == "\n".join(own.body)
    assert said["page_kind"] == own.page_kind
