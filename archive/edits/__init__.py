"""Compares what an article said with what it says, and keeps its history of edits. Pure."""

from archive.edits.comparison import compare
from archive.edits.display import DiffRow, RowKind, Segment, SegmentKind, diff, word_diff
from archive.edits.history import Step, advance, replay
from archive.edits.state import HistoryState

__all__ = [
    "DiffRow",
    "HistoryState",
    "RowKind",
    "Segment",
    "SegmentKind",
    "Step",
    "advance",
    "compare",
    "diff",
    "replay",
    "word_diff",
]
