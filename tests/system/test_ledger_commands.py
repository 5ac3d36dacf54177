"""The commands that read, judge and rework the ledger, as a user types them: a child process over a real home."""

import json
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.archive.ingest.outlet import HOST, PARAGRAPHS, Outlet, page

pytestmark = pytest.mark.timeout(120)

URL = f"{HOST}/2026/07/19/river-crests"
PATH = URL.removeprefix(HOST)
EDITED = page(
    PARAGRAPHS[0].replace("23", "32"),
    PARAGRAPHS[2],
    PARAGRAPHS[1],
    PARAGRAPHS[3].replace("downstream", "<b>downstream</b> \u202e&lt;script&gt;alert(1)&lt;/script&gt;"),
    PARAGRAPHS[4],
)


@dataclass
class Done:
    """A command that has ended."""

    code: int
    out: str
    err: str


@dataclass
class Command:
    """`lateedition` over one home."""

    home: Path

    def __call__(self, *arguments: str, **environment: str) -> Done:
        """Run a command to its end."""
        kept = {name: value for name, value in os.environ.items() if not name.startswith("LATEEDITION_")}
        done = subprocess.run(
            [sys.executable, "-m", "lateedition", "--home", str(self.home), *arguments],
            capture_output=True,
            text=True,
            env=kept | {"TZ": "UTC", "COLUMNS": "100"} | environment,
            timeout=60,
        )
        return Done(done.returncode, done.stdout, done.stderr)


@pytest.fixture(scope="module")
def edited(tmp_path_factory: pytest.TempPathFactory) -> Command:
    """A home with one article that was edited; tests of this module only read it."""
    home = tmp_path_factory.mktemp("ledger") / "home"
    _fill(home)
    return Command(home)


@pytest.fixture
def own(tmp_path: Path) -> Command:
    """The same in a home of the test's own."""
    _fill(tmp_path / "home")
    return Command(tmp_path / "home")


def _fill(home: Path) -> None:
    outlet = Outlet(home)
    for body in (page(), page(), page(), EDITED, EDITED):
        outlet.serve(PATH, body)
    outlet.close()


def _events(command: Command) -> list[dict[str, object]]:
    return [json.loads(line) for line in command("edits", "--all", "--format", "jsonl").out.splitlines()]


def test_diff_shows_words_moves_and_folds_the_rest(edited: Command) -> None:
    """In signs where there is no colour, with the verdict above."""
    done = edited("diff", URL, "--layout", "inline")

    assert done.code == 0
    assert "[-23-]{+32+}" in done.out
    assert "moved here" in done.out
    assert "unchanged paragraph" in done.out
    assert "material, disclosure: silent" in done.out


def test_diff_sets_versions_side_by_side(edited: Command) -> None:
    """Each side holds its own words."""
    done = edited("diff", URL, "1", "2", "--layout", "sides", COLUMNS="140")
    (line,) = [line for line in done.out.splitlines() if "[-23-]" in line]

    assert line.index("[-23-]") < line.index("{+32+}")


def test_diff_shows_all_when_asked(edited: Command) -> None:
    """`--whole` folds nothing."""
    assert PARAGRAPHS[4][:30] in edited("diff", URL, "--whole").out
    assert PARAGRAPHS[4][:30] not in edited("diff", URL).out


def test_a_page_gives_the_terminal_no_orders(edited: Command) -> None:
    """Marks that turn the direction of writing, and control characters, are shown as such."""
    from lateedition.cli.output import legible

    assert legible("a\x1b[31mb\x9bc\td") == "a\N{REPLACEMENT CHARACTER}[31mb\N{REPLACEMENT CHARACTER}c\td"
    for arguments in (("diff", URL), ("show", URL), ("edits",)):
        assert "\u202e" not in edited(*arguments).out


def test_diff_as_json_leads_from_one_text_to_the_other(edited: Command) -> None:
    """Operations on character offsets; applied to the old text they give the new."""
    found = json.loads(edited("diff", URL, "--format", "json").out)
    (body,) = [track for track in found["tracks"] if track["track"] == "body"]
    text, place = "", 0
    for one in sorted(body["operations"], key=lambda one: (one["start"], one["to_start"])):
        text += body["before"][place : one["start"]] + one["after"]
        place = one["end"]

    assert text + body["before"][place:] == body["after"]
    assert (found["severity"], found["disclosure"]) == ("material", "silent")
    assert {one["kind"] for one in body["operations"]} >= {"replace", "move"}


def test_diff_as_html_is_safe_to_embed(edited: Command) -> None:
    """What the page said is text, whatever it said."""
    done = edited("diff", URL, "--format", "html")

    assert "<del>23</del><ins>32</ins>" in done.out
    assert "<script" not in done.out
    assert "style=" not in done.out


def test_diff_of_one_version_says_that_there_is_nothing_to_compare(tmp_path: Path) -> None:
    """No error, and no empty difference either."""
    outlet = Outlet(tmp_path / "home")
    outlet.serve(PATH, page())
    outlet.close()
    done = Command(tmp_path / "home")("diff", URL)

    assert (done.code, done.out) == (0, "")
    assert "nothing to compare" in done.err


@pytest.mark.parametrize(
    ("arguments", "code", "message"),
    [
        pytest.param(("diff", URL, "1", "9"), 1, "has no version 9", id="no-such-version"),
        pytest.param(("diff", f"{HOST}/nothing"), 1, "nothing is archived", id="no-such-address"),
        pytest.param(("judge", "ab" * 16, "--comment", "x"), 1, "no such event", id="no-such-event"),
        pytest.param(("judge", "not-hex", "--comment", "x"), 1, "no such event", id="no-event-at-all"),
        pytest.param(("judge", "ab" * 16), 2, "Say something", id="no-word"),
        pytest.param(("judge", "ab" * 16, "--severity", "grave"), 2, "grave", id="no-such-severity"),
        pytest.param(("reprocess", "--since", "yesterday"), 2, "is no time", id="no-time"),
    ],
)
def test_what_cannot_be_done_is_said_in_a_line(
    edited: Command, arguments: tuple[str, ...], code: int, message: str
) -> None:
    """The contract's exit codes, what and where, and never a traceback."""
    done = edited(*arguments)

    assert done.code == code
    assert message in done.err
    assert "Traceback" not in done.err


def test_events_carry_reasons_and_what_was_left_unsaid(edited: Command) -> None:
    """The evidence for the verdict is in the line itself."""
    (event,) = _events(edited)

    assert event["reasons"][0] == "number: “23” → “32”"  # type: ignore[index]
    assert [one["before"] for one in event["unsaid"]]  # type: ignore[attr-defined, union-attr]
    assert event["judgement"] is None


@pytest.mark.parametrize("output", ["table", "csv"])
def test_the_ledger_prints_in_every_form(own: Command, output: str) -> None:
    """A judgement is in all of them."""
    (event,) = _events(own)
    own("judge", str(event["event"]), "--comment", "checked with the desk")

    assert "checked with the desk" in own("edits", "--format", output).out


def test_a_judgement_is_kept_through_reprocess(own: Command) -> None:
    """Said once, it goes before what is found, now and after."""
    (event,) = _events(own)
    said = own(
        "judge",
        str(event["event"]),
        "--not-an-edit",
        "--severity",
        "minor",
        "--comment",
        "a test",
        "--tag",
        "x",
    )
    assert said.code == 0
    assert "not an edit, minor, “a test”, #x" in said.out
    own("reprocess")
    (now,) = _events(own)

    assert (now["alert"], now["severity"]) == (False, "minor")
    assert now["judgement"]["tags"] == ["x"]  # type: ignore[index]
    assert own("edits", "--format", "jsonl").out == ""


def test_judging_while_another_process_writes(own: Command) -> None:
    """The page's service may be running."""
    from archive.opening import lock_home

    (event,) = _events(own)
    with lock_home(own.home):
        assert own("judge", str(event["event"]), "--comment", "x").code == 0
        assert own("reprocess").code == 1


def test_reprocess_lists_before_it_writes_and_writes_once(own: Command) -> None:
    """A dry run says the same and changes nothing; a second run finds nothing."""
    from archive.catalog.sqlite import SqliteCatalogue

    catalogue = SqliteCatalogue(own.home / "catalog.sqlite")
    with catalogue.writing() as connection:
        connection.exec_driver_sql("UPDATE event SET summary = 'as older software put it'")
    catalogue.close()
    dry = own("reprocess", "--dry-run", "--format", "jsonl")
    (planned,) = [json.loads(line) for line in dry.out.splitlines()]

    assert planned["change"] == "changes"
    assert planned["summary_before"] == "as older software put it"
    assert _events(own)[0]["summary"] == "as older software put it"
    assert "1 change; written" in own("reprocess").err
    assert _events(own)[0]["summary"] == planned["summary"]
    assert "nothing to write" in own("reprocess").err
