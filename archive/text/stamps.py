"""
The time at which a note says that it was made.

A note tells of other days too: the hearing was on May 3, the article was published in March. Its own day stands in
a stamp behind its label or at its end, or beside the word for the change.
"""

import re
from collections.abc import Iterator
from datetime import date, datetime, timedelta

from archive.text.stated import Day, Stated, days_in, stated_at, stated_in, without_times
from archive.text.wording import wording

__all__ = ["find_own_time"]

#: A stamp stands within so many letters of a note's beginning or end.
NEAR = 140
#: What may stand around a label, and what sets a stamp off from what follows it.
AROUND = "【】[]()（）{}*_•–—-·:：/| \t\"“”«»„'‘’"
SIGN = re.compile(r"[:：—–|】\]）)]|\s-\s")
#: What a stamp at a note's end begins with.
OPENING = re.compile(r"[(\[（【—–|]\s*|\s-\s")
SENTENCES = re.compile(r"(?<=[^\d\W][.!?…])\s+(?=[^\s\d])|(?<=[。！？])\s*")
LETTERS = re.compile(r"[^\W\d_]+")
#: Words that may stand within a stamp: short ones, and one longer ("added", "Wednesday").
SMALL, MOST = 4, 5
#: How far from the word for the change its day may stand, in letters.
BESIDE = 40


def find_own_time(text: str, published: datetime | None) -> Stated | None:
    """
    Return the moment at which a note says that it was made; None when it only tells of other days, or of none.

    That is a stamp (behind the label, or at the note's end), or stands beside the word for the change ("was
    amended on 4 May").

    Args:
        published: as for `find_stated`.
    """
    lower = text.lower()
    for part, day in (*_head(lower, published), *_beside_change(lower, published)):
        return stated_at(part, day, published)
    return next((stated for part in _tail(lower) if (stated := stated_in(part, published))), None)


def _head(lower: str, published: datetime | None) -> Iterator[tuple[str, Day]]:
    """Yield the stamp behind a note's label, or in front of it."""
    bare = lower.lstrip(AROUND)
    label = wording().labels.at_start(bare)
    rest = bare[len(label) :][:NEAR]
    day = next(days_in(rest, published), None)
    if day is None:
        return
    before, behind = rest[: day[2]], rest[day[3] :]
    if not _is_small(before):
        return
    if label and not SIGN.search(before):
        # "Updated May 4 to include", "Correction, added May 4, 8 p.m.: …"
        yield rest, day
        return
    sign = SIGN.search(behind)
    ends = behind[: sign.start()] if sign else behind
    is_written_in_figures = bool(label) and not LETTERS.search(rest[day[2] : day[3]].replace("t", ""))
    if _is_small(ends) or wording().labels.at_start(behind.lstrip(AROUND + ",.")) or is_written_in_figures:
        yield rest, day


def _beside_change(lower: str, published: datetime | None) -> Iterator[tuple[str, Day]]:
    """Yield the sentences in which a day stands beside the word for the change."""
    spoken = wording().stems.languages(lower)
    for language in wording().languages if spoken else ():
        if language.code not in spoken:
            continue
        for sentence in SENTENCES.split(lower):
            said = language.own.sub(lambda found: " " * len(found.group()), sentence)
            patterns = (*language.changed, *language.phrases)
            # Behind "an earlier version said" stands what was wrong, not when it was put right.
            old = language.earlier.search(sentence)
            words = [
                found.span()
                for _, pattern in patterns
                for found in pattern.finditer(sentence, 0, old.start() if old else len(sentence))
            ]
            for day in days_in(sentence, published) if words else ():
                if not _is_before(day[0], published) and any(_are_beside(said, day, one) for one in words):
                    yield sentence, day


def _are_beside(sentence: str, day: Day, word: tuple[int, int]) -> bool:
    start, end = (word[1], day[2]) if word[1] <= day[2] else (day[3], word[0])
    return start <= end <= start + BESIDE and _is_small(sentence[start:end], words=2)


def _is_before(day: date, published: datetime | None) -> bool:
    """Tell that a day lies before publication: a change is made after it."""
    return published is not None and day < published.date() - timedelta(days=2)


def _tail(lower: str) -> Iterator[str]:
    """Yield a note's last piece if it is a stamp and nothing else."""
    end = lower[-NEAR:]
    for opening in OPENING.finditer(end):
        piece = end[opening.end() :]
        if piece and _is_small(piece) and without_times(piece) != piece:
            yield piece
            return


def _is_small(text: str, *, words: int = MOST) -> bool:
    """Tell a stamp's words, dates and times aside, from those of a sentence."""
    found = LETTERS.findall(without_times(text))
    return len(found) <= words and sum(len(word) > SMALL for word in found) <= 1
