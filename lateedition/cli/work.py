"""`lateedition work`: a crawl worker."""

import asyncio

import click

from lateedition import __version__
from lateedition.cli.home import Home, pass_home

#: What a worker of many has to know when nobody said where its files are to go.
FILES_HERE = (
    "lateedition: `blobs` is not set, so this worker's WARC files lie on this machine only; "
    'set blobs = "s3://…", or a folder that all machines share.'
)


@click.command("work", epilog="Example: lateedition --home /srv/lateedition work")
@pass_home
def command(home: Home) -> int:
    """
    Only a crawl worker: no page, no delivery; SIGTERM ends it.

    On PostgreSQL as many may work at once as you like, on one machine or several; an embedded catalogue has one.
    """
    from alerts.outbox import Outbox
    from scheduler.service import Service

    with home.stores() as stores:
        if stores.catalogue.is_shared and not home.settings.blobs:
            _say(FILES_HERE)
        service = Service(
            stores=stores,
            settings=home.settings,
            version=__version__,
            on_events=Outbox.of(home.settings, stores.clock),
            say=_say,
        )
        return asyncio.run(service.run())


def _say(line: str) -> None:
    click.echo(line, err=True)
