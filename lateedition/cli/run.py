"""`lateedition run`: the service."""

import asyncio
import sys

import click

from lateedition import __version__
from lateedition.cli.home import Home, pass_home
from lateedition.cli.serve import address_of, host_option, listen, port_option


@click.command("run", epilog="Example: lateedition --home /srv/lateedition run --port 8800")
@host_option
@port_option
@pass_home
def command(home: Home, host: str, port: int) -> int:
    """The service: scheduler, crawler, alerts and the page, in one process tree; SIGTERM ends it."""
    from alerts.outbox import Outbox
    from scheduler.service import Service
    from scheduler.supervision import Child

    settings = home.settings
    listener = listen(host, port)
    address = address_of(listener)
    if not settings.contact:
        _say("lateedition: `contact` is empty; set it in lateedition.toml, so that outlets can reach you.")
    ourselves = (sys.executable, "-m", "lateedition", "--home", str(home.path))
    children = (
        Child(
            name="web",
            argv=(*ourselves, "serve", "--supervised", "--fd", str(listener.fileno())),
            pass_fds=(listener.fileno(),),
        ),
        Child(name="deliver", argv=(*ourselves, "deliver", "--supervised", "--base-url", address)),
    )
    with home.stores() as stores:
        service = Service(
            stores=stores,
            settings=settings,
            version=__version__,
            address=address,
            children=children,
            on_events=Outbox.of(settings, stores.clock),
            say=_say,
        )
        return asyncio.run(service.run())


def _say(line: str) -> None:
    click.echo(line, err=True)
