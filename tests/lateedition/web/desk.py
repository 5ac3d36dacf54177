"""A desk with alerts: rules over the archived press, channels that fare well and badly, and what was delivered."""

from datetime import timedelta

from alerts.rules import rule_from
from archive.catalog import alerts, deliveries
from archive.catalog.alerts import ChannelRow, MuteRow, RuleRow
from archive.catalog.deliveries import DeliveryRow, DeliveryState
from archive.digests import derived_id
from archive.model import Event
from archive.opening import Stores

__all__ = ["HOSTILE_NAME", "RULE", "SECRETS", "WAITING", "set_desk"]

RULE = "silent ones"
HOSTILE_NAME = '"><script>alert(1)</script>'
#: What must not be shown of the channels' addresses.
SECRETS = ("hunter2", "sesame", "Xoxb0123456789abcdefABCDEF")
#: Deliveries that wait, more than a page has.
WAITING = 70


def set_desk(stores: Stores, events: list[Event]) -> None:
    """Add rules, channels and a mute, and let one rule have matched these events."""
    now = stores.clock.now()
    with stores.catalogue.writing() as connection:
        for channel in (
            ChannelRow(name="desk", url=f"https://someone:{SECRETS[0]}@desk.example/hook?key={SECRETS[1]}"),
            ChannelRow(name="chat", url=f"slack://{SECRETS[2]}/#news", is_on=False, reason="410 Gone"),
        ):
            alerts.add_channel(connection, channel)
        for name, table in (
            (RULE, {"to": ["desk", "chat"], "disclosure": ["silent"]}),
            (HOSTILE_NAME, {"to": ["desk"], "contains": [HOSTILE_NAME]}),
        ):
            rule = rule_from(name, now - timedelta(days=30), table)
            alerts.add_rule(connection, RuleRow(name=name, added_at=rule.added_at, definition=rule.to_json()))
        alerts.add_mute(connection, MuteRow(rule=RULE, source="paper.example", added_at=now))
        for number, event in enumerate(events):
            for channel, state, error in (
                ("desk", DeliveryState.SENT, None),
                ("chat", DeliveryState.DEAD, "the service answered 410"),
            ):
                row = DeliveryRow(
                    id=derived_id("delivery", channel, event.id),
                    rule=RULE,
                    channel=channel,
                    state=state,
                    attempts=1,
                    created_at=now - timedelta(minutes=number),
                    sent_at=None if error else now,
                    next_attempt_at=None,
                    last_error=error,
                    status=410 if error else 204,
                )
                deliveries.add_delivery(connection, row, event.id, row.created_at)
        for number in range(WAITING):
            row = DeliveryRow(
                id=derived_id("delivery", "waiting", str(number)),
                rule=HOSTILE_NAME,
                channel="desk",
                state=DeliveryState.HELD,
                attempts=0,
                # Two of a moment: a page may end between them.
                created_at=now - timedelta(hours=1 + number // 2),
                next_attempt_at=now,
            )
            deliveries.add_delivery(connection, row, derived_id("event", str(number)), row.created_at)
