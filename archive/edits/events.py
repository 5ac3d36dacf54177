"""Makes the ledger's lines from what the history machine saw."""

from datetime import datetime

from archive.digests import derived_id
from archive.edits.state import Missing, Pending
from archive.model import Comparison, Disclosure, Event, EventKind, Extraction

__all__ = ["event_id", "event_of_change", "event_of_move", "event_of_removal", "event_of_return"]

#: Kinds that raise an alert once they are confirmed.
ALERTING = frozenset({EventKind.EDIT, EventKind.LIVE, EventKind.REMOVED, EventKind.RESTORED})


def event_id(article: str, kind: str, from_capture: str, to_capture: str) -> str:
    """Return an event's id: it follows from the captures between which it happened."""
    return derived_id("event", article, kind, from_capture, to_capture)


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
        id=event_id(article, pending.kind, pending.from_capture, pending.to_capture),
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
        notes=change.notes,
        disclosure=change.disclosure,
        is_variant=is_variant,
        alert=confirmed_at is not None and not is_variant and kind in ALERTING,
        summary=change.summary,
        operations=change.operations,
    )


def event_of_removal(article: str, missing: Missing, *, last: Pending, headline: str) -> Event:
    """Return the event of a removal; `last` names the last trusted capture and the one that confirms it."""
    summary = f"Removed: not found in {missing.count} captures since it was last seen"
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
        id=event_id(article, kind, between.from_capture, between.to_capture),
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
