"""
Whether the outlet's own notes account for what was changed, with the evidence.

What a note says is tied to the operations that it explains; what needed a note and got none is named.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from archive.edits.hunks import hunks, plain_number
from archive.edits.lexicon import GRAMMAR
from archive.edits.normalise import plain, token_spans, tokens, word_key
from archive.edits.severity import is_material
from archive.model import Claim, Disclosure, NoteChange, NoteDelta, NoteKind, Operation, OperationKind

__all__ = ["Account", "account_for", "disclosure_of"]

#: Notes that account for a change; a note about something else does not.
ACCOUNTING = frozenset(
    {NoteKind.CORRECTION, NoteKind.CLARIFICATION, NoteKind.RETRACTION, NoteKind.EDITOR_NOTE}
)
#: Share of changed words that a note must hold to name the change, and of names for one that was added.
NAMED, INCLUDED = 0.5, 0.5
#: Letters of a note that are quoted as its claim.
LONGEST = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """What the notes say of the operations."""

    disclosure: Disclosure
    claims: tuple[Claim, ...] = ()
    #: Places of the operations that needed a note and that no note names.
    unsaid: tuple[int, ...] = ()


def account_for(operations: Sequence[Operation], notes: Sequence[NoteDelta]) -> Account:
    """
    Say whether notes that came with the changes name them.

    Ordinary added reporting needs no note; what was said before and is not said any more does.
    """
    owed = [place for place, one in enumerate(operations) if _needs_a_note(one)]
    said = [(place, delta) for place, delta in enumerate(notes) if delta.change is not NoteChange.REMOVED]
    claims = tuple(claim for place, delta in said for claim in _claims(place, delta.note.text, operations))
    named = {place for claim in claims for place in claim.operations}
    unsaid = tuple(place for place in owed if place not in named)
    kinds = {kind for _, delta in said for kind in delta.note.kinds}
    if not said:
        return Account(disclosure=Disclosure.SILENT if owed else Disclosure.NONE, unsaid=unsaid)
    if NoteKind.RETRACTION in kinds:
        return Account(disclosure=Disclosure.DISCLOSED, claims=claims)
    if not owed:
        disclosure = Disclosure.DISCLOSED if operations else Disclosure.NONE
        return Account(disclosure=disclosure, claims=claims)
    return Account(disclosure=_verdict(owed, unsaid, kinds), claims=claims, unsaid=unsaid)


def disclosure_of(operations: Sequence[Operation], notes: Sequence[NoteDelta]) -> Disclosure:
    """Say whether notes that came with the changes name them, without the evidence."""
    return account_for(operations, notes).disclosure


def _verdict(owed: Sequence[int], unsaid: Sequence[int], kinds: set[NoteKind]) -> Disclosure:
    if not unsaid:
        return Disclosure.DISCLOSED
    if len(unsaid) < len(owed):
        return Disclosure.PARTIAL
    return Disclosure.UNKNOWN if ACCOUNTING & kinds else Disclosure.SILENT


def _needs_a_note(operation: Operation) -> bool:
    if operation.kind in (OperationKind.INSERT, OperationKind.MOVE):
        return False
    return is_material(operation)


def _claims(place: int, note: str, operations: Sequence[Operation]) -> list[Claim]:
    """Return what a note names, one claim for each span of its words."""
    words = [plain_number(word) for word in word_key(note)]
    spans: dict[tuple[int, int], list[int]] = {}
    for number, operation in enumerate(operations):
        found = _named(operation, words)
        if found:
            spans.setdefault((min(found), max(found)), []).append(number)
    return [
        Claim(note=place, text=_quoted(note, span), operations=tuple(said)) for span, said in spans.items()
    ]


def _named(operation: Operation, words: Sequence[str]) -> set[int]:
    """Return the places of the note's words that name an operation; empty when it does not."""
    match operation.kind:
        case OperationKind.REPLACE:
            wanted = [_changed(*one) for one in _pairs(operation)]
        case OperationKind.DELETE:
            wanted = [_content(word_key(operation.before))]
        case OperationKind.INSERT:
            wanted = [_names(operation.after)]
        case _:
            return set()
    places: set[int] = set()
    for some in wanted:
        found = {place for place, word in enumerate(words) if word in some}
        if not some or len({words[place] for place in found}) < NAMED * len(some):
            return set()
        places |= found
    return places


def _pairs(operation: Operation) -> list[tuple[tuple[str, ...], tuple[str, ...]]]:
    return [(one.before, one.after) for one in hunks(operation.before, operation.after)]


def _changed(before: Sequence[str], after: Sequence[str]) -> set[str]:
    changed = {plain_number(word.casefold()) for word in (*before, *after)}
    return {word for word in changed if word not in GRAMMAR} or changed


def _content(words: Sequence[str]) -> set[str]:
    return {plain_number(word) for word in words if word not in GRAMMAR}


def _names(sentence: str) -> set[str]:
    """Return the names in a sentence that was added: "updated to include comment from …" names one of them."""
    words = tokens(sentence)[1:]
    return {word.casefold() for word in words if word[:1].isupper() and word.casefold() not in GRAMMAR}


def _quoted(note: str, span: tuple[int, int]) -> str:
    """Return the part of a note that stands from one word to another, whole clauses where that is short."""
    text, places = plain(note), token_spans(note)
    start, end = places[span[0]][0], places[span[1]][1]
    opening = max(text.rfind(mark, 0, start) for mark in (". ", ": ", "; ", "。"))
    closing = min((found for mark in (". ", "。") if (found := text.find(mark, end)) >= 0), default=len(text))
    wider = text[opening + 1 : closing + 1].strip()
    return wider if len(wider) <= LONGEST else text[start:end][:LONGEST]
