"""One line that a busy editor understands without seeing the difference beside it."""

import re
from collections.abc import Sequence
from itertools import pairwise

from archive.edits.disclosure import Account
from archive.edits.hunks import Hunk, hunks
from archive.edits.lexicon import HEDGES
from archive.edits.normalise import likeness, plain, token_spans, tokens, word_key
from archive.edits.severity import RANK, Reason, find_reasons, reason_of
from archive.model import (
    Disclosure,
    NoteChange,
    NoteDelta,
    NoteKind,
    Operation,
    OperationKind,
    Track,
)

__all__ = ["reverted", "summarise", "summarise_quiet"]

NAMES = {Track.HEADLINE: "Headline", Track.DEK: "Dek", Track.CAPTION: "Caption"}
QUIET = {Track.BYLINE: "byline", Track.DATES: "dates", Track.SEO_TITLE: "search title"}
LABELS = {
    Reason.NEGATION: "Reversed",
    Reason.NUMBER: "Number changed",
    Reason.QUOTATION: "Quotation changed",
    Reason.ATTRIBUTION: "Source changed",
    Reason.NAME: "Name changed",
    Reason.DATE: "Date changed",
    Reason.WORDS: "Changed",
    Reason.WORDING: "Reworded",
    Reason.SPELLING: "Spelling",
}
#: So many changes are told; the rest is counted.
TOLD = 3
#: Words of a sentence that are told, of a headline, and letters where words are not set apart.
WORDS, HEADLINE, LETTERS = 16, 24, 70
#: Words told before and behind a change.
BEFORE, BEHIND = 5, 4
#: Share of common words from which a headline is told by what changed in it.
REWORDED = 0.6
#: So many unchanged words between two changes still make them one.
GAP = 3
CLOCK = re.compile(
    r"\b\d{1,2}(?:[:.h]\d{2}| ?[ap]\.?m\b\.?)(?: ?[ap]\.?m\b\.?)?(?: ?(?:[A-Z]{2,5}\b|Uhr))?", re.IGNORECASE
)


def summarise(
    operations: Sequence[Operation], notes: Sequence[NoteDelta], account: Account, quiet: Sequence[Track] = ()
) -> str:
    """Say what changed, gravest first, and what the outlet said of it."""
    parts = [*_retraction(notes), *_operations(operations)]
    parts += [_note(place, delta, account) for place, delta in enumerate(notes) if not _retracts(delta)]
    if account.disclosure is Disclosure.PARTIAL:
        parts.append(f"the note leaves out {_left_out(operations, account)}")
    elif account.disclosure is Disclosure.SILENT and not notes:
        parts.append("no note")
    return "; ".join(parts) or summarise_quiet(quiet)


def summarise_quiet(quiet: Sequence[Track]) -> str:
    """Say which tracks changed that tell nobody anything."""
    names = [QUIET[track] for track in quiet if track in QUIET]
    return f"Only {', '.join(names)} changed" if names else ""


def reverted(summary: str) -> str:
    """Say of a change that it takes an earlier edit back."""
    return f"Reverted an earlier edit – {summary}"


def _operations(operations: Sequence[Operation]) -> list[str]:
    """Tell rewritten sentences one by one, sentences that came or went together."""
    single = [one for one in operations if one.kind is OperationKind.REPLACE or one.track in NAMES]
    if len(single) > 1:
        single.sort(key=_gravity)
    parts = [_single(one) for one in single[:TOLD]]
    if len(single) > TOLD:
        parts.append(f"{len(single) - TOLD} more sentences changed")
    for kind, verb in GROUPS:
        texts = [one.after or one.before for one in operations if one.kind is kind and one.track not in NAMES]
        if texts:
            parts.append(_group(verb, texts))
    return parts


GROUPS = (
    (OperationKind.DELETE, "Removed"),
    (OperationKind.INSERT, "Added"),
    (OperationKind.MOVE, "Moved"),
)


def _gravity(operation: Operation) -> int:
    return min((RANK[one.reason] for one in find_reasons([operation])), default=len(RANK))


def _group(verb: str, texts: Sequence[str]) -> str:
    longest = max(texts, key=len)
    if len(texts) == 1:
        return f"{verb}: “{_short(longest)}”"
    return f"{verb} {len(texts)} sentences, among them “{_short(longest)}”"


def _single(operation: Operation) -> str:
    name = NAMES.get(operation.track)
    if name is None:
        return _sentence(operation)
    match operation.kind:
        case OperationKind.INSERT:
            return f"{name} added: “{_short(operation.after)}”"
        case OperationKind.DELETE:
            return f"{name} removed: “{_short(operation.before)}”"
        case OperationKind.MOVE:
            return f"{name} moved: “{_short(operation.after)}”"
    found = _merged(hunks(operation.before, operation.after), operation)
    if len(found) == 1 and likeness(operation.before, operation.after) >= REWORDED:
        return f"{name}: {_in_context(found[0], operation)}"
    return f"{name}: “{_short(operation.before, HEADLINE)}” → “{_short(operation.after, HEADLINE)}”"


def _sentence(operation: Operation) -> str:
    """Tell the gravest change of a sentence with the words around it."""
    found = _merged(hunks(operation.before, operation.after), operation)
    if not found:
        return f"Reworded: “{_short(operation.after)}”"
    reasons = [reason_of(one, operation.before, operation.after) for one in found]
    gravest = min(range(len(found)), key=lambda place: RANK[reasons[place]])
    label = _label(found[gravest], reasons[gravest])
    rest = len(found) - 1
    more = f" (and {rest} more {'change' if rest == 1 else 'changes'} in the sentence)" if rest else ""
    return f"{label}: {_in_context(found[gravest], operation)}{more}"


def _label(hunk: Hunk, reason: Reason) -> str:
    if reason is Reason.WORDS:
        before, after = ({word.casefold() for word in one} & HEDGES for one in (hunk.before, hunk.after))
        if after and not before:
            return "Softened"
        if before and not after:
            return "Hardened"
        if not hunk.before:
            return "Added"
        if not hunk.after:
            return "Removed"
    return LABELS.get(reason, "Changed")


def _merged(found: Sequence[Hunk], operation: Operation) -> list[Hunk]:
    """Join changes that only a few words stand between: they are read as one."""
    if not found:
        return []
    first, second = tokens(operation.before), tokens(operation.after)
    merged = [found[0]]
    for _, one in pairwise(found):
        last = merged[-1]
        if one.place[0] - last.place[1] > GAP:
            merged.append(one)
            continue
        place = (last.place[0], one.place[1], last.place[2], one.place[3])
        merged[-1] = Hunk(
            first[place[0] : place[1]], second[place[2] : place[3]], place, last.is_quoted or one.is_quoted
        )
    return merged


def _in_context(hunk: Hunk, operation: Operation, *, around: bool = True) -> str:
    """Return the changed words, old and new, between words that stayed."""
    old_from, old_to, new_from, new_to = hunk.place
    old, new = token_spans(operation.before), token_spans(operation.after)
    if old_from == old_to or new_from == new_to:
        # One word of both sides stands with the change: “accept” → “not accept” can be read, “” → “not” cannot.
        if old_to < len(old) and new_to < len(new):
            old_to, new_to = old_to + 1, new_to + 1
        elif old_from and new_from:
            old_from, new_from = old_from - 1, new_from - 1
    gone = _slice(operation.before, old, old_from, old_to)
    come = _slice(operation.after, new, new_from, new_to)
    changed = f"‘{_short(gone)}’ → ‘{_short(come)}’"
    if not around:
        return changed
    text, end = plain(operation.after), min(new_to + BEHIND, len(new))
    first = max(new_from - BEFORE, 0)
    left = text[new[first][0] : new[new_from][0]] if first < new_from < len(new) else ""
    right = text[new[new_to - 1][1] : new[end - 1][1]] if 0 < new_to < end else ""
    left = f"… {left}" if left and first else left
    return f"{left}{changed}{right}{' …' if right and end < len(new) else ''}"


def _slice(text: str, spans: Sequence[tuple[int, int]], start: int, end: int) -> str:
    return plain(text)[spans[start][0] : spans[end - 1][1]] if start < end else ""


def _retracts(delta: NoteDelta) -> bool:
    return NoteKind.RETRACTION in delta.note.kinds and delta.change is not NoteChange.REMOVED


def _retraction(notes: Sequence[NoteDelta]) -> list[str]:
    return [f"Retracted: “{_short(delta.note.text, HEADLINE)}”" for delta in notes if _retracts(delta)]


def _note(place: int, delta: NoteDelta, account: Account) -> str:
    kinds = tuple(kind for kind in delta.note.kinds if kind is not NoteKind.UPDATE) or delta.note.kinds
    name = " and ".join(KINDS.get(kind, str(kind)) for kind in kinds) or "note"
    claim = next((one.text for one in account.claims if one.note == place), "")
    clock = CLOCK.search(delta.note.text)
    at = f" ({clock.group().strip()})" if clock and delta.note.stated_at else ""
    if delta.before:
        return f"{name} reworded{at}: {_rewritten(delta.before, delta.note.text)}"
    return f"{name} {delta.change}{at}: “{_short(claim or delta.note.text)}”"


def _rewritten(before: str, after: str) -> str:
    """Tell what a note said and what it says: the words that changed, where it is the same note by and large."""
    operation = Operation(track=Track.NOTES, kind=OperationKind.REPLACE, before=before, after=after)
    found = _merged(hunks(before, after), operation)
    if found and likeness(before, after) >= REWORDED:
        rest = len(found) - 1
        more = f" (and {rest} more {'change' if rest == 1 else 'changes'} in it)" if rest else ""
        return _in_context(max(found, key=_size), operation) + more
    return f"“{_short(before)}” → “{_short(after)}”"


def _size(hunk: Hunk) -> int:
    return len(hunk.before) + len(hunk.after)


KINDS = {NoteKind.EDITOR_NOTE: "editor’s note", NoteKind.UPDATE: "update note"}


def _left_out(operations: Sequence[Operation], account: Account) -> str:
    first = operations[account.unsaid[0]]
    more = f" and {len(account.unsaid) - 1} more" if len(account.unsaid) > 1 else ""
    if first.kind is not OperationKind.REPLACE:
        return f"“{_short(first.before)}”{more}"
    if first.track in NAMES:
        return f"the new {NAMES[first.track].lower()}{more}"
    found = _merged(hunks(first.before, first.after), first)
    return (_in_context(found[0], first, around=False) if found else f"“{_short(first.after)}”") + more


def _short(text: str, words: int = WORDS) -> str:
    """Return the beginning of a text, cut between words."""
    pieces = text.split()
    if len(pieces) > words:
        return " ".join(pieces[:words]) + " …"
    longest = LETTERS * max(words // WORDS, 1)
    is_dense = len(word_key(text)) > 2 * len(pieces) + 4
    return text[:longest] + "…" if is_dense and len(text) > longest else text
