"""Rules: read, written, and explained."""

import pytest

from alerts.errors import RuleError, RuleFileError
from alerts.facts import Around, Facts
from alerts.rulefile import read_rules, write_rules
from alerts.rules import Rule, match
from alerts.timing import Grouping
from tests.alerts.conftest import NOON, a_rule, an_event
from tests.alerts.test_conditions import AFTER, BEFORE

FILE = """
[rule.money]
to = ["desk", "night"]
group = "article"
quiet = "22:00-07:00"
added = ["million", '"billion euros"']
severity = "material"
any = [{ track = "headline" }, { disclosure = ["silent", "partial"] }]

[rule.money.not]
source = "wire.example"
"""


def test_a_rule_from_a_file_says_what_was_written():
    """Fields may be one value or a list; tables nest."""
    [rule] = read_rules(FILE, where="rules.toml", added_at=NOON)

    assert rule.name == "money"
    assert rule.channels == ("desk", "night")
    assert rule.group is Grouping.ARTICLE
    assert str(rule.quiet) == "22:00-07:00"
    assert rule.table()["any"] == [{"track": ["headline"]}, {"disclosure": ["silent", "partial"]}]
    assert rule.table()["not"] == [{"source": ["wire.example"]}]


def test_what_is_exported_is_imported_alike():
    """A file of rules is a backup."""
    rules = read_rules(FILE, where="rules.toml", added_at=NOON)

    assert read_rules(write_rules(rules), where="again", added_at=NOON) == rules


def test_a_stored_rule_comes_back():
    """The catalogue keeps all of it."""
    [rule] = read_rules(FILE, where="rules.toml", added_at=NOON)

    assert Rule.from_json(rule.name, NOON, rule.to_json()) == rule


@pytest.mark.parametrize(
    ("text", "said"),
    [
        pytest.param("rule = ", "is no valid TOML", id="no-toml"),
        pytest.param("", "holds no rule", id="empty"),
        pytest.param("[rule]\nmoney = 3", "is no table", id="no-table"),
        pytest.param("[rule.money]\nadded = 'x'", "rule money: `to` names", id="no-channel"),
        pytest.param("[rule.money]\nto = 'desk'\nsevrity = 'x'", "money: `sevrity`.*did you mean", id="slip"),
        pytest.param("[rule.money]\nto = 'desk'\nquiet = '22'", "money: .*write it as", id="quiet"),
        pytest.param("[rule.money]\nto = 'desk'\ngroup = 'week'", "none of none, article", id="group"),
    ],
)
def test_a_file_with_a_slip_is_refused_by_name(text, said):
    """The message names file, rule and what to do."""
    with pytest.raises(RuleFileError, match=f"rules.toml: .*{said}"):
        read_rules(text, where="rules.toml", added_at=NOON)


def test_a_rule_needs_a_name():
    """Nobody could remove it."""
    with pytest.raises(RuleError, match="needs a name"):
        a_rule(" ")


def test_why_and_why_not():
    """Each condition is told with what the event has."""
    facts = Facts(an_event(), lambda: Around((BEFORE, AFTER), NOON))
    verdict = match(a_rule(severity="minor", added="70", source="news.example"), facts)

    assert not verdict.holds
    assert verdict.why.splitlines() == [
        "no   severity minor (it is material)",
        "yes  source news.example (it is news.example)",
        "yes  added 70",
    ]
