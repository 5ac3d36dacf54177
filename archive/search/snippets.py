"""Quotes the place of a text where a query is answered, with the hits marked."""

import unicodedata
from collections.abc import Sequence

from archive.search.fields import Fields
from archive.search.matching import hits
from archive.search.query import Leaf, Query, leaves
from archive.search.tokens import spans

__all__ = ["CLOSE", "GAP", "OPEN", "snippet"]

OPEN, CLOSE = "[[", "]]"
#: Stands where text was left out.
GAP = "…"
#: Characters quoted around hits, and how many pieces at most.
WIDTH, PIECES = 160, 2


def snippet(query: Query, fields: Fields, *, width: int = WIDTH) -> str:
    """
    Quote the text around the hits of a query, `[[hit]]` by hit.

    The body is quoted where it holds a hit, else the headline, else how the text begins.
    """
    wanted = leaves(query)
    body = [one for one in wanted if not one.in_headline]
    quoted = _best(body, fields.body, width) or _best(wanted, fields.headline, width)
    if quoted:
        return quoted
    first = next(iter((*fields.body, *fields.headline)), "")
    return _cut(unicodedata.normalize("NFC", first), 0, width, ())


def _best(wanted: Sequence[Leaf], pieces: Sequence[str], width: int) -> str:
    """Quote the pieces that hold most of what is wanted."""
    if not wanted:
        return ""
    windows: list[tuple[int, int, str]] = []
    for place, piece in enumerate(pieces):
        text = unicodedata.normalize("NFC", piece)
        found = hits(wanted, spans(text))
        if found:
            count, quoted = _window(text, found, width)
            windows.append((-count, place, quoted))
    if not windows:
        return ""
    windows.sort()
    enough = windows[:1] if -windows[0][0] >= len(wanted) else windows[:PIECES]
    pieces = [quoted for _, _, quoted in sorted(enough, key=lambda one: one[1])]
    return (
        pieces[0]
        if len(pieces) == 1
        else f"{pieces[0].removesuffix(GAP)} {GAP} {pieces[1].removeprefix(GAP)}"
    )


def _window(text: str, found: Sequence[tuple[int, int, int]], width: int) -> tuple[int, str]:
    """Return how many different leaves the best stretch of a text holds, and that stretch."""
    best, start, end = 0, found[0][0], found[0][1]
    for at, (begin, _, _) in enumerate(found):
        inside = [one for one in found[at : at + 50] if one[1] <= begin + width] or [found[at]]
        count = len({leaf for _, _, leaf in inside})
        if count > best:
            best, start, end = count, begin, max(one[1] for one in inside)
    room = max(0, width - (end - start)) // 2
    return best, _cut(text, start - room, end + room, [(begin, stop) for begin, stop, _ in found])


def _cut(text: str, start: int, end: int, marks: Sequence[tuple[int, int]]) -> str:
    start, end = max(0, start), min(len(text), end)
    # A cut that moves to spare a word leaves no hit behind.
    first = min((begin for begin, _ in marks if begin >= start), default=end)
    last = max((stop for _, stop in marks if stop <= end), default=start)
    start, end = min(_word_start(text, start), first), max(_word_end(text, end), last)
    for begin, stop in marks:
        # A hit is quoted whole.
        if begin < start < stop:
            start = begin
        if begin < end < stop:
            end = stop
    quoted: list[str] = []
    at = start
    for begin, stop in _apart(marks, start, end):
        quoted += [text[at:begin], OPEN, text[begin:stop], CLOSE]
        at = stop
    quoted.append(text[at:end])
    body = " ".join("".join(quoted).split())
    return f"{GAP if start > 0 else ''}{body}{GAP if end < len(text) else ''}"


def _apart(marks: Sequence[tuple[int, int]], start: int, end: int) -> list[tuple[int, int]]:
    """Return the marks inside a stretch; those that overlap become one."""
    apart: list[tuple[int, int]] = []
    for begin, stop in marks:
        if begin < start or stop > end:
            continue
        if apart and begin < apart[-1][1]:
            apart[-1] = (apart[-1][0], max(stop, apart[-1][1]))
        else:
            apart.append((begin, stop))
    return apart


#: How far a cut may move to spare a word.
REACH = 24


def _word_start(text: str, at: int) -> int:
    """Move a cut to the beginning of a word near by; scripts without spaces are cut where the cut falls."""
    if at == 0:
        return 0
    for place in range(at, min(len(text), at + REACH)):
        if text[place - 1].isspace():
            return place
    return at


def _word_end(text: str, at: int) -> int:
    for place in range(at, max(0, at - REACH), -1):
        if place == len(text) or text[place].isspace():
            return place
    return at
