"""Aligning the sentences of two versions."""

from archive.edits.alignment import Pair, align

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
