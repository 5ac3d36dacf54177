"""Changes of text: seen once, seen again, taken back, alternating, or coming in bursts."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from archive.edits import doubts
from archive.edits.blocks import operation_keys
from archive.edits.events import event_of_change
from archive.edits.looking import Contents, Look
from archive.edits.normalise import count_words
from archive.edits.state import VOLATILE, HistoryState, Pending, bounded
from archive.edits.survival import not_lasting, still_there
from archive.model import Comparison, Event, EventKind, NoteKind, Observation, Verdict

__all__ = ["Outcome", "Settled", "compare_with_reference", "first", "has_collapsed", "settle", "shrink"]

#: Share of its words that a text may lose at once before it is disbelieved, and how short texts are exempt.
COLLAPSE, EXEMPT = 0.6, 40
#: Looks and time after which a shrunken text is believed.
SHRUNK_LOOKS, SHRUNK_SPAN = 3, timedelta(hours=24)
#: Operations that are remembered as alternating, or as made.
ALTERNATES, MADE = 40, 60
#: Silence that ends a burst of a live blog.
BURST = timedelta(minutes=60)


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What a comparison with the known text led to."""

    state: HistoryState
    verdict: Verdict
    events: tuple[Event, ...] = ()
    #: The capture begins a version.
    starts: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Settled:
    """What became of a change that waited."""

    state: HistoryState
    event: Event
    #: What the capture that showed it is called now, where it was called an edit too early.
    verdict: Verdict | None = None


def first(state: HistoryState, seen: Observation, content: str) -> HistoryState:
    """Begin an article's history with its first trusted capture."""
    return replace(
        state,
        version=1,
        rendition=seen.rendition,
        reference=content,
        steady=1,
        capture=seen.capture,
        captured_at=seen.at,
    )


def has_collapsed(state: HistoryState, contents: Contents, content: str) -> bool:
    """Tell whether so much text is gone that the page is disbelieved rather than the outlet."""
    if content == state.reference or (state.pending is not None and content == state.pending.seen):
        return False
    before, after = contents(state.reference), contents(content)
    if before.entries or any(NoteKind.RETRACTION in note.kinds for note in after.notes):
        return False
    if after.is_split and not before.is_split:
        return False
    had, has = (sum(count_words(one) for one in text.body) for text in (before, after))
    return had > EXEMPT and has < had * (1 - COLLAPSE)


def shrink(state: HistoryState, content: str, at: datetime) -> tuple[HistoryState, bool]:
    """Count looks at a shrunken text; True once it is believed."""
    again = state.shrunk == content
    count = state.shrunk_count + 1 if again else 1
    since = state.shrunk_at if again and state.shrunk_at else at
    state = replace(state, shrunk=content, shrunk_count=count, shrunk_at=since)
    return state, count >= SHRUNK_LOOKS and at - since >= SHRUNK_SPAN


def settle(state: HistoryState, look: Look) -> Settled:
    """Let a trusted capture confirm what waits, in whole or in part, or take it back."""
    pending = state.pending
    assert pending is not None  # noqa: S101 - the caller has looked
    state = replace(state, pending=None)
    change = look.difference(pending.base, pending.seen, state.volatile, pending.first_seen_at)
    if change.verdict is Verdict.EDIT:
        change = doubts.believed(change, state) or change
    if pending.kind == EventKind.EDIT and change.verdict is not Verdict.EDIT:
        return _dissolved(state, pending, change, look)
    is_back = look.content == pending.base
    survived = _survived(change, pending, look, steady=state.steady > 1)
    if survived is not change:
        transient = not_lasting(change, survived, look.shown)
        state = replace(
            state,
            volatile=bounded(state.volatile, transient.blocks, VOLATILE),
            alternates=bounded(state.alternates, transient.changes, ALTERNATES),
        )
        if survived is None:
            goes_to_and_fro = is_back or bool(transient.changes)
            return (_taken_back if goes_to_and_fro else _dissolved)(state, pending, change, look)
    event = event_of_change(
        look.article,
        pending,
        _known_as(survived, state),
        look.contents(pending.seen),
        confirmed_at=look.seen.at,
    )
    state = replace(state, reference=pending.seen, steady=1)
    return Settled(state=_remembered(state, survived), event=event)


def _remembered(state: HistoryState, change: Comparison) -> HistoryState:
    """Remember what was done: done again it alternates, undone it was taken back."""
    made = tuple(operation_keys(one)[0] for one in change.operations)
    return replace(state, made=bounded(state.made, made, MADE))


def _survived(change: Comparison, pending: Pending, look: Look, *, steady: bool) -> Comparison | None:
    if look.content == pending.seen:
        return change
    if look.content == pending.base:
        return None
    return still_there(change, look.shown, steady=steady)


def _known_as(change: Comparison, state: HistoryState) -> Comparison:
    """Mark a change that undoes, operation by operation, what was done before."""
    undone = [operation_keys(one)[1] in state.made for one in change.operations]
    return replace(change, is_reverted=True) if undone and all(undone) else change


def _dissolved(state: HistoryState, pending: Pending, change: Comparison, look: Look) -> Settled:
    """What looked like an edit was none: blocks that are not the article's."""
    event = event_of_change(look.article, pending, change, look.contents(pending.seen))
    verdict = Verdict.UNCHANGED if change.verdict is Verdict.EDIT else change.verdict
    state = replace(_before(state, pending), reference=pending.seen)
    return Settled(state=state, event=replace(event, is_superseded=True), verdict=verdict)


def _taken_back(state: HistoryState, pending: Pending, change: Comparison, look: Look) -> Settled:
    """What was seen once and not again was a variant; the version before goes on."""
    is_edit = pending.kind == EventKind.EDIT
    event = event_of_change(look.article, pending, change, look.contents(pending.seen), is_variant=is_edit)
    # It led to no version: the number that was meant for it goes to the next true edit.
    event = replace(event, to_version=pending.from_version)
    state = _before(state, pending)
    return Settled(
        state=state,
        event=event if is_edit else replace(event, is_superseded=True),
        verdict=None if pending.kind == EventKind.METADATA else Verdict.VARIANT,
    )


def _before(state: HistoryState, pending: Pending) -> HistoryState:
    """Return to the version before a change."""
    return replace(
        state,
        reference=pending.base,
        version=pending.from_version,
        version_capture=pending.version_capture,
        version_at=pending.version_at,
        version_event=pending.version_event,
    )


def compare_with_reference(state: HistoryState, look: Look) -> Outcome:
    """Compare a trusted capture with the text that is known."""
    if look.content == state.reference:
        state = replace(_looked(state, look), steady=state.steady + 1, doubt=None)
        return Outcome(state=state, verdict=Verdict.UNCHANGED)
    change = look.difference(state.reference, look.content, state.volatile, look.seen.at)
    match change.verdict:
        case Verdict.UNCHANGED:
            return Outcome(state=_looked(state, look), verdict=Verdict.UNCHANGED)
        case Verdict.COSMETIC:
            # The text moves on silently: the next comparison uses the newest typography.
            state = replace(_looked(state, look), reference=look.content)
            return Outcome(state=state, verdict=Verdict.COSMETIC)
        case Verdict.METADATA:
            return _opened(state, look, change, EventKind.METADATA)
        case Verdict.LIVE:
            return _gained(state, look, change)
    believed = doubts.believed(change, state)
    if believed is not None and not doubts.alternates(believed, state):
        return _opened(state, look, believed, EventKind.EDIT)
    state, kept = doubts.looked_again(state, look, change)
    if kept is None:
        return Outcome(state=state, verdict=Verdict.UNCHANGED if believed is None else Verdict.VARIANT)
    return _stayed(state, look, kept)


def _looked(state: HistoryState, look: Look) -> HistoryState:
    """Note a capture as the last trusted one."""
    return replace(state, capture=look.seen.capture, captured_at=look.seen.at)


def _stayed(state: HistoryState, look: Look, change: Comparison) -> Outcome:
    """Report what was doubted and has been seen often enough: it is confirmed at once."""
    doubt = state.doubt
    assert doubt is not None  # noqa: S101 - the caller has counted its looks
    pending = _pending(state, look, EventKind.EDIT)
    pending = replace(
        pending,
        from_capture=doubt.from_capture,
        from_at=doubt.from_at,
        to_capture=doubt.to_capture,
        first_seen_at=doubt.first_seen_at,
    )
    event = event_of_change(look.article, pending, change, look.shown, confirmed_at=look.seen.at)
    state = replace(
        doubts.forgotten(_looked(state, look), change),
        doubt=None,
        reference=look.content,
        steady=1,
        version=pending.to_version,
        version_event=event.id,
    )
    return Outcome(state=_remembered(state, change), verdict=Verdict.EDIT, events=(event,), starts=True)


def _opened(state: HistoryState, look: Look, change: Comparison, kind: EventKind) -> Outcome:
    """Note a change that was seen once; an edit begins a version, a change of metadata does not."""
    starts = kind is not EventKind.METADATA
    pending = _pending(state, look, kind)
    event = event_of_change(look.article, pending, _known_as(change, state), look.shown)
    state = replace(_looked(state, look), pending=pending, reference=look.content, doubt=None)
    if starts:
        state = replace(state, version=pending.to_version, version_event=event.id)
    return Outcome(state=state, verdict=change.verdict, events=(event,), starts=starts)


def _pending(state: HistoryState, look: Look, kind: EventKind) -> Pending:
    return Pending(
        kind=kind,
        base=state.reference,
        seen=look.content,
        from_capture=state.capture,
        from_at=state.captured_at,
        to_capture=look.seen.capture,
        first_seen_at=look.seen.at,
        from_version=state.version,
        to_version=state.version if kind is EventKind.METADATA else state.version + 1,
        version_capture=state.version_capture,
        version_at=state.version_at,
        version_event=state.version_event,
    )


def _gained(state: HistoryState, look: Look, change: Comparison) -> Outcome:
    """One event a burst: entries that follow within the hour belong to it."""
    at = look.seen.at
    goes_on = state.burst_until is not None and at <= state.burst_until
    state = replace(state, burst_until=at + BURST)
    if goes_on:
        state = replace(_looked(state, look), reference=look.content, steady=1)
        return Outcome(state=state, verdict=Verdict.LIVE)
    return replace(_opened(state, look, change, EventKind.LIVE), verdict=Verdict.LIVE)
