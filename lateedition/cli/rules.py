"""`lateedition rules`."""

from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from alerts.conditions import FIELDS
from alerts.timing import Grouping
from lateedition.cli.home import Home, pass_home
from lateedition.cli.output import format_option, jsonl, moment_argument, progress, table, when

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from alerts.rules import Rule
    from archive.model import Event

#: Examples that a back-test shows of each day.
EXAMPLES = 2


@click.group(
    "rules",
    invoke_without_command=True,
    epilog="Example: lateedition rules add silent --to desk --disclosure silent --severity material",
)
@format_option("table", "jsonl")
@click.pass_context
def command(context: click.Context, output: str) -> None:
    """Which events raise an alert."""
    if context.invoked_subcommand is None:
        context.invoke(list_rules, output=output)


@command.command("list")
@format_option("table", "jsonl")
@pass_home
def list_rules(home: Home, output: str) -> None:
    """Print every rule with how often it matched."""
    from alerts.desk import Desk
    from archive.reading.lines import iso

    with home.stores() as stores:
        found = Desk(stores).rules()
    if output == "jsonl":
        jsonl(
            {
                "rule": one.rule.name,
                "added_at": iso(one.rule.added_at),
                "matched": one.matched,
                "matched_at": iso(one.matched_at),
                **one.rule.table(),
            }
            for one in found
        )
        return
    table(
        ["Rule", ">Matched", "Last", "To", "Conditions"],
        (
            [
                one.rule.name,
                str(one.matched),
                when(one.matched_at) if one.matched_at else "–",
                ", ".join(one.rule.channels),
                one.words,
            ]
            for one in found
        ),
        empty="No rules yet. `lateedition rules add NAME --to CHANNEL` adds one that sends every edit.",
    )


def _fields(function: Callable[..., Any]) -> Callable[..., Any]:
    """Give a command an option for every field of a rule, from the one table."""
    for field in reversed(FIELDS.values()):
        kind: Any = {
            "choice": click.Choice([str(one) for one in field.choices]),
            "number": click.FloatRange(min=0),
        }.get(field.kind, str)
        if field.name == "min-words":
            kind = click.IntRange(min=0)
        function = click.option(
            f"--{field.name}",
            field.name.replace("-", "_"),
            type=kind,
            multiple=field.kind != "number",
            help=field.help,
        )(function)
    return function


@command.command(
    "add", epilog='Example: lateedition rules add money --to desk --added "million" --quiet 22:00-07:00'
)
@click.argument("name")
@click.option("--to", "channels", multiple=True, required=True, help="Channel; may be repeated.")
@_fields
@click.option(
    "--group",
    type=click.Choice([str(one) for one in Grouping]),
    default="none",
    help="Which events share a message.",
)
@click.option("--quiet", metavar="HH:MM-HH:MM", help="Local hours in which nothing is sent; it waits.")
@click.option("--at", metavar="HH:MM", help="Local time of `--group day`, 08:00 unless said.")
@pass_home
def add(home: Home, /, name: str, channels: tuple[str, ...], **options: Any) -> None:
    """Add a rule. Options of one name are alternatives, different options must all hold."""
    from alerts.errors import RuleError
    from alerts.rules import rule_from

    values: dict[str, Any] = {"to": list(channels)}
    values |= {
        key: list(value) if isinstance(value, tuple) else value for key, value in options.items() if value
    }
    with home.stores() as stores:
        try:
            rule = rule_from(name, stores.clock.now(), values)
        except RuleError as error:
            raise click.UsageError(str(error)) from error
        with stores.catalogue.writing() as connection:
            _add(connection, rule)
    click.echo(f"rule {name} added.", err=True)


@command.command("show")
@click.argument("name")
@pass_home
def show(home: Home, name: str) -> None:
    """Print a rule as it stands in a file of rules."""
    from alerts.rulefile import write_rules

    with home.stores() as stores, stores.catalogue.reading() as connection:
        click.echo(write_rules([_rule(connection, name)]), nl=False)


@command.command("test")
@click.argument("name")
@click.argument("event")
@pass_home
def test(home: Home, name: str, event: str) -> int:
    """Say whether an event meets a rule, and why (exit 0) or why not (exit 1)."""
    from alerts.outbox import facts_of
    from alerts.rules import match
    from archive.catalog.ledger import event_by_id
    from archive.errors import UnknownEventError

    with home.stores() as stores, stores.catalogue.reading() as connection:
        rule = _rule(connection, name)
        found = event_by_id(connection, event)
        if found is None:
            raise UnknownEventError(event)
        verdict = match(rule, facts_of(connection, found))
    notes = []
    if not found.alert:
        notes.append("no   the event raises no alert (it is not confirmed, or of a kind that never does)")
    click.echo("\n".join([*notes, verdict.why]))
    holds = verdict.holds and found.alert
    click.echo(f"{name}: {'matches' if holds else 'does not match'} {event}.", err=True)
    return 0 if holds else 1


@command.command("backtest", epilog="Example: lateedition rules backtest silent --days 30")
@click.argument("name")
@click.option("--days", type=click.IntRange(min=1), help="The last so many days; 30 unless a span is given.")
@click.option("--since", type=moment_argument, help="First seen at this moment or later.")
@click.option("--until", type=moment_argument, help="First seen before this moment.")
@format_option("table", "jsonl")
@pass_home
def back_test(
    home: Home, name: str, days: int | None, since: datetime | None, until: datetime | None, output: str
) -> None:
    """Say what a rule would have sent, by day with examples."""
    from alerts.backtest import backtest
    from alerts.outbox import pace_of
    from archive.catalog.ledger import EventFilter, count_events
    from archive.reading import event_line

    if days is not None and (since or until):
        raise click.UsageError("--days and --since or --until exclude each other.")
    if since and until and since >= until:
        raise click.UsageError("--since is not before --until; no event can match.")
    with home.stores() as stores, stores.catalogue.reading() as connection, progress("events") as move:
        rule = _rule(connection, name)
        if not (since or until):
            since = _days_ago(stores.clock.now(), days or 30)
        total = count_events(connection, EventFilter(since=since, until=until))
        found = backtest(connection, rule, since, until, progress=lambda done: move(min(done, total), total))
        if output == "jsonl":
            jsonl(event_line(one) for one in found)
            return
        events = list(found)
    _by_day(events, pace_of(home.settings).zone, total)


def _days_ago(now: datetime, days: int) -> datetime | None:
    try:
        return now - timedelta(days=days)
    except OverflowError:
        return None


def _by_day(events: "list[Event]", zone: Any, total: int) -> None:
    days: dict[str, list[Event]] = {}
    for one in events:
        days.setdefault(f"{one.first_seen_at.astimezone(zone):%Y-%m-%d}", []).append(one)
    table(
        ["Day", ">Events", "Examples"],
        (
            [
                day,
                str(len(found)),
                "\n".join(f"{one.source}: {one.headline}: {one.summary}"[:200] for one in found[:EXAMPLES]),
            ]
            for day, found in days.items()
        ),
        empty="Nothing would have been sent.",
    )
    if events:
        per_day = len(events) / len(days)
        click.echo(
            f"{len(events)} of {total} events on {len(days)} days would have been sent, {per_day:.1f} on such a day.",
            err=True,
        )


@command.command("export", epilog="Example: lateedition rules export rules.toml")
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False), required=False)
@pass_home
def export(home: Home, file: Path | None) -> None:
    """Write all rules as TOML, to a file or standard output."""
    from alerts.outbox import rules_of
    from alerts.rulefile import write_rules

    with home.stores() as stores, stores.catalogue.reading() as connection:
        rules = rules_of(connection)
    if not rules:
        raise LookupError("there are no rules to write; `lateedition rules add NAME --to CHANNEL` adds one.")
    if file is None:
        click.echo(write_rules(rules), nl=False)
        return
    file.write_text(write_rules(rules), encoding="utf-8")
    click.echo(f"{file}: {len(rules)} rules written.", err=True)


@command.command("import", epilog="Example: lateedition rules import rules.toml --replace")
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@click.option("--replace", is_flag=True, help="Replace rules of the same name that say something else.")
@click.option("--dry-run", is_flag=True, help="Only say what would be done.")
@pass_home
def import_rules(home: Home, file: Path, replace: bool, dry_run: bool) -> int:
    """Read rules from a TOML file; all of them, or none when one cannot be used."""
    from alerts.errors import NameTakenError
    from alerts.outbox import rules_of
    from alerts.rulefile import read_rules
    from archive.catalog.alerts import remove_rule

    try:
        text = file.read_text(encoding="utf-8")
    except UnicodeDecodeError as error:
        raise LookupError(f"{file}: is no UTF-8 text.") from error
    added: list[str] = []
    replaced: list[str] = []
    same: list[str] = []
    with home.stores() as stores, stores.catalogue.writing() as connection:
        rules = read_rules(text, where=str(file), added_at=stores.clock.now())
        known = {rule.name: rule for rule in rules_of(connection)}
        for rule in rules:
            former = known.get(rule.name)
            if former is not None and former.table() == rule.table():
                same.append(rule.name)
                continue
            if former is not None and not replace:
                raise NameTakenError("rule", rule.name)
            (added if former is None else replaced).append(rule.name)
            _channels_exist(connection, rule)
            if dry_run:
                continue
            if former is not None:
                remove_rule(connection, rule.name)
            _add(connection, rule)
    said = "would be " if dry_run else ""
    click.echo(
        f"{file}: {len(added)} {said}added, {len(replaced)} {said}replaced, {len(same)} as before.", err=True
    )
    return 0


@command.command("remove")
@click.argument("name")
@pass_home
def remove(home: Home, name: str) -> None:
    """Remove a rule; what it matched is still delivered."""
    from alerts.errors import UnknownNameError
    from archive.catalog.alerts import remove_rule

    with home.stores() as stores, stores.catalogue.writing() as connection:
        if not remove_rule(connection, name):
            raise UnknownNameError("rule", name, "rules")
    click.echo(f"rule {name} removed.", err=True)


def _rule(connection: "Connection", name: str) -> "Rule":
    from alerts.errors import UnknownNameError
    from alerts.outbox import rules_of

    found = next((one for one in rules_of(connection) if one.name == name), None)
    if found is None:
        raise UnknownNameError("rule", name, "rules")
    return found


def _add(connection: "Connection", rule: "Rule") -> None:
    from alerts.errors import NameTakenError
    from archive.catalog.alerts import RuleRow, add_rule, all_rules

    _channels_exist(connection, rule)
    if any(one.name == rule.name for one in all_rules(connection)):
        raise NameTakenError("rule", rule.name)
    add_rule(connection, RuleRow(name=rule.name, added_at=rule.added_at, definition=rule.to_json()))


def _channels_exist(connection: "Connection", rule: "Rule") -> None:
    from alerts.errors import UnknownNameError
    from archive.catalog.alerts import all_channels

    known = all_channels(connection)
    for channel in rule.channels:
        if channel not in known:
            raise UnknownNameError("channel", channel, "channels")
