"""A difference on a terminal: in colour where there is colour, in signs where there is none."""

from collections.abc import Iterator, Sequence

from rich.console import Console
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from archive.edits import DiffRow, RowKind, SegmentKind, diff
from archive.model import Comparison, Track, Verdict
from archive.reading import VersionText
from lateedition.cli.output import legible, when

__all__ = ["print_difference"]

#: From so many columns on two versions fit beside each other, and how wide running text is at most.
BESIDE, WIDEST = 120, 100
SIGNS = {
    RowKind.CHANGED: "~",
    RowKind.ADDED: "+",
    RowKind.REMOVED: "-",
    RowKind.MOVED: ">",
    RowKind.COSMETIC: "≈",
    RowKind.UNCHANGED: " ",
}
STYLES = {SegmentKind.INSERT: "green underline", SegmentKind.DELETE: "red strike"}
#: Where there is no colour.
MARKS = {SegmentKind.INSERT: ("{+", "+}"), SegmentKind.DELETE: ("[-", "-]")}


def print_difference(
    before: VersionText, after: VersionText, change: Comparison, *, layout: str, whole: bool
) -> None:
    """Print what differs between two versions; unchanged paragraphs are folded unless `whole`."""
    console = Console(highlight=False, soft_wrap=False)
    rows = diff(before.extraction, after.extraction)
    _head(console, before, after, change)
    beside = layout == "sides" or (layout == "auto" and console.width >= BESIDE)
    if beside:
        _beside(console, rows, whole=whole)
    else:
        _inline(console, rows, whole=whole)


def _head(console: Console, before: VersionText, after: VersionText, change: Comparison) -> None:
    console.print(Text(legible(after.extraction.headline), style="bold"))
    console.print(
        Text(
            f"version {before.version.number}, {when(before.version.captured_at)} → "
            f"version {after.version.number}, {when(after.version.captured_at)}",
            style="dim",
        )
    )
    if change.verdict is Verdict.UNCHANGED:
        console.print("Nothing differs.")
        return
    words = [change.severity or change.verdict, f"disclosure: {change.disclosure}"]
    if change.verdict is not Verdict.EDIT:
        words = [str(change.verdict)]
    console.print(
        Text(f"{', '.join(words)}: {legible(change.summary)}" if change.summary else ", ".join(words))
    )


def _inline(console: Console, rows: Sequence[DiffRow], *, whole: bool) -> None:
    for shown in _folded(rows, whole=whole):
        console.print()
        if isinstance(shown, int):
            console.print(Text(f"  … {_count(shown)}", style="dim"))
            continue
        console.print(Text(_title(shown), style="dim" if shown.kind is RowKind.COSMETIC else "bold"))
        text = _words(
            shown, (SegmentKind.DELETE, SegmentKind.INSERT), in_colour=console.color_system is not None
        )
        console.print(Padding(text, (0, 0, 0, 2)), width=min(console.width, WIDEST))


def _beside(console: Console, rows: Sequence[DiffRow], *, whole: bool) -> None:
    in_colour = console.color_system is not None
    grid = Table(box=None, expand=True, show_header=False, padding=(0, 1, 1, 0), pad_edge=False)
    grid.add_column(width=1)
    grid.add_column(ratio=1)
    grid.add_column(ratio=1)
    for shown in _folded(rows, whole=whole):
        if isinstance(shown, int):
            grid.add_row("", Text(f"… {_count(shown)}", style="dim"), "")
            continue
        grid.add_row(
            SIGNS[shown.kind],
            _words(shown, (SegmentKind.DELETE,), in_colour=in_colour),
            _words(shown, (SegmentKind.INSERT,), in_colour=in_colour),
        )
    console.print()
    console.print(grid)


def _folded(rows: Sequence[DiffRow], *, whole: bool) -> Iterator[DiffRow | int]:
    """Yield rows that differ, and how many lie between them."""
    unchanged = 0
    for row in rows:
        if row.kind is RowKind.UNCHANGED and not whole:
            unchanged += 1
            continue
        if unchanged:
            yield unchanged
        unchanged = 0
        yield row
    if unchanged:
        yield unchanged


def _count(unchanged: int) -> str:
    return f"{unchanged} unchanged {'paragraph' if unchanged == 1 else 'paragraphs'}"


def _title(row: DiffRow) -> str:
    name = {Track.SEO_TITLE: "search title"}.get(row.track, str(row.track))
    said = {
        RowKind.MOVED: ", moved here",
        RowKind.COSMETIC: ", typography only",
        RowKind.UNCHANGED: ", unchanged",
    }
    return f"{SIGNS[row.kind]} {name}{said.get(row.kind, '')}"


def _words(row: DiffRow, shown: Sequence[SegmentKind], *, in_colour: bool) -> Text:
    """Return a paragraph with what went and what came marked, as far as it is shown."""
    is_dim = row.kind in (RowKind.COSMETIC, RowKind.UNCHANGED)
    text = Text(style="dim" if is_dim else "")
    for segment in row.segments:
        if segment.kind is SegmentKind.EQUAL:
            text.append(legible(segment.text))
        elif segment.kind in shown:
            if in_colour:
                text.append(legible(segment.text), style="" if is_dim else STYLES[segment.kind])
            else:
                opening, closing = MARKS[segment.kind]
                text.append(f"{opening}{legible(segment.text)}{closing}")
    return text
