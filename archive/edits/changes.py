"""Changes of text: seen once, seen again, taken back, alternating, or coming in bursts."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from archive.edits.comparison import compare
from archive.edits.events import event_id, event_of_change
from archive.edits.normalise import count_words
from archive.edits.state import HistoryState, Pending
from archive.edits.survival import still_there, volatile_of, without_volatile
from archive.model import Comparison, Event, EventKind, Extraction, NoteKind, Observation, Verdict

__all__ = ["Outcome", "compare_with_reference", "first", "has_collapsed", "settle", "shrink"]

Contents = Callable[[str], Extraction]

#: Share of its words that a text may lose at once before it is disbelieved, and how short texts are exempt.
COLLAPSE, EXEMPT = 0.6, 40
#: Looks and time after which a shrunken text is believed.
SHRUNK_LOOKS, SHRUNK_SPAN = 3, timedelta(hours=24)
#: Contents and sentences that are remembered as alternating or volatile.
ALTERNATES, VOLATILE = 8, 60
#: So many looks in a row at an alternate text make it an edit after all.
SETTLED = 3
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


def first(state: HistoryState, seen: Observation, content: str) -> HistoryState:
    """Begin an article's history with its first trusted capture."""
    return replace(
        state,
        version=1,
        highest=1,
        rendition=seen.rendition,
        reference=content,
        steady=1,
        capture=seen.capture,
    )


def has_collapsed(state: HistoryState, contents: Contents, content: str) -> bool:
    """Tell whether so much text is gone that the page is disbelieved rather than the outlet."""
    if content == state.reference or (state.pending is not None and content == state.pending.seen):
        return False
    before, after = contents(state.reference), contents(content)
    if before.entries or any(NoteKind.RETRACTION in note.kinds for note in after.notes):
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


def settle(
    state: HistoryState, seen: Observation, content: str, contents: Contents, article: str
) -> tuple[HistoryState, list[Event]]:
    """Let a trusted capture confirm what waits, in whole or in part, or take it back."""
    pending = state.pending
    assert pending is not None  # noqa: S101 - the caller has looked
    state = replace(state, pending=None)
    before, shown = contents(pending.base), contents(pending.seen)
    change = without_volatile(compare(before, shown), state.volatile)
    if content == pending.base:
        return _taken_back(state, pending, change, shown, article)
    survived = (
        change if content == pending.seen else still_there(change, contents(content), steady=state.steady > 1)
    )
    if survived is None:
        state = replace(state, volatile=_bounded(state.volatile, volatile_of(change, None), VOLATILE))
        return _taken_back(state, pending, change, shown, article)
    if survived is not change:
        state = replace(state, volatile=_bounded(state.volatile, volatile_of(change, survived), VOLATILE))
    confirmed = event_of_change(article, pending, survived, shown, confirmed_at=seen.at)
    return replace(state, reference=pending.seen, steady=1), [confirmed]


def _taken_back(
    state: HistoryState, pending: Pending, change: Comparison, shown: Extraction, article: str
) -> tuple[HistoryState, list[Event]]:
    """What was seen once and not again was a variant; the version before goes on."""
    event = event_of_change(article, pending, change, shown, is_variant=pending.kind == EventKind.EDIT)
    state = replace(
        state,
        reference=pending.base,
        version=pending.from_version,
        version_capture=pending.version_capture,
        version_at=pending.version_at,
        version_event=pending.version_event,
        alternates=_bounded(state.alternates, [pending.seen], ALTERNATES),
        alternating=0,
    )
    return state, [event]


def compare_with_reference(
    state: HistoryState, seen: Observation, content: str, contents: Contents, article: str
) -> Outcome:
    """Compare a trusted capture with the text that is known."""
    if content == state.reference:
        state = replace(state, steady=state.steady + 1, capture=seen.capture, alternating=0)
        return Outcome(state=state, verdict=Verdict.UNCHANGED)
    if content in state.alternates and (outcome := _alternate(state)) is not None:
        return outcome
    after = contents(content)
    change = without_volatile(compare(contents(state.reference), after), state.volatile)
    match change.verdict:
        case Verdict.UNCHANGED:
            return Outcome(state=replace(state, capture=seen.capture), verdict=Verdict.UNCHANGED)
        case Verdict.COSMETIC:
            # The text moves on silently: the next comparison uses the newest typography.
            return Outcome(
                state=replace(state, reference=content, capture=seen.capture), verdict=Verdict.COSMETIC
            )
        case Verdict.METADATA:
            return _opened(state, seen, content, change, after, article, EventKind.METADATA)
        case Verdict.LIVE:
            return _gained(state, seen, content, change, after, article)
    return _opened(state, seen, content, change, after, article, EventKind.EDIT)


def _alternate(state: HistoryState) -> Outcome | None:
    """A text the site alternates with says nothing, unless it stays."""
    times = state.alternating + 1
    if times < SETTLED:
        return Outcome(state=replace(state, alternating=times), verdict=Verdict.VARIANT)
    return None


def _opened(
    state: HistoryState,
    seen: Observation,
    content: str,
    change: Comparison,
    after: Extraction,
    article: str,
    kind: EventKind,
) -> Outcome:
    """Note a change that was seen once; an edit begins a version, a change of metadata does not."""
    starts = kind is not EventKind.METADATA
    pending = Pending(
        kind=kind,
        base=state.reference,
        seen=content,
        from_capture=state.capture,
        to_capture=seen.capture,
        first_seen_at=seen.at,
        from_version=state.version,
        to_version=state.highest + 1 if starts else state.version,
        version_capture=state.version_capture,
        version_at=state.version_at,
        version_event=state.version_event,
    )
    state = replace(state, pending=pending, capture=seen.capture, reference=content, alternating=0)
    if starts:
        number = event_id(article, kind, pending.from_capture, pending.to_capture)
        highest = state.highest + 1
        state = replace(state, version=highest, highest=highest, version_event=number)
    event = event_of_change(article, pending, change, after)
    return Outcome(state=state, verdict=change.verdict, events=(event,), starts=starts)


def _gained(
    state: HistoryState, seen: Observation, content: str, change: Comparison, after: Extraction, article: str
) -> Outcome:
    """One event a burst: entries that follow within the hour belong to it."""
    goes_on = state.burst_until is not None and seen.at <= state.burst_until
    state = replace(state, burst_until=seen.at + BURST)
    if goes_on:
        return Outcome(
            state=replace(state, reference=content, steady=1, capture=seen.capture), verdict=Verdict.LIVE
        )
    outcome = _opened(state, seen, content, change, after, article, EventKind.LIVE)
    return replace(outcome, verdict=Verdict.LIVE)


def _bounded(known: tuple[str, ...], new: list[str], most: int) -> tuple[str, ...]:
    return tuple(dict.fromkeys((*known, *new)))[-most:]
