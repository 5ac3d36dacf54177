"""`lateedition alerts`."""

from typing import TYPE_CHECKING, Any

import click

from lateedition.cli.home import Home, pass_home
from lateedition.cli.output import format_option, jsonl, table, when

if TYPE_CHECKING:
    from archive.catalog.alerts import DeliveryRow


@click.group("alerts", invoke_without_command=True, epilog="Example: lateedition alerts list --format jsonl")
@format_option("table", "jsonl")
@click.pass_context
def command(context: click.Context, output: str) -> None:
    """Alerts sent, waiting and failed."""
    if context.invoked_subcommand is None:
        context.invoke(list_alerts, output=output)


@command.command("list")
@format_option("table", "jsonl")
@pass_home
def list_alerts(home: Home, output: str) -> None:
    """Print every delivery."""
    from archive.catalog.alerts import deliveries

    with home.stores() as stores, stores.catalogue.reading() as connection:
        found = deliveries(connection)
    if output == "jsonl":
        jsonl(_line(one) for one in found)
        return
    table(
        ["Made", "Rule", "Channel", "State", ">Tries", "Last error"],
        (
            [when(one.created_at), one.rule, one.channel, one.state, str(one.attempts), one.last_error or ""]
            for one in found
        ),
        empty="No alerts yet. They come once an event meets a rule; `lateedition rules` lists the rules.",
    )


@command.command("show")
@click.argument("delivery")
@pass_home
def show(home: Home, delivery: str) -> None:
    """Print one delivery with its event."""
    import json

    from archive.catalog.ledger import event_by_id
    from archive.reading import event_line

    with home.stores() as stores, stores.catalogue.reading() as connection:
        row = _one(connection, delivery)
        event = event_by_id(connection, row.event_id)
    shown = _line(row) | {"event": event_line(event) if event else None}
    click.echo(json.dumps(shown, ensure_ascii=False, indent=2))


@command.command("retry")
@click.argument("delivery")
@pass_home
def retry(home: Home, delivery: str) -> None:
    """Try a delivery again now, whatever became of it."""
    from archive.catalog.alerts import DeliveryState, set_channel, settle_delivery

    with home.stores() as stores, stores.catalogue.writing() as connection:
        row = _one(connection, delivery)
        now = stores.clock.now()
        set_channel(connection, row.channel, is_on=True, reason="")
        settle_delivery(connection, row.id, state=DeliveryState.RETRYING, created_at=now, next_attempt_at=now)
    click.echo(f"{delivery}: is tried again.", err=True)


def _one(connection: Any, delivery: str) -> "DeliveryRow":
    from alerts.errors import UnknownNameError
    from archive.catalog.alerts import delivery_by_id

    row = delivery_by_id(connection, delivery)
    if row is None:
        raise UnknownNameError("delivery", delivery, "alerts")
    return row


def _line(row: "DeliveryRow") -> dict[str, Any]:
    from archive.reading.lines import iso

    return {
        "delivery": row.id,
        "rule": row.rule,
        "channel": row.channel,
        "events": [row.event_id],
        "state": row.state,
        "attempts": row.attempts,
        "created_at": iso(row.created_at),
        "sent_at": iso(row.sent_at),
        "next_attempt_at": iso(row.next_attempt_at),
        "last_error": row.last_error,
    }
