"""The page that explains the verdicts: each of its examples is carried out."""

import re
from datetime import timedelta
from pathlib import Path

import pytest

from archive.edits import compare
from archive.model import Comparison
from archive.text import find_notes
from tests.archive.edits.histories import BODY, History, story

PAGE = Path(__file__).parents[3] / "docs" / "why" / "verdicts.md"
BLOCK = re.compile(r"^```(verdict|history)\n(.*?)^```", re.MULTILINE | re.DOTALL)


def _examples(kind: str) -> list[dict[str, str]]:
    return [
        dict(line.split(": ", 1) for line in text.splitlines())
        for found, text in BLOCK.findall(PAGE.read_text(encoding="utf-8"))
        if found == kind
    ]


def _changed(example: dict[str, str]) -> Comparison:
    before, after = ([*example[side].split(" | "), *BODY] for side in ("before", "after"))
    notes = find_notes([example["note"]]) if "note" in example else ()
    return compare(story(*before), story(*after, notes=notes))


@pytest.mark.parametrize("example", _examples("verdict"), ids=lambda one: one["after"][:40])
def test_an_example_of_a_comparison_is_true(example: dict[str, str]) -> None:
    """Verdict, severity, first reason, disclosure, evidence and summary are as the page says."""
    change = _changed(example)
    said = {
        "verdict": str(change.verdict),
        "severity": str(change.severity),
        "reason": next(iter(change.reasons), ""),
        "disclosure": str(change.disclosure),
        "summary": change.summary,
        "evidence": next((claim.text for claim in change.claims), ""),
        "unsaid": next((change.operations[place].before for place in change.unsaid), ""),
    }
    wanted = {name: text for name, text in example.items() if name not in ("before", "after", "note")}

    assert {name: said[name] for name in wanted} == wanted


@pytest.mark.parametrize("example", _examples("history"), ids=lambda one: one["captures"])
def test_an_example_of_a_history_is_true(example: dict[str, str]) -> None:
    """What each capture is called in the end, and what is alerted."""
    texts = {"A": story(), "B": story(BODY[0].replace("23", "32"), *BODY[1:])}
    signs = example["captures"].split()
    hours = example.get("hours", " ".join("1" for _ in signs)).split()
    history = History()
    for sign, wait in zip(signs, hours, strict=True):
        after = timedelta(hours=int(wait)) / timedelta(minutes=1)
        if sign in texts:
            history.show(texts[sign], after=after)
        else:
            history.fail(404 if sign == "0" else 503, after=after)

    assert [str(one) for one in history.verdicts] == example["verdicts"].split()
    assert example["alerts"] == (" ".join(str(event.kind) for event in history.alerts) or "none")


def test_the_page_has_examples() -> None:
    """The pattern still finds them."""
    assert len(_examples("verdict")) > 10
    assert len(_examples("history")) > 5
