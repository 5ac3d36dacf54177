"""Compares two extractions of one article: what changed, on which tracks, how gravely, and was it said."""

from collections.abc import Sequence

from archive.edits.disclosure import account_for
from archive.edits.hunks import hunks
from archive.edits.normalise import count_words
from archive.edits.severity import Finding, find_reasons, reasons_of, severity_of
from archive.edits.summary import summarise, summarise_quiet
from archive.edits.tracks import (
    compare_notes,
    entry_operations,
    gained_entries,
    quiet_tracks,
    text_operations,
)
from archive.model import (
    Comparison,
    Extraction,
    LiveEntry,
    NoteDelta,
    NoteKind,
    Operation,
    OperationKind,
    Severity,
    Track,
    Verdict,
)

__all__ = ["compare", "judged"]


#: What changed where no track was touched.
ELSEWHERE = "Only the section or the picture changed"


def compare(before: Extraction, after: Extraction) -> Comparison:
    """Compare two states of an article; equal ones give UNCHANGED."""
    if before == after:
        return Comparison(verdict=Verdict.UNCHANGED)
    notes = compare_notes(before, after)
    quiet = quiet_tracks(before, after)
    if before.entries or after.entries:
        return _live(before, after, notes, quiet)
    operations = text_operations(before, after)
    if operations or notes:
        return judged(operations, notes, quiet)
    return _quiet(before, after, quiet)


def judged(
    operations: Sequence[Operation], notes: Sequence[NoteDelta], quiet: Sequence[Track] = ()
) -> Comparison:
    """Return the comparison that follows from operations and notes; for edits only."""
    tracks = dict.fromkeys(one.track for one in operations)
    if notes:
        tracks[Track.NOTES] = None
    account = account_for(operations, notes)
    found = find_reasons(operations)
    return Comparison(
        verdict=Verdict.EDIT,
        operations=tuple(operations),
        notes=tuple(notes),
        tracks=(*tracks, *quiet),
        severity=_severity(found, notes),
        disclosure=account.disclosure,
        words_added=sum(_added(one) for one in operations) + sum(_note_words(one, "added") for one in notes),
        words_removed=sum(_removed(one) for one in operations)
        + sum(_note_words(one, "removed") for one in notes),
        summary=summarise(operations, notes, account, quiet),
        claims=account.claims,
        unsaid=account.unsaid,
        reasons=reasons_of(found),
    )


def _live(
    before: Extraction, after: Extraction, notes: Sequence[NoteDelta], quiet: Sequence[Track]
) -> Comparison:
    gained = gained_entries(before.entries, after.entries)
    changed = entry_operations(before.entries, after.entries)
    if changed:
        return judged(changed, notes, quiet)
    if gained:
        return _gained(gained)
    operations = text_operations(before, after)
    if operations or notes:
        return judged(operations, notes, quiet)
    return _quiet(before, after, quiet)


def _gained(gained: Sequence[LiveEntry]) -> Comparison:
    operations = [
        Operation(track=Track.BODY, kind=OperationKind.INSERT, after=f"{entry.headline} {entry.text}".strip())
        for entry in gained
    ]
    count = f"{len(gained)} new {'entry' if len(gained) == 1 else 'entries'}"
    return Comparison(
        verdict=Verdict.LIVE,
        operations=tuple(operations),
        tracks=(Track.BODY,),
        severity=Severity.MATERIAL,
        words_added=sum(count_words(one.after) for one in operations),
        summary=f"{count}: “{gained[0].headline or operations[0].after[:80]}”",
    )


def _quiet(before: Extraction, after: Extraction, quiet: Sequence[Track]) -> Comparison:
    if quiet or (before.section, before.image) != (after.section, after.image):
        return Comparison(
            verdict=Verdict.METADATA, tracks=tuple(quiet), summary=summarise_quiet(quiet) or ELSEWHERE
        )
    return Comparison(verdict=Verdict.COSMETIC)


def _severity(findings: Sequence[Finding], notes: Sequence[NoteDelta]) -> Severity | None:
    """A note that admits an error is as grave as the error."""
    if any({NoteKind.CORRECTION, NoteKind.RETRACTION} & set(delta.note.kinds) for delta in notes):
        return Severity.MATERIAL
    found = severity_of(findings)
    if found is None and notes:
        return (
            Severity.MINOR
            if all(NoteKind.UPDATE in delta.note.kinds for delta in notes)
            else Severity.MATERIAL
        )
    return found


def _added(operation: Operation) -> int:
    match operation.kind:
        case OperationKind.INSERT:
            return count_words(operation.after)
        case OperationKind.REPLACE:
            return sum(len(hunk.after) for hunk in hunks(operation.before, operation.after))
    return 0


def _removed(operation: Operation) -> int:
    match operation.kind:
        case OperationKind.DELETE:
            return count_words(operation.before)
        case OperationKind.REPLACE:
            return sum(len(hunk.before) for hunk in hunks(operation.before, operation.after))
    return 0


def _note_words(delta: NoteDelta, change: str) -> int:
    return count_words(delta.note.text) if delta.change == change else 0
