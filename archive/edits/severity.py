"""How much a change changes what is said: a fact, number, name, negation or quotation, or only the wording."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from rapidfuzz.distance import Indel, Levenshtein

from archive.edits.normalise import tokens
from archive.model import Operation, OperationKind, Severity

__all__ = ["Hunk", "hunks", "severity_of"]

#: Words that carry grammar rather than facts, in the languages that are met most.
GRAMMAR = frozenset(
    [
        "a",
        "an",
        "the",
        "this",
        "that",
        "these",
        "those",
        "of",
        "to",
        "in",
        "on",
        "at",
        "by",
        "for",
        "with",
        "from",
        "as",
        "and",
        "or",
        "but",
        "so",
        "then",
        "than",
        "is",
        "are",
        "was",
        "were",
        "be",
        "been",
        "being",
        "has",
        "have",
        "had",
        "do",
        "does",
        "did",
        "will",
        "would",
        "it",
        "its",
        "their",
        "his",
        "her",
        "they",
        "them",
        "he",
        "she",
        "we",
        "our",
        "you",
        "your",
        "i",
        "also",
        "just",
        "very",
        "which",
        "who",
        "whom",
        "whose",
        "there",
        "here",
        "der",
        "die",
        "das",
        "den",
        "dem",
        "des",
        "ein",
        "eine",
        "einen",
        "einem",
        "einer",
        "und",
        "oder",
        "aber",
        "in",
        "im",
        "an",
        "am",
        "auf",
        "zu",
        "zum",
        "zur",
        "von",
        "vom",
        "mit",
        "für",
        "als",
        "ist",
        "sind",
        "war",
        "waren",
        "wird",
        "el",
        "la",
        "los",
        "las",
        "un",
        "una",
        "unos",
        "unas",
        "de",
        "del",
        "y",
        "o",
        "en",
        "con",
        "por",
        "para",
        "al",
        "que",
        "se",
        "su",
        "sus",
        "es",
        "son",
        "fue",
        "le",
        "les",
        "du",
        "des",
        "et",
        "ou",
        "dans",
        "avec",
        "pour",
        "au",
        "aux",
        "il",
        "lo",
        "gli",
        "i",
        "uno",
        "di",
        "da",
        "e",
        "o",
        "che",
        "si",
        "een",
        "het",
        "de",
        "en",
        "van",
        "met",
        "voor",
    ]
)
NEGATIONS = frozenset(
    [
        "not",
        "no",
        "never",
        "none",
        "nobody",
        "nothing",
        "nor",
        "neither",
        "without",
        "cannot",
        "can't",
        "won't",
        "don't",
        "didn't",
        "doesn't",
        "isn't",
        "aren't",
        "wasn't",
        "weren't",
        "hasn't",
        "haven't",
        "couldn't",
        "wouldn't",
        "shouldn't",
        "nicht",
        "kein",
        "keine",
        "keinen",
        "keiner",
        "nie",
        "niemals",
        "ohne",
        "niemand",
        "nichts",
        "weder",
        "non",
        "pas",
        "jamais",
        "aucun",
        "aucune",
        "sans",
        "ni",
        "rien",
        "nunca",
        "ningún",
        "ninguna",
        "sin",
        "nadie",
        "nada",
        "tampoco",
        "jamás",
        "mai",
        "nessun",
        "nessuna",
        "senza",
        "não",
        "nem",
        "sem",
        "niet",
        "geen",
        "nooit",
        "zonder",
        "inte",
        "ingen",
        "aldrig",
        "ikke",
        "nie",
        "nigdy",
        "bez",
        "ne",
        "nikdy",
        "değil",
        "не",
        "нет",
        "никогда",
        "без",
    ]
)
NUMBER_WORDS = frozenset(
    [
        "one",
        "two",
        "three",
        "four",
        "five",
        "six",
        "seven",
        "eight",
        "nine",
        "ten",
        "eleven",
        "twelve",
        "dozen",
        "hundred",
        "thousand",
        "million",
        "billion",
        "trillion",
        "half",
        "twice",
        "third",
        "ein",
        "zwei",
        "drei",
        "vier",
        "fünf",
        "sechs",
        "sieben",
        "acht",
        "neun",
        "zehn",
        "elf",
        "zwölf",
        "hundert",
        "tausend",
        "million",
        "millionen",
        "milliarde",
        "milliarden",
        "uno",
        "dos",
        "tres",
        "cuatro",
        "cinco",
        "seis",
        "siete",
        "ocho",
        "nueve",
        "diez",
        "cien",
        "mil",
        "millón",
        "millones",
        "deux",
        "trois",
        "quatre",
        "cinq",
        "sept",
        "huit",
        "neuf",
        "dix",
        "cent",
        "mille",
        "monday",
        "tuesday",
        "wednesday",
        "thursday",
        "friday",
        "saturday",
        "sunday",
        "january",
        "february",
        "march",
        "april",
        "june",
        "july",
        "august",
        "september",
        "october",
        "november",
        "december",
    ]
)
IDEOGRAPH = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")
HAS_DIGIT = re.compile(r"\d|[%$€£¥]")
#: So many words added or taken inside a sentence are a statement of their own.
STATEMENT = 5


@dataclass(frozen=True, slots=True)
class Hunk:
    """One run of changed words inside a sentence."""

    before: tuple[str, ...]
    after: tuple[str, ...]


def hunks(before: str, after: str) -> list[Hunk]:
    """Return the runs of words that differ."""
    first, second = tokens(before), tokens(after)
    lower, upper = [word.casefold() for word in first], [word.casefold() for word in second]
    found: list[Hunk] = []
    gone: list[str] = []
    come: list[str] = []
    for code in Indel.opcodes(lower, upper):
        if code.tag == "equal":
            if gone or come:
                found.append(Hunk(tuple(gone), tuple(come)))
            gone, come = [], []
            continue
        gone += first[code.src_start : code.src_end]
        come += second[code.dest_start : code.dest_end]
    if gone or come:
        found.append(Hunk(tuple(gone), tuple(come)))
    return found


def severity_of(operations: Sequence[Operation]) -> Severity | None:
    """Return the severity of the gravest operation, or None when there is none."""
    if not operations:
        return None
    grave = any(_is_material(one) for one in operations)
    return Severity.MATERIAL if grave else Severity.MINOR


def _is_material(operation: Operation) -> bool:
    match operation.kind:
        case OperationKind.MOVE:
            return False
        case OperationKind.INSERT | OperationKind.DELETE:
            return len(tokens(operation.before or operation.after)) >= 3
    return any(_is_material_hunk(hunk, operation) for hunk in hunks(operation.before, operation.after))


def _is_material_hunk(hunk: Hunk, operation: Operation) -> bool:
    before, after = set(map(str.casefold, hunk.before)), set(map(str.casefold, hunk.after))
    changed = before ^ after
    if any(HAS_DIGIT.search(word) or word in NEGATIONS or word in NUMBER_WORDS for word in changed):
        return True
    if any(word.endswith("n't") for word in changed):
        return True
    if _is_spelling(hunk):
        return False
    substance = [
        word
        for word in (*hunk.before, *hunk.after)
        if word.casefold() in changed and word.casefold() not in GRAMMAR
    ]
    if not substance:
        return len(hunk.before) + len(hunk.after) >= STATEMENT + 2
    if any(_is_name(word, operation) for word in substance):
        return True
    if any(IDEOGRAPH.search(word) for word in substance):
        return len(substance) >= 2
    if not hunk.before or not hunk.after:
        return len(substance) >= 3
    return True


def _is_spelling(hunk: Hunk) -> bool:
    """Tell whether the same word was written differently: a slip, a hyphen, a joint."""
    one, other = "".join(hunk.before).casefold(), "".join(hunk.after).casefold()
    if one == other:
        return True
    if not one or not other or HAS_DIGIT.search(one + other):
        return False
    if len(hunk.before) != len(hunk.after) or len(hunk.before) > 2:
        return False
    # Two letters swapped count as one slip.
    slips = Levenshtein.distance(one, other)
    swapped = sorted(one) == sorted(other)
    return len(one) >= 3 and (slips <= 1 or swapped or (slips == 2 and min(len(one), len(other)) >= 6))


def _is_name(word: str, operation: Operation) -> bool:
    """Tell whether a word is written as a name, and not only because it begins its sentence."""
    if not word[:1].isupper() or len(word) < 2:
        return False
    openings = {(tokens(operation.before) or ("",))[0], (tokens(operation.after) or ("",))[0]}
    return word not in openings
