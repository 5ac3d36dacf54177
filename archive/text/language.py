"""Which language a text is in, by its script and its small words."""

import re
import unicodedata
from collections import Counter

from archive.text.wording import wording

__all__ = ["language_of", "words_known"]

WORDS = re.compile(r"\w+")
#: Scripts that say which language it is, with the share of letters that shows them.
SCRIPTS = (
    ("ja", re.compile(r"[\u3040-\u30ff]"), 0.1),
    ("ko", re.compile(r"[\uac00-\ud7af]"), 0.2),
    ("zh", re.compile(r"[\u4e00-\u9fff]"), 0.3),
    ("th", re.compile(r"[\u0e00-\u0e7f]"), 0.3),
    ("bn", re.compile(r"[\u0980-\u09ff]"), 0.3),
    ("ta", re.compile(r"[\u0b80-\u0bff]"), 0.3),
)
#: Where none of these stands, no script says which language it is.
TELLING = re.compile(r"[\u0980-\u0bff\u0e00-\u0e7f\u3040-\ud7af]")
#: No more of a text is looked at.
ENOUGH = 6000
#: This share of a text's words are small words of its language.
SHARE = 0.12


def language_of(text: str) -> str | None:
    """Return the code of a text's language, or None when it cannot be told."""
    sample = _sample(text)
    for code, script, share in SCRIPTS if TELLING.search(sample) else ():
        if len(script.findall(sample)) > share * len(sample):
            return code
    said = Counter(WORDS.findall(sample.lower()))
    total = sum(said.values())
    if total < 20:
        return None
    counts = {one.code: sum(said[word] for word in one.words) for one in wording().languages}
    best = max(counts, key=counts.__getitem__)
    return best if counts[best] >= SHARE * total else None


def words_known(text: str, code: str) -> bool:
    """Tell whether a text has the small words of a language; True for languages that are not known here."""
    language = next((one for one in wording().languages if one.code == code and one.words), None)
    if language is None:
        return True
    said = WORDS.findall(_sample(text).lower())
    return len(said) < 50 or sum(word in language.words for word in said) >= SHARE * len(said) / 3


def _sample(text: str) -> str:
    """Return the beginning of a text, composed: apart, accents would cut words in two."""
    return unicodedata.normalize("NFC", text[:ENOUGH])
