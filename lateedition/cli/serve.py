"""`lateedition serve`: only the page and the API."""

import asyncio
import contextlib
import signal
import socket
import threading
from collections.abc import Iterator
from typing import TYPE_CHECKING

import click

from lateedition.cli.home import Home, pass_home
from lateedition.cli.supervised import end_with_parent, supervised_option

if TYPE_CHECKING:
    from archive.opening import Stores

HOST, PORT = "127.0.0.1", 8765

host_option = click.option("--host", default=HOST, show_default=True, help="Address to listen at.")
port_option = click.option(
    "--port", default=PORT, show_default=True, type=click.IntRange(0, 65535), help="0 takes a free one."
)


@click.command("serve", epilog="Example: lateedition serve --port 8800")
@host_option
@port_option
@click.option("--fd", type=int, hidden=True, help="A listening socket that was handed down.")
@supervised_option
@pass_home
def command(home: Home, host: str, port: int, fd: int | None, supervised: bool) -> None:
    """Only the page and the API, for a home that another process crawls."""
    if fd is not None:
        listener = socket.socket(fileno=fd)
    else:
        listener = listen(host, port)
        click.echo(f"serving {address_of(listener)}", err=True)
    for one in (signal.SIGTERM, signal.SIGINT):
        # The server ends on these, then raises them once more for whoever had them before.
        signal.signal(one, lambda *_: None)
    asyncio.run(serve(home, listener, supervised=supervised))


async def serve(home: Home, listener: socket.socket, *, supervised: bool) -> None:
    """Answer on a listening socket until SIGTERM or SIGINT."""
    import uvicorn

    from alerts.desk import Desk
    from archive.reading import Archive
    from lateedition.web import create_app

    with home.stores() as stores, _indexing(stores):
        app = create_app(
            Archive(stores),
            Desk(stores),
            notice=notice(home),
            refresh_seconds=2 if home.settings.clock_speed > 1 else 0,
        )
        config = uvicorn.Config(
            app, log_level="warning", access_log=False, server_header=False, timeout_graceful_shutdown=3
        )
        server = uvicorn.Server(config)
        app.state.is_ending = lambda: server.should_exit

        def stop() -> None:
            server.should_exit = True

        if supervised:
            end_with_parent(stop)
        await server.serve(sockets=[listener])


@contextlib.contextmanager
def _indexing(stores: "Stores") -> Iterator[None]:
    """Index for search what an older version of this software left without an index, while pages are served."""
    from archive.catalog.search_filling import fill_search_index
    from archive.errors import ArchiveError

    ending = threading.Event()

    def fill() -> None:
        try:
            fill_search_index(stores.catalogue, ending=ending.is_set)
        except ArchiveError as error:
            click.echo(f"lateedition: the search index is not whole yet: {error}", err=True)

    filler = threading.Thread(target=fill)
    filler.start()
    try:
        yield
    finally:
        ending.set()
        filler.join()


def listen(host: str, port: int) -> socket.socket:
    """
    Take an address of this machine.

    Raises:
        UsageError: it is not a loopback address; nobody proves who they are yet.
        PortInUseError: it cannot be had.
    """
    from scheduler.service import listening_socket

    if host not in ("127.0.0.1", "::1", "localhost"):
        raise click.UsageError(
            f"--host {host}: only 127.0.0.1 is served while there are no tokens; put a proxy before it"
        )
    return listening_socket(host, port)


def address_of(listener: socket.socket) -> str:
    """Return where a socket is reached."""
    host, port = listener.getsockname()[:2]
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


def notice(home: Home) -> str:
    """Say what a reader must know about a home whose clock is not the machine's."""
    speed = home.settings.clock_speed
    if speed == 1:
        return ""
    return f"Demonstration: this home's clock runs {speed:,.0f} times as fast as yours, so {_span(speed)} pass in a minute."


def _span(speed: float) -> str:
    hours = speed / 60
    return f"{hours / 24:.1f} days" if hours >= 36 else f"{hours:.0f} hours"
