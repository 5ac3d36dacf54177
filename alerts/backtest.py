"""What a rule would have sent: its conditions over the events of a span, whenever the rule was added."""

import json
import zlib
from collections.abc import Callable, Iterator, Mapping, Sequence, Set
from datetime import datetime
from functools import partial
from itertools import islice
from typing import Any, TypeAlias

from sqlalchemy import Connection

from alerts.conditions import All, Condition, Test, tests_of
from alerts.facts import Around, Facts, Indexed
from alerts.rules import Rule
from alerts.words import Words, leaf_of
from archive.catalog import ledger, outlets
from archive.catalog.ledger import EventFilter
from archive.catalog.search import events_around
from archive.catalog.search_index import is_whole
from archive.model import Event

__all__ = ["backtest"]

#: Phrases, in plain form and whether they are looked for in headlines only, with the events around which they stand.
Answers: TypeAlias = Mapping[tuple[str, bool], Set[str]]

#: Events whose texts are loaded together.
BATCH = 400
#: Conditions that the catalogue can narrow by.
NARROWING = {
    "source": "sources",
    "kind": "kinds",
    "severity": "severities",
    "disclosure": "disclosures",
    "track": "tracks",
}
#: Conditions that the full-text index answers, once it is whole; whether it looks at headlines only.
INDEXED = {"contains": False, "headline": True}
#: Conditions that look into the article.
IN_TEXT = frozenset({*INDEXED, "author", "section", "language", "max-age-h"})


def backtest(
    connection: Connection,
    rule: Rule,
    since: datetime | None,
    until: datetime | None,
    *,
    progress: Callable[[int], None] = lambda _looked_at: None,
) -> Iterator[Event]:
    """Yield the confirmed, alerting events first seen in a span that meet a rule's conditions."""
    events = ledger.events_matching(connection, _filter(rule.where, since, until))
    answered = _answered(connection, rule.where) if is_whole(connection) else None
    dear = IN_TEXT if answered is None else IN_TEXT - INDEXED.keys()
    cheap = All(tuple(part for part in rule.where.parts if not _asks(part, dear)))
    looked_at = 0
    while batch := list(islice(events, BATCH)):
        looked_at += len(batch)
        # Texts are loaded when the cheap conditions hold; one query does it for the rest of the batch.
        batch = [one for one in batch if cheap.holds(_facts(one, Around, answered))]
        kept = {}
        if batch and _asks(rule.where, dear):
            kept = outlets.contents_of_events(connection, [one.id for one in batch])
        for event in batch:
            around = partial(_around, *kept.get(event.id, ([], None)))
            if rule.where.holds(_facts(event, around, answered)):
                yield event
        progress(looked_at)


def _facts(event: Event, load: Callable[[], Around], answered: Answers | None) -> Facts:
    indexed: Indexed | None = None
    if answered is not None:
        indexed = lambda phrase, in_headline: event.id in answered[phrase, in_headline]  # noqa: E731
    return Facts(event, load, indexed)


def _answered(connection: Connection, where: All) -> Answers:
    """Return, for every phrase that is asked for, the events around which the index finds it."""
    asked = {
        (phrase, INDEXED[test.field])
        for test in tests_of(where)
        if test.field in INDEXED
        for words in test.values
        if isinstance(words, Words)
        for phrase in words.phrases
    }
    return {
        (phrase, in_headline): events_around(connection, leaf_of(phrase), in_headline=in_headline)
        for phrase, in_headline in asked
    }


class _Contents(Sequence[Mapping[str, Any]]):
    """Contents as they are kept, each taken apart when first looked at: most conditions need only the last."""

    def __init__(self, data: Sequence[bytes]) -> None:
        self._data = data
        self._read: dict[int, Mapping[str, Any]] = {}

    def __len__(self) -> int:
        return len(self._data)

    def __getitem__(self, place: Any) -> Any:
        at = range(len(self._data))[place]
        if at not in self._read:
            self._read[at] = json.loads(zlib.decompress(self._data[at]))
        return self._read[at]


def _around(data: list[bytes], begun: datetime | None) -> Around:
    return Around(_Contents(data), begun)


def _asks(part: Condition, fields: Set[str]) -> bool:
    return any(test.field in fields for test in tests_of(part))


def _filter(where: All, since: datetime | None, until: datetime | None) -> EventFilter:
    narrowed: dict[str, tuple[str, ...]] = {}
    for part in where.parts:
        if isinstance(part, Test) and part.field in NARROWING and NARROWING[part.field] not in narrowed:
            narrowed[NARROWING[part.field]] = tuple(str(value) for value in part.values)
    return EventFilter(since=since, until=until, **narrowed)  # type: ignore[arg-type]
