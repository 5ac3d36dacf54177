"""Whether the outlet's own note accounts for what was changed."""

from collections.abc import Sequence

from archive.edits.normalise import word_key
from archive.edits.severity import GRAMMAR, hunks, severity_of
from archive.model import Disclosure, NoteChange, NoteDelta, NoteKind, Operation, OperationKind, Severity

__all__ = ["disclosure_of"]

#: Notes that account for a change; a note about something else does not.
ACCOUNTING = frozenset(
    {NoteKind.CORRECTION, NoteKind.CLARIFICATION, NoteKind.RETRACTION, NoteKind.EDITOR_NOTE}
)


def disclosure_of(operations: Sequence[Operation], notes: Sequence[NoteDelta]) -> Disclosure:
    """
    Say whether notes that came with the changes name them.

    Ordinary added reporting needs no note; what was said before and is not said any more does.
    """
    owed = [one for one in operations if _needs_a_note(one)]
    said = [delta.note for delta in notes if delta.change is not NoteChange.REMOVED]
    if not said:
        return Disclosure.SILENT if owed else Disclosure.NONE
    if any(NoteKind.RETRACTION in note.kinds for note in said):
        return Disclosure.DISCLOSED
    if not owed:
        return Disclosure.DISCLOSED if operations else Disclosure.NONE
    words = {word for note in said for word in word_key(note.text)}
    named = [_is_named(one, words) for one in owed]
    if all(named):
        return Disclosure.DISCLOSED
    if any(named):
        return Disclosure.PARTIAL
    return Disclosure.UNKNOWN if any(ACCOUNTING & set(note.kinds) for note in said) else Disclosure.SILENT


def _needs_a_note(operation: Operation) -> bool:
    if operation.kind in (OperationKind.INSERT, OperationKind.MOVE):
        return False
    return severity_of([operation]) is Severity.MATERIAL


def _is_named(operation: Operation, words: set[str]) -> bool:
    """Tell whether a note names what a change took or brought, word for word."""
    if operation.kind is OperationKind.DELETE:
        content = [word for word in word_key(operation.before) if word not in GRAMMAR]
        return bool(content) and sum(word in words for word in content) >= 0.5 * len(content)
    verdicts = []
    for hunk in hunks(operation.before, operation.after):
        changed = {word.casefold() for word in (*hunk.before, *hunk.after)}
        changed = {word for word in changed if word not in GRAMMAR} or changed
        verdicts.append(sum(word in words for word in changed) >= 0.5 * len(changed))
    return bool(verdicts) and all(verdicts)
