"""`lateedition simulate` as a user has it."""

import csv
import json
from pathlib import Path

import pytest

HEAD = "article,outlet,first_seen_epoch,edit_ages_s\n"


def test_simulate_prints_the_figures_and_writes_every_fetch(le, tmp_path: Path) -> None:
    """What is printed follows from the fetches that are written."""
    history = tmp_path / "history.csv"
    history.write_text(
        HEAD
        + "".join(f"a{n},paper,{1500000000 + n * 700},{600 + n * 30} {9000 + n * 500}\n" for n in range(60))
    )
    visits = tmp_path / "visits.csv"
    done = le(
        "simulate", "--history", str(history), "--train", str(history), "--budget", "6",
        "--visits", str(visits), "--format", "json",
    )  # fmt: skip
    rows = list(csv.DictReader(visits.read_text().splitlines()))

    assert done.code == 0, done.err
    said = json.loads(done.out)
    assert said["articles"] == 60
    assert said["edits"] == 120
    assert said["fetches_per_article"] == pytest.approx(len(rows) / 60, abs=1e-4)
    assert said["fetches_per_article"] == pytest.approx(6, rel=0.03)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        pytest.param("article,outlet\n", "no column first_seen_epoch", id="column"),
        pytest.param(HEAD + "a,b,then,\n", "line 2", id="number"),
        pytest.param(HEAD, "names no article", id="empty"),
    ],
)
def test_a_history_that_is_none_is_said_in_one_line(le, tmp_path: Path, text: str, said: str) -> None:
    """Bad input ends with exit 1 and a line that says where."""
    history = tmp_path / "history.csv"
    history.write_text(text)
    done = le("simulate", "--history", str(history), "--budget", "6")

    assert done.code == 1
    assert said in done.err
    assert len(done.err.splitlines()) == 1
