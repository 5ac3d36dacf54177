"""
The machine that turns an article's captures into verdicts, versions and events, one capture at a time.

Pure: (state, capture) in, (state, verdict, versions, events) out. Whatever is reported was seen twice: an edit
is confirmed by the next trusted capture that still has it, a removal by the contract's counts. A blocked,
suspect or missing capture never makes an event of text.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType

from archive import urls
from archive.edits import absence, changes
from archive.edits.looking import Contents, Look, Noise
from archive.edits.normalise import count_words
from archive.edits.state import HistoryState, Shown
from archive.model import PAGE, Event, Observation, PageKind, RedirectAim, Verdict, Version

__all__ = ["Amendment", "Folded", "Step", "advance", "fold"]

#: Statuses that put something in front of a page, or fail to answer.
WALLS = frozenset({401, 402, 403, 407, 408, 425, 429, 451})
WALL_KINDS = frozenset({PageKind.CONSENT, PageKind.CHALLENGE, PageKind.LOGIN, PageKind.PAYWALLED})
ABSENT_KINDS = frozenset({PageKind.NOT_FOUND, PageKind.LISTING})
#: Nothing is known of the outlet.
QUIET: Noise = MappingProxyType({})


@dataclass(frozen=True, slots=True, kw_only=True)
class Amendment:
    """What an earlier capture is found to say, now that a later one was seen."""

    capture: str
    verdict: Verdict
    version: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """What one capture led to."""

    state: HistoryState
    verdict: Verdict
    #: Version that the capture shows; None when it shows none.
    version: int | None = None
    #: New versions, and versions of which more is known.
    versions: tuple[Version, ...] = ()
    #: New events, and events of which more is known; to be stored by id.
    events: tuple[Event, ...] = ()
    #: An earlier capture that was judged too early; versions beyond the state's own are taken back with it.
    amended: Amendment | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Folded:
    """What a whole history comes to."""

    #: The address it has at the end.
    article: str
    state: HistoryState
    #: Verdict and version by capture.
    captures: Mapping[str, tuple[Verdict, int | None]]
    versions: tuple[Version, ...]
    #: Events that hold, and those that were superseded on the way, in the order they were first seen.
    events: tuple[Event, ...]


@dataclass
class _Work:
    """What is gathered while one capture is judged."""

    look: Look
    state: HistoryState
    events: dict[str, Event] = field(default_factory=dict)
    amended: Amendment | None = None

    def report(self, events: Iterable[Event]) -> None:
        """Keep events; a later word about one replaces an earlier."""
        self.events.update({event.id: event for event in events})

    def end(self, verdict: Verdict, *, shows: bool = False, starts: bool = False) -> Step:
        """Close the capture; `shows` when it shows the current version, `starts` when it begins one."""
        versions = (self._version(starts=starts),) if shows and self.state.version else ()
        return Step(
            state=self.state,
            verdict=verdict,
            version=versions[0].number if versions else None,
            versions=versions,
            events=tuple(self.events.values()),
            amended=self.amended,
        )

    def _version(self, *, starts: bool) -> Version:
        state, seen = self.state, self.look.seen
        if starts:
            self.state = state = replace(state, version_capture=seen.capture, version_at=seen.at)
        shown = self._shown(state)
        return Version(
            article=self.look.article,
            number=state.version,
            captured_at=state.version_at or seen.at,
            last_seen_at=seen.at,
            capture=state.version_capture or seen.capture,
            content=state.reference,
            headline=shown.headline,
            words=shown.words,
            event=state.version_event,
        )

    def _shown(self, state: HistoryState) -> Shown:
        """Return what is said of the current version's content; it is read when it is another than before."""
        if state.shown is not None and state.shown.content == state.reference:
            return state.shown
        said = self.look.contents(state.reference)
        words = sum(map(count_words, said.body)) + sum(count_words(one.text) for one in said.entries)
        shown = Shown(content=state.reference, headline=said.headline, words=words)
        self.state = replace(state, shown=shown)
        return shown


def fold(
    observations: Iterable[Observation], contents: Contents, *, article: str, noise: Noise = QUIET
) -> Folded:
    """
    Return what an article's whole history comes to; the captures stand in order.

    Args:
        article: the address it had at first; where it moved, events name the new one from then on.
    """
    state = HistoryState()
    captures: dict[str, tuple[Verdict, int | None]] = {}
    versions: dict[int, Version] = {}
    events: dict[str, Event] = {}
    for seen in observations:
        step = advance(state, seen, contents, article=article, noise=noise)
        state = step.state
        captures[seen.capture] = (step.verdict, step.version)
        if step.amended is not None:
            captures[step.amended.capture] = (step.amended.verdict, step.amended.version)
            versions.pop(state.version + 1, None)
        versions.update({one.number: one for one in step.versions})
        events.update({one.id: one for one in step.events})
        article = moved_to(seen, step.verdict) or article
    return Folded(
        state=state,
        article=article,
        captures=captures,
        versions=tuple(versions[number] for number in sorted(versions)),
        events=tuple(events.values()),
    )


def moved_to(seen: Observation, verdict: Verdict) -> str | None:
    """Return an article's new address when a capture says that it moved."""
    if verdict is not Verdict.MOVED or not seen.target:
        return None
    return None if urls.kind_of(seen.target) is urls.UrlKind.HOME else urls.clean_url(seen.target)


def advance(
    state: HistoryState, seen: Observation, contents: Contents, *, article: str, noise: Noise = QUIET
) -> Step:
    """
    Judge the next capture of an article.

    Args:
        state: where its history stands.
        seen: the capture.
        contents: loads an extraction by its digest.
        article: its canonical address.
        noise: blocks of the outlet's pages that are of no article.
    """
    work = _Work(Look(article, seen, contents, noise), state)
    if seen.rendition == PAGE:
        return work.end(_of_page(seen))
    if seen.aim is not None:
        return _redirect(work)
    if _is_wall(seen):
        return work.end(Verdict.BLOCKED)
    if _is_absent(seen):
        return _absent(work)
    if seen.content is None or seen.is_damaged:
        return work.end(Verdict.SUSPECT)
    return _trusted(work)


def _is_wall(seen: Observation) -> bool:
    if seen.status is None or seen.status in WALLS or seen.status >= 500:
        return True
    return seen.page_kind in WALL_KINDS


def _is_absent(seen: Observation) -> bool:
    return seen.status in (404, 410) or (seen.page_kind in ABSENT_KINDS and not seen.is_damaged)


def _of_page(seen: Observation) -> Verdict:
    """Say how a page was found that its first page speaks for: whatever became of it, it says nothing by itself."""
    if seen.aim is not None:
        return Verdict.REDIRECT
    if _is_wall(seen):
        return Verdict.BLOCKED
    if _is_absent(seen):
        return Verdict.MISSING
    return Verdict.SUSPECT if seen.content is None or seen.is_damaged else Verdict.VARIANT


def _redirect(work: _Work) -> Step:
    seen = work.look.seen
    match seen.aim:
        case RedirectAim.HOME | RedirectAim.SECTION if work.state.version:
            return _absent(work)
        case RedirectAim.ELSEWHERE if work.state.version and seen.target:
            work.state, events = absence.moved(work.state, seen, work.look.article, _headline(work))
            work.report(events)
            return work.end(Verdict.MOVED)
    return work.end(Verdict.REDIRECT)


def _absent(work: _Work) -> Step:
    if not work.state.version:
        return work.end(Verdict.MISSING)
    work.state, events = absence.missed(work.state, work.look.seen, work.look.article, _headline(work))
    work.report(events)
    removed = work.state.missing is not None and work.state.missing.is_removed
    return work.end(Verdict.REMOVED if removed else Verdict.MISSING)


def _headline(work: _Work) -> str:
    return work.look.contents(work.state.reference).headline


def _trusted(work: _Work) -> Step:
    state, look = work.state, work.look
    if not state.version:
        work.state = changes.first(state, look.seen, look.content)
        return work.end(Verdict.FIRST, shows=True, starts=True)
    if look.seen.rendition != state.rendition:
        return _other_rendition(work)
    if changes.has_collapsed(state, look.contents, look.content):
        work.state, believed = changes.shrink(state, look.content, look.seen.at)
        if not believed:
            return work.end(Verdict.SUSPECT)
    restored = state.missing is not None and state.missing.is_removed
    work.state, events = absence.found_again(work.state, look.seen, look.article, _headline(work))
    work.report(events)
    step = _compared(work)
    return replace(step, verdict=Verdict.RESTORED) if restored else step


def _other_rendition(work: _Work) -> Step:
    """An AMP twin or a further page never stands for the page itself; the page may take over from its twin."""
    if work.look.seen.rendition:
        return work.end(Verdict.VARIANT)
    work.state = replace(
        work.state,
        rendition="",
        reference=work.look.content,
        steady=1,
        capture=work.look.seen.capture,
        captured_at=work.look.seen.at,
        pending=None,
    )
    return work.end(Verdict.VARIANT, shows=True)


def _compared(work: _Work) -> Step:
    """Settle what waits for confirmation, then compare with what is known."""
    if work.state.pending is not None:
        pending = work.state.pending
        settled = changes.settle(work.state, work.look)
        work.state = settled.state
        work.report([settled.event])
        if settled.verdict is not None:
            version = None if settled.verdict is Verdict.VARIANT else pending.from_version
            work.amended = Amendment(capture=pending.to_capture, verdict=settled.verdict, version=version)
    outcome = changes.compare_with_reference(work.state, work.look)
    work.state = outcome.state
    work.report(outcome.events)
    return work.end(outcome.verdict, shows=outcome.verdict is not Verdict.VARIANT, starts=outcome.starts)
