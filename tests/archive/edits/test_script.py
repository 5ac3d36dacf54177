"""The exact difference: its operations turn one text into the other, to the character."""

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from archive.edits import apply_script, edit_script, undo_script
from archive.model import Extraction, OperationKind, PageKind, Track
from tests.archive.edits.histories import BODY, note, story
from tests.archive.edits.texts import articles

bodies = st.lists(st.text(alphabet="ab .,“”3\u00a0\nあ", max_size=12), max_size=6)


@given(articles(), articles())
def test_the_operations_turn_the_old_text_into_the_new(before: Extraction, after: Extraction) -> None:
    """On every track, character by character, and back again."""
    for script in edit_script(before, after):
        assert apply_script(script.before, script.operations) == script.after
        assert undo_script(script.after, script.operations) == script.before


@given(bodies, bodies)
def test_any_characters_come_through(old: list[str], new: list[str]) -> None:
    """White space, signs and scripts without spaces as well."""
    before, after = (Extraction(page_kind=PageKind.ARTICLE, body=tuple(one)) for one in (old, new))
    for script in edit_script(before, after):
        assert apply_script(script.before, script.operations) == script.after
        assert undo_script(script.after, script.operations) == script.before


@given(articles(), st.randoms())
def test_paragraphs_in_another_order_are_moves(article: Extraction, random: object) -> None:
    """Each end of a move carries its number and the whole paragraph."""
    body = list(dict.fromkeys(article.body))
    other = list(body)
    random.shuffle(other)  # type: ignore[attr-defined]
    scripts = edit_script(replace(article, body=tuple(body)), replace(article, body=tuple(other)))
    operations = [one for script in scripts for one in script.operations]

    assert all(one.kind is OperationKind.MOVE for one in operations)
    for number in {one.move for one in operations}:
        ends = [one for one in operations if one.move == number]
        assert len(ends) == 2
        assert ends[0].before + ends[0].after == ends[1].before + ends[1].after


@given(articles())
def test_equal_texts_have_no_operations(article: Extraction) -> None:
    """Nothing leads from a text to itself."""
    assert not any(script.operations for script in edit_script(article, replace(article)))


def test_offsets_are_those_of_the_track() -> None:
    """They count characters of the text that stands beside them."""
    script = edit_script(story(), story(*[text.replace("23", "32") for text in BODY]))[1]
    (operation,) = script.operations

    assert script.track is Track.BODY
    assert script.before[operation.start : operation.end] == "23"
    assert script.after[operation.to_start : operation.to_end] == "32"


def test_typography_is_told_apart() -> None:
    """Exact, but marked as no change of words."""
    script = edit_script(story(), story(*[text.replace("“", '"').replace("”", '"') for text in BODY]))[1]

    assert script.operations
    assert all(one.is_cosmetic for one in script.operations)


def test_notes_are_a_track_of_their_own() -> None:
    """A note that came is an insert there, and nothing in the body."""
    scripts = edit_script(story(), story(notes=(note("Correction: it was 23."),)))

    assert [script.track for script in scripts if script.operations] == [Track.NOTES]
