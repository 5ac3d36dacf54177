"""
Finds notes: sentences and paragraphs in which the publisher admits a change.

They are looked for in the whole page before any body is extracted, because extractors drop half of those
that stand outside the article's text. A note is known by its label, set off from what follows; or by a
sentence in which an article speaks of itself and of its change.
"""

import re
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise

from archive.model import Note, NoteKind
from archive.text.outline import Block, Element, Outline, tidy
from archive.text.stamps import find_own_time
from archive.text.stated import without_times
from archive.text.wording import Language, wording

__all__ = ["Harvest", "find_notes", "harvest_notes", "kinds_of", "may_admit"]

ORDER = {kind: number for number, kind in enumerate(NoteKind)}
#: Where readers and robots speak, not the publisher.
ELSEWHERE = frozenset({
    "comments", "related", "navigation", "newsletter", "advert", "control", "share", "tags", "hidden", "noscript", "headline",
})  # fmt: skip
LONGEST = 1800
SHORTEST = 12
#: A label's line is not longer.
LONGEST_LABEL = 60
BRACKETS = "【】[]()（）{}*_•–—-·:：/ \t\"“”«»„'‘’"
#: Elements, and names of elements, that set a note's paragraphs apart from the article's.
OWN_BOXES = frozenset({"aside", "details", "footer", "ul", "ol", "blockquote", "dl"})
NAMED = re.compile(
    r"correction|clarification|errat|note\b|update|korrektur|rectif|correcc|aktualis|retract", re.IGNORECASE
)
LABEL_TAGS = frozenset({"h2", "h3", "h4", "h5", "h6", "summary", "dt", "legend", "th"})
#: What may stand in front of a label: a season, a date, a sign.
DATED = re.compile(
    r"^(?:(?:spring|summer|autumn|fall|winter|[^\W\d_]{3,12})\.? \d{4}|\d{1,4}[./-]\d{1,2}[./-]\d{2,4})[ ,:–—-]*"
)
#: Behind a label there must be a sign that sets it off from a sentence that only begins with the word.
SET_OFF = re.compile(r"^\s*[】\])）]?\s*(?:[:：—–|]|-\s|】|\]|\)\s)")
OPENING = frozenset("([（【")
SEPARATOR = re.compile(r"[:：—–|】\]）)]|\s-\s")
CLOSING = re.compile(r"^[^)\]】）]{0,60}[)\]】）]\s*\S")
#: A label in capitals in the middle of a paragraph.
SHOUTED = re.compile(r"[(\[]?[^\W\d_a-zß-öø-ÿ]{4,}\b[^.!?\n]{0,30}[:：]")
IN_BRACKETS = re.compile(r"[(\[（【]([^()\[\]（）【】]{6,90})[)\]）】]")
QUOTED = re.compile(r"[“\"«„「『‘][^”\"»“」』’]{0,600}[”\"»“」』’]")
SENTENCE = re.compile(r"(?<=[^\d\W][.!?…])[\"”»’)\]]?\s+(?=[^\s\d])|(?<=[。！？])\s*")
LETTERS = re.compile(r"[^\W\d_]+")
IDEOGRAPHS = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")
ADDRESS = re.compile(r"\S@\S|https?://")
#: Between a label and its sign stand dates, and words no longer than this.
SMALL = 4


@dataclass(frozen=True, slots=True)
class Harvest:
    """The notes of a page, and what of its text they are."""

    notes: tuple[tuple[Note, Block], ...]
    #: Numbers of the blocks that are notes from end to end.
    whole: frozenset[int]
    #: Number of a block → what stands in it in front of a note.
    parts: dict[int, str]


@dataclass(frozen=True, slots=True)
class _Reading:
    """What a text is as a note: its kinds, and what stands in front of it."""

    kinds: tuple[NoteKind, ...]
    before: str
    text: str


def kinds_of(text: str) -> tuple[NoteKind, ...]:
    """Return what a text admits as a publisher's note; empty when it is none. Never raises."""
    found = _read(tidy(text))
    return found.kinds if found is not None and not found.before else ()


def find_notes(paragraphs: Sequence[str], *, published_at: datetime | None = None) -> tuple[Note, ...]:
    """
    Find the paragraphs in which the publisher admits a change.

    Args:
        paragraphs: texts in the order of the page.
        published_at: anchors dates that state no year ("July 19th, 8:15 PM ET").
    """
    found = (_read(tidy(text)) for text in paragraphs)
    return tuple(_note(one.text, one.kinds, published_at) for one in found if one is not None)


def harvest_notes(outline: Outline, published_at: datetime | None) -> Harvest:
    """
    Find a page's notes, in the order of the page.

    Args:
        outline: the page with its surroundings marked.
        published_at: anchors dates that state no year.
    """
    notes: list[tuple[Note, Block]] = []
    whole: set[int] = set()
    parts: dict[int, str] = {}
    seen: set[str] = set()
    for block in _candidates(outline):
        if block.number in whole:
            continue
        joined = _joined(outline, block)
        text = tidy(" ".join(one.text for one in joined)) if len(joined) > 1 else block.text
        if len(joined) > 1 and LETTERS.search(block.text[-1:]):
            text = f"{block.text}: {tidy(' '.join(one.text for one in joined[1:]))}"
        found = _read(text, label=_set_off_by_markup(outline, block))
        if found is None:
            continue
        key = found.text.lower()
        if found.before:
            parts[block.number] = found.before
        else:
            whole |= {one.number for one in joined}
        if key not in seen:
            seen.add(key)
            notes.append((_note(found.text, found.kinds, published_at), block))
    return Harvest(tuple(notes), frozenset(whole), parts)


def may_admit(line: str) -> bool:
    """Tell whether a line could be a note, or a part of one: it has a label at its beginning or a stem in it."""
    lower = line.lower()
    return bool(wording().labels.at_start(_bare(lower[:LONGEST_LABEL]))) or wording().stems.any_in(lower)


def _candidates(outline: Outline) -> list[Block]:
    """Return blocks with a label at their beginning or a stem of a note in them."""
    blocks = [
        block
        for block in outline.blocks
        if block.element.mark not in ELSEWHERE
        and SHORTEST / 4 <= len(block.text) <= 3 * LONGEST
        and (not block.is_linked or block.linked < SHORTEST)
        and block.element.tag not in ("h1", "a")
    ]
    lowers = [block.text.lower() for block in blocks]
    starts: list[int] = []
    at = 0
    for lower in lowers:
        starts.append(at)
        at += len(lower) + 1
    labels = wording().labels
    chosen = {
        number
        for number, lower in enumerate(lowers)
        if lower[:1] in OPENING or labels.at_start(_bare(lower[:LONGEST_LABEL]))
    }
    whole = "\n".join(lowers)
    chosen.update(bisect_right(starts, end) - 1 for end in wording().stems.places(whole))
    chosen |= _with_markup(outline, blocks)
    return [blocks[number] for number in sorted(chosen)]


def _with_markup(outline: Outline, blocks: Sequence[Block]) -> set[int]:
    """Return the indices of blocks in the middle of which a label is set in bold or italics."""
    labels = wording().labels
    starts = [block.start for block in blocks]
    found = set()
    for element in outline.elements:
        if (
            element.tag in ("strong", "b", "em", "i", "u")
            and not element.mark
            and 0 < element.end - element.start <= 3
        ):
            text = outline.text(element)
            if len(text) <= LONGEST_LABEL and labels.at_start(_bare(text.lower())):
                found.add(max(0, bisect_right(starts, element.start) - 1))
    return found


def _bare(lower: str) -> str:
    return lower.replace("’", "'").lstrip(BRACKETS)


def _joined(outline: Outline, block: Block) -> list[Block]:
    """Return a block and those behind it that are of the same note."""
    if _is_label_alone(block) and not block.linked:
        return [block, *_below(outline, block)]
    if (box := _own_box(outline, block)) is None or not (
        box.tag in OWN_BOXES or NAMED.search(box.name) or box.attributes.get("role") == "note"
    ):
        return [block]
    rest = outline.inside(box)[1:]
    if all(
        not one.is_linked and not wording().labels.at_start(_bare(one.text.lower())) and one.weight > 20
        for one in rest
    ):
        return [block, *rest]
    return [block]


def _is_label_alone(block: Block) -> bool:
    """Tell a line that is a label and nothing else. With a date it is a stamp, unless it is set as a heading."""
    text = block.text
    if len(text) > LONGEST_LABEL:
        return False
    bare = _bare(text.lower())
    label = wording().labels.at_start(bare)
    behind = bare[len(label) :].strip(BRACKETS)
    if not label or wording().ages.search(behind):
        return False
    is_heading = block.element.tag in LABEL_TAGS or text.rstrip()[-1:] in ":："
    return not behind or (
        is_heading and not [word for word in _words(without_times(behind)) if len(word) > SMALL]
    )


def _below(outline: Outline, block: Block) -> list[Block]:
    """Return what a label that stands by itself is about: the rest of its box, or the next paragraph."""
    box = _own_box(outline, block)
    if box is not None:
        return [one for one in outline.inside(box)[1:] if not one.is_linked]
    following = outline.blocks[block.number + 1 : block.number + 2]
    return [
        one
        for one in following
        if one.weight >= 20 and not one.is_linked and one.element.mark not in ELSEWHERE
    ]


def _own_box(outline: Outline, block: Block) -> Element | None:
    """Return the element that begins with this block, holds more, and is short enough to be its note alone."""
    for above in (block.element, *block.element.above()):
        if above.tag in ("article", "main", "body", "html"):
            break
        inside = outline.inside(above)
        if inside[0] is not block or len(inside) > 5 or sum(len(one.text) for one in inside) > LONGEST:
            break
        if len(inside) > 1:
            return above
    return None


def _set_off_by_markup(outline: Outline, block: Block) -> int:
    """Return how many characters at a block's beginning are set off by markup of their own; 0 for none."""
    for number in range(block.element.number + 1, min(block.element.last, block.element.number + 4) + 1):
        element = outline.elements[number]
        if (
            element.tag in ("strong", "b", "em", "i", "span", "u")
            and block.start <= element.start <= block.start + 1
        ):
            text = outline.text(element)
            if 0 < len(text) <= LONGEST_LABEL and text != block.text and block.text.startswith(text):
                return len(text)
    return 0


def _read(text: str, *, label: int = 0) -> _Reading | None:
    """Read a text as a note: by its label, by a label in brackets, or by its sentences."""
    if not SHORTEST <= len(text) <= 3 * LONGEST:
        return None
    lower = text.lower().replace("’", "'")
    labelled = _labelled(lower, label)
    if labelled is not None:
        if len(text) > LONGEST or _invites(lower):
            return None
        return _Reading(_kinds(labelled, _admitted(lower)), "", text)
    if (bracketed := _in_brackets(lower)) is not None:
        return _Reading(_kinds(bracketed, _admitted(lower)), "", text)
    return _by_sentence(text, lower)


def _labelled(lower: str, marked: int) -> NoteKind | None:
    bare = lower.lstrip(BRACKETS)
    label = wording().labels.at_start(bare)
    if not label and (dated := DATED.match(bare)):
        bare = bare[dated.end() :]
        label = wording().labels.at_start(bare)
    if not label:
        return None
    behind = bare[len(label) :]
    if not _says_something(behind) or (wording().kinds[label] is NoteKind.UPDATE and _is_stamp(behind)):
        return None
    if marked and len(lower) - len(behind) <= marked + 1 and not behind[:1].isspace() | behind[1:2].isalpha():
        return wording().kinds[label]
    return wording().kinds[label] if _sets_off(behind, marked - (len(lower) - len(behind))) else None


def _sets_off(behind: str, marked: int) -> bool:
    """Tell whether what follows a label shows that it is one: a sign, perhaps behind a date, or markup's end."""
    if SET_OFF.match(behind) or CLOSING.match(behind):
        return True
    sign = SEPARATOR.search(behind[:80])
    while sign is not None:
        between = without_times(behind[: sign.start()])
        words = _words(between)
        most = 4 if sign.group() in ":：" or between != behind[: sign.start()] else 0
        if len(words) <= most and all(len(word) <= SMALL for word in words):
            return True
        sign = SEPARATOR.search(behind, sign.end()) if sign.end() < 80 else None
    if 0 <= marked <= LONGEST_LABEL:
        # Set in bold or italics, up to a date or to the text.
        return all(len(word) <= SMALL for word in _words(without_times(behind[:marked])))
    return False


def _words(text: str) -> list[str]:
    return LETTERS.findall(text)


def _says_something(behind: str) -> bool:
    """Tell a note from a bare stamp: something is left when dates, times and small words are taken away."""
    rest = without_times(behind)
    ideographs = len(IDEOGRAPHS.findall(rest))
    telling = [word for word in _words(rest) if len(word) > SMALL or word.isupper()]
    sign = SEPARATOR.search(rest)
    said = _words(rest[sign.end() :]) if sign else []
    return ideographs >= 6 or len(telling) >= 3 or (len(said) >= 2 and bool(telling))


def _is_stamp(behind: str) -> bool:
    """Tell a date line with something beside it: "Updated: January 16, 2020 Mike Blake"."""
    colon = re.match(r"\s*[:：]\s*", behind)
    if colon is None:
        return False
    rest = behind[colon.end() :]
    dated = without_times(rest[:40])
    return (
        dated != rest[:40]
        and not LETTERS.match(dated.lstrip()[:1] if rest[:1].isalpha() and dated[:1] == rest[:1] else "")
        and not SEPARATOR.search(rest[:60])
    )


def _invites(lower: str) -> bool:
    """Tell an invitation to report errors, to subscribe, to install: it uses the words of notes."""
    return bool(wording().invitations.search(lower)) and not _admitted(lower)


def _in_brackets(lower: str) -> NoteKind | None:
    """Find a label with a date in brackets within a short line: "Two flaws (Updated 29-September-2017 - assigned)"."""
    if len(lower) > 200:
        return None
    for found in IN_BRACKETS.finditer(lower):
        inner = found.group(1).strip()
        label = wording().labels.at_start(inner)
        if (
            label
            and without_times(inner[len(label) :]) != inner[len(label) :]
            and (found.start() > 0 or found.end() < len(lower))
        ):
            return wording().kinds[label]
    return None


def _by_sentence(text: str, lower: str) -> _Reading | None:
    """Find the first sentence that admits a change; it and what follows are the note."""
    # What stands in quotation marks is somebody else's.
    own = QUOTED.sub(lambda found: " " * len(found.group()), lower)
    if not (_admitted(own) or SHOUTED.search(text)) or _invites_only(own):
        return None
    seams = [0, *(seam.end() for seam in SENTENCE.finditer(text)), len(text)]
    for start, end in pairwise(seams):
        if _admitted(own[start:end]) or (
            start and SHOUTED.match(text[start:]) and _labelled(lower[start:], 0)
        ):
            note, before = text[start:].strip(), text[:start].strip()
            break
    else:
        if not _admitted(own):
            return None
        note, before = text, ""
    if len(note) > LONGEST or (before and len(seams) > 12 and len(note) > len(before)):
        return None
    # A sentence or two in front of the admission are its beginning, not a paragraph of the article.
    if before and len(before) < 60:
        note, before = text, ""
    labelled = _labelled(note.lower().replace("’", "'"), 0)
    return _Reading(_kinds(labelled, _admitted(note.lower().replace("’", "'"))), before, note)


def _invites_only(own: str) -> bool:
    return bool(wording().invitations.search(own)) and bool(ADDRESS.search(own))


def _admitted(lower: str) -> frozenset[NoteKind]:
    """Return what the sentences of a text admit."""
    spoken = wording().stems.languages(lower)
    found: set[NoteKind] = set()
    for language in wording().languages if spoken else ():
        if language.code in spoken:
            found |= _admitted_in(language, lower)
    return frozenset(found)


def _admitted_in(language: Language, lower: str) -> set[NoteKind]:
    found = {kind for kind, phrase in language.phrases if phrase.search(lower)}
    for sentence in SENTENCE.split(lower):
        own, earlier = language.own.search(sentence), language.earlier.search(sentence)
        if not own and not earlier:
            continue
        changed = {kind for kind, words in language.changed if words.search(sentence)}
        if own or (earlier and NoteKind.CORRECTION in changed):
            found |= changed
            if own and earlier and not changed & {NoteKind.CLARIFICATION, NoteKind.RETRACTION}:
                found.add(NoteKind.CORRECTION)
    return found


def _kinds(label: NoteKind | None, admitted: frozenset[NoteKind]) -> tuple[NoteKind, ...]:
    """Put together what a label says and what the text admits."""
    if label in (NoteKind.CORRECTION, NoteKind.CLARIFICATION, NoteKind.RETRACTION):
        # The label says it; that something "has been updated" for it is no second kind.
        found = {label} | (admitted & {NoteKind.RETRACTION})
    else:
        found = set(admitted) | ({label} if label else set())
        if NoteKind.CLARIFICATION in found and label is None:
            found.discard(NoteKind.UPDATE)
        if NoteKind.RETRACTION in found:
            found -= {NoteKind.UPDATE}
    return tuple(sorted(found, key=ORDER.__getitem__))


def _note(text: str, kinds: tuple[NoteKind, ...], published: datetime | None) -> Note:
    stated = find_own_time(text, published)
    return Note(
        text=text,
        kinds=kinds,
        stated_at=stated.at if stated else None,
        stated_at_assumed=stated.assumed if stated else (),
    )
