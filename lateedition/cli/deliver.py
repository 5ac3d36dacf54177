"""`lateedition deliver`: the part of `run` that sends alerts."""

import asyncio
import signal

import click

from lateedition.cli.home import Home, pass_home
from lateedition.cli.supervised import end_with_parent, supervised_option


@click.command("deliver")
@click.option(
    "--base-url", default="http://127.0.0.1:8765", help="Where the page is reached; links begin with it."
)
@supervised_option
@pass_home
def command(home: Home, base_url: str, supervised: bool) -> None:
    """Deliver what the outbox holds, until told to stop."""
    from alerts.delivery import Deliverer

    async def work() -> None:
        stop = asyncio.Event()
        loop = asyncio.get_running_loop()
        for one in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(one, stop.set)
        if supervised:
            end_with_parent(stop.set)
        with home.stores() as stores:
            await Deliverer(stores, home.settings, base_url=base_url).run(stop)

    asyncio.run(work())
