"""`lateedition export`."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from lateedition import __version__
from lateedition.cli.filters import check_times, edit_filters, time_filters
from lateedition.cli.home import Home, pass_home
from lateedition.cli.output import counter, progress

if TYPE_CHECKING:
    from archive.reading.datasets import RowQuery

#: Formats of rows, and of records.
ROWS, RECORDS = ("parquet", "jsonl", "csv"), ("warc", "wacz")
SOFTWARE = f"lateedition/{__version__}"
EPILOG = (
    "Examples: lateedition export edits --format parquet --output edits.parquet --silent; "
    "lateedition export --format wacz --output story.wacz --url https://news.example/a"
)


@click.command("export", epilog=EPILOG)
@click.argument("dataset", required=False, type=click.Choice(["edits", "versions", "captures"]))
@click.option("--format", "form", type=click.Choice([*ROWS, *RECORDS]), required=True)
@click.option("--output", type=click.Path(path_type=Path, dir_okay=False), required=True)
@click.option("--url", "--article", "url", help="Only of this article, or captures of this address.")
@click.option(
    "--source", "sources", multiple=True, help="Only of this source; may be repeated for edits and versions."
)
@click.option(
    "--language",
    "languages",
    multiple=True,
    help="Only versions in this language (en, pt-BR); may be repeated.",
)
@time_filters
@edit_filters
@pass_home
def command(home: Home, /, dataset: str | None, form: str, output: Path, **options: Any) -> int:
    """
    Write edits (unless said), versions or captures to one file, for other programs.

    parquet, jsonl and csv hold rows; warc and wacz (which ReplayWeb.page opens) hold the records of the captures,
    all of them unless edits or versions are named. PATH.manifest.json beside it says what was asked, counts and
    digest; the same archive and query give the same bytes.
    """
    query = _query(dataset or ("edits" if form in ROWS else "captures"), **options)
    if form in ROWS:
        return _rows(home, query, form, output)
    return _records(home, query, form, output)


def _query(dataset: str, *, silent: bool, everything: bool, **options: Any) -> "RowQuery":
    from archive.reading.datasets import RowQuery

    check_times(options["since"], options["until"])
    if silent:
        options["disclosures"] = (*options["disclosures"], "silent")
    if dataset != "edits" and (everything or any(options[name] for name in OF_EDITS)):
        message = f"--kind, --severity, --disclosure, --track, --silent and --all are of edits; `{dataset}` has none."
        raise click.UsageError(message)
    if dataset != "versions" and options["languages"]:
        message = f"--language is of versions; `{dataset}` has none."
        raise click.UsageError(message)
    if dataset == "captures" and len(options["sources"]) > 1:
        message = "captures: name one --source, or none."
        raise click.UsageError(message)
    return RowQuery(dataset=dataset, all=everything, **options)


OF_EDITS = ("kinds", "severities", "disclosures", "tracks")


def _rows(home: Home, query: "RowQuery", form: str, output: Path) -> int:
    from archive.reading.datasets import export_dataset

    with home.archive() as archive, counter("rows") as count:
        report = export_dataset(archive, query, form, output, software=SOFTWARE, progress=count)
    click.echo(f"{output}: {report.rows} rows, {report.bytes} bytes, {report.digest}", err=True)
    return 0


def _records(home: Home, query: "RowQuery", form: str, output: Path) -> int:
    from archive.reading import Archive
    from archive.reading.datasets import records_asked, records_wanted
    from archive.reading.export import export

    if query.languages:
        message = f"--format {form}: --language narrows rows only; use parquet, jsonl or csv."
        raise click.UsageError(message)
    with home.stores() as stores, progress("Exporting") as move:
        wanted = records_wanted(Archive(stores, dark=home.dark), query)
        report = export(stores, records_asked(query, form), wanted, output, software=SOFTWARE, progress=move)
    added = f" and {report.originals} answers they stand for" if report.originals else ""
    click.echo(
        f"{output}: {report.captures} captures{added}, {report.records} records, {report.bytes} bytes, {report.digest}",
        err=True,
    )
    return 0
