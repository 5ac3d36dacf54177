"""`lateedition capture`."""

import asyncio
from typing import TYPE_CHECKING, Any

import click

from lateedition import __version__
from lateedition.cli.home import Home, pass_home
from lateedition.cli.output import format_option, jsonl, table

if TYPE_CHECKING:
    from scheduler.capturing import Captured


@click.command("capture", epilog="Example: lateedition capture https://news.example/2026/07/19/a-story")
@click.argument("urls", nargs=-1, required=True)
@format_option("table", "jsonl")
@pass_home
def command(home: Home, urls: tuple[str, ...], output: str) -> int:
    """Capture addresses now, whatever is due; works beside `run`."""
    from alerts.outbox import Outbox
    from scheduler.capturing import capture_now

    with home.stores() as stores:
        outbox = Outbox.of(home.settings, stores.clock)
        done = asyncio.run(capture_now(stores, home.settings, urls, version=__version__, on_events=outbox))
    if output == "jsonl":
        jsonl(_line(one) for one in done)
    else:
        table(
            ["Status", "Verdict", "Address"],
            ([str(one.outcome.status or "–"), str(one.outcome.verdict or "–"), one.url] for one in done),
            empty="",
        )
    for one in done:
        if one.outcome.problem:
            click.echo(f"lateedition: {one.url}: {one.outcome.problem}: {one.outcome.detail}", err=True)
    return 1 if any(one.outcome.verdict is None for one in done) else 0


def _line(one: "Captured") -> dict[str, Any]:
    said = one.outcome
    return {
        "url": one.url,
        "status": said.status,
        "verdict": said.verdict,
        "page_kind": said.page_kind,
        "problem": said.problem or None,
        "detail": said.detail or None,
    }
