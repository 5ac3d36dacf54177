"""`lateedition channels`."""

import asyncio
from typing import Any

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
    from alerts.desk import Desk
    from archive.reading.lines import iso

    with home.stores() as stores:
        lines: list[dict[str, Any]] = [
            {
                "channel": one.channel.name,
                "url": one.address,
                "state": "on" if one.channel.is_on else "off",
                "reason": one.channel.reason or None,
                "cap": one.channel.cap,
                "watchdog": one.channel.is_watchdog,
                "secrets": (one.channel.secret_env or "").split(),
                "resting_until": iso(one.channel.resting_until),
                "waiting": one.waiting,
                "sent": one.sent,
                "dead": one.dead,
            }
            for one in Desk(stores).channels()
        ]
    if output == "jsonl":
        jsonl(lines)
        return
    table(
        ["Channel", "State", ">Waiting", ">Sent", ">Dead", "Address and trouble"],
        (
            [
                one["channel"],
                one["state"],
                *[str(one[name]) for name in ("waiting", "sent", "dead")],
                f"{one['url']}\n{one['reason']}" if one["reason"] else one["url"],
            ]
            for one in lines
        ),
        empty="No channels yet. `lateedition channels add NAME URL` adds one.",
    )


secret_option = click.option(
    "--secret-env",
    "secrets",
    multiple=True,
    help="Environment variable that holds the webhook's secret (whsec_…); twice while it is rotated.",
)
cap_option = click.option(
    "--cap", type=click.IntRange(min=0), help="Messages an hour; the last one gathers the rest. 0: no bound."
)
watchdog_option = click.option(
    "--watchdog/--no-watchdog",
    "is_watchdog",
    default=None,
    help="Also tell when a source stops working or a rule matches nothing for long.",
)


@command.command(
    "add",
    epilog="Examples: lateedition channels add desk https://desk.example/hook --secret-env DESK_SECRET; "
    "lateedition channels add mail 'mailto://desk:${SMTP_PASSWORD}@mail.desk.example?to=editor@desk.example'",
)
@click.argument("name")
@click.argument("url")
@secret_option
@cap_option
@watchdog_option
@pass_home
def add(
    home: Home, name: str, url: str, secrets: tuple[str, ...], cap: int | None, is_watchdog: bool | None
) -> None:
    """Add a channel: a webhook, a mail address, or an Apprise address; ${NAME} in it is an environment variable."""
    from alerts.channels import check_url
    from alerts.errors import NameTakenError
    from archive.catalog.alerts import ChannelRow, add_channel, all_channels

    if not name.strip():
        raise click.UsageError("a channel needs a name")
    check_url(url)
    with home.stores() as stores, stores.catalogue.writing() as connection:
        if name in all_channels(connection):
            raise NameTakenError("channel", name)
        new = ChannelRow(
            name=name,
            url=url,
            secret_env=_variables(secrets),
            cap=cap or None,
            is_watchdog=bool(is_watchdog),
        )
        add_channel(connection, new)
    click.echo(f"channel {name} added.", err=True)


@command.command(
    "change", epilog="Example: lateedition channels change desk --secret-env NEW --secret-env OLD"
)
@click.argument("name")
@click.option("--url", help="Another address.")
@secret_option
@cap_option
@watchdog_option
@click.option("--on/--off", "is_on", default=None, help="Switch it on, or off.")
@pass_home
def change(
    home: Home,
    name: str,
    url: str | None,
    secrets: tuple[str, ...],
    cap: int | None,
    is_watchdog: bool | None,
    is_on: bool | None,
) -> None:
    """Change a channel; what is not named stays as it is."""
    from alerts.channels import check_url
    from alerts.errors import UnknownNameError
    from archive.catalog.alerts import update_channel

    values: dict[str, Any] = {}
    if url is not None:
        check_url(url)
        values["url"] = url
    if secrets:
        values["secret_env"] = _variables(secrets)
    if cap is not None:
        values["cap"] = cap or None
    if is_watchdog is not None:
        values["is_watchdog"] = is_watchdog
    if is_on is not None:
        values |= {"is_on": is_on, "reason": "" if is_on else "switched off"}
    if is_on or url is not None:
        values |= {"failures": 0, "failing_since": None, "resting_until": None}
    if not values:
        raise click.UsageError(
            "nothing to change; name --url, --secret-env, --cap, --watchdog, --on or --off."
        )
    with home.stores() as stores, stores.catalogue.writing() as connection:
        if not update_channel(connection, name, **values):
            raise UnknownNameError("channel", name, "channels")
    click.echo(f"channel {name} changed.", err=True)


def _variables(names: tuple[str, ...]) -> str | None:
    wrong = [one for one in names if not one.replace("_", "a").isalnum()]
    if wrong:
        raise click.UsageError(
            f"--secret-env takes the name of an environment variable such as DESK_SECRET, not {wrong[0][:4]}…"
        )
    return " ".join(names) or None


@command.command("test")
@click.argument("name")
@pass_home
def test(home: Home, name: str) -> int:
    """Send a test message to a channel now."""
    from alerts.errors import UnknownNameError
    from alerts.trial import send_trial
    from archive.catalog.alerts import all_channels

    with home.stores() as stores, stores.catalogue.reading() as connection:
        channel = all_channels(connection).get(name)
        now = stores.clock.now()
    if channel is None:
        raise UnknownNameError("channel", name, "channels")
    answer = asyncio.run(send_trial(channel, home.settings, now))
    if not answer.is_taken:
        click.echo(f"lateedition: {name}: {answer.error}", err=True)
        return 1
    remark = f" ({answer.error})" if answer.error else ""
    click.echo(f"{name}: the message was taken{remark}.", err=True)
    return 0


@command.command("remove")
@click.argument("name")
@pass_home
def remove(home: Home, name: str) -> None:
    """Remove a channel; what waits for it is given up."""
    from alerts.errors import UnknownNameError
    from archive.catalog.alerts import remove_channel
    from archive.catalog.deliveries import end_waiting

    with home.stores() as stores, stores.catalogue.writing() as connection:
        if not remove_channel(connection, name):
            raise UnknownNameError("channel", name, "channels")
        given_up = end_waiting(connection, "the channel was removed", channel=name)
    waited = f"; {given_up} messages that waited are given up" if given_up else ""
    click.echo(f"channel {name} removed{waited}.", err=True)
