"""`lateedition verify`."""

import json

import click

from lateedition.cli.home import Home, pass_home
from lateedition.cli.output import progress


@click.command("verify", epilog="Example: lateedition verify --deep --format json")
@click.option("--deep", is_flag=True, help="Recompute every digest as well.")
@click.option("--format", "output", type=click.Choice(["text", "json"]), default="text", show_default=True)
@pass_home
def command(home: Home, deep: bool, output: str) -> int:
    """Check the catalogue against the WARC files; exit 1 if anything acknowledged is lost or damaged."""
    from alerts.outbox import Outbox
    from archive.errors import CatalogueInUseError, HomeInUseError
    from archive.ingest import recover
    from archive.opening import as_writer, lock_home
    from archive.reading import verify

    with home.stores() as stores:
        torn = 0
        try:
            with lock_home(home.path), as_writer(stores, "verify"):
                torn = recover(
                    stores, on_events=Outbox.of(home.settings, stores.clock), say=_say, drop=False
                ).torn_tails
        except (HomeInUseError, CatalogueInUseError):
            pass  # its writer is at work and does this by itself
        with progress("Verifying") as move:
            report = verify(stores, deep=deep, say=_say, progress=move)
        report.torn_tails_repaired = torn
    if output == "json":
        click.echo(json.dumps(report.line()))
    else:
        for key, value in report.line().items():
            click.echo(f"{key.replace('_', ' '):22}{value}")
    return 0 if report.ok else 1


def _say(line: str) -> None:
    click.echo(line, err=True)
