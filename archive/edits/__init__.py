"""Compares what an article said with what it says, and keeps its history of edits. Pure."""

from archive.edits.blocks import block_keys, whole_texts
from archive.edits.comparison import compare
from archive.edits.display import DiffRow, RowKind, Segment, SegmentKind, diff, word_diff
from archive.edits.events import event_of_redesign, texts_of, told_redesign
from archive.edits.history import Folded, Step, advance, fold, moved_to
from archive.edits.looking import Noise
from archive.edits.script import TextOperation, TrackScript, apply_script, edit_script, undo_script
from archive.edits.state import HistoryState

__all__ = [
    "DiffRow",
    "Folded",
    "HistoryState",
    "Noise",
    "RowKind",
    "Segment",
    "SegmentKind",
    "Step",
    "TextOperation",
    "TrackScript",
    "advance",
    "apply_script",
    "block_keys",
    "compare",
    "diff",
    "edit_script",
    "event_of_redesign",
    "fold",
    "moved_to",
    "texts_of",
    "told_redesign",
    "undo_script",
    "whole_texts",
    "word_diff",
]
