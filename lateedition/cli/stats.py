"""`lateedition stats`."""

from datetime import datetime
from typing import Any

import click

from lateedition.cli.filters import check_times, time_filters
from lateedition.cli.home import Home, pass_home
from lateedition.cli.output import format_option, jsonl, table


@click.command("stats", epilog="Example: lateedition stats --by week --since 2026-03-01 --format jsonl")
@click.option(
    "--by",
    type=click.Choice(["week", "source", "all"]),
    default="source",
    show_default=True,
    help="Each source and week, each source, or one line.",
)
@click.option("--source", "sources", multiple=True, help="Only of this source; may be repeated.")
@time_filters
@format_option("table", "jsonl")
@pass_home
def command(
    home: Home,
    by: str,
    sources: tuple[str, ...],
    since: datetime | None,
    until: datetime | None,
    output: str,
) -> None:
    """
    How often outlets edit, and whether they say so, with 95 % intervals.

    Shares are followed by what they are of; the reference page `statistics` defines each.
    """
    check_times(since, until)
    with home.archive() as archive:
        found = archive.statistics(by=by, sources=sources, since=since, until=until)
        if output == "jsonl":
            jsonl(found)
            return
        table(
            [
                "Source",
                "Week of",
                ">Articles",
                ">Edits",
                ">Corrections",
                ">Age, h",
                "Shares (95 % interval)",
            ],
            (_cells(line) for line in found),
            empty="Nothing to count yet. `lateedition crawl --once` captures what is watched.",
        )


def _cells(line: dict[str, Any]) -> list[str]:
    age = line["median_age_hours"]
    shares = (
        f"silent {_share(line, 'silent_share', 'silent')} of {line['needed_note']} that needed a note",
        f"edited {_share(line, 'edited_share', 'edited')} of articles",
        f"headline changed {_share(line, 'headline_churn', 'churn')} of articles",
    )
    return [
        line["source"] or "all",
        (line["week"] or "–")[:10],
        str(line["articles"]),
        str(line["edits"]),
        str(line["corrections"]),
        "–" if age is None else f"{age:.1f}",
        "\n".join(shares),
    ]


def _share(line: dict[str, Any], name: str, prefix: str) -> str:
    if line[name] is None:
        return "–"
    return f"{line[name]:.0%} ({line[f'{prefix}_low']:.0%}–{line[f'{prefix}_high']:.0%})"
