"""
A picture of a changed headline: before above after, what went struck out, what came underlined.

SVG, so that the reader's own fonts draw every script; words are told apart by lines as well as by colour.
"""

import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from html import escape

from fastapi import APIRouter, Request
from starlette.exceptions import HTTPException
from starlette.responses import Response

from archive.edits import Segment, SegmentKind, word_diff
from archive.model import Event, Operation, Track
from archive.reading.lines import iso
from lateedition.web.api import archive_of
from lateedition.web.legible import clip, legible
from lateedition.web.snippets import badges

__all__ = ["headline_change", "picture_of", "router"]

router = APIRouter(include_in_schema=False)

#: Sizes in pixels, and letters of a line; a wide letter counts twice.
WIDTH, MARGIN, LINE, LETTERS = 800, 40, 42, 44
#: Letters of a headline that are drawn.
LONGEST = 300
INK, QUIET, PAPER, GONE, COME = "#1d1d1f", "#5c5c66", "#ffffff", "#a1260d", "#0b6b3a"
FONT = "Georgia,'Times New Roman','Noto Serif',serif"


@dataclass(frozen=True, slots=True)
class _Word:
    text: str
    is_changed: bool


@router.api_route("/picture/{event_id}.svg", methods=["GET", "HEAD"])
def picture(request: Request, event_id: str) -> Response:
    """Draw the headline before and after an event."""
    event = archive_of(request).event(event_id)
    operation = headline_change(event)
    if operation is None:
        raise HTTPException(404, f"{event_id}: this event changed no headline")
    return Response(picture_of(event, operation), media_type="image/svg+xml")


def headline_change(event: Event) -> Operation | None:
    """Return how the headline changed, or None."""
    return next((one for one in event.operations if one.track is Track.HEADLINE), None)


def picture_of(event: Event, operation: Operation) -> str:
    """Return the picture as SVG."""
    segments = word_diff(operation.before, operation.after)
    before = _lines(_words(segments, SegmentKind.DELETE))
    after = _lines(_words(segments, SegmentKind.INSERT))
    drawn: list[str] = []
    y = MARGIN + 18
    drawn.append(_text(f"{event.source} changed a headline", y, size=20, fill=QUIET))
    for label, lines, colour, line in (
        ("Before", before, GONE, "line-through"),
        ("After", after, COME, "underline"),
    ):
        y += LINE
        drawn.append(_text(label, y, size=18, fill=QUIET))
        for words in lines:
            y += LINE
            drawn.append(_headline(words, y, colour, line))
        y += 12
    y += LINE
    said = [badge.text for badge in badges(event)]
    drawn.append(_text(" · ".join([f"{iso(event.first_seen_at)}", *said]), y, size=16, fill=QUIET))
    height = y + MARGIN
    title = f"“{operation.before}” became “{operation.after}”"
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH}" height="{height}" viewBox="0 0 {WIDTH} {height}"'
        f' role="img" font-family="{FONT}"><title>{_safe(title)}</title>'
        f'<rect width="{WIDTH}" height="{height}" fill="{PAPER}"/>{"".join(drawn)}</svg>'
    )


def _words(segments: Iterable[Segment], side: SegmentKind) -> Iterator[_Word]:
    """Yield a side's words with the space behind each; scripts without spaces are cut anywhere."""
    letters = 0
    for segment in segments:
        if segment.kind not in (SegmentKind.EQUAL, side):
            continue
        for text in _pieces(segment.text):
            letters += len(text)
            if letters > LONGEST:
                yield _Word("…", is_changed=False)
                return
            yield _Word(text, segment.kind is side)


def _pieces(text: str) -> Iterator[str]:
    piece = ""
    for letter in legible(text):
        piece += letter
        if letter.isspace() or _width(letter) == 2:
            yield piece
            piece = ""
    if piece:
        yield piece


def _lines(words: Iterable[_Word]) -> list[list[_Word]]:
    lines: list[list[_Word]] = [[]]
    width = 0
    for word in words:
        wide = sum(map(_width, word.text))
        if lines[-1] and width + wide > LETTERS + 1:
            lines.append([])
            width = 0
        lines[-1].append(word if wide <= LETTERS else _Word(clip(word.text, LETTERS), word.is_changed))
        width += wide
    return lines


def _width(letter: str) -> int:
    return 2 if unicodedata.east_asian_width(letter) in "WF" else 0 if unicodedata.combining(letter) else 1


def _headline(words: list[_Word], y: int, colour: str, line: str) -> str:
    is_rtl = any(unicodedata.bidirectional(letter) in ("R", "AL") for word in words for letter in word.text)
    spans = "".join(
        f'<tspan fill="{colour}" text-decoration="{line}">{_safe(word.text)}</tspan>'
        if word.is_changed
        else _safe(word.text)
        for word in words
    )
    place = f'x="{WIDTH - MARGIN}" direction="rtl"' if is_rtl else f'x="{MARGIN}"'
    return f'<text {place} y="{y}" font-size="32" fill="{INK}" xml:space="preserve">{spans}</text>'


def _text(text: str, y: int, *, size: int, fill: str) -> str:
    return f'<text x="{MARGIN}" y="{y}" font-size="{size}" fill="{fill}" font-family="sans-serif">{_safe(clip(text, 90))}</text>'


def _safe(text: str) -> str:
    return escape(legible(text))
