"""`lateedition captures`."""

from datetime import datetime

import click

from lateedition.cli.home import Home, pass_home
from lateedition.cli.output import format_option, jsonl, moment_argument, table, when


@click.command("captures", epilog="Example: lateedition captures --url https://news.example/a --format jsonl")
@click.option("--url", help="Only captures of this article or address.")
@click.option("--source", help="Only captures made for this source.")
@click.option("--since", type=moment_argument, help="Only captures from this moment on.")
@format_option("table", "jsonl")
@pass_home
def command(home: Home, url: str | None, source: str | None, since: datetime | None, output: str) -> None:
    """Print every capture, oldest first."""
    from archive.reading import capture_line

    with home.archive() as archive:
        found = archive.captures(url=url, source=source, since=since)
        if output == "jsonl":
            jsonl(capture_line(one) for one in found)
            return
        table(
            ["Captured", ">Status", "Verdict", ">Version", "Address"],
            (
                [
                    when(one.captured_at),
                    str(one.status or "–"),
                    one.verdict,
                    str(one.version or ""),
                    one.requested_uri,
                ]
                for one in found
            ),
            empty="No captures yet. `lateedition crawl --once` makes some.",
        )
