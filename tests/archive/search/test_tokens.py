"""Terms: how text is cut for the index."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive.search.tokens import BREAK, LONGEST, spans, terms
from tests.archive.search.test_folding import TEXTS


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param(
            "The Mayor's well-known plan.", ["the", "mayor", "s", "well", "known", "plan"], id="words"
        ),
        pytest.param("東京都", ["東京", "京都", "都"], id="overlapping pairs"),
        pytest.param("2024年東京", ["2024", "年東", "東京", "京"], id="numbers stand apart"),
        pytest.param("東京、大阪", ["東京", "京", BREAK, "大阪", "阪"], id="nothing reaches over a sign"),
        pytest.param("सड़क", ["सड\u093cक"], id="marks belong to words"),
        pytest.param("x" * 200, ["x" * LONGEST], id="bounded"),
        pytest.param("… — !", [], id="signs are no words"),
    ],
)
def test_text_is_cut(text: str, expected: list[str]) -> None:
    """Words are words; scripts without spaces give a term for each character."""
    assert terms(text) == expected


@given(TEXTS)
def test_places_are_those_of_the_terms(text: str) -> None:
    """A term with its place is the same term, and the place holds it."""
    text = unicodedata.normalize("NFC", text)
    found = spans(text)

    assert [token.term for token in found] == terms(text)
    assert all(0 <= token.start <= token.head <= token.end <= len(text) for token in found)


@given(st.text())
def test_no_text_breaks_it(text: str) -> None:
    """Whatever a page holds, terms are free of signs that an engine could take for syntax."""
    joined = "".join(terms(text)).replace(BREAK, "")

    assert all(unicodedata.category(one)[0] in "LNM" for one in joined)
