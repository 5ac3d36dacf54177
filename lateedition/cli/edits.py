"""`lateedition edits`."""

import csv
import json
import sys
from collections.abc import Iterable
from datetime import datetime
from typing import Any

import click

from archive.model import Disclosure, Event, EventKind, Severity, Track
from archive.reading import EditQuery, event_line
from lateedition.cli.home import Home, pass_home
from lateedition.cli.judge import words_of
from lateedition.cli.output import format_option, jsonl, moment_argument, table, when


@click.command(
    "edits",
    epilog="Examples: lateedition edits --silent --since 2026-07-01; lateedition edits --track headline --format jsonl",
)
@click.option("--since", type=moment_argument, help="First seen at this moment or later.")
@click.option("--until", type=moment_argument, help="First seen before this moment.")
@click.option("--source", "sources", multiple=True, help="Of this source; may be repeated.")
@click.option("--article", help="Of the article at this address.")
@click.option("--kind", "kinds", multiple=True, type=click.Choice([one.value for one in EventKind]))
@click.option("--severity", "severities", multiple=True, type=click.Choice([one.value for one in Severity]))
@click.option(
    "--disclosure", "disclosures", multiple=True, type=click.Choice([one.value for one in Disclosure])
)
@click.option("--track", "tracks", multiple=True, type=click.Choice([one.value for one in Track]))
@click.option("--silent", is_flag=True, help="The same as --disclosure silent.")
@click.option("--all", "everything", is_flag=True, help="Also events that raise no alert.")
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
    if since and until and since >= until:
        raise click.UsageError("--since is not before --until; no event can match.")
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
    writer: Any = None
    for event in events:
        line = {key: _cell(value) for key, value in event_line(event).items()}
        if writer is None:
            writer = csv.DictWriter(sys.stdout, fieldnames=list(line))
            writer.writeheader()
        writer.writerow(line)


def _cell(value: Any) -> Any:
    """Return a value as a spreadsheet takes it: lists joined, and no text that it would run as a formula."""
    if isinstance(value, list):
        value = " | ".join(_item(one) for one in value)
    if isinstance(value, dict):
        value = json.dumps(value, ensure_ascii=False)
    if isinstance(value, str) and value[:1] in ("=", "+", "-", "@", "\t", "\r"):
        return "'" + value
    return value


def _item(one: Any) -> str:
    if not isinstance(one, dict):
        return str(one)
    return str(one["text"] if "text" in one else f"{one['before']} → {one['after']}")
