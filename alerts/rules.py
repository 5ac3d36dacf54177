"""
Rules: which events raise an alert, where it goes, and when. Pure.

Options of one name are alternatives; different options must all hold.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, time
from functools import lru_cache
from typing import Any

from alerts.conditions import All, Reason, explain, read, written
from alerts.errors import RuleError
from alerts.facts import Facts
from alerts.timing import Grouping, QuietHours, time_of_day

__all__ = ["DIGEST_AT", "OUTSIDE", "Match", "Rule", "match", "rule_from"]

#: When daily digests go out unless a rule says otherwise, in local time.
DIGEST_AT = time(8, 0)
#: Keys of a rule that are no conditions.
OUTSIDE = ("to", "group", "quiet", "at")


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """What a person wants to be told of, and where."""

    name: str
    added_at: datetime
    channels: tuple[str, ...]
    where: All = field(default_factory=All)
    group: Grouping = Grouping.NONE
    #: In these hours nothing is sent; it is sent when they are over.
    quiet: QuietHours | None = None
    #: Local time of daily digests.
    at: time = DIGEST_AT

    def table(self) -> dict[str, Any]:
        """Return everything but name and date as plain values, as in a file of rules."""
        values: dict[str, Any] = {"to": list(self.channels)}
        if self.group is not Grouping.NONE:
            values["group"] = str(self.group)
        if self.quiet is not None:
            values["quiet"] = str(self.quiet)
        if self.at != DIGEST_AT:
            values["at"] = f"{self.at:%H:%M}"
        return values | written(self.where)

    def to_json(self) -> str:
        """Return everything but name and date as JSON."""
        return json.dumps(self.table(), ensure_ascii=False)

    @classmethod
    def from_json(cls, name: str, added_at: datetime, text: str) -> "Rule":
        """Return the rule that `to_json` wrote."""
        return _stored(name, added_at, text)


@lru_cache(4096)
def _stored(name: str, added_at: datetime, text: str) -> Rule:
    return rule_from(name, added_at, json.loads(text))


def rule_from(name: str, added_at: datetime, table: Mapping[str, Any]) -> Rule:
    """
    Read a rule from plain values.

    Raises:
        RuleError: something in it is unknown or of the wrong type.
    """
    if not name.strip():
        raise RuleError("a rule needs a name")
    try:
        return Rule(
            name=name,
            added_at=added_at,
            channels=_channels(table.get("to")),
            where=read({key: value for key, value in table.items() if key not in OUTSIDE}),
            group=_grouping(table.get("group", Grouping.NONE)),
            quiet=QuietHours.parse(str(table["quiet"])) if "quiet" in table else None,
            at=time_of_day(str(table["at"])) if "at" in table else DIGEST_AT,
        )
    except RuleError as error:
        raise RuleError(f"{name}: {error}") from error
    except ValueError as error:
        raise RuleError(f"{name}: {error}") from error


def _channels(value: Any) -> tuple[str, ...]:
    names = [value] if isinstance(value, str) else value
    if not isinstance(names, list | tuple) or not names or not all(isinstance(one, str) for one in names):
        raise RuleError("`to` names one channel or a list of them")
    return tuple(dict.fromkeys(names))


def _grouping(value: Any) -> Grouping:
    if value not in list(Grouping):
        raise RuleError(f"`group`: {value!r} is none of {', '.join(Grouping)}")
    return Grouping(value)


@dataclass(frozen=True, slots=True)
class Match:
    """Whether an event meets a rule, and why or why not."""

    holds: bool
    reasons: tuple[Reason, ...]

    @property
    def why(self) -> str:
        """All reasons, one a line."""
        lines = [f"{'  ' * one.depth}{'yes' if one.holds else 'no '}  {one.text}" for one in self.reasons]
        return "\n".join(lines) or "yes  the rule takes every event"


def match(rule: Rule, facts: Facts) -> Match:
    """Hold an event against a rule's conditions; when the rule was added does not count here."""
    return Match(rule.where.holds(facts), tuple(explain(rule.where, facts)))
