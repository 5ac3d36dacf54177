"""Texts for property tests: sentences of facts, and churn that changes none of them."""

import unicodedata
from collections.abc import Callable

from hypothesis import strategies as st

from archive.model import Extraction, PageKind

NAMES = ["Ana Ruiz", "Brightwell", "Lüneburg", "Jin Park", "Senator Okafor", "Élodie"]
PLAIN = [
    "said",
    "that",
    "the",
    "river",
    "would",
    "plan",
    "storm",
    "across",
    "früh",
    "council",
    "review",
    "end",
]
FACTS = ["23", "1,400", "4.7", "not", "never", "no", "nicht", "three", "$5", "2019"]

word = st.sampled_from([*NAMES, *PLAIN, *FACTS])


@st.composite
def sentences(draw: st.DrawFn) -> str:
    """Draw a sentence of 6 to 14 words, quoted here and there."""
    words = draw(st.lists(word, min_size=6, max_size=14))
    if draw(st.booleans()):
        place = draw(st.integers(0, len(words) - 3))
        words[place] = f"“{words[place]}"
        words[place + 2] = f"{words[place + 2]}”"
    return f"The {' '.join(words)}."


@st.composite
def paragraphs(draw: st.DrawFn) -> list[str]:
    """Draw a body."""
    found = draw(st.lists(st.lists(sentences(), min_size=1, max_size=3), min_size=1, max_size=7))
    return [" ".join(one) for one in found]


@st.composite
def articles(draw: st.DrawFn) -> Extraction:
    """Draw what a page says."""
    return Extraction(
        page_kind=PageKind.ARTICLE,
        headline=draw(sentences()).rstrip("."),
        dek=draw(st.one_of(st.just(""), sentences())),
        body=tuple(draw(paragraphs())),
        captions=tuple(draw(st.lists(sentences(), max_size=2))),
    )


#: Ways in which a site changes its typography and no word.
CHURN: dict[str, Callable[[str], str]] = {
    "straight quotes": lambda text: text.replace("“", '"').replace("”", '"').replace("’", "'"),
    "guillemets": lambda text: text.replace("“", "«\u00a0").replace("”", "\u00a0»"),
    "soft hyphens": lambda text: text.replace("council", "coun\u00adcil"),
    "zero width": lambda text: text.replace(" river", " \u200briver"),
    "no-break spaces": lambda text: text.replace(" ", "\u00a0"),
    "two spaces": lambda text: text.replace(" ", "  "),
    "decomposed": lambda text: unicodedata.normalize("NFD", text),
    "letter case": str.upper,
    "full width": lambda text: text.replace("23", "２３"),
    "exclamation": lambda text: (
        text.replace(".", "!", 1) if text.endswith(".") and "." not in text[:-1] else text
    ),
}

churn = st.sampled_from(sorted(CHURN))
