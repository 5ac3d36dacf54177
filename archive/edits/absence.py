"""An article that is gone, comes back, or answers at another address."""

from dataclasses import replace
from datetime import timedelta

from archive.edits.events import event_of_move, event_of_removal, event_of_return
from archive.edits.state import HistoryState, Missing, Pending
from archive.model import Event, EventKind, Observation

__all__ = ["found_again", "missed", "moved"]

#: Captures and time that confirm a removal; 410 Gone says so itself and needs less.
LOOKS, SPAN = 3, timedelta(hours=24)
GONE_LOOKS, GONE_SPAN = 2, timedelta(hours=1)
#: Targets of moves that are remembered.
TARGETS = 8


def missed(
    state: HistoryState, seen: Observation, article: str, headline: str
) -> tuple[HistoryState, list[Event]]:
    """Count a capture that found nothing; report the removal once the counts are full."""
    before = state.missing
    missing = Missing(
        first_capture=before.first_capture if before else seen.capture,
        first_at=before.first_at if before else seen.at,
        count=(before.count if before else 0) + 1,
        all_gone=(before.all_gone if before else True) and seen.status == 410,
        is_removed=before.is_removed if before else False,
    )
    if missing.is_removed or not _is_confirmed(missing, seen):
        return replace(state, missing=missing), []
    missing = replace(missing, is_removed=True)
    between = Pending(
        kind=EventKind.REMOVED,
        base=state.reference,
        seen="",
        from_capture=state.capture,
        to_capture=missing.first_capture,
        first_seen_at=seen.at,
        from_version=state.version,
        to_version=state.version,
    )
    return replace(state, missing=missing), [
        event_of_removal(article, missing, last=between, headline=headline)
    ]


def _is_confirmed(missing: Missing, seen: Observation) -> bool:
    span = seen.at - missing.first_at
    if missing.all_gone and missing.count >= GONE_LOOKS and span >= GONE_SPAN:
        return True
    return missing.count >= LOOKS and span >= SPAN


def found_again(
    state: HistoryState, seen: Observation, article: str, headline: str
) -> tuple[HistoryState, list[Event]]:
    """Take note of a trusted capture: it ends a run of misses, and confirms what waited for it."""
    events: list[Event] = []
    if state.restored is not None:
        events.append(event_of_return(article, state.restored, confirmed_at=seen.at, headline=headline))
        state = replace(state, restored=None)
    if state.moved is not None:
        events.append(event_of_move(article, state.moved, confirmed_at=seen.at, headline=headline))
        state = replace(state, moved=None)
    if state.missing is not None and state.missing.is_removed:
        restored = Pending(
            kind=EventKind.RESTORED,
            base=state.reference,
            seen="",
            from_capture=state.missing.first_capture,
            to_capture=seen.capture,
            first_seen_at=seen.at,
            from_version=state.version,
            to_version=state.version,
        )
        events.append(event_of_return(article, restored, confirmed_at=None, headline=headline))
        state = replace(state, restored=restored)
    return replace(state, missing=None), events


def moved(
    state: HistoryState, seen: Observation, article: str, headline: str
) -> tuple[HistoryState, list[Event]]:
    """Report a move once for each new address."""
    target = seen.target or ""
    if target in state.targets:
        return state, []
    move = Pending(
        kind=EventKind.MOVED,
        base=state.reference,
        seen=target,
        from_capture=state.capture,
        to_capture=seen.capture,
        first_seen_at=seen.at,
        from_version=state.version,
        to_version=state.version,
    )
    state = replace(state, moved=move, targets=(*state.targets, target)[-TARGETS:])
    return state, [event_of_move(article, move, confirmed_at=None, headline=headline)]
