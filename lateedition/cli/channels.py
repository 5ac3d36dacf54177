"""`lateedition channels`."""

import asyncio

import click

from lateedition.cli.home import Home, pass_home
from lateedition.cli.output import format_option, jsonl, table


@click.group(
    "channels",
    invoke_without_command=True,
    epilog="Example: lateedition channels add desk https://desk.example/hook --secret-env DESK_SECRET",
)
@format_option("table", "jsonl")
@click.pass_context
def command(context: click.Context, output: str) -> None:
    """Where alerts go."""
    if context.invoked_subcommand is None:
        context.invoke(list_channels, output=output)


@command.command("list")
@format_option("table", "jsonl")
@pass_home
def list_channels(home: Home, output: str) -> None:
    """Print every channel; secrets are masked."""
    from alerts.channels import masked
    from archive.catalog.alerts import all_channels

    with home.stores() as stores, stores.catalogue.reading() as connection:
        found = all_channels(connection).values()
    lines = [
        {
            "channel": one.name,
            "url": masked(one.url),
            "state": "on" if one.is_on else "off",
            "reason": one.reason or None,
        }
        for one in found
    ]
    if output == "jsonl":
        jsonl(lines)
        return
    table(
        ["Channel", "State", "Address"],
        (
            [str(one["channel"]), f"{one['state']} {one['reason'] or ''}".strip(), str(one["url"])]
            for one in lines
        ),
        empty="No channels yet. `lateedition channels add NAME URL` adds one.",
    )


@command.command("add")
@click.argument("name")
@click.argument("url")
@click.option("--secret-env", help="Environment variable that holds the webhook's secret (whsec_…).")
@pass_home
def add(home: Home, name: str, url: str, secret_env: str | None) -> int:
    """Add a channel: a webhook, or an Apprise address."""
    from alerts.channels import check_url
    from alerts.errors import AlertError, NameTakenError
    from archive.catalog.alerts import ChannelRow, add_channel, all_channels

    try:
        if not name.strip():
            raise click.UsageError("a channel needs a name")
        check_url(url)
        with home.stores() as stores, stores.catalogue.writing() as connection:
            if name in all_channels(connection):
                raise NameTakenError("channel", name)
            add_channel(
                connection, ChannelRow(name=name, url=url, secret_env=secret_env, is_on=True, reason="")
            )
    except AlertError as error:
        click.echo(f"lateedition: {error}", err=True)
        return 1
    click.echo(f"channel {name} added.", err=True)
    return 0


@command.command("test")
@click.argument("name")
@pass_home
def test(home: Home, name: str) -> int:
    """Send a test message to a channel now."""
    from alerts.channels import is_webhook, secret_of
    from alerts.errors import UnknownNameError
    from alerts.trial import send_trial
    from archive.catalog.alerts import all_channels

    with home.stores() as stores, stores.catalogue.reading() as connection:
        channel = all_channels(connection).get(name)
        now = stores.clock.now()
    if channel is None:
        raise UnknownNameError("channel", name, "channels")
    secret = secret_of(channel.secret_env) if is_webhook(channel.url) else None
    error = asyncio.run(send_trial(channel.url, secret, home.settings, now))
    if error:
        click.echo(f"lateedition: {name}: {error}", err=True)
        return 1
    click.echo(f"{name}: the message was taken.", err=True)
    return 0


@command.command("remove")
@click.argument("name")
@pass_home
def remove(home: Home, name: str) -> None:
    """Remove a channel; what waits for it is given up."""
    from alerts.errors import UnknownNameError
    from archive.catalog.alerts import remove_channel

    with home.stores() as stores, stores.catalogue.writing() as connection:
        if not remove_channel(connection, name):
            raise UnknownNameError("channel", name, "channels")
    click.echo(f"channel {name} removed.", err=True)
