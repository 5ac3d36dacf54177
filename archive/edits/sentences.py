"""Splits paragraphs into sentences, the same way before and after; where a split falls matters less than that."""

import re
from collections.abc import Sequence
from functools import lru_cache

from archive.edits.normalise import word_key

__all__ = ["is_prose", "sentences_of", "split_sentences"]

#: An end mark and closing quotes, before something that begins a sentence.
END = re.compile(
    # One set of characters at the beginning: nothing else of a text is looked at twice.
    r"[.!?…。！？।۔؟።။។](?:"
    r"(?<=[.!?…])([\"'”’“‘»)\]]*)\s+(?=[\"'“‘„«(\[¿¡]*[^\W\d_a-zà-ÿ]|[\"'“‘„«(\[¿¡]*\d)"
    r"|(?<=[。！？])([」』”）]*)(?=.)"
    r"|(?<=[।۔؟።။។])([\"'”’»)\]]*)\s*(?=.))"
)
#: Words whose full stop ends nothing.
SHORTENED = re.compile(
    r"(?:^|[\s(“\"])(?:[A-Z]|Mr|Mrs|Ms|Dr|Prof|Sen|Rep|Gov|Gen|Lt|Col|Sgt|Rev|Hon|St|Jr|Sr|vs|No|Nr|Inc|Ltd|Co|Corp|bzw|ca|"
    r"z\.B|u\.a|d\.h|p\.m|a\.m|U\.S|U\.K|Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept?|Oct|Nov|Dec|\d{1,2})\.$"
)
#: Letters at the end of a piece among which such a word stands, with what precedes it.
TAIL = 8

#: A sentence of so many words that ends as one is prose, not a widget.
PROSE = 6
#: So many characters are prose even without an end mark: not every script has one.
LONG = 120
STOPS = (".", "。", "।", "۔", "።", "။", "។")
ENDS = (*STOPS, "!", "?", "！", "？", "…", "؟")
#: A question or a call is prose from so many words on; shorter ones are headlines.
CALL = 11


def sentences_of(paragraphs: Sequence[str]) -> list[str]:
    """Return all sentences in order; paragraph boundaries do not count."""
    return [sentence for paragraph in paragraphs for sentence in split_sentences(paragraph)]


@lru_cache(maxsize=4096)
def split_sentences(paragraph: str) -> tuple[str, ...]:
    """Split one paragraph."""
    found: list[str] = []
    start = 0
    for end in END.finditer(paragraph):
        piece = paragraph[start : end.start() + 1] + (end.group(1) or end.group(2) or end.group(3) or "")
        if SHORTENED.search(piece, max(len(piece) - TAIL, 0)):
            continue
        found.append(piece.strip())
        start = end.end()
    found.append(paragraph[start:].strip())
    return tuple(sentence for sentence in found if sentence)


def is_prose(sentence: str) -> bool:
    """Tell a sentence that somebody wrote from a label, a link or a line of figures."""
    if len(sentence) >= LONG:
        return True
    bare = sentence.rstrip("\"'”’»)」』")
    if not bare.endswith(ENDS):
        return False
    return len(word_key(sentence)) >= (PROSE if bare.endswith(STOPS) else CALL)
