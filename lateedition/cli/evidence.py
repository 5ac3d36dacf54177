"""`lateedition evidence`."""

from pathlib import Path

import click

from lateedition import __version__
from lateedition.cli.home import Home, pass_home


@click.command("evidence", epilog="Example: lateedition evidence 1f0c… --output edit.wacz")
@click.argument("event")
@click.option("--output", type=click.Path(path_type=Path, dir_okay=False), required=True)
@pass_home
def command(home: Home, event: str, output: Path) -> None:
    """Write both captures of an edit, with their records and how to check them, to one WACZ file."""
    from archive.reading.evidence import write_evidence

    with home.stores() as stores:
        report = write_evidence(stores, event, output, software=f"lateedition/{__version__}", dark=home.dark)
    click.echo(f"{output}: {report.captures} captures, {report.size} bytes, {report.digest}", err=True)
