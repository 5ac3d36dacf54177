"""Archived text on a page stays text, and stays with itself."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from markupsafe import Markup

from lateedition.web.legible import CLOSING, CONTROL, clip, language_tag, legible

#: Text full of marks and control characters.
odd = st.text(st.sampled_from("ab \u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\x00\x1b\x7f\u200b"))


@given(odd)
@example("\u202eflipped")
@example("\u2069\u202c")
@example("\u2066\u202a\u2069")
def test_direction_marks_are_closed_where_they_are_opened(text: str) -> None:
    """No mark of a text reaches what stands behind it, and none closes what stands before."""
    open_marks: list[str] = []
    for character in legible(text):
        if character in CLOSING:
            open_marks.append(CLOSING[character])
        elif character in "\u202c\u2069":
            assert open_marks.pop() == character

    assert open_marks == []


@given(odd)
def test_control_characters_are_left_out_and_nothing_else(text: str) -> None:
    """Letters and spaces come through in their order; what HTML has no place for does not."""
    shown = legible(text)

    assert CONTROL.search(shown) is None
    assert [one for one in shown if one in "ab \u200b"] == [one for one in text if one in "ab \u200b"]


@given(odd)
def test_legible_text_is_legible(text: str) -> None:
    """Doing it twice changes nothing more."""
    assert legible(legible(text)) == legible(text)


def test_what_is_no_archived_text_is_left_alone() -> None:
    """Numbers, nothing, and markup of our own pass."""
    assert [legible(one) for one in (3, None)] == [3, None]
    assert legible(Markup("<b>\x1b</b>")) == "<b>\x1b</b>"


@given(st.text(max_size=200), st.integers(5, 80))
def test_clipped_text_is_a_beginning(text: str, length: int) -> None:
    """It is never longer than asked, but for the sign that something is left out."""
    clipped = clip(text, length)

    assert text.startswith(clipped.removesuffix(" …"))
    assert len(clipped) <= length + 2
    assert (clipped == text) is (len(text) <= length or text == clipped)


@pytest.mark.parametrize(
    ("stated", "tag"),
    [
        pytest.param("de", "de", id="plain"),
        pytest.param("pt_BR", "pt-BR", id="underscore"),
        pytest.param("zh-Hant-TW", "zh-Hant-TW", id="script-and-region"),
        pytest.param('en" onload="x', None, id="markup"),
        pytest.param("English", None, id="word"),
        pytest.param("", None, id="empty"),
        pytest.param(None, None, id="none"),
    ],
)
def test_only_language_tags_become_lang(stated: str | None, tag: str | None) -> None:
    """Pages state anything as their language."""
    assert language_tag(stated) == tag
