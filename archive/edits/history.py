"""
The machine that turns an article's captures into verdicts, versions and events, one capture at a time.

Pure: (state, capture) in, (state, verdict, versions, events) out. Whatever is reported was seen twice: an edit
is confirmed by the next trusted capture that still has it, a removal by the contract's counts. A blocked,
suspect or missing capture never makes an event of text.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace

from archive.edits import absence, changes
from archive.edits.normalise import count_words
from archive.edits.state import HistoryState
from archive.model import Event, Extraction, Observation, PageKind, RedirectAim, Verdict, Version

__all__ = ["Step", "advance", "replay"]

Contents = Callable[[str], Extraction]

#: Statuses that put something in front of a page, or fail to answer.
WALLS = frozenset({401, 402, 403, 407, 408, 425, 429, 451})
WALL_KINDS = frozenset({PageKind.CONSENT, PageKind.CHALLENGE, PageKind.LOGIN, PageKind.PAYWALLED})
ABSENT_KINDS = frozenset({PageKind.NOT_FOUND, PageKind.LISTING})


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


@dataclass
class _Work:
    """What is gathered while one capture is judged."""

    article: str
    seen: Observation
    contents: Contents
    state: HistoryState
    events: dict[str, Event] = field(default_factory=dict)

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
        )

    def _version(self, *, starts: bool) -> Version:
        state = self.state
        if starts:
            self.state = state = replace(state, version_capture=self.seen.capture, version_at=self.seen.at)
        shown = self.contents(state.reference)
        words = sum(count_words(one) for one in shown.body) + sum(
            count_words(one.text) for one in shown.entries
        )
        return Version(
            article=self.article,
            number=state.version,
            captured_at=state.version_at or self.seen.at,
            last_seen_at=self.seen.at,
            capture=state.version_capture or self.seen.capture,
            content=state.reference,
            headline=shown.headline,
            words=words,
            event=state.version_event,
        )


def replay(observations: Iterable[Observation], contents: Contents, *, article: str) -> list[Step]:
    """Return the steps of an article's whole history."""
    state, steps = HistoryState(), []
    for seen in observations:
        steps.append(advance(state, seen, contents, article=article))
        state = steps[-1].state
    return steps


def advance(state: HistoryState, seen: Observation, contents: Contents, *, article: str) -> Step:
    """
    Judge the next capture of an article.

    Args:
        state: where its history stands.
        seen: the capture.
        contents: loads an extraction by its digest.
        article: its canonical address; event ids follow from it.
    """
    work = _Work(article, seen, contents, state)
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


def _redirect(work: _Work) -> Step:
    match work.seen.aim:
        case RedirectAim.HOME | RedirectAim.SECTION if work.state.version:
            return _absent(work)
        case RedirectAim.ELSEWHERE if work.state.version and work.seen.target:
            work.state, events = absence.moved(work.state, work.seen, work.article, _headline(work))
            work.report(events)
            return work.end(Verdict.MOVED)
    return work.end(Verdict.REDIRECT)


def _absent(work: _Work) -> Step:
    if not work.state.version:
        return work.end(Verdict.MISSING)
    work.state, events = absence.missed(work.state, work.seen, work.article, _headline(work))
    work.report(events)
    removed = work.state.missing is not None and work.state.missing.is_removed
    return work.end(Verdict.REMOVED if removed else Verdict.MISSING)


def _headline(work: _Work) -> str:
    return work.contents(work.state.reference).headline


def _trusted(work: _Work) -> Step:
    state, seen = work.state, work.seen
    content = seen.content or ""
    if not state.version:
        work.state = changes.first(state, seen, content)
        return work.end(Verdict.FIRST, shows=True, starts=True)
    if seen.rendition != state.rendition:
        return _other_rendition(work, content)
    if changes.has_collapsed(state, work.contents, content):
        work.state, believed = changes.shrink(state, content, seen.at)
        if not believed:
            return work.end(Verdict.SUSPECT)
    restored = state.missing is not None and state.missing.is_removed
    work.state, events = absence.found_again(work.state, seen, work.article, _headline(work))
    work.report(events)
    step = _compared(work, content)
    return replace(step, verdict=Verdict.RESTORED) if restored else step


def _other_rendition(work: _Work, content: str) -> Step:
    """An AMP twin or a further page never stands for the page itself; the page may take over from its twin."""
    if work.seen.rendition:
        return work.end(Verdict.VARIANT)
    work.state = replace(
        work.state, rendition="", reference=content, steady=1, capture=work.seen.capture, pending=None
    )
    return work.end(Verdict.VARIANT, shows=True)


def _compared(work: _Work, content: str) -> Step:
    """Settle what waits for confirmation, then compare with what is known."""
    if work.state.pending is not None:
        work.state, events = changes.settle(work.state, work.seen, content, work.contents, work.article)
        work.report(events)
    outcome = changes.compare_with_reference(work.state, work.seen, content, work.contents, work.article)
    work.state = outcome.state
    work.report(outcome.events)
    return work.end(outcome.verdict, shows=outcome.verdict is not Verdict.VARIANT, starts=outcome.starts)
