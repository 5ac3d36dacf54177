"""`lateedition simulate`."""

import json
from dataclasses import asdict
from pathlib import Path

import click

from lateedition.cli.output import table

#: Oftener than this nothing is visited.
OFTENEST_PER_HOUR = 60.0


@click.command(
    "simulate",
    epilog="Example: lateedition simulate --history edits.csv.gz --train before.csv.gz --budget 7",
)
@click.option("--history", required=True, type=click.Path(exists=True, dir_okay=False, path_type=Path), help="CSV, plain or gzipped: article,outlet,first_seen_epoch,edit_ages_s.")  # fmt: skip
@click.option("--train", type=click.Path(exists=True, dir_okay=False, path_type=Path), help="A history of the same form to learn from.")  # fmt: skip
@click.option("--budget", required=True, type=click.FloatRange(min=0, min_open=True), help="Mean fetches an article within the horizon.")  # fmt: skip
@click.option("--horizon-hours", "horizon", default=168.0, show_default=True, type=click.FloatRange(min=1, max=8760), help="Hours an article is watched for.")  # fmt: skip
@click.option("--policy", default="adaptive", show_default=True, type=click.Choice(["adaptive", "newsdiffs", "uniform"]), help="Which policy spends the budget.")  # fmt: skip
@click.option("--visits", type=click.Path(dir_okay=False, writable=True, path_type=Path), help="Write every counted fetch: article,visit_age_s.")  # fmt: skip
@click.option("--format", "output", default="table", show_default=True, type=click.Choice(["table", "json"]))
def command(
    history: Path,
    train: Path | None,
    budget: float,
    horizon: float,
    policy: str,
    visits: Path | None,
    output: str,
) -> None:
    """Replay real edit times against a revisit policy: what would a budget of fetches have caught?"""
    from scheduler.simulation.history import read_history, write_visits
    from scheduler.simulation.replay import replay

    if budget > horizon * OFTENEST_PER_HOUR:
        raise click.BadParameter(
            f"{budget:g} fetches in {horizon:g} hours are more than one a minute", param_hint="--budget"
        )
    stories = read_history(history, horizon)
    learnt = read_history(train, horizon) if train else []
    done = replay(stories, policy, budget=budget, horizon=horizon, train=learnt)
    if visits:
        write_visits(visits, done.visits)
    values = {"policy": done.policy, "rule": done.rule, "budget": budget, "horizon_h": horizon}
    values |= {name: _rounded(value) for name, value in asdict(done.score).items()}
    if output == "json":
        click.echo(json.dumps(values))
        return
    table(["Figure", "Value"], ((name, str(value)) for name, value in values.items()), empty="")


def _rounded(value: float) -> float:
    return round(value, 5) if isinstance(value, float) else value
