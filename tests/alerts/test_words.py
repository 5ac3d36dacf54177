"""Words: whole words, without case and accents, and phrases."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alerts.words import Words, joined, leaf_of, plain, words_of
from archive.search import Fields, fold, matches

#: Latin letters with and without marks, digits, and what stands between words.
TEXT = st.text(st.sampled_from(list("abcäéøñßİÅ019 -.,'“”\n東京กहिन्दी\x1f")), max_size=60)


@pytest.mark.parametrize(
    ("asked", "text"),
    [
        pytest.param("zebra", "A ZEBRA, they said", id="case"),
        pytest.param("renovation", "la rénovation du port", id="accent-in-text"),
        pytest.param("rénovation", "LA RENOVATION", id="accent-in-question"),
        pytest.param("port rénovation", "la rénovation du port", id="all-words-in-any-order"),
        pytest.param('"du port"', "la rénovation du port", id="phrase"),
        pytest.param("40", "some 40 million", id="number"),
        pytest.param("co-operate", "they co-operate", id="hyphen"),
        pytest.param("strasse", "die Straße", id="sharp-s"),
        pytest.param("東京", "首相は東京で述べた", id="script-without-spaces"),
        pytest.param("हिन्दी", "वे हिन्दी बोलते हैं", id="vowel-signs"),
        pytest.param("GPT東京", "the GPT 東京都", id="scripts-side-by-side"),
        pytest.param('"unclosed', "an unclosed quotation", id="quote-that-never-ends"),
        pytest.param("don't", "we don’t know", id="apostrophe"),
    ],
)
def test_words_are_found(asked, text):
    """Whoever writes a rule need not know how the outlet spells."""
    assert Words.parse(asked).are_in(plain(text))


@pytest.mark.parametrize(
    ("asked", "text"),
    [
        pytest.param("zebra", "zebras", id="part-of-a-word"),
        pytest.param("40", "1.400 million", id="part-of-a-number"),
        pytest.param('"port du"', "la rénovation du port", id="phrase-turned-round"),
        pytest.param("zebra walrus", "a zebra", id="one-of-two"),
        pytest.param("b.dget|co.ncil|.*", "the council's budget", id="no-pattern-language"),
        pytest.param("京東", "東京", id="characters-turned-round"),
        pytest.param("東京", "東 京", id="characters-apart"),
        pytest.param("हिन", "हिन्दी", id="part-of-a-word-with-vowel-signs"),
    ],
)
def test_words_are_not_found(asked, text):
    """Words are whole, phrases keep their order, and nothing is a pattern."""
    assert not Words.parse(asked).are_in(plain(text))


@pytest.mark.parametrize("text", ["", "  ", "*", "[", "…", '""'])
def test_what_holds_no_word_is_refused(text):
    """A rule that asks for nothing says so instead of matching everything."""
    with pytest.raises(ValueError, match="holds no word"):
        Words.parse(text)


def test_a_phrase_does_not_reach_from_one_part_into_the_next():
    """The last word of a headline and the first of the body are no phrase."""
    assert not Words.parse('"bridge the"').are_in(joined([plain("A bridge"), plain("The council")]))


@given(TEXT)
def test_every_word_of_a_text_is_found_in_it(text):
    """What a text says can be asked for."""
    for word in words_of(text):
        assert Words.parse(word).are_in(plain(text))


@given(TEXT)
def test_unicode_form_and_case_do_not_count(text):
    """The same letters give the same words, however they are encoded."""
    assert words_of(unicodedata.normalize("NFD", text)) == words_of(unicodedata.normalize("NFC", text))
    assert words_of(fold(text)) == words_of(text)


@given(TEXT, TEXT)
def test_the_cheap_look_never_misses(asked, text):
    """What the cheap look rules out does not match."""
    try:
        words = Words.parse(asked)
    except ValueError:
        return
    if words.are_in(plain(text)):
        assert words.may_be_in(fold(text))
        assert words.key in plain(text).split()


@given(TEXT, st.lists(TEXT, max_size=3))
def test_the_index_finds_what_words_find(asked, pieces):
    """A back-test may ask the full-text index: both have one meaning of "these words stand there"."""
    try:
        words = Words.parse(asked)
    except ValueError:
        return
    text = joined(plain(one) for one in pieces)
    for phrase in words.phrases:
        assert (phrase in text) == matches(leaf_of(phrase), Fields(body=tuple(pieces)))


@given(st.lists(st.sampled_from(["one", "two", "three"]), max_size=8), st.sampled_from(["one", "one two"]))
def test_occurrences_are_counted_apart(words, asked):
    """A text says “one one” twice “one”, so that an edit from one to two of them brings one."""
    text = " ".join(words)
    phrase = Words.parse(f'"{asked}"')
    expected = sum(words[n : n + len(asked.split())] == asked.split() for n in range(len(words)))

    assert plain(text).count(phrase.phrases[0]) == expected
    assert phrase.are_more_in(plain(text + " " + asked), plain(text))
