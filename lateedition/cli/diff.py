"""`lateedition diff`."""

import html
import json
from typing import Any

import click

from lateedition.cli.home import Home, pass_home


@click.command(
    "diff",
    epilog="Examples: lateedition diff https://news.example/a; lateedition diff https://news.example/a 1 3",
)
@click.argument("url")
@click.argument("first", type=click.IntRange(min=1), required=False)
@click.argument("second", type=click.IntRange(min=1), required=False)
@click.option(
    "--format", "output", type=click.Choice(["text", "json", "html"]), default="text", show_default=True
)
@pass_home
def command(home: Home, url: str, first: int | None, second: int | None, output: str) -> None:
    """Print what changed between two versions, word by word; the last two unless said."""
    from archive.edits import diff

    with home.archive() as archive:
        versions = archive.versions(url)
        if len(versions) < 2 and (first is None or second is None):
            click.echo(f"{url}: has {len(versions)} version; there is nothing to compare yet.", err=True)
            return
        second = second or versions[-1].number
        first = first or max(second - 1, 1)
        before = archive.text(url, number=first)
        after = archive.text(url, number=second)
    rows = diff(before.extraction, after.extraction)
    if output == "json":
        click.echo(json.dumps(_json(url, first, second, rows), ensure_ascii=False))
    elif output == "html":
        click.echo(_html(rows))
    else:
        click.secho(f"{after.extraction.headline}", bold=True)
        click.secho(f"version {first} → {second}", dim=True)
        _text(rows)


def _json(url: str, first: int, second: int, rows: Any) -> dict[str, Any]:
    return {
        "url": url,
        "from_version": first,
        "to_version": second,
        "rows": [
            {
                "track": row.track,
                "kind": row.kind,
                "before": row.before,
                "after": row.after,
                "segments": [{"kind": segment.kind, "text": segment.text} for segment in row.segments],
            }
            for row in rows
        ],
    }


def _html(rows: Any) -> str:
    tags = {"insert": "ins", "delete": "del"}

    def piece(segment: Any) -> str:
        text = html.escape(segment.text)
        tag = tags.get(segment.kind)
        return f"<{tag}>{text}</{tag}>" if tag else text

    return "\n".join(
        f'<p data-track="{row.track}" data-kind="{row.kind}">{"".join(piece(one) for one in row.segments)}</p>'
        for row in rows
    )


def _text(rows: Any) -> None:
    """Print in colour on a terminal; signs say the same where there is no colour."""
    import shutil
    import sys

    width = min(shutil.get_terminal_size().columns, 100)
    colour = sys.stdout.isatty()
    unchanged = 0
    for row in rows:
        if row.kind == "unchanged":
            unchanged += 1
            continue
        _fold(unchanged)
        unchanged = 0
        click.echo()
        click.secho(f"{SIGNS[row.kind]} {row.track}", bold=True)
        text = "".join(_marked(segment, colour=colour) for segment in row.segments)
        click.echo(click.wrap_text(text, width=width, initial_indent="  ", subsequent_indent="  "))
    _fold(unchanged)


SIGNS = {"changed": "~", "added": "+", "removed": "-", "moved": ">"}


def _marked(segment: Any, *, colour: bool) -> str:
    if segment.kind == "equal":
        return str(segment.text)
    added = segment.kind == "insert"
    if colour:
        return click.style(
            segment.text, fg="green" if added else "red", underline=added, strikethrough=not added
        )
    return f"{{+{segment.text}+}}" if added else f"[-{segment.text}-]"


def _fold(count: int) -> None:
    if count:
        click.echo()
        click.secho(f"  … {count} unchanged {'paragraph' if count == 1 else 'paragraphs'}", dim=True)
