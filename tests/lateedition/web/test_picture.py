"""The picture of a changed headline."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from archive.model import Event, EventKind, Operation, OperationKind, Track
from archive.reading import EditQuery
from lateedition.web.picture import headline_change, picture_of
from tests.lateedition.web.conftest import Site
from tests.lateedition.web.press import BEGIN

SVG = "{http://www.w3.org/2000/svg}"


def drawn(before: str, after: str) -> Any:
    """Return the picture of a headline that changed, parsed."""
    operation = Operation(track=Track.HEADLINE, kind=OperationKind.REPLACE, before=before, after=after)
    event = Event(
        id="e", article="https://paper.example/a", source="paper.example", kind=EventKind.EDIT, headline=after,
        first_seen_at=BEGIN, confirmed_at=BEGIN, tracks=(Track.HEADLINE,), operations=(operation,),
    )  # fmt: skip
    return etree.fromstring(picture_of(event, operation).encode())


def marked(picture: Any, decoration: str) -> str:
    """Return the words that a line is drawn through or under."""
    return "".join(
        one.text for one in picture.iter(f"{SVG}tspan") if one.get("text-decoration") == decoration
    )


def test_words_that_went_are_struck_out_and_those_that_came_underlined() -> None:
    """Told apart without colour."""
    picture = drawn("Minister denies plan to sell the port", "Minister defends plan to sell the port")

    assert marked(picture, "line-through").strip() == "denies"
    assert marked(picture, "underline").strip() == "defends"


def test_scripts_without_spaces_are_broken_into_lines() -> None:
    """A long headline in Japanese stays inside the picture."""
    picture = drawn("首相は計画を否定した" * 8, "首相は計画を擁護した" * 8)
    lines = [one for one in picture.iter(f"{SVG}text") if one.get("font-size") == "32"]

    assert all(len("".join(one.itertext())) <= 22 for one in lines)


def test_right_to_left_headlines_begin_at_the_right() -> None:
    """Hebrew and Arabic."""
    assert {
        one.get("direction")
        for one in drawn("السلام عليكم", "السلام").iter(f"{SVG}text")
        if one.get("font-size") == "32"
    } == {"rtl"}


@given(st.text(max_size=400), st.text(max_size=400))
def test_any_text_gives_a_picture(before: str, after: str) -> None:
    """Nothing that an outlet writes breaks it, or becomes markup."""
    picture = drawn(before, after)

    assert {one.tag for one in picture.iter()} <= {
        f"{SVG}{name}" for name in ("svg", "title", "rect", "text", "tspan")
    }


def test_events_that_changed_a_headline_have_one(site: Site) -> None:
    """It is served, and linked from the feed; others have none."""
    events = list(site.archive.edits(EditQuery(), newest_first=True))
    with_picture = [one for one in events if headline_change(one)]
    assert with_picture
    answer = site.ask(f"/picture/{with_picture[0].id}.svg")

    assert (answer.status, answer.headers["content-type"]) == (200, "image/svg+xml")
    without = next(one for one in events if not headline_change(one))
    assert site.ask(f"/picture/{without.id}.svg").status == 404
    assert site.ask("/picture/nosuch.svg").status == 404
    assert f"/picture/{with_picture[0].id}.svg" in site.ask("/feeds/edits.json?limit=1000").text


@pytest.mark.parametrize("before", ["", "A headline"])
def test_a_headline_that_came_has_a_picture_too(before: str) -> None:
    """There may have been none before."""
    assert marked(drawn(before, "A headline that came"), "underline")
