"""`lateedition reprocess`."""

import os
from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import TYPE_CHECKING

import click

from lateedition import __version__
from lateedition.cli.home import Home, pass_home
from lateedition.cli.output import format_option, jsonl, moment_argument, progress, table, when

if TYPE_CHECKING:
    from archive.ingest.reprocessing import Reprocessing, Spread
    from archive.model import Event


@click.command(
    "reprocess",
    epilog="Examples: lateedition reprocess --dry-run; lateedition reprocess --since 2026-07-01; "
    "lateedition reprocess --cluster tcp://10.0.0.7:8786",
)
@click.option("--since", type=moment_argument, help="Only articles captured at this moment or later.")
@click.option("--dry-run", is_flag=True, help="Say what would change, and write nothing.")
@click.option(
    "--cluster", metavar="ADDRESS", help="Extract on the workers of this Dask scheduler (tcp://… or tls://…)."
)
@format_option("table", "jsonl")
@pass_home
def command(home: Home, since: datetime | None, dry_run: bool, cluster: str | None, output: str) -> int:
    """
    Extract and compare archived captures anew, with the software of today.

    Events that appear, vanish or read otherwise are listed before anything is written. Those that vanish are kept as
    superseded; nothing is alerted.
    """
    from alerts.outbox import Outbox
    from archive.ingest import recover
    from archive.ingest.reprocessing import Way, reprocess
    from archive.opening import as_only_writer, lock_home
    from scrapers.recipes import selectors_in

    def listed(found: "Reprocessing") -> bool:
        _list(found, output)
        return not dry_run

    with home.stores() as stores, lock_home(home.path), as_only_writer(stores, "reprocess"):
        recover(stores, on_events=Outbox.of(home.settings, stores.clock), say=_say)
        with progress("Looking again") as move:
            found = reprocess(
                stores,
                Way(
                    software=f"lateedition/{__version__}",
                    spread=_spread(cluster),
                    selectors=selectors_in(home.path),
                ),
                since=since,
                before_writing=listed,
                progress=move,
            )
    for problem in found.problems:
        _say(f"lateedition: {problem}")
    _say(_sum(found, dry_run=dry_run))
    return 1 if found.problems else 0


def _spread(cluster: str | None) -> "Spread":
    from archive.ingest.reprocessing import in_processes

    if cluster is None:
        return in_processes(os.cpu_count() or 1)
    from scheduler.cluster import on_cluster

    return on_cluster(cluster, version=__version__)


def _list(found: "Reprocessing", output: str) -> None:
    if output == "jsonl":
        jsonl(_line(what, event, before) for what, event, before in _changes(found))
        return
    table(
        ["What", "First seen", "Kind", "Headline and change"],
        (
            [what, when(event.first_seen_at), event.kind, _told(event, before)]
            for what, event, before in _changes(found)
        ),
        empty="No event appears, vanishes or reads otherwise.",
    )


def _changes(found: "Reprocessing") -> "Iterator[tuple[str, Event, Event | None]]":
    """Yield what happens to which event, with how it read before."""
    yield from (("vanishes", event, None) for event in found.events("vanishing"))
    yield from (("appears", event, None) for event in found.events("appearing"))
    pairs: Iterable[tuple[Event, Event]] = found.events("altered")
    yield from (("changes", after, before) for before, after in pairs)


def _told(event: "Event", before: "Event | None") -> str:
    lines = [event.headline, event.summary]
    if before is not None and before.summary != event.summary:
        lines.append(f"before: {before.summary}")
    return "\n".join(lines)


def _line(what: str, event: "Event", before: "Event | None") -> dict[str, object]:
    from archive.reading import event_line

    return {"change": what, **event_line(event), "summary_before": before.summary if before else None}


def _sum(found: "Reprocessing", *, dry_run: bool) -> str:
    counts = (
        f"{len(found.events('vanishing'))} events vanish, {len(found.events('appearing'))} appear, "
        f"{len(found.events('altered'))} change"
    )
    done = "nothing was written (--dry-run)" if dry_run else "written"
    if not found.changes:
        done = "nothing to write"
    return f"{found.captures} captures of {found.articles} articles looked at again: {counts}; {done}."


def _say(line: str) -> None:
    click.echo(line, err=True)
