"""
Puts events on their way: matched against all rules, inside the event's own transaction.

A row is unique by rule, event and channel, so an event is never on its way twice.
"""

from collections.abc import Callable, Sequence

from sqlalchemy import Connection

from alerts.rules import Rule, match
from archive import text
from archive.catalog import alerts, ledger
from archive.digests import derived_id
from archive.model import Event

__all__ = ["article_text", "enqueue", "rules_of"]


def enqueue(connection: Connection, events: Sequence[Event]) -> None:
    """Write a delivery for every rule and channel that wants one of these events."""
    rules = rules_of(connection)
    if not rules:
        return
    for one in events:
        event = ledger.event_by_id(connection, one.id)
        if event is None or event.confirmed_at is None:
            continue
        for rule in rules:
            # What was confirmed before a rule was made is history to it.
            if (
                event.confirmed_at >= rule.added_at
                and match(rule, event, article_text(connection, event)).holds
            ):
                _write(connection, rule, event)


def rules_of(connection: Connection) -> list[Rule]:
    """Return all rules."""
    return [Rule.from_json(row.name, row.added_at, row.definition) for row in alerts.all_rules(connection)]


def article_text(connection: Connection, event: Event) -> Callable[[], str]:
    """Return a function that gives what the article said before and after an event."""

    def load() -> str:
        found = ledger.article_of_event(connection, event.id)
        versions = ledger.versions_of(connection, found) if found is not None else []
        around = [one for one in versions if one.number in (event.from_version, event.to_version)]
        parts = [event.headline]
        for version in around:
            values = ledger.content_json(connection, version.content)
            if values is not None:
                said = text.extraction_from(values)
                parts += [said.headline, said.dek, *said.body, *[note.text for note in said.notes]]
        return " ".join(parts)

    return load


def _write(connection: Connection, rule: Rule, event: Event) -> None:
    assert event.confirmed_at is not None  # noqa: S101 - the caller has looked
    for channel in rule.channels:
        alerts.add_delivery(
            connection,
            delivery_id=derived_id("delivery", rule.name, rule.added_at.isoformat(), channel, event.id),
            rule_name=rule.name,
            channel_name=channel,
            event_id=event.id,
            at=event.confirmed_at,
        )
