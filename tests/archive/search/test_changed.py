"""Changed words: what an edit brought and took, word by word."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive.search import terms
from archive.search.changed import changed_pieces


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        pytest.param("It would end its ties.", "It would review its ties.", ["review"], id="one word"),
        pytest.param("The talks", "the Talks", [], id="letter case"),
        pytest.param("", "A whole new sentence.", ["A whole new sentence."], id="a new sentence"),
        pytest.param("A whole sentence.", "", [], id="a sentence that went"),
        pytest.param("one two three", "one 2 three four", ["2", "four"], id="two places"),
        pytest.param(
            "市長の山田太郎は言う", "市長の鈴木一郎は言う", ["鈴木一"], id="a name in a script without spaces"
        ),
        pytest.param("店の東山鉄へ行く", "店の西山銅へ行く", ["西山銅"], id="a shared sign inside a name"),
    ],
)
def test_pieces_are_the_words_that_are_new(before: str, after: str, expected: list[str]) -> None:
    """A word of the same sentence that stayed is no change."""
    assert changed_pieces(before, after) == expected


@given(st.lists(st.sampled_from(["alpha", "beta", "gamma", "delta", "Éta"]), max_size=8), st.data())
def test_words_that_the_old_text_lacks_are_among_the_pieces(words: list[str], data: st.DataObject) -> None:
    """Nothing new is missed, and an unchanged text has nothing new."""
    old = data.draw(st.lists(st.sampled_from(["alpha", "beta", "gamma", "delta"]), max_size=8))
    found = {term for piece in changed_pieces(" ".join(old), " ".join(words)) for term in terms(piece)}

    assert set(terms(" ".join(words))) - set(terms(" ".join(old))) <= found
    assert changed_pieces(" ".join(words), " ".join(words)) == [] or not words
