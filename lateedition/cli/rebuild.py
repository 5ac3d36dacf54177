"""`lateedition rebuild`."""

import click

from lateedition.cli.home import Home, pass_home
from lateedition.cli.output import progress


@click.command("rebuild", epilog="Example: lateedition --home /srv/press rebuild")
@pass_home
def command(home: Home) -> int:
    """
    Make a new catalogue from the WARC files alone.

    Captures, versions, edits and event ids are as before; sources, channels, rules, tokens and deliveries stay.
    The old catalogue is used until the new one is whole.
    """
    from alerts.outbox import Outbox
    from archive.ingest import rebuild, recover
    from archive.opening import as_only_writer, lock_home

    with home.stores() as stores, lock_home(home.path), as_only_writer(stores, "rebuild"):
        recover(stores, on_events=Outbox.of(home.settings, stores.clock), say=_say, drop=False)
        with progress("Rebuilding") as move:
            report = rebuild(
                stores, say=_say, progress=lambda step, done, total: move(done, total, STEPS[step])
            )
    _say(f"{report.files} files read, {report.captures} captures catalogued.")
    if report.unresolved:
        _say(f"{report.unresolved} revisit records stand for answers that are not in the archive.")
    return 0


STEPS = {"read": "Reading WARC files", "catalogue": "Cataloguing captures"}


def _say(line: str) -> None:
    click.echo(line, err=True)
