"""The contract's JSON keys: how captures, versions, events and sources are printed, served and sent."""

from typing import TYPE_CHECKING, Any

from archive.model import Capture, Claim, Event, Judgement, NoteDelta, Operation, Version
from archive.model.times import iso
from archive.reading.archive import SourceStatus

if TYPE_CHECKING:
    from archive.reading.searching import SearchHit

__all__ = ["capture_line", "event_line", "iso", "search_line", "source_line", "version_line"]


def capture_line(capture: Capture) -> dict[str, Any]:
    """Return one line of `captures`."""
    place = capture.record
    return {
        "capture": capture.id,
        "captured_at": iso(capture.captured_at),
        "requested_uri": capture.requested_uri,
        "article": capture.article,
        "source": capture.source,
        "status": capture.status,
        "verdict": capture.verdict,
        "version": capture.version,
        "payload_digest": capture.payload_digest,
        "record": {
            "type": place.type,
            "id": place.id,
            "file": place.file,
            "offset": place.offset,
            "length": place.length,
        },
        "page_kind": capture.page_kind,
    }


def version_line(version: Version) -> dict[str, Any]:
    """Return one line of `versions`."""
    return {
        "version": version.number,
        "captured_at": iso(version.captured_at),
        "last_seen_at": iso(version.last_seen_at),
        "capture": version.capture,
        "headline": version.headline,
        "words": version.words,
        "event": version.event,
    }


def event_line(event: Event) -> dict[str, Any]:
    """Return one line of `edits`."""
    return {
        "event": event.id,
        "article": event.article,
        "source": event.source,
        "headline": event.headline,
        "kind": event.kind,
        "severity": event.severity,
        "tracks": list(event.tracks),
        "first_seen_at": iso(event.first_seen_at),
        "confirmed_at": iso(event.confirmed_at),
        "from_version": event.from_version,
        "to_version": event.to_version,
        "words_added": event.words_added,
        "words_removed": event.words_removed,
        "notes": [_note(delta) for delta in event.notes],
        "disclosure": event.disclosure,
        "variant": event.is_variant,
        "alert": event.alert,
        "summary": event.summary,
        "reasons": list(event.reasons),
        "reverted": event.is_reverted,
        "evidence": [_claim(event, claim) for claim in event.claims],
        "unsaid": [_operation(event.operations[place]) for place in event.unsaid],
        "judgement": _judgement(event.judgement),
    }


def _claim(event: Event, claim: Claim) -> dict[str, Any]:
    """Return what a note says, with the operations that it explains."""
    return {
        "note": claim.note,
        "text": claim.text,
        "operations": [_operation(event.operations[place]) for place in claim.operations],
    }


def _operation(operation: Operation) -> dict[str, Any]:
    return {
        "track": operation.track,
        "kind": operation.kind,
        "before": operation.before,
        "after": operation.after,
    }


def _judgement(said: Judgement | None) -> dict[str, Any] | None:
    if said is None:
        return None
    return {
        "judged_at": iso(said.judged_at),
        "is_an_edit": said.is_an_edit,
        "severity": said.severity,
        "disclosure": said.disclosure,
        "comment": said.comment,
        "tags": list(said.tags),
    }


def _note(delta: NoteDelta) -> dict[str, Any]:
    return {
        "change": delta.change,
        "kinds": list(delta.note.kinds),
        "text": delta.note.text,
        "stated_at": iso(delta.note.stated_at),
        "stated_at_assumed": list(delta.note.stated_at_assumed),
    }


def search_line(hit: "SearchHit") -> dict[str, Any]:
    """Return one line of `search`."""
    return {
        "article": hit.article,
        "source": hit.source,
        "headline": hit.headline,
        "version": hit.version,
        "captured_at": iso(hit.captured_at),
        "event": hit.event,
        "snippet": hit.snippet,
        "score": hit.score,
    }


def source_line(status: SourceStatus) -> dict[str, Any]:
    """Return one line of `sources`."""
    return {
        "source": status.source.name,
        "url": status.source.url,
        "health": status.health,
        "reason": status.reason,
        "advice": status.advice,
        "kind": status.source.kind,
        "articles": status.articles,
        "problems": [
            {"at": iso(one.at), "uri": one.uri, "reason": one.reason, "detail": one.detail}
            for one in status.problems
        ],
    }
