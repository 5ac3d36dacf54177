"""`lateedition edits`."""

import csv
import sys
from collections.abc import Iterable
from datetime import datetime
from typing import Any

import click

from archive.model import Disclosure, Event
from archive.reading import EditQuery, event_line
from lateedition.cli.filters import check_times, edit_filters, time_filters
from lateedition.cli.home import Home, pass_home
from lateedition.cli.judge import words_of
from lateedition.cli.output import format_option, jsonl, table, when


@click.command(
    "edits",
    epilog="Examples: lateedition edits --silent --since 2026-07-01; lateedition edits --track headline --format jsonl",
)
@time_filters
@click.option("--source", "sources", multiple=True, help="Of this source; may be repeated.")
@click.option("--article", help="Of the article at this address.")
@edit_filters
@click.option("--limit", type=click.IntRange(min=1), help="At most so many.")
@format_option("table", "jsonl", "csv")
@pass_home
def command(home: Home, /, output: str, limit: int | None, **options: Any) -> None:
    """Print the edit ledger, oldest first."""
    query = _query(**options)
    with home.archive() as archive:
        found = archive.edits(query, limit=limit)
        if output == "jsonl":
            jsonl(event_line(one) for one in found)
        elif output == "csv":
            _csv(found)
        else:
            table(
                ["First seen", "What", "Disclosure", "Headline and change"],
                ([when(one.first_seen_at), _what(one), one.disclosure, _told(one)] for one in found),
                empty="No edits. `lateedition edits --all` shows what raised no alert too.",
            )


def _query(
    *,
    since: datetime | None,
    until: datetime | None,
    sources: tuple[str, ...],
    article: str | None,
    kinds: tuple[str, ...],
    severities: tuple[str, ...],
    disclosures: tuple[str, ...],
    tracks: tuple[str, ...],
    silent: bool,
    everything: bool,
) -> EditQuery:
    check_times(since, until)
    return EditQuery(
        since=since,
        until=until,
        sources=sources,
        article=article,
        kinds=kinds,
        severities=severities,
        disclosures=(*disclosures, Disclosure.SILENT) if silent else disclosures,
        tracks=tracks,
        all=everything,
    )


def _what(event: Event) -> str:
    return f"{event.severity} {event.kind}" if event.severity else event.kind


def _told(event: Event) -> str:
    lines = [event.headline, event.summary]
    if event.judgement is not None:
        lines.append(f"judged: {words_of(event.judgement)}")
    lines.append(event.id)
    return "\n".join(lines)


def _csv(events: Iterable[Event]) -> None:
    from archive.reading.datasets import DATASETS, cell

    names = [column.name for column in DATASETS["edits"]]
    writer = csv.writer(sys.stdout)
    writer.writerow(names)
    for event in events:
        line = event_line(event)
        writer.writerow([cell(line[name]) for name in names])
