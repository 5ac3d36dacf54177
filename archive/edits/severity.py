"""
How much a change changes what is said, and why.

A number, a name, a negation, a quotation, a whole statement, or only the wording: the reasons are kept, gravest first.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from itertools import chain, pairwise

from archive.edits.hunks import HAS_DIGIT, Hunk, hunks, is_spelling, plain_number, without_addresses
from archive.edits.lexicon import GRAMMAR, NEGATIONS, NUMBERS, SAYING, TIMES
from archive.edits.normalise import tokens, word_key
from archive.edits.sentences import is_prose
from archive.model import Operation, OperationKind, Severity

__all__ = [
    "RANK",
    "Finding",
    "Reason",
    "find_reasons",
    "is_material",
    "reason_of",
    "reasons_of",
    "severity_of",
]

IDEOGRAPH = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")
#: So many words of substance added or taken inside a sentence are a statement of their own.
STATEMENT = 3
#: So many words of grammar alone are more than grammar.
MUCH_GRAMMAR = 7
#: Share of capitals from which they mark no names.
CAPITALS = 0.25
#: The same from which a line is in title case.
TITLE_CASE = 0.6
#: So many separate words with capitals there must be: one name of two words is one.
RUNS = 3
#: Reasons that are kept, and words of each.
KEPT, WORDS = 6, 8


class Reason(StrEnum):
    """What kind of change it is, gravest first."""

    NEGATION = "negation"
    NUMBER = "number"
    QUOTATION = "quotation"
    ATTRIBUTION = "attribution"
    NAME = "name"
    DATE = "date"
    REMOVED = "statement removed"
    ADDED = "statement added"
    WORDS = "words"
    # From here on nothing that is said has changed.
    WORDING = "wording"
    SPELLING = "spelling"
    LINE = "line"
    ORDER = "order"


#: Amounts that have no digits.
AMOUNTS = frozenset(NUMBERS.values())
LIGHT = frozenset({Reason.WORDING, Reason.SPELLING, Reason.LINE, Reason.ORDER})
RANK = {reason: number for number, reason in enumerate(Reason)}


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that a change did."""

    reason: Reason
    before: str = ""
    after: str = ""

    def __str__(self) -> str:
        """Say it in a few words."""
        if self.before and self.after:
            return f"{self.reason}: “{self.before}” → “{self.after}”"
        said = self.before or self.after
        return f"{self.reason}: “{said}”" if said else str(self.reason)


def severity_of(findings: Sequence[Finding]) -> Severity | None:
    """Return the severity of the gravest finding, or None when there is none."""
    return _severity(findings) if findings else None


def is_material(operation: Operation) -> bool:
    """Tell whether one operation changes what is said."""
    return _severity(_findings(operation)) is Severity.MATERIAL


def _severity(findings: Iterable[Finding]) -> Severity:
    return Severity.MATERIAL if any(one.reason not in LIGHT for one in findings) else Severity.MINOR


def reasons_of(findings: Iterable[Finding]) -> tuple[str, ...]:
    """Say why the change is as grave as it is, each reason once, as far as they are kept."""
    told: dict[str, None] = {}
    for one in findings:
        if len(told) == KEPT:
            break
        told[str(one)] = None
    return tuple(told)


def find_reasons(operations: Sequence[Operation]) -> list[Finding]:
    """Return what the operations did, gravest first."""
    if not operations:
        return []
    if _only_rearranged(operations):
        return [Finding(Reason.ORDER)]
    found = list(chain.from_iterable(map(_findings, operations)))
    return found if len(found) == 1 else sorted(found, key=lambda finding: RANK[finding.reason])


def _only_rearranged(operations: Sequence[Operation]) -> bool:
    """Tell whether the same words stand there in another arrangement: moved, split, joined, made a heading."""
    if all(one.kind is OperationKind.REPLACE for one in operations):
        return False
    changed = [one for one in operations if one.kind is not OperationKind.MOVE]
    gone, come = [word_key(one.before) for one in changed], [word_key(one.after) for one in changed]
    if sum(map(len, gone)) != sum(map(len, come)):
        return False
    return Counter(chain.from_iterable(gone)) == Counter(chain.from_iterable(come))


@lru_cache(maxsize=4096)
def _findings(operation: Operation) -> tuple[Finding, ...]:
    match operation.kind:
        case OperationKind.MOVE:
            return (Finding(Reason.ORDER, after=_short(operation.after)),)
        case OperationKind.INSERT:
            return (Finding(_of_statement(operation.after, Reason.ADDED), after=_short(operation.after)),)
        case OperationKind.DELETE:
            return (
                Finding(_of_statement(operation.before, Reason.REMOVED), before=_short(operation.before)),
            )
    before, after = without_addresses(operation.before), without_addresses(operation.after)
    found = tuple(_of_hunk(hunk, before, after) for hunk in hunks(before, after))
    return found or (Finding(Reason.WORDING),)


def _of_statement(text: str, reason: Reason) -> Reason:
    """A heading or a label says nothing by itself; a line with a figure or a negation does."""
    words = word_key(text)
    if is_prose(text) or any(_is_fact(word) for word in words):
        return reason
    if IDEOGRAPH.search(text):
        return reason if len(words) >= 12 else Reason.LINE
    return reason if len(words) >= 10 else Reason.LINE


def _is_fact(word: str) -> bool:
    return bool(HAS_DIGIT.search(word)) or word in NEGATIONS or word.endswith("n't")


def _of_hunk(hunk: Hunk, before: str, after: str) -> Finding:
    reason = reason_of(hunk, before, after)
    return Finding(reason, " ".join(hunk.before[:WORDS]), " ".join(hunk.after[:WORDS]))


def reason_of(hunk: Hunk, before: str, after: str) -> Reason:
    """Say what kind of change a run of words is, in its sentences."""
    changed = _other_words(hunk)
    weights = {_weight(word) for word in changed}
    if Reason.NEGATION in weights:
        return Reason.NEGATION
    if Reason.NUMBER in weights:
        return Reason.NUMBER
    if not changed:
        return Reason.WORDING
    if is_spelling(hunk):
        return Reason.NAME if _renames(hunk, before, after) else Reason.SPELLING
    substance = [word for word in _changed_words(hunk, changed) if word.casefold() not in GRAMMAR]
    if hunk.is_quoted and substance:
        return Reason.QUOTATION
    if any(_is_name(word, before, after) for word in substance):
        if _all_capitals_alike(after) and hunk.before and hunk.after and not _is_whole_name(hunk, after):
            return Reason.WORDS
        return Reason.ATTRIBUTION if _speaks(before, after) else Reason.NAME
    if any(word.casefold() in TIMES for word in substance):
        return Reason.DATE
    return _of_wording(hunk, substance)


@lru_cache(maxsize=8192)
def _weight(word: str) -> Reason | None:
    """Tell a word that is a fact by itself."""
    if word in NEGATIONS or word.endswith("n't"):
        return Reason.NEGATION
    return Reason.NUMBER if HAS_DIGIT.search(word) or word in AMOUNTS else None


def _other_words(hunk: Hunk) -> set[str]:
    """Return the words of which there are more on one side than on the other."""
    old = [plain_number(word.casefold()) for word in hunk.before]
    new = [plain_number(word.casefold()) for word in hunk.after]
    before, after = set(old), set(new)
    if len(before) == len(old) and len(after) == len(new):
        return before ^ after
    had, has = Counter(old), Counter(new)
    return set((had - has) + (has - had))


def _of_wording(hunk: Hunk, substance: Sequence[str]) -> Reason:
    if not substance:
        much = len(hunk.before) + len(hunk.after) >= MUCH_GRAMMAR
        return Reason.WORDS if much else Reason.WORDING
    if any(IDEOGRAPH.search(word) for word in substance):
        return Reason.WORDS if len(substance) >= 2 else Reason.WORDING
    if not hunk.before or not hunk.after:
        return Reason.WORDS if len(substance) >= STATEMENT else Reason.WORDING
    return Reason.WORDS


def _changed_words(hunk: Hunk, changed: set[str]) -> Iterator[str]:
    return (word for word in (*hunk.before, *hunk.after) if plain_number(word.casefold()) in changed)


def _speaks(before: str, after: str) -> bool:
    return not SAYING.isdisjoint(word_key(before)) or not SAYING.isdisjoint(word_key(after))


def _renames(hunk: Hunk, before: str, after: str) -> bool:
    """Tell whether a name is spelled with other letters; marks, hyphens and case are the same name."""
    if "".join(hunk.before).casefold() == "".join(hunk.after).casefold() or _all_capitals_alike(after):
        return False
    return all(
        _is_name(former, before, after) and _is_name(latter, before, after)
        for former, latter in zip(hunk.before, hunk.after, strict=False)
        if former.casefold() != latter.casefold()
    )


def _all_capitals_alike(sentence: str) -> bool:
    """Tell whether capitals mark more than names here: nouns of German, or a headline in title case."""
    capitals = [word[:1].isupper() for word in tokens(sentence)[1:] if word[:1].isalpha()]
    runs = sum(this and not last for last, this in pairwise([False, *capitals]))
    return sum(capitals) > CAPITALS * len(capitals) and (
        runs >= RUNS or sum(capitals) > TITLE_CASE * len(capitals)
    )


def _is_whole_name(hunk: Hunk, sentence: str) -> bool:
    """
    Tell whether two names stand for each other where capitals mark other words, too.

    Nouns of one sentence seldom stand side by side without a word between them, given name and surname always do. In
    a headline in title case that says nothing.
    """
    if _share_of_capitals(sentence) > TITLE_CASE:
        return False
    return all(
        len(words) > 1 and all(word[:1].isupper() and word.casefold() not in TIMES for word in words)
        for words in (hunk.before, hunk.after)
    )


def _share_of_capitals(sentence: str) -> float:
    capitals = [word[:1].isupper() for word in tokens(sentence)[1:] if word[:1].isalpha()]
    return sum(capitals) / max(len(capitals), 1)


def _is_name(word: str, before: str, after: str) -> bool:
    """Tell whether a word is written as a name, and not only because it begins its sentence."""
    if not word[:1].isupper() or len(word) < 2:
        return False
    openings = {(tokens(before) or ("",))[0], (tokens(after) or ("",))[0]}
    return word not in openings


def _short(text: str) -> str:
    words = text.split()
    return " ".join(words[:WORDS]) + (" …" if len(words) > WORDS else "")
