"""For the parts that `run` starts: they end when the service is gone, however it went."""

import asyncio
import sys
from collections.abc import Callable

import click

__all__ = ["end_with_parent", "supervised_option"]

supervised_option = click.option(
    "--supervised",
    is_flag=True,
    hidden=True,
    help="End when standard input ends: its other end is the service.",
)


def end_with_parent(stop: Callable[[], None]) -> None:
    """
    Call `stop` once the service that holds the other end of standard input is gone, by SIGKILL too.

    Must be called in the event loop that is to be stopped.
    """
    loop = asyncio.get_running_loop()
    descriptor = sys.stdin.fileno()

    def ended() -> None:
        # Nothing is ever written to it, so that it is ready to be read means that it has ended.
        loop.remove_reader(descriptor)
        stop()

    loop.add_reader(descriptor, ended)
