"""`lateedition alerts`."""

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

import click

from lateedition.cli.home import Home, pass_home
from lateedition.cli.output import format_option, jsonl, moment_argument, table, when

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy import Connection

    from archive.catalog.deliveries import DeliveryRow

STATES = ("pending", "retrying", "sent", "dead", "held")


@click.group("alerts", invoke_without_command=True, epilog="Example: lateedition alerts list --format jsonl")
@format_option("table", "jsonl")
@click.pass_context
def command(context: click.Context, output: str) -> None:
    """Alerts sent, waiting and failed."""
    if context.invoked_subcommand is None:
        context.invoke(list_alerts, output=output)


@command.command("list", epilog="Example: lateedition alerts list --state dead --state retrying")
@click.option("--rule", "rules", multiple=True, help="Of this rule.")
@click.option("--channel", "channels", multiple=True, help="To this channel.")
@click.option("--state", "states", multiple=True, type=click.Choice(STATES))
@click.option("--since", type=moment_argument, help="Made at this moment or later.")
@click.option("--limit", type=click.IntRange(min=1), help="Only the newest so many.")
@format_option("table", "jsonl")
@pass_home
def list_alerts(home: Home, /, output: str, limit: int | None = None, **narrowing: Any) -> None:
    """Print every delivery of the last 90 days, oldest first."""
    from archive.catalog.deliveries import DeliveryFilter, deliveries, events_of

    wanted = DeliveryFilter(**narrowing)
    with home.stores() as stores, stores.catalogue.reading() as connection:
        found = deliveries(connection, wanted, limit=limit, newest_first=limit is not None)
        if limit is not None:
            found.reverse()
        events = events_of(connection, [one.id for one in found])
    if output == "jsonl":
        jsonl(_line(one, events.get(one.id, ())) for one in found)
        return
    table(
        ["Made", "Rule", "Channel", "State", ">Tries", ">Events", "Trouble, and delivery"],
        (
            [
                when(one.created_at),
                one.rule,
                one.channel,
                one.state,
                str(one.attempts),
                str(len(events.get(one.id, ()))),
                f"{one.last_error}\n{one.id}" if one.last_error else one.id,
            ]
            for one in found
        ),
        empty="No alerts yet. They come once an event meets a rule; `lateedition rules` lists the rules.",
    )


@command.command("show")
@click.argument("delivery")
@pass_home
def show(home: Home, delivery: str) -> None:
    """Print one delivery with its events."""
    import json

    from archive.catalog.deliveries import events_of
    from archive.catalog.ledger import event_by_id
    from archive.reading import event_line

    with home.stores() as stores, stores.catalogue.reading() as connection:
        row = _one(connection, delivery)
        ids = events_of(connection, [row.id]).get(row.id, [])
        events = [found for one in ids if (found := event_by_id(connection, one)) is not None]
    shown = _line(row, ids) | {
        "late": row.is_late,
        "notice": json.loads(row.notice) if row.notice else None,
        "told": [event_line(one) for one in events],
    }
    click.echo(json.dumps(shown, ensure_ascii=False, indent=2))


@command.command("retry", epilog="Example: lateedition alerts retry --channel desk --state dead")
@click.argument("deliveries", metavar="[DELIVERY]...", nargs=-1)
@click.option("--channel", help="Everything of this channel that did not arrive.")
@click.option("--state", "states", multiple=True, type=click.Choice(("dead", "retrying")))
@pass_home
def retry(home: Home, deliveries: tuple[str, ...], channel: str | None, states: tuple[str, ...]) -> None:
    """Try deliveries again now, whatever became of them; their channels are switched on."""
    from alerts.errors import UnknownNameError
    from archive.catalog.alerts import all_channels, update_channel
    from archive.catalog.deliveries import DeliveryFilter, DeliveryState, settle
    from archive.catalog.deliveries import deliveries as rows_of

    if not deliveries and channel is None:
        raise click.UsageError("name deliveries, or a --channel.")
    with home.stores() as stores, stores.catalogue.writing() as connection:
        known = all_channels(connection)
        if channel is not None and channel not in known:
            raise UnknownNameError("channel", channel, "channels")
        rows = [_one(connection, one) for one in deliveries]
        if channel is not None:
            wanted = DeliveryFilter(channels=(channel,), states=states or ("dead", "retrying"))
            rows += rows_of(connection, wanted)
        now = stores.clock.now()
        for name in {row.channel for row in rows}:
            if name not in known:
                raise UnknownNameError("channel", name, "channels")
            update_channel(
                connection,
                name,
                is_on=True,
                reason="",
                failures=0,
                failing_since=None,
                resting_until=None,
            )
        for row in rows:
            settle(
                connection,
                row.id,
                state=DeliveryState.RETRYING,
                tried_at=None,
                next_attempt_at=now,
                open_key=None,
            )
    click.echo(f"{len(rows)} tried again.", err=True)


@command.command(
    "mute", epilog="Example: lateedition alerts mute --article https://news.example/live --hours 12"
)
@click.option("--rule", help="Only of this rule.")
@click.option("--source", help="Only of this source.")
@click.option("--article", help="Only of the article at this address.")
@click.option("--until", type=moment_argument, help="Until this moment; for ever unless said.")
@click.option("--hours", type=click.FloatRange(min=0, min_open=True), help="For so many hours.")
@pass_home
def mute(
    home: Home,
    rule: str | None,
    source: str | None,
    article: str | None,
    until: datetime | None,
    hours: float | None,
) -> None:
    """Keep alerts from being sent for a while; they are listed as dead, and can be sent with `alerts retry`."""
    from archive.catalog.alerts import MuteRow, add_mute

    if until is not None and hours is not None:
        raise click.UsageError("--until and --hours exclude each other.")
    if rule is None and source is None and article is None and until is None and hours is None:
        raise click.UsageError(
            "this mutes everything for ever; name --rule, --source, --article, --until or --hours."
        )
    with home.stores() as stores, stores.catalogue.writing() as connection:
        _check_muted(connection, rule, source)
        now = stores.clock.now()
        if hours is not None:
            until = now + timedelta(hours=min(hours, 876_000))
        new = MuteRow(rule=rule, source=source, article=_uri(connection, article), until=until, added_at=now)
        number = add_mute(connection, new)
    click.echo(f"mute {number} added; `lateedition alerts unmute {number}` takes it back.", err=True)


def _check_muted(connection: "Connection", rule: str | None, source: str | None) -> None:
    from alerts.errors import UnknownNameError
    from archive.catalog.alerts import all_rules
    from archive.catalog.sources import source_id
    from archive.errors import UnknownSourceError

    if rule is not None and all(one.name != rule for one in all_rules(connection)):
        raise UnknownNameError("rule", rule, "rules")
    if source is not None and source_id(connection, source) is None:
        raise UnknownSourceError(source)


def _uri(connection: "Connection", address: str | None) -> str | None:
    """Return the article that an address leads to; an unknown one is muted as it stands."""
    from archive import urls
    from archive.catalog.articles import article_at

    if address is None or "://" not in address:
        return address
    found = article_at(connection, address, urls.identity_key(address))
    return address if found is None else found[1].uri


@command.command("mutes")
@format_option("table", "jsonl")
@pass_home
def mutes(home: Home, output: str) -> None:
    """Print what is muted."""
    from archive.catalog.alerts import mutes_at
    from archive.reading.lines import iso

    with home.stores() as stores, stores.catalogue.reading() as connection:
        found = mutes_at(connection, stores.clock.now())
    if output == "jsonl":
        jsonl(
            {
                "mute": one.id,
                "rule": one.rule,
                "source": one.source,
                "article": one.article,
                "until": iso(one.until),
            }
            for one in found
        )
        return
    table(
        ["Mute", "Until", "What"],
        (
            [
                str(one.id),
                when(one.until) if one.until else "taken back",
                ", ".join(
                    f"{name} {value}"
                    for name, value in (("rule", one.rule), ("source", one.source), ("article", one.article))
                    if value
                )
                or "everything",
            ]
            for one in found
        ),
        empty="Nothing is muted.",
    )


@command.command("unmute")
@click.argument("number", type=int)
@pass_home
def unmute(home: Home, number: int) -> None:
    """Take a mute back."""
    from alerts.errors import UnknownNameError
    from archive.catalog.alerts import remove_mute

    with home.stores() as stores, stores.catalogue.writing() as connection:
        if not remove_mute(connection, number):
            raise UnknownNameError("mute", str(number), "alerts mutes")
    click.echo(f"mute {number} taken back.", err=True)


def _one(connection: "Connection", delivery: str) -> "DeliveryRow":
    from alerts.errors import UnknownNameError
    from archive.catalog.deliveries import delivery_by_id

    row = delivery_by_id(connection, delivery)
    if row is None:
        raise UnknownNameError("delivery", delivery, "alerts")
    return row


def _line(row: "DeliveryRow", events: "Sequence[str]") -> dict[str, Any]:
    from archive.reading.lines import iso

    return {
        "delivery": row.id,
        "rule": row.rule,
        "channel": row.channel,
        "events": list(events),
        "state": row.state,
        "attempts": row.attempts,
        "created_at": iso(row.created_at),
        "sent_at": iso(row.sent_at),
        "next_attempt_at": iso(row.next_attempt_at),
        "last_error": row.last_error,
        "status": row.status,
    }
