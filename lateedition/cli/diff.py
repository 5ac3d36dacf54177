"""`lateedition diff`."""

import html
import json
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import click

from lateedition.cli.home import Home, pass_home

if TYPE_CHECKING:
    from archive.edits import DiffRow, TextOperation, TrackScript
    from archive.model import Comparison
    from archive.reading import VersionText


@click.command(
    "diff",
    epilog="Examples: lateedition diff https://news.example/a; lateedition diff https://news.example/a 1 3 --layout sides",
)
@click.argument("url")
@click.argument("first", type=click.IntRange(min=1), required=False)
@click.argument("second", type=click.IntRange(min=1), required=False)
@click.option(
    "--layout",
    type=click.Choice(["auto", "inline", "sides"]),
    default="auto",
    show_default=True,
    help="Words struck and set inline, or the versions side by side; auto goes by the terminal's width.",
)
@click.option("--whole", is_flag=True, help="Unchanged paragraphs as well.")
@click.option(
    "--format",
    "output",
    type=click.Choice(["text", "json", "html"]),
    default="text",
    show_default=True,
    help="json: operations on character offsets; html: to be embedded in a page.",
)
@pass_home
def command(home: Home, /, url: str, first: int | None, second: int | None, **options: Any) -> None:
    """Print what changed between two versions, word by word; the last two unless said."""
    from archive.edits import compare, diff

    found = _versions(home, url, first, second)
    if found is None:
        return
    before, after = found
    match options["output"]:
        case "json":
            click.echo(json.dumps(_json(url, before, after), ensure_ascii=False))
        case "html":
            click.echo(_html(diff(before.extraction, after.extraction)))
        case _:
            from lateedition.cli.difference import print_difference

            change = compare(before.extraction, after.extraction)
            print_difference(before, after, change, layout=options["layout"], whole=options["whole"])


def _versions(
    home: Home, url: str, first: int | None, second: int | None
) -> "tuple[VersionText, VersionText] | None":
    with home.archive() as archive:
        versions = archive.versions(url)
        if len(versions) < 2 and (first is None or second is None):
            count = "1 version" if versions else "no version"
            click.echo(f"{url}: has {count}; there is nothing to compare yet.", err=True)
            return None
        second = second or versions[-1].number
        first = first or max(second - 1, 1)
        return archive.text(url, number=first), archive.text(url, number=second)


def _json(url: str, before: "VersionText", after: "VersionText") -> dict[str, Any]:
    from archive.edits import compare, diff, edit_script
    from archive.reading.lines import iso

    change = compare(before.extraction, after.extraction)
    return {
        "url": url,
        "from_version": before.version.number,
        "to_version": after.version.number,
        "from_captured_at": iso(before.version.captured_at),
        "to_captured_at": iso(after.version.captured_at),
        **_verdict(change),
        "tracks": [_track(script) for script in edit_script(before.extraction, after.extraction)],
        "rows": [_row(row) for row in diff(before.extraction, after.extraction)],
    }


def _verdict(change: "Comparison") -> dict[str, Any]:
    return {
        "verdict": change.verdict,
        "severity": change.severity,
        "reasons": list(change.reasons),
        "disclosure": change.disclosure,
        "words_added": change.words_added,
        "words_removed": change.words_removed,
        "summary": change.summary,
    }


def _track(script: "TrackScript") -> dict[str, Any]:
    return {
        "track": script.track,
        "before": script.before,
        "after": script.after,
        "operations": [_operation(one) for one in script.operations],
    }


def _operation(one: "TextOperation") -> dict[str, Any]:
    return {
        "kind": one.kind,
        "start": one.start,
        "end": one.end,
        "to_start": one.to_start,
        "to_end": one.to_end,
        "before": one.before,
        "after": one.after,
        "cosmetic": one.is_cosmetic,
        "move": one.move,
    }


def _row(row: "DiffRow") -> dict[str, Any]:
    return {
        "track": row.track,
        "kind": row.kind,
        "before": row.before,
        "after": row.after,
        "segments": [{"kind": segment.kind, "text": segment.text} for segment in row.segments],
    }


TAGS = {"insert": "ins", "delete": "del"}


def _html(rows: "Sequence[DiffRow]") -> str:
    """Return elements without style or script; whatever the page said is text in them and nothing else."""
    body = "\n".join(
        f'<p dir="auto" data-track="{row.track}" data-kind="{row.kind}">{_runs(row)}</p>' for row in rows
    )
    return f'<div class="lateedition-diff">\n{body}\n</div>'


def _runs(row: "DiffRow") -> str:
    pieces = []
    for segment in row.segments:
        text = html.escape(segment.text)
        tag = TAGS.get(segment.kind)
        pieces.append(f"<{tag}>{text}</{tag}>" if tag else text)
    return "".join(pieces)
