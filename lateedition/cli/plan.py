"""`lateedition plan`."""

from dataclasses import asdict

import click

from lateedition.cli.home import Home, pass_home
from lateedition.cli.output import jsonl, table

#: Width of the chart's bars: with them the table fits 80 columns.
BARS = 22


@click.command("plan", epilog="Examples: lateedition plan; lateedition plan --budget 20000")
@click.option("--budget", type=click.FloatRange(min=0, min_open=True), help="Fetches a day over all sources; unless given, several are compared.")  # fmt: skip
@click.option("--format", "output", default="table", show_default=True, type=click.Choice(["table", "jsonl"]))
@pass_home
def command(home: Home, budget: float | None, output: str) -> None:
    """What delay, traffic and disk a budget of fetches buys, by what this archive has seen."""
    from scheduler.foresight import foresee

    with home.stores() as stores:
        seen = foresee(stores, home.settings, budget)
    if output == "jsonl":
        jsonl(asdict(one) for one in seen.offers)
        return
    if not seen.articles:
        click.echo("Nothing is watched yet, so there is nothing to plan from.", err=True)
        return
    click.echo(
        f"{seen.articles:,} articles are watched; {seen.edits:,} edits of the last 60 days were learnt from."
    )
    if seen.is_guessed:
        click.echo("So few edits say little: the figures lean on what is usual of news.")
    slowest = max(one.mean_delay_h for one in seen.offers)
    table(
        [">Fetches a day", ">Mean delay", ">Traffic a day", ">Disk a month", "Delay"],
        (
            [
                f"{one.fetches_per_day:,.0f}{' *' if one.is_asked else ''}",
                _span(one.mean_delay_h),
                _bytes(one.bytes_per_day),
                _bytes(one.disk_per_month),
                "█" * max(1, round(BARS * one.mean_delay_h / slowest)),
            ]
            for one in seen.offers
        ),
        empty="",
    )
    if any(one.is_capped for one in seen.offers):
        click.echo(
            "The largest figure is what is spent without a budget: more visits would find next to nothing,\n"
            "or politeness does not allow them."
        )


def _span(hours: float) -> str:
    return f"{hours * 60:.0f} min" if hours < 2 else f"{hours:.1f} h" if hours < 48 else f"{hours / 24:.1f} d"


def _bytes(count: float) -> str:
    for unit, size in (("GB", 1e9), ("MB", 1e6)):
        if count >= size:
            return f"{count / size:.1f} {unit}"
    return f"{count / 1e3:.0f} kB"
