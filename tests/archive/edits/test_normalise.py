"""What counts as the same, and what never does."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive.edits.normalise import count_words, likeness, word_key
from archive.edits.sentences import split_sentences


@pytest.mark.parametrize(
    ("one", "other"),
    [
        pytest.param("“Not yet,” she said", '"Not yet," she said', id="quotes"),
        pytest.param("don’t", "don't", id="apostrophe"),
        pytest.param("co\u00adoperate", "cooperate", id="soft-hyphen"),
        pytest.param("café", "cafe\u0301", id="unicode-form"),
        pytest.param("10\u00a0percent", "10 percent", id="no-break-space"),
        pytest.param("ﬁve", "five", id="ligature"),
        pytest.param("１２", "12", id="full-width"),
    ],
)
def test_typography_does_not_count(one: str, other: str) -> None:
    """The same words, written otherwise."""
    assert word_key(one) == word_key(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        pytest.param("10 %", "10", id="percent"),
        pytest.param("$5", "€5", id="currency"),
        pytest.param("4.7", "47", id="decimal-point"),
        pytest.param("1:30", "1:31", id="clock"),
        pytest.param("can", "can't", id="negation"),
        pytest.param("Müller", "Muller", id="umlaut"),
        pytest.param("не виновен", "виновен", id="russian-negation"),
        pytest.param("死者はいない", "死者は出ている", id="japanese"),
        pytest.param("−5 degrees", "5 degrees", id="minus"),
    ],
)
def test_facts_count(one: str, other: str) -> None:
    """Signs that give a number its meaning, accents of a name, negations in any language."""
    assert word_key(one) != word_key(other)


@given(st.text(max_size=200))
def test_normalising_never_raises_and_forgets_no_digit(text: str) -> None:
    """Any text has words, and every decimal digit of it is in them."""
    kept = sum(character.isdecimal() for word in word_key(text) for character in word)

    assert kept >= sum(character in "0123456789" for character in text)


@given(st.text(max_size=300))
def test_splitting_loses_no_word(text: str) -> None:
    """The sentences of a paragraph hold its words, in order."""
    joined = " ".join(split_sentences(text))

    assert "".join(joined.split()) == "".join(text.split())


@pytest.mark.parametrize(
    ("paragraph", "count"),
    [
        pytest.param("Dr. Ruiz met Gov. Park at 5 p.m. on Monday. They talked.", 2, id="abbreviations"),
        pytest.param("It rose 4.7 percent. That is a lot.", 2, id="decimals"),
        pytest.param("„Das ist genug.“ Er ging.", 2, id="german-quotes"),
        pytest.param("水は動いている。私たちも動いている。", 2, id="japanese"),
        pytest.param("नदी खतरे के निशान से ऊपर है। लोग घर छोड़ रहे हैं।", 2, id="hindi"),
        pytest.param("Sie kam am 3. Mai an. Es regnete.", 2, id="german-date"),
    ],
)
def test_sentences_are_split_where_they_end(paragraph: str, count: int) -> None:
    """Abbreviations, decimals and dates end nothing."""
    assert count == len(split_sentences(paragraph))


def test_ideographs_are_words() -> None:
    """Scripts without spaces are counted by character."""
    assert count_words("死者なし") == 4


@given(st.text(max_size=60), st.text(max_size=60))
def test_likeness_is_mutual(one: str, other: str) -> None:
    """Two texts are as alike one way as the other, and fully alike to themselves."""
    assert likeness(one, other) == likeness(other, one)
    assert likeness(one, one) == 1
