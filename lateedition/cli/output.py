"""How results are printed: JSON lines for machines, tables that fit a terminal for people."""

import json
import re
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any, TypeVar

import click

__all__ = ["counter", "format_option", "jsonl", "legible", "moment_argument", "progress", "table", "when"]

#: A command, passed through.
F = TypeVar("F", bound=Callable[..., Any])


def format_option(*choices: str, default: str = "table") -> Callable[[F], F]:
    """Give a command its `--format`."""
    return click.option(
        "--format",
        "output",
        type=click.Choice(choices),
        default=default,
        show_default=True,
        help="jsonl: one JSON object a line, for machines.",
    )


#: Characters that JSON leaves alone and many programs take for the end of a line.
LINE_ENDS = {ord(one): f"\\u{ord(one):04x}" for one in "\u0085\u2028\u2029"}


def jsonl(lines: Iterable[dict[str, Any]]) -> None:
    """Print one JSON object a line, whatever way the reader parts lines."""
    write = sys.stdout.write
    encode = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), check_circular=False).encode
    for line in lines:
        write(encode(line).translate(LINE_ENDS) + "\n")
    sys.stdout.flush()


#: What a page may hold and a terminal would obey: control characters, and marks that turn the direction of writing.
OBEYED = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")


def legible(text: str) -> str:
    """Return a page's words so that a terminal shows them and does nothing else."""
    return OBEYED.sub("\N{REPLACEMENT CHARACTER}", text)


def table(columns: Sequence[str], rows: Iterable[Sequence[str]], *, empty: str) -> None:
    """
    Print rows under a heading, as wide as the terminal.

    The last column takes what room there is and wraps; a heading that begins with `>` is set flush right.
    """
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    rows = list(rows)
    if not rows:
        click.echo(empty, err=True)
        return
    console = Console(highlight=False)
    grid = Table(box=None, padding=(0, 2, 0, 0), header_style="bold", pad_edge=False)
    for column in columns:
        last = column == columns[-1]
        right = column.startswith(">")
        grid.add_column(
            column.removeprefix(">"),
            justify="right" if right else "left",
            overflow="fold" if last else "ellipsis",
            no_wrap=not last,
            ratio=1 if last else None,
        )
    for row in rows:
        grid.add_row(*[Text(legible(cell)) for cell in row])
    console.print(grid)


def when(moment: datetime | None) -> str:
    """Return a moment in the reader's zone, to the minute, with the zone's offset."""
    if moment is None:
        return "–"
    local = moment.astimezone()
    return (
        f"{local:%Y-%m-%d %H:%M}" if local.utcoffset() == UTC.utcoffset(None) else f"{local:%Y-%m-%d %H:%M%z}"
    )


def zone_line() -> str:
    """Say in which zone times are printed."""
    local = datetime.now(UTC).astimezone()
    return f"Times in {local.tzname()} (UTC{local:%z}); --format jsonl gives UTC."


class Moment(click.ParamType[datetime]):
    """A moment in ISO 8601; without a zone it is the reader's."""

    name = "time"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> datetime:
        """Parse the text, or say how to write it."""
        if isinstance(value, datetime):
            return value
        try:
            moment = datetime.fromisoformat(str(value))
        except ValueError:
            self.fail(f"{value!r} is no time; write it as 2026-07-19 or 2026-07-19T20:15:00Z", param, ctx)
        return moment.astimezone(UTC)


moment_argument = Moment()


@contextmanager
def progress(label: str) -> Iterator[Any]:
    """Show a progress bar on standard error while the block runs; give a function (done, all) that moves it."""
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeRemainingColumn

    console = Console(stderr=True)
    bar = Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        TaskProgressColumn(),
        TimeRemainingColumn(),
        console=console,
        disable=not console.is_terminal,
        transient=True,
    )
    with bar:
        task = bar.add_task(label, total=None)

        def move(done: int, total: int, description: str = label) -> None:
            bar.update(task, completed=done, total=total or 1, description=description)

        yield move


@contextmanager
def counter(what: str) -> Iterator[Callable[[int], None]]:
    """Show on standard error how many there are by now; give a function that is told."""
    from rich.console import Console

    console = Console(stderr=True)
    with console.status(f"0 {what}") as status:
        yield lambda count: status.update(f"{count:,} {what}")
