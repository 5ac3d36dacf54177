"""How a story reads at a given hour."""

from hypothesis import given
from hypothesis import strategies as st

from lateedition.demo.programme import read_programme
from lateedition.demo.story import Change, Story, face_at

STORY = Story(
    slug="s",
    section="town",
    headline="Mayor scraps ferry",
    dek="",
    author="A. Writer",
    published=-5.0,
    body=("It will “end” the deal.", "Nothing else is known."),
    changes=(
        Change(at=9.0, said="softened", swap=(("“end”", "“review”"),)),
        Change(at=4.0, said="a new headline", headline="Mayor may cut ferry"),
        Change(at=12.0, said="corrected", note="Correction: it was “review”.", adds=("A last line.",)),
        Change(at=20.0, said="gone", gone=True),
        Change(at=30.0, said="back", gone=False),
    ),
)


def test_a_story_begins_as_it_was_written():
    """Before the first change nothing is changed."""
    face = face_at(STORY, 3.9)

    assert (face.headline, face.body, face.notes) == (STORY.headline, STORY.body, ())


def test_changes_come_in_the_order_of_their_hours():
    """The order in which they are written down does not matter."""
    assert face_at(STORY, 5.0).headline == "Mayor may cut ferry"
    assert face_at(STORY, 5.0).body == STORY.body
    assert face_at(STORY, 9.0).body[0] == "It will “review” the deal."


def test_a_note_keeps_the_hour_at_which_it_was_written():
    """Its stamp must not move with the clock."""
    assert face_at(STORY, 50.0).notes == ((12.0, "Correction: it was “review”."),)
    assert face_at(STORY, 50.0).body[-1] == "A last line."


def test_what_was_taken_down_comes_back():
    """Gone between its two hours, and only there."""
    assert [face_at(STORY, hour).is_gone for hour in (19.9, 20.0, 29.9, 30.0)] == [False, True, True, False]


@given(st.floats(min_value=-100, max_value=200), st.floats(min_value=0, max_value=100))
def test_a_story_never_forgets_a_change(hour: float, more: float):
    """Time only adds notes and moves the last change forward."""
    early, late = face_at(STORY, hour), face_at(STORY, hour + more)

    assert late.changed >= early.changed
    assert late.notes[: len(early.notes)] == early.notes


def test_every_swap_of_the_programme_finds_its_words():
    """A change that changes nothing would be a scene without an actor."""
    for story in read_programme().stories:
        for change in story.changes:
            before = face_at(story, change.at - 0.001)
            assert face_at(story, change.at) != before, f"{story.slug}: {change.said}"
            assert all(any(old in one for one in before.body) for old, _ in change.swap)
