"""
Whether captures bear out the moment that a note states.

A time of day without a zone is an hour off as easily as not: publishers' systems write publication times in UTC, in
the server's zone or in the newsroom's. What was seen decides: the note was made after the last capture without it
and before the first one that shows it.
"""

from dataclasses import replace
from datetime import datetime, timedelta

from archive.model import NoteChange, NoteDelta

__all__ = ["borne_out"]

HOUR = timedelta(hours=1)
#: Zones lie so many hours apart at most; a time is stated to the minute.
FARTHEST, MINUTE = 26, timedelta(minutes=1)


def borne_out(delta: NoteDelta, since: datetime | None, until: datetime) -> NoteDelta:
    """
    Return what happened to a note, without its moment where that rests on a zone that was only supposed.

    It is kept where the captures leave no other whole hour: a supposed zone that they prove.

    Args:
        since: the last capture without the note; None when it is not known.
        until: the first capture with it.
    """
    note = delta.note
    if note.stated_at is None or "timezone" not in note.stated_at_assumed or "time" in note.stated_at_assumed:
        return delta
    if since is not None and delta.change is not NoteChange.REMOVED:
        fitting = [
            hours
            for hours in range(-FARTHEST, FARTHEST + 1)
            if since - MINUTE < note.stated_at + hours * HOUR <= until
        ]
        if fitting == [0]:
            return delta
    return replace(delta, note=replace(note, stated_at=None, stated_at_assumed=()))
