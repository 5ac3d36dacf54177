"""
Finds notes: sentences and paragraphs in which the publisher admits a change.

They are looked for in the whole document before any body is extracted, because extractors drop half of
those that stand outside the article's text.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

import lxml.html

from archive.model import Note, NoteKind, NotePosition
from archive.text.page import UNSEEN, tidy
from archive.text.stated import find_stated, without_times
from archive.text.wording import wording

__all__ = ["find_notes", "kinds_of", "note_elements"]

#: Elements that may be a note as a whole.
BLOCKS = (
    "p",
    "li",
    "div",
    "aside",
    "section",
    "small",
    "blockquote",
    "em",
    "i",
    "span",
    "td",
    "figcaption",
    "footer",
    "dd",
)
INSIDE = frozenset(
    {
        "p",
        "li",
        "div",
        "section",
        "ul",
        "ol",
        "article",
        "aside",
        "h1",
        "h2",
        "h3",
        "h4",
        "table",
        "blockquote",
        "footer",
        "main",
    }
)
ORDER = {kind: number for number, kind in enumerate(NoteKind)}
#: Where readers and robots speak, not the publisher.
ELSEWHERE = re.compile(
    r"(^|[\s_-])(comment|comments|commentlist|related\w*|trending|newsletter\w*|most-?read|recommend\w*|nav|menu|teaser\w*)($|[\s_-])",
    re.IGNORECASE,
)
LONGEST = 1800
BRACKETS = '【】[]()（）*_•–—-·:： \t"“”«»„'
#: Behind a label there must be a sign or a date that sets it off from a sentence that only begins with the word.
SET_OFF = re.compile(r"^\s*[】\])）]?\s*(?:[:：—–]|-\s|\(|,\s)|^\s*】")
FAR_COLON = re.compile(r"^[^.!?。:：]{0,70}[:：—–]\s|^[^.!?。]{0,70}[:：]")
QUOTED = re.compile(r"[“\"«„「『][^”\"»“」』]{0,600}[”\"»“」』]")
LETTERS = re.compile(r"[^\W\d_]+")
IDEOGRAPHS = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")
#: Newsletters, apps and products have updates too.
DECOYS = re.compile(
    r"\b(newsletter|sign up|subscribe|software update|windows update|update your|browser|breaking news alerts?|inbox|"
    r"send (us )?corrections?|report (an|a) (error|correction|typo)|spotted an error|see an error|request a correction|"
    r"fehler (gefunden|melden)|korrekturen? an|corrections?@|corrections policy|how we handle corrections)\b"
)


@dataclass(frozen=True, slots=True)
class _Candidate:
    element: lxml.html.HtmlElement
    text: str


def kinds_of(text: str) -> tuple[NoteKind, ...]:
    """Return what a text admits as a publisher's note; empty when it is none. Never raises."""
    lower = tidy(text).lower().replace("’", "'").strip(BRACKETS)
    if len(lower) > LONGEST or DECOYS.search(lower):
        return ()
    found: set[NoteKind] = set()
    words = wording()
    label = words.label.match(lower)
    behind = lower[label.end() :] if label else lower
    if label and _sets_off(behind) and _says_something(behind):
        found.add(words.kinds[label.group(1)])
    # What stands in quotation marks is somebody else's note. A label says whose the rest is.
    own = lower if found else QUOTED.sub(" ", lower)
    found |= {kind for phrase, kind in words.phrases if phrase.search(own)}
    if NoteKind.CLARIFICATION in found and not label:
        found.discard(NoteKind.UPDATE)
    return tuple(sorted(found, key=ORDER.__getitem__))


def _sets_off(behind: str) -> bool:
    return bool(SET_OFF.match(behind) or FAR_COLON.match(behind))


def _says_something(behind: str) -> bool:
    """Tell a note from a bare stamp: something is left when dates and times are taken away."""
    rest = without_times(behind)
    return len(LETTERS.findall(rest)) >= 4 or len(IDEOGRAPHS.findall(rest)) >= 6


def find_notes(paragraphs: Sequence[str], *, published_at: datetime | None = None) -> tuple[Note, ...]:
    """
    Find the paragraphs in which the publisher admits a change.

    Args:
        paragraphs: texts in the order of the page.
        published_at: anchors dates that state no year ("July 19th, 8:15 PM ET").
    """
    found = [_note(text, kinds, published_at) for text in paragraphs if (kinds := kinds_of(text))]
    return tuple(found)


def note_elements(
    tree: lxml.html.HtmlElement, published_at: datetime | None, body: Iterable[lxml.html.HtmlElement] = ()
) -> list[tuple[lxml.html.HtmlElement, Note]]:
    """
    Find a page's notes with the elements they stand in, in the order of the page.

    Args:
        tree: the whole document.
        published_at: anchors dates that state no year.
        body: paragraphs of the article in order; they tell where on the page a note stands.
    """
    found: list[tuple[lxml.html.HtmlElement, Note]] = []
    taken: set[lxml.html.HtmlElement] = set()
    seen: set[str] = set()
    paragraphs = list(body)
    for candidate in _candidates(tree):
        if any(one in taken for one in candidate.element.iterancestors()):
            continue
        kinds = kinds_of(candidate.text)
        key = candidate.text.lower()
        if not kinds or key in seen:
            continue
        seen.add(key)
        taken.add(candidate.element)
        note = _note(candidate.text, kinds, published_at)
        found.append((candidate.element, replace(note, position=_position(candidate.element, paragraphs))))
    return found


def _candidates(tree: lxml.html.HtmlElement) -> Iterator[_Candidate]:
    for element in tree.iter(*BLOCKS):
        if (
            element.tag in ("em", "i", "span")
            and element.getparent() is not None
            and element.getparent().tag in ("p", "li", "span", "em", "i", "a")
        ):
            continue
        if _is_elsewhere(element):
            continue
        if not any(isinstance(one.tag, str) and one.tag in INSIDE for one in element):
            yield from _leaf(element)
        elif (joined := _labelled_group(element)) is not None:
            yield joined


def _leaf(element: lxml.html.HtmlElement) -> Iterator[_Candidate]:
    text = tidy("".join(piece for piece in _texts(element)))
    if 12 <= len(text) <= LONGEST:
        yield _Candidate(element, text)


def _labelled_group(element: lxml.html.HtmlElement) -> _Candidate | None:
    """Join a label that stands in a heading of its own with the text below it."""
    children = [one for one in element if isinstance(one.tag, str) and one.tag not in UNSEEN]
    if not 2 <= len(children) <= 4 or element.tag in ("article", "main", "body"):
        return None
    head, *rest = (tidy(one.text_content()) for one in children)
    if not head or len(head) > 60 or sum(map(len, rest)) > LONGEST:
        return None
    bare = head.lower().replace("’", "'").strip(BRACKETS)
    label = wording().label.match(bare)
    if label is None or LETTERS.findall(without_times(bare[label.end() :]))[2:]:
        return None
    return _Candidate(element, f"{head.rstrip(':')}: {' '.join(one for one in rest if one)}")


def _texts(element: lxml.html.HtmlElement) -> Iterator[str]:
    if element.text:
        yield element.text
    for child in element:
        if isinstance(child.tag, str) and child.tag not in UNSEEN:
            if child.tag == "br":
                yield " "
            yield from _texts(child)
        if child.tail:
            yield child.tail


def _is_elsewhere(element: lxml.html.HtmlElement) -> bool:
    if any(
        ELSEWHERE.search(f"{one.get('class') or ''} {one.get('id') or ''}")
        for one in (element, *element.iterancestors())
        if one.tag not in ("body", "html")
    ):
        return True
    return any(
        one.tag in ("nav", "form", "a", "button", "h1", "h2") for one in (element, *element.iterancestors())
    )


def _position(element: lxml.html.HtmlElement, body: Sequence[lxml.html.HtmlElement]) -> NotePosition:
    if not body:
        return NotePosition.BOTTOM
    order = {one: number for number, one in enumerate(element.getroottree().iter())}
    here = order.get(element, 0)
    if here < order.get(body[0], 0):
        return NotePosition.TOP
    return NotePosition.INLINE if here < order.get(body[-1], 0) else NotePosition.BOTTOM


def _note(text: str, kinds: tuple[NoteKind, ...], published: datetime | None) -> Note:
    stated = find_stated(text, published)
    return Note(
        text=text,
        kinds=kinds,
        stated_at=stated.at if stated else None,
        stated_at_assumed=stated.assumed if stated else (),
    )
