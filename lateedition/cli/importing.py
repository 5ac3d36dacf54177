"""`lateedition import`."""

from pathlib import Path

import click

from lateedition import __version__
from lateedition.cli.home import Home, pass_home
from lateedition.cli.output import progress


@click.command("import", epilog="Example: lateedition import crawl-2019-*.warc.gz collection.wacz")
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path))
@pass_home
def command(home: Home, files: tuple[Path, ...]) -> int:
    """
    Ingest WARC, ARC and WACZ files of any origin, each record's WARC-Date being the clock.

    What the archive holds already is skipped: an import that was stopped goes on when it is started again.
    """
    from alerts.outbox import Outbox
    from archive.ingest import import_files, recover
    from archive.opening import as_writer, lock_home
    from scrapers.recipes import selectors_in

    with home.stores() as stores, lock_home(home.path), as_writer(stores, "import"):
        outbox = Outbox.of(home.settings, stores.clock)
        recover(stores, on_events=outbox, say=_say)
        with progress("Importing") as move:
            report = import_files(
                stores,
                files,
                software=f"lateedition/{__version__}",
                selectors=selectors_in(home.path),
                darkens=home.settings.rights_noarchive == "store-dark",
                on_events=outbox,
                progress=lambda step, done, total: move(done, total, STEPS[step]),
            )
    for problem in report.problems:
        _say(f"lateedition: {problem}")
    _say(
        f"{report.files} files, {report.records} records read: {report.captures} captures added, "
        f"{report.known} were archived already."
    )
    if report.unresolved:
        _say(
            f"{report.unresolved} revisit records stand for answers that are not in the archive; they are kept. "
            f"Import the files that hold those answers, too."
        )
    return 1 if report.problems else 0


STEPS = {"copy": "Copying records", "catalogue": "Cataloguing captures"}


def _say(line: str) -> None:
    click.echo(line, err=True)
