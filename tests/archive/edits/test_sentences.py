"""Where sentences end: looked for quickly, and found where the plain rules find it."""

import re

from hypothesis import given
from hypothesis import strategies as st

from archive.edits.normalise import word_key
from archive.edits.sentences import END, split_sentences

#: One rule a line, each a set of marks with what has to follow.
RULES = re.compile(
    r"[.!?…]([\"'”’“‘»)\]]*)\s+(?=[\"'“‘„«(\[¿¡]*[^\W\d_a-zà-ÿ]|[\"'“‘„«(\[¿¡]*\d)"
    r"|[。！？]([」』”）]*)(?=.)"
    r"|[।۔؟።။።]([\"'”’»)\]]*)\s*(?=.)"
)
TEXTS = st.text(alphabet="aB1é川 \n.!?…。！？।؟\"'”“«»()」¿", max_size=60)


@given(text=TEXTS)
def test_ends_are_those_of_the_rules(text: str) -> None:
    """The same places, the same closing marks, in whatever order marks stand."""
    assert [(one.span(), one.groups()) for one in END.finditer(text)] == [
        (one.span(), one.groups()) for one in RULES.finditer(text)
    ]


@given(text=TEXTS)
def test_no_word_is_lost_or_made(text: str) -> None:
    """The sentences of a paragraph hold its words, in order."""
    words = [word for one in split_sentences(text) for word in word_key(one)]

    assert "".join(words) == "".join(word_key(text))
