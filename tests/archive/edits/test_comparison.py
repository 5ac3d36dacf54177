"""Comparing two states of an article: what holds for every pair of texts."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import replace

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from archive.edits import compare
from archive.edits.normalise import word_key
from archive.edits.sentences import sentences_of
from archive.model import Comparison, Extraction, NoteKind, OperationKind, Severity, Track, Verdict
from tests.archive.edits.histories import BODY, changed, note, story
from tests.archive.edits.texts import CHURN, articles, churn, paragraphs


@given(articles())
def test_nothing_differs_from_itself(article: Extraction) -> None:
    """`compare(x, x)` is empty."""
    assert Comparison(verdict=Verdict.UNCHANGED) == compare(article, replace(article))


@given(articles(), churn)
def test_churn_changes_no_word(article: Extraction, name: str) -> None:
    """Typography, white space, letter case and Unicode form are never an edit."""
    change = CHURN[name]
    other = replace(
        article,
        headline=change(article.headline),
        dek=change(article.dek),
        body=tuple(map(change, article.body)),
        captions=tuple(map(change, article.captions)),
    )

    assert compare(article, other).verdict in (Verdict.UNCHANGED, Verdict.COSMETIC)


@given(articles())
def test_paragraph_boundaries_are_no_words(article: Extraction) -> None:
    """The same sentences in other paragraphs are the same article."""
    joined = replace(article, body=(" ".join(article.body),))
    split = replace(article, body=tuple(sentences_of(article.body)))

    assert Verdict.EDIT is not compare(joined, split).verdict


@given(paragraphs(), paragraphs())
def test_the_operations_lead_from_the_old_words_to_the_new(old: list[str], new: list[str]) -> None:
    """Take away what went, add what came: that is the new text, nothing forgotten and nothing made up."""
    before, after = story(*old), story(*new)
    change = compare(before, after)
    bag = Counter(_words(before.body))
    for one in change.operations:
        if one.kind is not OperationKind.MOVE:
            bag.subtract(word_key(one.before))
            bag.update(word_key(one.after))

    assert Counter(_words(after.body)) == +bag
    assert min(bag.values()) >= 0


def _words(body: Iterable[str]) -> list[str]:
    return [word for one in body for word in word_key(one)]


@given(paragraphs(), paragraphs())
def test_there_and_back_take_and_give_the_same_words(old: list[str], new: list[str]) -> None:
    """What the way there adds the way back removes."""
    there, back = compare(story(*old), story(*new)), compare(story(*new), story(*old))

    assert (there.words_added - there.words_removed) == (back.words_removed - back.words_added)
    assert there.verdict is back.verdict


@given(st.lists(st.integers(0, 400), min_size=2, max_size=9, unique=True), st.randoms())
def test_moves_are_moves_both_ways(numbers: list[int], random: object) -> None:
    """Sentences in another order were moved, as many there as back, and nothing else happened."""
    old = [f"In district {number} the council met on a day of its own." for number in numbers]
    new = list(old)
    random.shuffle(new)  # type: ignore[attr-defined]
    assume(old != new)
    there, back = compare(story(*old), story(*new)), compare(story(*new), story(*old))

    assert {OperationKind.MOVE} == {one.kind for one in (*there.operations, *back.operations)}
    assert len(there.operations) == len(back.operations)
    assert Severity.MINOR is there.severity


@pytest.mark.parametrize(
    ("before", "after"),
    [
        pytest.param("23 feet", "32 feet", id="digits"),
        pytest.param("23 feet", "23.5 feet", id="decimals"),
        pytest.param("had held", "had not held", id="negation"),
        pytest.param("had held", "hadn't held", id="joined-negation"),
        pytest.param("Ana Ruiz", "Ana Ruis", id="name-of-one-letter"),
        pytest.param("Ana Ruiz", "Jin Park", id="name"),
        pytest.param("400", "four thousand", id="number-word"),
    ],
)
def test_facts_are_never_normalised_away(before: str, after: str) -> None:
    """A digit, a negation or a name is an edit of the body, whatever it looks like."""
    text = "Mayor Ana Ruiz said the dam had held at 23 feet for 400 homes."
    change = compare(story(text, *BODY), story(text.replace(before, after), *BODY))

    assert Verdict.EDIT is change.verdict
    assert Severity.MATERIAL is change.severity


@given(
    st.lists(st.sampled_from("0123456789"), min_size=1, max_size=6),
    st.integers(0, 5),
    st.sampled_from("0123456789"),
)
def test_no_digit_is_ever_hidden(digits: list[str], place: int, other: str) -> None:
    """Two numbers with different digits are different words."""
    number = "".join(digits)
    place %= len(number)
    assume(number[place] != other)
    changed_number = number[:place] + other + number[place + 1 :]

    assert word_key(f"about {number} homes") != word_key(f"about {changed_number} homes")


def test_a_sentence_that_left_the_body_for_the_dek_was_not_removed() -> None:
    """Another place on the page is no other word."""
    before = story("Nobody was hurt in the storm on Monday.", *BODY)
    after = story(dek="Nobody was hurt in the storm on Monday.")

    assert Verdict.EDIT is not compare(before, after).verdict


def test_each_track_is_judged_apart() -> None:
    """Headline, dek, caption and notes are named beside the body."""
    before = story(dek="Old dek of the day", captions=("A flooded street.",))
    after = changed(
        1,
        "Mayor Ana Ruiz said the levee system had failed.",
        of=story(
            headline="River rises",
            dek="New dek of the week",
            captions=("A flooded farm.",),
            notes=(note("Correction: the levee failed."),),
        ),
    )

    assert {Track.HEADLINE, Track.DEK, Track.BODY, Track.CAPTION, Track.NOTES} == {
        *compare(before, after).tracks
    }


def test_a_caption_that_went_with_its_picture_is_no_edit() -> None:
    """Pictures come and go; only a caption rewritten is a change of words."""
    assert Verdict.EDIT is not compare(story(captions=("A flooded street.",)), story()).verdict


def test_a_split_sentence_is_no_new_statement() -> None:
    """One sentence made two is an edit of the wording, and says so in its operations."""
    one = "The river crested on Monday evening and the mayor told everybody to leave the town at once."
    two = ("The river crested on Monday evening.", "The mayor told everybody to leave the town at once.")
    change = compare(story(one, *BODY), story(*two, *BODY))

    assert Verdict.EDIT is change.verdict
    assert Severity.MINOR is change.severity


def test_a_note_that_admits_an_error_is_material() -> None:
    """Even when no word of the body changed with it."""
    change = compare(story(), story(notes=(note("Correction: it was 23 feet.", NoteKind.CORRECTION),)))

    assert (change.severity, change.tracks) == (Severity.MATERIAL, (Track.NOTES,))


def test_a_note_reworded_is_one_change() -> None:
    """The old and the new wording are one note that changed, not two."""
    before = story(notes=(note("An earlier version said 23 feet; it was 32 feet."),))
    after = story(notes=(note("An earlier version said 23 feet; it was 33 feet."),))

    (delta,) = compare(before, after).notes
    assert delta.change == "changed"
