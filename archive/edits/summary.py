"""One line that a busy editor understands without seeing the difference beside it."""

from collections.abc import Sequence

from archive.edits.display import word_diff
from archive.model import NoteDelta, Operation, OperationKind, Track

__all__ = ["summarise"]

NAMES = {Track.HEADLINE: "Headline", Track.DEK: "Dek", Track.BODY: "Body", Track.CAPTION: "Caption"}
QUIET = {Track.BYLINE: "byline", Track.DATES: "dates", Track.SEO_TITLE: "search title"}
#: So many changes are told; the rest is counted.
TOLD = 3
#: Words of a sentence that are told.
WORDS = 14


def summarise(
    operations: Sequence[Operation], notes: Sequence[NoteDelta], quiet: Sequence[Track] = ()
) -> str:
    """Say what changed."""
    parts = [_operation(one) for one in operations[:TOLD]]
    if len(operations) > TOLD:
        parts.append(f"{len(operations) - TOLD} more changes")
    parts += [_note(delta) for delta in notes]
    if not parts and quiet:
        parts = ["Only " + ", ".join(QUIET[track] for track in quiet if track in QUIET) + " changed"]
    return "; ".join(parts)


def _operation(operation: Operation) -> str:
    name = NAMES.get(operation.track, operation.track)
    match operation.kind:
        case OperationKind.INSERT:
            return f"{name}: added “{_short(operation.after)}”"
        case OperationKind.DELETE:
            return f"{name}: removed “{_short(operation.before)}”"
        case OperationKind.MOVE:
            return f"{name}: moved “{_short(operation.after)}”"
    return f"{name}: {_change(operation)}"


def _change(operation: Operation) -> str:
    """Tell the changed words with what stood in their place."""
    segments = word_diff(operation.before, operation.after)
    gone = " … ".join(one.text.strip() for one in segments if one.kind == "delete" and one.text.strip())
    come = " … ".join(one.text.strip() for one in segments if one.kind == "insert" and one.text.strip())
    if gone and come:
        return f"“{_short(gone)}” → “{_short(come)}”"
    return f"added “{_short(come)}”" if come else f"removed “{_short(gone)}”"


def _note(delta: NoteDelta) -> str:
    kinds = " and ".join(
        kind.replace("_", " ").replace("editor note", "editor’s note") for kind in delta.note.kinds
    )
    return f"{kinds or 'note'} {delta.change}"


def _short(text: str) -> str:
    words = text.split()
    if len(words) > WORDS:
        return " ".join(words[:WORDS]) + " …"
    return text if len(text) <= 120 else text[:117] + " …"
