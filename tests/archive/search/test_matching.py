"""Matching: the definition of an answer, which the engines must agree with."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive.search import Fields, fold, matches, parse

FIELDS = Fields(
    ("Rat berät über Brücken",),
    ("Die Flut kam am Montag.", "東京都庁は2024年の計画を発表した。", "Vue d’été à l’hôtel"),
)


@pytest.mark.parametrize(
    "query",
    [
        "flut montag", "brucken flut", '"kam am"', "flu*", "headline:brücken", "flut -ebbe", "ebbe OR flut", "京都", "年",
        "2024年", "発表した", "庁は2024年の", "été hotel", "l'hôtel", "NOT ebbe", "(ebbe OR flut) (rat OR tat)", '"ÜBER brücken"',
    ],
)  # fmt: skip
def test_answers(query: str) -> None:
    """Words, phrases, prefixes, pieces of a script without spaces, in headline and body together."""
    asked = parse(query)

    assert asked is not None
    assert matches(asked, FIELDS)


@pytest.mark.parametrize(
    "query",
    [
        "flute", "lut", '"am kam"', "headline:flut", "flut -montag", "ebbe", "京東", "02024", "4年", '"montag 東京"',
        "headline:(rat flut)", '"brücken die"', "NOT flut",
    ],
)  # fmt: skip
def test_no_answers(query: str) -> None:
    """Parts of words, other orders, other fields; no phrase reaches from one paragraph to the next."""
    asked = parse(query)

    assert asked is not None
    assert not matches(asked, FIELDS)


@given(st.text("東京都大阪ไทย", min_size=1, max_size=12), st.data())
def test_scripts_without_spaces_match_by_substring(text: str, data: st.DataObject) -> None:
    """Every piece of a run is found, and nothing that is not a piece of it."""
    start = data.draw(st.integers(0, len(text) - 1))
    piece = text[start : data.draw(st.integers(start + 1, len(text)))]
    other = data.draw(st.text("東京都大阪ไทย", min_size=1, max_size=4))

    for asked in (piece, other):
        query = parse(asked)
        assert query is None or matches(query, Fields((), (text,))) == (fold(asked) in fold(text))
