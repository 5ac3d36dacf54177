"""Makes the ledger's lines from what the history machine saw."""

from dataclasses import replace
from datetime import datetime

from archive.digests import derived_id
from archive.edits.bearing import borne_out
from archive.edits.state import Missing, Pending
from archive.edits.summary import reverted
from archive.model import Comparison, Disclosure, Event, EventKind, Extraction, Track

__all__ = [
    "event_id",
    "event_of_change",
    "event_of_move",
    "event_of_redesign",
    "event_of_removal",
    "event_of_return",
    "texts_of",
    "told_redesign",
]

#: Kinds that raise an alert once they are confirmed.
ALERTING = frozenset({EventKind.EDIT, EventKind.LIVE, EventKind.REMOVED, EventKind.RESTORED})


def event_id(kind: str, from_capture: str, to_capture: str) -> str:
    """
    Return an event's id: it follows from the captures between which it happened.

    Captures belong to one article each; its address is left out, because an article may move.
    """
    return derived_id("event", kind, from_capture, to_capture)


def event_of_change(
    article: str,
    pending: Pending,
    change: Comparison,
    after: Extraction,
    *,
    confirmed_at: datetime | None = None,
    is_variant: bool = False,
) -> Event:
    """Return the event of a change of text: waiting, confirmed (by a moment), or found to be a variant."""
    kind = EventKind(pending.kind)
    return Event(
        id=event_id(pending.kind, pending.from_capture, pending.to_capture),
        article=article,
        kind=kind,
        headline=after.headline,
        severity=change.severity if kind in (EventKind.EDIT, EventKind.LIVE) else None,
        tracks=change.tracks,
        first_seen_at=pending.first_seen_at,
        confirmed_at=confirmed_at,
        from_version=pending.from_version,
        to_version=pending.to_version,
        from_capture=pending.from_capture,
        to_capture=pending.to_capture,
        words_added=change.words_added,
        words_removed=change.words_removed,
        notes=tuple(borne_out(one, pending.from_at, pending.first_seen_at) for one in change.notes),
        disclosure=change.disclosure,
        is_variant=is_variant,
        alert=confirmed_at is not None and not is_variant and kind in ALERTING,
        summary=reverted(change.summary) if change.is_reverted else change.summary,
        operations=change.operations,
        reasons=change.reasons,
        claims=change.claims,
        unsaid=change.unsaid,
        is_reverted=change.is_reverted,
    )


def event_of_removal(article: str, missing: Missing, *, last: Pending, headline: str) -> Event:
    """Return the event of a removal; `last` names the last trusted capture and the one that confirms it."""
    summary = (
        f"Removed: not found in {missing.count} captures from {missing.first_at:%Y-%m-%d %H:%M} "
        f"to {last.first_seen_at:%Y-%m-%d %H:%M} UTC"
    )
    return _plain(
        article,
        EventKind.REMOVED,
        last,
        confirmed_at=last.first_seen_at,
        first=missing.first_at,
        said=(headline, summary),
    )


def event_of_return(article: str, pending: Pending, *, confirmed_at: datetime | None, headline: str) -> Event:
    """Return the event of an article that is there again."""
    said = (headline, "Restored: there again after its removal")
    return _plain(
        article,
        EventKind.RESTORED,
        pending,
        confirmed_at=confirmed_at,
        first=pending.first_seen_at,
        said=said,
    )


def event_of_move(article: str, pending: Pending, *, confirmed_at: datetime | None, headline: str) -> Event:
    """Return the event of an article that answers at a new address."""
    said = (headline, f"Moved to {pending.seen}")
    return _plain(
        article, EventKind.MOVED, pending, confirmed_at=confirmed_at, first=pending.first_seen_at, said=said
    )


def event_of_redesign(
    source: str, article: str, *, to_capture: str, first_seen_at: datetime, confirmed_at: datetime
) -> Event:
    """Return the event of an outlet's new template; `article` was the first to show it, in `to_capture`."""
    return Event(
        id=event_id(EventKind.REDESIGN, "", to_capture),
        article=article,
        source=source,
        kind=EventKind.REDESIGN,
        headline=source,
        first_seen_at=first_seen_at,
        confirmed_at=confirmed_at,
        to_capture=to_capture,
        disclosure=Disclosure.NONE,
        alert=True,
    )


def told_redesign(event: Event, *, quoted: str, articles: int) -> Event:
    """Say what the template brought or took, and how many articles showed it when it was noticed."""
    words = quoted.split()
    short = " ".join(words[:16]) + (" …" if len(words) > 16 else "")
    summary = (
        f"{event.source} changed its template: the same text came to or went from {articles} articles "
        f"(“{short}”); it is left out of their edits"
    )
    return replace(event, summary=summary)


def texts_of(event: Event) -> list[str]:
    """Return the blocks of text that an edit brought or took, headlines aside."""
    operations = [one for one in event.operations if one.track is not Track.HEADLINE]
    found = [text for one in operations for text in (one.before, one.after)]
    return [text for text in (*found, *(delta.note.text for delta in event.notes)) if text]


def _plain(
    article: str,
    kind: EventKind,
    between: Pending,
    *,
    confirmed_at: datetime | None,
    first: datetime,
    said: tuple[str, str],
) -> Event:
    """Return an event that is about the article as a whole, not about its words."""
    headline, summary = said
    return Event(
        id=event_id(kind, between.from_capture, between.to_capture),
        article=article,
        kind=kind,
        headline=headline,
        first_seen_at=first,
        confirmed_at=confirmed_at,
        from_version=between.from_version,
        to_version=between.to_version,
        from_capture=between.from_capture,
        to_capture=between.to_capture,
        disclosure=Disclosure.NONE,
        alert=confirmed_at is not None and kind in ALERTING,
        summary=summary,
    )
