"""The rule book: fewer rules are looked at, and none is missed."""

from hypothesis import given
from hypothesis import strategies as st

from alerts.facts import Around, Facts
from alerts.rulebook import RuleBook
from tests.alerts.conftest import NOON, a_rule, an_event
from tests.alerts.test_conditions import AFTER, BEFORE, TABLES


def facts():
    """Return an event with its texts."""
    return Facts(an_event(), lambda: Around((BEFORE, AFTER), NOON))


@given(st.lists(TABLES, max_size=8))
def test_the_book_finds_what_a_look_at_every_rule_finds(tables):
    """Filing rules changes what it costs, not what is sent."""
    rules = [a_rule(f"rule {number}", **table) for number, table in enumerate(tables)]

    assert RuleBook(rules).matching(facts()) == sorted(
        [rule for rule in rules if rule.where.holds(facts())], key=lambda rule: rule.name
    )


def test_rules_for_other_words_and_sources_are_not_looked_at():
    """A thousand names that an event does not mention cost nothing."""
    rules = [a_rule(f"name {n}", contains=f"person{n}") for n in range(500)]
    rules += [a_rule(f"outlet {n}", source=f"outlet{n}.example") for n in range(500)]
    rules.append(a_rule("bridge", contains="bridge"))

    assert [rule.name for rule in RuleBook(rules).candidates(facts())] == ["bridge"]
