"""The store's commands as people run them: import, verify, rebuild, export, on every engine."""

import json
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from archive.opening import Stores
from tests.archive.paper import opened, record, story
from tests.archive.servers import new_bucket, new_database, running_postgres, running_s3

pytestmark = pytest.mark.timeout(120)
Run = Callable[..., "subprocess.CompletedProcess[str]"]


def run(home: Path, *arguments: str) -> "subprocess.CompletedProcess[str]":
    """Run the command on a home."""
    return subprocess.run(
        [sys.executable, "-m", "lateedition", "--home", str(home), *arguments],
        capture_output=True,
        text=True,
    )


def lines(home: Path, *arguments: str) -> list[dict[str, object]]:
    """Run a reading command; return its lines without where records lie."""
    done = run(home, *arguments, "--format", "jsonl")
    assert done.returncode == 0, done.stderr
    found = [json.loads(line) for line in done.stdout.splitlines()]
    for one in found:
        if isinstance(one.get("record"), dict):
            one["record"] = {key: value for key, value in one["record"].items() if key in ("id", "type")}
    return found


@pytest.fixture
def paper(tmp_path: Path) -> Iterator[Stores]:
    """A home with a day of captures."""
    made = opened(tmp_path / "paper")
    record(made, story())
    yield made
    made.close()


def test_rebuild_leaves_everything_as_it_was(paper: Stores) -> None:
    """Captures, versions and edits print the same before and after, and verify is content."""
    questions = [
        ("captures",),
        ("edits", "--all"),
        ("versions", "https://paper.example/2018/07/19/town-hall-meeting"),
    ]
    before = [lines(paper.home, *one) for one in questions]

    done = run(paper.home, "rebuild")
    verified = run(paper.home, "verify", "--deep", "--format", "json")

    assert done.returncode == 0, done.stderr
    assert "14 captures catalogued" in done.stderr
    assert before == [lines(paper.home, *one) for one in questions]
    assert {
        key: value for key, value in json.loads(verified.stdout).items() if key in ("ok", "captures")
    } == {"ok": True, "captures": 14}


def test_a_lost_catalogue_comes_back(paper: Stores) -> None:
    """With the catalogue deleted, the files alone give the same captures and edits."""
    before = [lines(paper.home, "captures"), lines(paper.home, "edits", "--all")]
    paper.close()
    for path in paper.home.glob("catalog.sqlite*"):
        path.unlink()

    done = run(paper.home, "rebuild")

    assert done.returncode == 0, done.stderr
    assert before == [lines(paper.home, "captures"), lines(paper.home, "edits", "--all")]


def test_export_and_import_carry_an_archive(paper: Stores, tmp_path: Path) -> None:
    """A WACZ of one home, imported into another, prints the same answers; twice adds nothing."""
    wacz = tmp_path / "all.wacz"

    exported = run(paper.home, "export", "--format", "wacz", "--output", str(wacz))
    first = run(tmp_path / "other", "import", str(wacz))
    again = run(tmp_path / "other", "import", str(wacz))

    assert [exported.returncode, first.returncode, again.returncode] == [0, 0, 0], first.stderr
    assert "0 captures added, 13 were archived already" in again.stderr
    answered = [one for one in lines(paper.home, "captures") if one["status"]]
    assert [one["capture"] for one in answered] == [
        one["capture"] for one in lines(tmp_path / "other", "captures")
    ]
    assert (tmp_path / "all.wacz.manifest.json").exists()


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        pytest.param(["import", "none.warc"], 1, "none.warc", id="no such file"),
        pytest.param(["export", "--format", "warc", "--output", "x.warc.gz", "--source", "nobody"], 1, "no source of that name", id="no such source"),
        pytest.param(["export", "--format", "warc", "--output", "x.warc.gz", "--url", "https://nowhere.example/"], 1, "nothing is archived", id="no such address"),
    ],
)  # fmt: skip
def test_what_cannot_be_done_is_one_line(tmp_path: Path, arguments: list[str], code: int, said: str) -> None:
    """Wrong input gives the contract's exit code and says what to do."""
    done = run(tmp_path / "home", *arguments)

    assert code == done.returncode
    assert said in done.stderr
    assert "Traceback" not in done.stderr


def test_a_lost_file_is_found(paper: Stores) -> None:
    """Verify exits with 1 and names what is lost."""
    for path in (paper.home / "warc").iterdir():
        path.unlink()

    done = run(paper.home, "verify", "--format", "json")

    assert done.returncode == 1
    assert json.loads(done.stdout)["missing"] == 14
    assert "the file is gone" in done.stderr


def test_a_home_on_postgresql_and_s3(paper: Stores, tmp_path: Path) -> None:
    """Two lines in the settings move the data; every command works there as it did at home."""
    (tmp_path / "pg").mkdir()
    (tmp_path / "s3").mkdir()
    far = tmp_path / "far"
    far.mkdir()
    run(paper.home, "export", "--format", "warc", "--output", str(tmp_path / "all.warc.gz"))
    with running_postgres() as postgres, running_s3(tmp_path / "s3") as s3:
        (far / "lateedition.toml").write_text(
            f'catalogue = "{new_database(postgres)}"\nblobs = "{new_bucket(s3)}"\n'
        )

        imported = run(far, "import", str(tmp_path / "all.warc.gz"))
        before = lines(far, "captures")
        rebuilt = run(far, "rebuild")
        verified = run(far, "verify", "--deep", "--format", "json")

        assert imported.returncode == 0, imported.stderr
        assert rebuilt.returncode == 0, rebuilt.stderr
        assert len(before) == 13
        assert before == lines(far, "captures")
        assert json.loads(verified.stdout)["ok"]
    assert {"lateedition.toml", "writer.lock"} == {path.name for path in far.iterdir()}
