"""
Folds text so that case, accents and Unicode form do not count, the same on every engine.

A folded text holds letters, digits, the marks that make letters, and spaces; everything else has become a space.
"""

import unicodedata

__all__ = ["fold", "folded_with_places"]

#: Letters whose stroke or joining is an accent to the reader, though Unicode does not decompose them.
STROKES = str.maketrans(
    {"ı": "i", "đ": "d", "ð": "d", "ł": "l", "ø": "o", "ħ": "h", "ŧ": "t", "æ": "ae", "œ": "oe"}
)
#: Signs that change how a letter is drawn and not which one it is: variation selectors, joiners of glyphs, tatweel.
DRAWN = frozenset({0x034F, 0x0640, *range(0x180B, 0x180F), *range(0xFE00, 0xFE10), *range(0xE0100, 0xE01F0)})
#: Combining classes of Hebrew points, Arabic and Syriac vowel signs: left out in most texts.
POINTS = range(10, 37)
#: From this combining class on, marks are accents placed around a letter; below it they make a letter of a syllabic
#: script (matras, viramas, Thai and Lao tones, the voicing of kana) and count.
ACCENTS = 200
OVERLAY = 1
#: Half-width voicing marks of kana: letters by category, marks by use.
HALF_WIDTH_MARKS = frozenset("\uff9e\uff9f")


class _Folding(dict[int, str]):
    """What each code point becomes; worked out when first met."""

    def __missing__(self, point: int) -> str:
        folded = _fold_letter(chr(point))
        self[point] = folded
        return folded


FOLDED = _Folding()


def fold(text: str) -> str:
    """Return the text as it is compared; folding it again changes nothing."""
    if text.isascii():
        return text.translate(FOLDED)
    return unicodedata.normalize("NFC", unicodedata.normalize("NFKC", text).translate(FOLDED))


def folded_with_places(text: str) -> tuple[str, list[int], list[int]]:
    """
    Return the folded text and, for each of its characters, where in `text` it begins and ends.

    The text must be in Unicode form C; then what is returned first is `fold(text)`.
    """
    if all(len(FOLDED[ord(one)]) == 1 for one in set(text)) and (text.isascii() or not _has_marks(text)):
        places = list(range(len(text) + 1))
        return text.translate(FOLDED), places[:-1], places[1:]
    folded: list[str] = []
    starts: list[int] = []
    ends: list[int] = []
    for start, end in _clusters(text):
        here = fold(text[start:end])
        folded.append(here)
        starts += [start] * len(here)
        ends += [end] * len(here)
    return "".join(folded), starts, ends


def _fold_letter(letter: str) -> str:
    before, folded = "", letter
    while folded != before:
        before = folded
        plain = "".join(one for one in unicodedata.normalize("NFKD", folded) if not _is_accent(one))
        folded = unicodedata.normalize("NFKD", plain.casefold().translate(STROKES))
    return "".join(_kept(one) for one in unicodedata.normalize("NFC", folded))


def _is_accent(mark: str) -> bool:
    place = unicodedata.combining(mark)
    return place >= ACCENTS or place in POINTS or place == OVERLAY


def _kept(one: str) -> str:
    category = unicodedata.category(one)
    if category == "Cf" or ord(one) in DRAWN:
        return ""
    return one if category[0] in "LNM" else " "


def _has_marks(text: str) -> bool:
    return any(_continues(one) for one in set(text))


def _continues(one: str) -> bool:
    return unicodedata.combining(one) != 0 or one in HALF_WIDTH_MARKS


def _clusters(text: str) -> list[tuple[int, int]]:
    """Return where letters with their marks begin and end."""
    starts = [at for at, one in enumerate(text) if at == 0 or not _continues(one)]
    return list(zip(starts, [*starts[1:], len(text)], strict=True))
