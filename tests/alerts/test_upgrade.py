"""A home with rules and deliveries of the first version goes on with them."""

from datetime import timedelta

from sqlalchemy import create_engine, text

from alerts.outbox import rules_of
from archive.catalog import deliveries
from archive.catalog.columns import to_micros
from archive.catalog.deliveries import DeliveryState
from archive.catalog.migration import upgrade
from archive.catalog.sqlite import SqliteCatalogue
from tests.alerts.conftest import NOON


def test_rules_and_deliveries_are_carried_over(tmp_path):
    """Conditions read as before, and what waited still waits with its event."""
    path = tmp_path / "c.sqlite"
    engine = create_engine(f"sqlite:///{path}")
    upgrade(engine, "0006")
    noon, event, delivery = to_micros(NOON), b"e" * 16, b"d" * 16
    with engine.begin() as connection:
        connection.execute(text("PRAGMA foreign_keys = OFF"))
        connection.execute(
            text("INSERT INTO rule (name, added_at, definition) VALUES ('old', :at, :definition)"),
            {"at": noon, "definition": '{"channels": ["desk"], "severities": ["material"], "min_words": 3}'},
        )
        connection.execute(
            text(
                "INSERT INTO delivery (id, rule, channel, event_id, state, attempts, created_at, next_attempt_at)"
                " VALUES (:id, 'old', 'desk', :event, 'retrying', 2, :at, :at)"
            ),
            {"id": delivery, "event": event, "at": noon},
        )
    engine.dispose()
    catalogue = SqliteCatalogue(path)
    with catalogue.reading() as connection:
        [rule] = rules_of(connection)
        [row] = deliveries.deliveries(connection)
        events = deliveries.events_of(connection, [row.id])
        due = deliveries.due_of_channel(connection, "desk", NOON + timedelta(seconds=1), 10)
    catalogue.close()

    assert rule.table() == {"to": ["desk"], "severity": ["material"], "min-words": 3}
    assert (row.state, row.attempts, row.tried_at) == (DeliveryState.RETRYING, 2, NOON)
    assert events == {delivery.hex(): [event.hex()]}
    assert due == [row]
