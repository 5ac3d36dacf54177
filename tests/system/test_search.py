"""Search as a reader types it."""

import pytest

from tests.system.conftest import CommandLine, Outlet


@pytest.mark.timeout(90)
def test_an_edit_is_found_by_the_words_it_took(le: CommandLine, outlet: Outlet) -> None:
    """What was captured is found at once, as text, and as words that came and went."""
    talk = "The talks went on all night and nobody expected an answer before the spring, as the mayor said at noon."
    url = outlet.publish("a", "Talks go on", talk, "The board would end its ties with the company.")
    assert le("capture", url).code == 0
    outlet.publish("a", "Talks go on", talk, "The board would review its ties with the company.")
    assert le("capture", url).code == 0

    def found(*arguments: str) -> list[tuple[int, str]]:
        done = le("search", "--format", "jsonl", *arguments)
        assert done.code == 0, done.err
        return [(line["version"], line["snippet"]) for line in done.lines]

    assert [version for version, _ in found("board ties")] == [2]
    assert found("--in", "removed", "end") == [(2, "[[end]]")]
    assert found("--in", "added", "rev*") == [(2, "[[review]]")]
    assert [version for version, _ in found("--all-versions", "ties", "--sort", "date")] == [2, 1]
    assert found("--in", "added", "ties") == found("zebra") == found("--", "-") == []


def test_wrong_search_is_told(le: CommandLine) -> None:
    """Nothing to look for and turned-round dates are wrong usage; an unknown source is said."""
    assert le("search", " ").code == 2
    assert le("search", "a", "--from", "2026-02-01", "--to", "2026-01-01").code == 2
    unknown = le("search", "a", "--source", "nobody")

    assert unknown.code == 1
    assert "nobody" in unknown.err
