"""`lateedition export`."""

from datetime import datetime
from pathlib import Path

import click

from lateedition import __version__
from lateedition.cli.home import Home, pass_home
from lateedition.cli.output import moment_argument, progress


@click.command(
    "export",
    epilog="Example: lateedition export --format wacz --output story.wacz --url https://news.example/a",
)
@click.argument("dataset", required=False, type=click.Choice(["edits", "versions", "captures"]))
@click.option("--format", "form", type=click.Choice(["warc", "wacz"]), required=True)
@click.option("--output", type=click.Path(path_type=Path, dir_okay=False), required=True)
@click.option("--url", "--article", "url", help="Only captures of this article or address.")
@click.option("--source", help="Only captures made for this source.")
@click.option("--since", type=moment_argument, help="Only captures from this moment on.")
@click.option("--until", type=moment_argument, help="Only captures before this moment.")
@pass_home
def command(
    home: Home,
    dataset: str | None,
    form: str,
    output: Path,
    url: str | None,
    source: str | None,
    since: datetime | None,
    until: datetime | None,
) -> int:
    """
    Write captures to one file, as WARC or as WACZ (which ReplayWeb.page opens).

    PATH.manifest.json beside it says what was asked, counts and digest; the same archive and query give the same
    bytes. The answers that revisit records stand for are put in, too.
    """
    from archive.reading.export import FORMATS, ExportQuery, export

    if dataset is not None and dataset not in FORMATS[form]:
        message = f"--format {form} holds {', '.join(FORMATS[form])}; leave out `{dataset}`."
        raise click.UsageError(message)
    query = ExportQuery(
        dataset=dataset or FORMATS[form][0], format=form, url=url, source=source, since=since, until=until
    )
    with home.stores() as stores:
        from archive.reading import Archive

        wanted = Archive(stores).capture_filter(
            url=query.url, source=query.source, since=query.since, until=query.until
        )
        with progress("Exporting") as move:
            report = export(
                stores, query, wanted, output, software=f"lateedition/{__version__}", progress=move
            )
    added = f" and {report.originals} answers they stand for" if report.originals else ""
    click.echo(
        f"{output}: {report.captures} captures{added}, {report.records} records, {report.bytes} bytes, {report.digest}",
        err=True,
    )
    return 0
