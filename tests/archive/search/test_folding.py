"""Folding: what does not count when words are looked for, and what does."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive.search.folding import fold, folded_with_places

#: Letters and marks of many scripts, without the conjoining jamo that compose over more than one letter.
TEXTS = st.text(
    st.one_of(
        st.sampled_from("aAéÉßıİđŁœςΣΆάёйЖאָבّأآकिीुक़ไทยสะกำงเดี่ยวがガ東京한글 .,-—\u00ad\u200b\u0301ﷺ½ﬁｶﾞ𝔸"),
        st.characters(categories=("L", "N", "P", "Z", "S", "Cf", "Cc")),
    ),
    max_size=40,
)


@pytest.mark.parametrize(
    ("written", "alike"),
    [
        pytest.param("Straße", "STRASSE", id="sharp s"),
        pytest.param("Łódź", "lodz", id="strokes"),
        pytest.param("İstanbul", "istanbul", id="dotted i"),
        pytest.param("ΆΝΕΜΟΣ", "ανεμος", id="Greek accents and final sigma"),
        pytest.param("Đường", "duong", id="Vietnamese"),
        pytest.param("café", "cafe\u0301", id="Unicode form"),
        pytest.param("ＡＢＣ", "abc", id="full width"),
        pytest.param("ｶﾞｽ", "ガス", id="half-width kana"),
        pytest.param("مُحَمَّد", "محمد", id="Arabic vowel signs"),
        pytest.param("שָׁלוֹם", "שלום", id="Hebrew points"),
        pytest.param("co\u00adop", "coop", id="soft hyphen"),
        pytest.param("한국", "\u1112\u1161\u11ab\u1100\u116e\u11a8", id="jamo"),
    ],
)
def test_case_accents_and_form_do_not_count(written: str, alike: str) -> None:
    """Words that a reader takes for the same fold to the same."""
    assert fold(written) == fold(alike)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        pytest.param("कि", "की", id="Devanagari vowel signs"),
        pytest.param("เสือ", "เสื่อ", id="Thai tones"),
        pytest.param("か", "が", id="voiced kana"),
    ],
)
def test_marks_that_make_letters_count(one: str, other: str) -> None:
    """A mark that makes another syllable is no accent."""
    assert fold(one) != fold(other)


@given(TEXTS)
def test_folding_twice_changes_nothing(text: str) -> None:
    """What is folded stays as it is."""
    assert fold(fold(text)) == fold(text)


@given(TEXTS)
def test_every_form_of_a_text_folds_alike(text: str) -> None:
    """Composed and decomposed texts are one text."""
    assert fold(unicodedata.normalize("NFD", text)) == fold(unicodedata.normalize("NFC", text))


@given(TEXTS)
def test_places_lead_back_to_the_text(text: str) -> None:
    """Every folded character knows what it comes from, in order."""
    text = unicodedata.normalize("NFC", text)
    folded, starts, ends = folded_with_places(text)

    assert folded == fold(text)
    assert len(starts) == len(ends) == len(folded)
    assert starts == sorted(starts)
    assert all(0 <= start < end <= len(text) for start, end in zip(starts, ends, strict=True))
