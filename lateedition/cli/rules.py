"""`lateedition rules`."""

from typing import Any

import click

from archive.model import Disclosure, EventKind, Severity, Track
from lateedition.cli.home import Home, pass_home
from lateedition.cli.output import format_option, jsonl, table, when


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
    """Print every rule."""
    import json

    from alerts.outbox import rules_of
    from archive.reading.lines import iso

    with home.stores() as stores, stores.catalogue.reading() as connection:
        found = rules_of(connection)
    if output == "jsonl":
        jsonl({"rule": one.name, "added_at": iso(one.added_at), **json.loads(one.to_json())} for one in found)
        return
    table(
        ["Rule", "Added", "To", "Conditions"],
        (
            [one.name, when(one.added_at), ", ".join(one.channels), _conditions(json.loads(one.to_json()))]
            for one in found
        ),
        empty="No rules yet. `lateedition rules add NAME --to CHANNEL` adds one that sends every edit.",
    )


@command.command("add")
@click.argument("name")
@click.option("--to", "channels", multiple=True, required=True, help="Channel; may be repeated.")
@click.option("--source", "sources", multiple=True, help="Of this source.")
@click.option(
    "--article", "articles", multiple=True, help="Articles whose address matches, with * for anything."
)
@click.option("--kind", "kinds", multiple=True, type=click.Choice([one.value for one in EventKind]))
@click.option("--severity", "severities", multiple=True, type=click.Choice([one.value for one in Severity]))
@click.option(
    "--disclosure", "disclosures", multiple=True, type=click.Choice([one.value for one in Disclosure])
)
@click.option("--track", "tracks", multiple=True, type=click.Choice([one.value for one in Track]))
@click.option("--contains", multiple=True, help='All these words, or a "phrase", anywhere in the article.')
@click.option("--added", multiple=True, help="The same among the words an edit brought.")
@click.option("--removed", multiple=True, help="The same among the words an edit took.")
@click.option("--min-words", type=click.IntRange(min=0), default=0, help="At least so many words changed.")
@pass_home
def add(home: Home, /, name: str, **options: Any) -> int:
    """Add a rule. Options of one name are alternatives, different options must all hold."""
    from alerts.errors import AlertError, NameTakenError, UnknownNameError
    from alerts.rules import Rule
    from archive.catalog.alerts import RuleRow, add_rule, all_channels, all_rules

    if not name.strip():
        raise click.UsageError("a rule needs a name")
    for words in (*options["contains"], *options["added"], *options["removed"]):
        if not any(one.isalnum() for one in words):
            raise click.UsageError(f"{words!r} holds no word")
    try:
        with home.stores() as stores, stores.catalogue.writing() as connection:
            known = all_channels(connection)
            for channel in options["channels"]:
                if channel not in known:
                    raise UnknownNameError("channel", channel, "channels")
            if any(one.name == name for one in all_rules(connection)):
                raise NameTakenError("rule", name)
            rule = Rule(name=name, added_at=stores.clock.now(), **options)
            add_rule(connection, RuleRow(name=name, added_at=rule.added_at, definition=rule.to_json()))
    except AlertError as error:
        click.echo(f"lateedition: {error}", err=True)
        return 1
    click.echo(f"rule {name} added.", err=True)
    return 0


@command.command("test")
@click.argument("name")
@click.argument("event")
@pass_home
def test(home: Home, name: str, event: str) -> int:
    """Say whether an event meets a rule, and why (exit 0) or why not (exit 1)."""
    from alerts.errors import UnknownNameError
    from alerts.outbox import article_text, rules_of
    from alerts.rules import match
    from archive.catalog.ledger import event_by_id
    from archive.errors import UnknownEventError

    with home.stores() as stores, stores.catalogue.reading() as connection:
        rule = next((one for one in rules_of(connection) if one.name == name), None)
        if rule is None:
            raise UnknownNameError("rule", name, "rules")
        found = event_by_id(connection, event)
        if found is None:
            raise UnknownEventError(event)
        verdict = match(rule, found, article_text(connection, found))
    click.echo(verdict.why)
    return 0 if verdict.holds else 1


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


def _conditions(definition: dict[str, Any]) -> str:
    parts = [
        f"{key} {' or '.join(map(str, value)) if isinstance(value, list) else value}"
        for key, value in definition.items()
        if key != "channels"
    ]
    return "; ".join(parts) or "every edit"
