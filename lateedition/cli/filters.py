"""The options that narrow edits, the same for every command that speaks of them."""

from collections.abc import Callable
from datetime import datetime
from typing import Any, TypeVar

import click

from archive.model import Disclosure, EventKind, Severity, Track
from lateedition.cli.output import moment_argument

__all__ = ["check_times", "edit_filters", "time_filters"]

#: A command, passed through.
F = TypeVar("F", bound=Callable[..., Any])

TIMES = (
    click.option("--since", type=moment_argument, help="First seen at this moment or later."),
    click.option("--until", type=moment_argument, help="First seen before this moment."),
)
EDITS = (
    click.option("--kind", "kinds", multiple=True, type=click.Choice([one.value for one in EventKind])),
    click.option(
        "--severity", "severities", multiple=True, type=click.Choice([one.value for one in Severity])
    ),
    click.option(
        "--disclosure", "disclosures", multiple=True, type=click.Choice([one.value for one in Disclosure])
    ),
    click.option("--track", "tracks", multiple=True, type=click.Choice([one.value for one in Track])),
    click.option("--silent", is_flag=True, help="The same as --disclosure silent."),
    click.option("--all", "everything", is_flag=True, help="Also events that raise no alert."),
)


def time_filters(command: F) -> F:
    """Give a command `--since` and `--until`."""
    for option in reversed(TIMES):
        command = option(command)
    return command


def edit_filters(command: F) -> F:
    """Give a command the options that only edits have."""
    for option in reversed(EDITS):
        command = option(command)
    return command


def check_times(since: datetime | None, until: datetime | None) -> None:
    """Refuse dates that are turned round."""
    if since and until and since >= until:
        message = "--since is not before --until; nothing can match."
        raise click.UsageError(message)
