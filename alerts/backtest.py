"""What a rule would have sent: its conditions over the events of a span, whenever the rule was added."""

import json
import zlib
from collections.abc import Callable, Iterator
from datetime import datetime
from itertools import islice

from sqlalchemy import Connection

from alerts.conditions import All, Test, tests_of
from alerts.facts import Around, Facts
from alerts.rules import Rule
from alerts.words import Words, folded
from archive.catalog import ledger, outlets
from archive.catalog.ledger import EventFilter
from archive.model import Event

__all__ = ["backtest"]

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
#: Conditions that look into the article.
IN_TEXT = frozenset({"contains", "headline", "author", "section", "language", "max-age-h"})


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
    reads = any(test.field in IN_TEXT for test in tests_of(rule.where))
    asked = [part for part in rule.where.parts if isinstance(part, Test) and part.field == "contains"]
    looked_at = 0
    while batch := list(islice(events, BATCH)):
        # Texts are loaded when the cheap conditions hold; one query does it for the rest of the batch.
        kept = {}
        if reads:
            cheap = All(tuple(part for part in rule.where.parts if not _reads(part)))
            batch = [one for one in batch if cheap.holds(Facts(one, Around))]
            kept = outlets.contents_of_events(connection, [one.id for one in batch])
        for event in batch:
            data, begun = kept.get(event.id, ([], None))
            texts = [zlib.decompress(one).decode() for one in data]
            if asked and not _may_hold(asked, [event.headline, *texts]):
                continue
            if rule.where.holds(Facts(event, _around(texts, begun))):
                yield event
        looked_at += BATCH
        progress(looked_at)


def _around(texts: list[str], begun: datetime | None) -> Callable[[], Around]:
    return lambda: Around(tuple(json.loads(one) for one in texts), begun)


def _reads(part: object) -> bool:
    return any(test.field in IN_TEXT for test in tests_of(part))  # type: ignore[arg-type]


def _may_hold(asked: list[Test], texts: list[str]) -> bool:
    """Tell whether a text can hold what is asked for, before it is taken apart."""
    whole = folded("\n".join(texts))
    return all(
        any(value.may_be_in(whole) for value in test.values if isinstance(value, Words)) for test in asked
    )


def _filter(where: All, since: datetime | None, until: datetime | None) -> EventFilter:
    narrowed: dict[str, tuple[str, ...]] = {}
    for part in where.parts:
        if isinstance(part, Test) and part.field in NARROWING and NARROWING[part.field] not in narrowed:
            narrowed[NARROWING[part.field]] = tuple(str(value) for value in part.values)
    return EventFilter(since=since, until=until, **narrowed)  # type: ignore[arg-type]
