"""`lateedition extract`."""

import json
import sys

import click


@click.command("extract", epilog="Example: lateedition extract --workers 4 < pages.jsonl > texts.jsonl")
@click.option("--format", "output", type=click.Choice(["jsonl"]), default="jsonl", show_default=True)
@click.option(
    "--workers",
    type=click.IntRange(1, 64),
    default=1,
    show_default=True,
    help="Processes that extract at once.",
)
@click.option(
    "--seconds",
    type=click.FloatRange(0.1),
    default=8.0,
    show_default=True,
    help="CPU time one page may cost.",
)
@click.option(
    "--megabytes", type=click.IntRange(64), default=900, show_default=True, help="Memory one process may use."
)
def command(output: str, workers: int, seconds: float, megabytes: int) -> None:  # noqa: ARG001 - one format today; scripts name it
    """
    Read pages as JSON lines on standard input, print what each says.

    In: {"id": …, "url": …, "html_path": … or "html_b64": …, "content_type": …}. One bad page gives one line with
    `error`; it never stops the batch. Lines come out in the order they went in.
    """
    from lateedition.extracting import Limits, answers

    lines = (line for line in sys.stdin.buffer if line.strip())
    for answer in answers(lines, workers=workers, limits=Limits(seconds=seconds, megabytes=megabytes)):
        # Half of a surrogate pair is text to JSON, but not to UTF-8.
        sys.stdout.buffer.write(json.dumps(answer, ensure_ascii=False).encode("utf-8", "replace") + b"\n")
        sys.stdout.buffer.flush()
