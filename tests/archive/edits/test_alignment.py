"""Aligning the sentences of two versions."""

from itertools import pairwise, product

from hypothesis import given
from hypothesis import strategies as st
from rapidfuzz.distance import Indel

from archive.edits.alignment import CONTAINED, SIMILAR, Pair, align, similarities

A, B, C = "The river rose on Monday.", "The mayor left the town.", "Nobody in the county was hurt."


def test_equal_sentences_are_left_out() -> None:
    """What did not change is not told."""
    assert align([A, B], [A, B]) == []


def test_an_edited_sentence_is_one_pair() -> None:
    """Similar sentences in the same place are the same sentence, edited."""
    edited = "The river rose on Tuesday."

    assert [Pair(A, edited)] == align([A, B], [edited, B])


def test_another_sentence_in_its_place_is_no_edit() -> None:
    """Too few words in common: one went and another one came."""
    assert [Pair(before=A), Pair(after=C)] == align([A, B], [C, B])


def test_a_sentence_elsewhere_has_moved() -> None:
    """Equal words in another place are a move, whole."""
    (pair,) = align([A, B, C], [B, C, A])

    assert Pair(A, A, is_move=True) == pair


def test_a_repeated_sentence_is_matched_once() -> None:
    """The second copy of a sentence is an addition."""
    assert [Pair(after=A)] == align([A, B], [A, B, A])


def test_a_long_rewrite_ends_in_time() -> None:
    """Hundreds of sentences replaced by hundreds of others are told as gone and come."""
    old = [f"Old fact number {number} about the town and its river." for number in range(300)]
    new = [f"A wholly other matter, {number}, came up in session." for number in range(300)]

    assert len(align(old, new)) == 600


@given(
    *[
        st.lists(
            st.lists(st.sampled_from("abcdefg"), min_size=1, max_size=9).map(tuple), min_size=1, max_size=6
        )
    ]
    * 2
)
def test_scoring_all_sentences_at_once_finds_what_scoring_each_pair_does(
    old: list[tuple[str, ...]], new: list[tuple[str, ...]]
) -> None:
    """A sentence is similar by its words in order, or because the shorter one stands whole within the longer."""
    expected: dict[tuple[int, int], float] = {}
    for (rank, one), (place, other) in product(enumerate(old), enumerate(new)):
        shorter, longer = sorted((one, other), key=len)
        inner, outer = set(pairwise(shorter)), set(pairwise(longer))
        is_within = len(shorter) >= CONTAINED and len(inner & outer) >= 0.8 * len(inner)
        score = max(Indel.normalized_similarity(one, other), SIMILAR * is_within)
        if score >= SIMILAR:
            expected[rank, place] = score
    assert similarities(old, new) == expected
