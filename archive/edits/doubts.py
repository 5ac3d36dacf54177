"""
Changes that are not taken at their word: what a site does and undoes, and lines on a page that never stands still.

They count once they were seen in several looks in a row; then they are reported as first seen in the first of them.
"""

from dataclasses import replace

from archive.edits.blocks import QUIET, block_keys, is_line, operation_keys, without_lines
from archive.edits.comparison import compare, judged
from archive.edits.looking import Look
from archive.edits.state import VOLATILE, Doubt, HistoryState, bounded
from archive.model import Comparison

__all__ = ["alternates", "believed", "forgotten", "looked_again"]

#: So many looks in a row make a doubted change an edit after all.
SETTLED = 3
#: So many equal looks in a row, and nothing known to shuffle, make a page that stands still.
STEADY = 3


def believed(change: Comparison, state: HistoryState) -> Comparison | None:
    """
    Return what of a change is taken at its word; None for nothing.

    On a page that has not stood still, or is known to shuffle, a line that comes or goes may be a link to something
    else; prose, and whatever was rewritten, is believed.
    """
    is_restless = state.steady < STEADY or bool(state.volatile or state.alternates)
    return without_lines(change) if is_restless else change


def alternates(change: Comparison, state: HistoryState) -> bool:
    """Tell whether a change only does what the site has done and undone before."""
    if change.notes or not change.operations:
        return False
    to_and_fro, made = {*state.alternates}, {*state.made}
    return all(
        there in to_and_fro or {there, back} <= made for there, back in map(operation_keys, change.operations)
    )


def looked_again(
    state: HistoryState, look: Look, change: Comparison
) -> tuple[HistoryState, Comparison | None]:
    """Count a look at a doubted change; returns what of it has stayed, once it was seen often enough."""
    keys = {operation_keys(one)[0] for one in change.operations}
    doubt = state.doubt
    if doubt is not None and doubt.content != look.content:
        state = replace(state, volatile=bounded(state.volatile, _shuffled(doubt, look), VOLATILE))
    stayed = keys & {*doubt.keys} if doubt is not None else set()
    if doubt is None or not stayed:
        doubt = Doubt(
            keys=tuple(sorted(keys)),
            looks=1,
            content=look.content,
            from_capture=state.capture,
            from_at=state.captured_at,
            to_capture=look.seen.capture,
            first_seen_at=look.seen.at,
        )
        return replace(state, doubt=doubt), None
    doubt = replace(doubt, keys=tuple(sorted(stayed)), looks=doubt.looks + 1, content=look.content)
    state = replace(state, doubt=doubt)
    if doubt.looks < SETTLED:
        return state, None
    kept = [one for one in change.operations if operation_keys(one)[0] in stayed]
    return state, judged(kept, change.notes, [track for track in change.tracks if track in QUIET])


def _shuffled(doubt: Doubt, look: Look) -> tuple[str, ...]:
    """Return keys of the lines that differ between two looks: a list that rotates."""
    between = compare(look.contents(doubt.content), look.shown)
    lines = [one for one in between.operations if is_line(one)]
    texts = [text for one in lines for text in (one.before, one.after) if text]
    return tuple(sorted({key for text in texts for key in block_keys(text)}))


def forgotten(state: HistoryState, change: Comparison) -> HistoryState:
    """Forget that a change alternates: it has stayed."""
    done = {key for one in change.operations for key in operation_keys(one)}
    return replace(
        state,
        alternates=tuple(key for key in state.alternates if key not in done),
        made=tuple(key for key in state.made if key not in done),
    )
