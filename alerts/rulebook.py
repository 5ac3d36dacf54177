"""
All rules together, so that an event is held only against those that can match it. Pure.

A rule is filed under something that an event must have for it to hold: a word that came, went or stands in
the headline or text, or a source. A rule that asks for nothing of the kind is looked at for every event.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence

from alerts.conditions import All, Test
from alerts.facts import Facts
from alerts.rules import Rule
from alerts.words import Words

__all__ = ["RuleBook"]

#: Fields that rules are filed under, the rarest first, and where an event has them.
WORD_FIELDS = {"removed": "before", "added": "after", "headline": "headlines", "contains": "text"}


class RuleBook:
    """Rules, filed."""

    def __init__(self, rules: Iterable[Rule]) -> None:
        self._everywhere: list[Rule] = []
        self._by_source: dict[str, list[Rule]] = defaultdict(list)
        self._by_word: dict[str, dict[str, list[Rule]]] = {name: defaultdict(list) for name in WORD_FIELDS}
        self.size = 0
        for rule in rules:
            self.size += 1
            self._file(rule)

    def candidates(self, facts: Facts) -> list[Rule]:
        """Return the rules that can match, each once."""
        found = [*self._everywhere, *self._by_source.get(facts.event.source, ())]
        for name, shelf in self._by_word.items():
            if shelf:
                words = set(getattr(facts, WORD_FIELDS[name]).split())
                for word in words & shelf.keys():
                    found += shelf[word]
        return list({rule.name: rule for rule in found}.values())

    def matching(self, facts: Facts) -> list[Rule]:
        """Return the rules that match, by name."""
        found = [rule for rule in self.candidates(facts) if rule.where.holds(facts)]
        return sorted(found, key=lambda rule: rule.name)

    def _file(self, rule: Rule) -> None:
        for name, shelf in self._by_word.items():
            if (values := _needed(rule.where, name)) is not None:
                for value in values:
                    assert isinstance(value, Words)  # noqa: S101 - fields of words hold words
                    shelf[value.key].append(rule)
                return
        if (values := _needed(rule.where, "source")) is not None:
            for value in values:
                self._by_source[str(value)].append(rule)
            return
        self._everywhere.append(rule)


def _needed(where: All, field: str) -> Sequence[object] | None:
    """Return the values one of which an event must have, or None when a rule asks for none."""
    for part in where.parts:
        if isinstance(part, Test) and part.field == field:
            return part.values
        if isinstance(part, All) and (inner := _needed(part, field)) is not None:
            return inner
    return None
