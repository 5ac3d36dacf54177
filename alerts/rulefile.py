"""Rules as a TOML file: one table a rule, written so that reading gives the same rules again."""

import tomllib
from collections.abc import Iterable
from datetime import datetime
from typing import Any

import tomli_w

from alerts.errors import RuleError, RuleFileError
from alerts.rules import Rule, rule_from

__all__ = ["read_rules", "write_rules"]

HEADING = (
    "# Rules of Late Edition: `lateedition rules import FILE` reads them, `rules export` writes them.\n"
    "# Values of one list are alternatives, different conditions must all hold; any, all and not take tables.\n\n"
)


def write_rules(rules: Iterable[Rule]) -> str:
    """Return rules as a TOML file."""
    return HEADING + tomli_w.dumps({"rule": {rule.name: rule.table() for rule in rules}})


def read_rules(text: str, *, where: str, added_at: datetime) -> list[Rule]:
    """
    Read a file of rules; either all of them can be used, or none is.

    Raises:
        RuleFileError: it is no TOML, holds no rules, or one of them cannot be understood; says which and why.
    """
    try:
        tables: Any = tomllib.loads(text).get("rule")
    except tomllib.TOMLDecodeError as error:
        raise RuleFileError(f"{where}: is no valid TOML: {error}") from error
    if not isinstance(tables, dict) or not tables:
        raise RuleFileError(f'{where}: holds no rule; a rule is a table `[rule.NAME]` with `to = "CHANNEL"`')
    rules = []
    for name, table in tables.items():
        if not isinstance(table, dict):
            raise RuleFileError(f"{where}: rule {name}: is no table; write it as `[rule.{name}]`")
        try:
            rules.append(rule_from(name, added_at, table))
        except RuleError as error:
            raise RuleFileError(f"{where}: rule {error}") from error
    return rules
