"""
Rules: which events raise an alert. Pure.

Options of one name are alternatives; different options must all hold.
"""

import json
import unicodedata
from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import datetime
from fnmatch import fnmatchcase
from typing import Any

from archive.model import Event

__all__ = ["Match", "Rule", "match"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """What a person wants to be told of, and where."""

    name: str
    channels: tuple[str, ...]
    added_at: datetime
    sources: tuple[str, ...] = ()
    #: Patterns with `*` over the article's address.
    articles: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()
    severities: tuple[str, ...] = ()
    disclosures: tuple[str, ...] = ()
    tracks: tuple[str, ...] = ()
    #: Words, all of them or a "phrase": anywhere in the article, or among those an edit brought or took.
    contains: tuple[str, ...] = ()
    added: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()
    min_words: int = 0

    def to_json(self) -> str:
        """Return everything but name and date as JSON."""
        values = {
            key: value for key, value in asdict(self).items() if key not in ("name", "added_at") and value
        }
        return json.dumps(values, ensure_ascii=False)

    @classmethod
    def from_json(cls, name: str, added_at: datetime, text: str) -> "Rule":
        """Return the rule that `to_json` wrote."""
        values: dict[str, Any] = json.loads(text)
        plain = {key: tuple(value) if isinstance(value, list) else value for key, value in values.items()}
        return cls(name=name, added_at=added_at, **({"channels": ()} | plain))


@dataclass(frozen=True, slots=True)
class Match:
    """Whether an event meets a rule, and why or why not."""

    holds: bool
    why: str


def match(rule: Rule, event: Event, article_text: Callable[[], str]) -> Match:
    """
    Hold an event against a rule's conditions.

    Args:
        rule: the rule; when it was added does not count here.
        event: the event.
        article_text: gives headline, body and notes before and after; asked only when a rule needs them.
    """
    for name, wanted, has in (
        ("source", rule.sources, event.source),
        ("kind", rule.kinds, event.kind),
        ("severity", rule.severities, event.severity or ""),
        ("disclosure", rule.disclosures, event.disclosure),
    ):
        if wanted and has not in wanted:
            return Match(holds=False, why=f"{name} is {has or 'none'}, not {' or '.join(wanted)}")
    if rule.articles and not any(fnmatchcase(event.article, pattern) for pattern in rule.articles):
        return Match(holds=False, why=f"the address matches none of {', '.join(rule.articles)}")
    if rule.tracks and not set(rule.tracks) & set(event.tracks):
        return Match(
            holds=False, why=f"changed {', '.join(event.tracks) or 'nothing'}, not {' or '.join(rule.tracks)}"
        )
    changed = event.words_added + event.words_removed
    if changed < rule.min_words:
        return Match(holds=False, why=f"{changed} words changed, fewer than {rule.min_words}")
    return _match_words(rule, event, article_text)


def _match_words(rule: Rule, event: Event, article_text: Callable[[], str]) -> Match:
    came, went = _changed_words(event)
    for name, wanted, text in (("added", rule.added, came), ("removed", rule.removed, went)):
        if wanted and not any(holds_words(text, words) for words in wanted):
            return Match(holds=False, why=f"--{name} {' or '.join(wanted)} is not there")
    if rule.contains and not any(holds_words(article_text(), words) for words in rule.contains):
        return Match(holds=False, why=f"--contains {' or '.join(rule.contains)} is not there")
    return Match(holds=True, why="every condition holds")


def _changed_words(event: Event) -> tuple[str, str]:
    """Return the words an event brought and those it took, with what stands in changed notes."""
    came: list[str] = []
    went: list[str] = []
    for operation in event.operations:
        before, after = _words(operation.before), _words(operation.after)
        came.append(" ".join(_beyond(after, before)))
        went.append(" ".join(_beyond(before, after)))
    for delta in event.notes:
        (went if delta.change == "removed" else came).append(delta.note.text)
    return " ".join(came), " ".join(went)


def _beyond(words: list[str], others: list[str]) -> list[str]:
    """Return the words that others lack, in order."""
    left = list(others)
    beyond = []
    for word in words:
        if word in left:
            left.remove(word)
        else:
            beyond.append(word)
    return beyond


def holds_words(text: str, wanted: str) -> bool:
    """Tell whether a text holds all the words, or the "phrase"; case and accents do not count, whole words do."""
    words = _words(text)
    asked = wanted.strip()
    if len(asked) >= 2 and asked[0] == asked[-1] == '"':
        phrase = _words(asked)
        return any(
            words[start : start + len(phrase)] == phrase for start in range(len(words) - len(phrase) + 1)
        )
    return set(_words(asked)) <= set(words)


def _words(text: str) -> list[str]:
    plain = "".join(
        one for one in unicodedata.normalize("NFKD", text.casefold()) if not unicodedata.combining(one)
    )
    return "".join(one if one.isalnum() else " " for one in plain).split()
