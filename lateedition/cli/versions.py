"""`lateedition versions`."""

import click

from lateedition.cli.home import Home, pass_home
from lateedition.cli.output import format_option, jsonl, table, when


@click.command("versions", epilog="Example: lateedition versions https://news.example/a")
@click.argument("url")
@click.option("--limit", type=click.IntRange(min=1), help="At most so many, the newest.")
@format_option("table", "jsonl")
@pass_home
def command(home: Home, url: str, limit: int | None, output: str) -> None:
    """Print an article's versions, oldest first."""
    from archive.reading import version_line

    with home.archive() as archive:
        found = archive.versions(url)
    found = found[-limit:] if limit else found
    if output == "jsonl":
        jsonl(version_line(one) for one in found)
        return
    table(
        [">Version", "First seen", "Last seen", ">Words", "Headline"],
        (
            [str(one.number), when(one.captured_at), when(one.last_seen_at), str(one.words), one.headline]
            for one in found
        ),
        empty=f"{url}: no version yet; no trusted capture has been made.",
    )
