"""An outlet's own selectors go before the general engine, and never make a page say less."""

import pytest

from archive import text
from archive.model import PageKind
from archive.text.selectors import SelectorError, Selectors, apply_selectors

PAGE = b"""<html lang=en><head><title>x</title></head><body><div class=t>A bridge for the east bank</div>
<div class=by><a>Ada Marsh</a> and <a>Jon Reed</a></div><span class=when data-x=1 datetime="2026-11-24T08:00:00+01:00">today</span>
<div class=s><p>The council voted on Monday to build the bridge.</p><p class=ad>Buy a boat now!</p><p>Work begins in March.</p></div>
<p class=fix>Correction: An earlier version of this article misstated the cost of the bridge.</p></body></html>"""


def _by(**selectors):
    found = text.extract(PAGE, url="https://news.example/x")
    return apply_selectors(PAGE, found, Selectors(**selectors))


def test_selectors_find_what_they_name():
    """Headline, authors, date, paragraphs and notes; what is to be removed is gone."""
    found = _by(
        headline=".t", authors=".by a", published=".when", body=".s p", notes=".fix", remove=(".ad",)
    )  # fmt: skip

    assert found.headline == "A bridge for the east bank"
    assert found.authors == ("Ada Marsh", "Jon Reed")
    assert found.published_at == "2026-11-24T08:00:00+01:00"
    assert found.body == ("The council voted on Monday to build the bridge.", "Work begins in March.")
    assert [str(kind) for note in found.notes for kind in note.kinds] == ["correction"]
    assert (found.page_kind, found.engine) == (PageKind.ARTICLE, "recipe")


def test_what_a_recipe_found_says_so():
    """The origin of its values is the recipe; the others keep theirs."""
    found = dict(_by(headline=".t", body=".s p", notes=".fix", dek=".gone").origins)

    assert (found["headline"], found["body"], found["notes"]) == ("recipe", "recipe", "recipe")
    assert found["language"] == "html"


def test_a_container_gives_its_paragraphs():
    """Selecting the story's element is as good as selecting its paragraphs."""
    assert len(_by(body=".s").body) == 3


def test_a_selector_that_finds_nothing_changes_nothing():
    """After a redesign the general finding stands."""
    general = text.extract(PAGE, url="https://news.example/x")

    assert (
        _by(headline=".gone", body="article .gone", authors=".gone", published=".gone", notes=".gone")
        == general
    )


@pytest.mark.parametrize("selector", ["div[", "p:no-such()", ">>"])
def test_what_is_no_css_is_said(selector):
    """At once, with the selector."""
    with pytest.raises(SelectorError, match="no CSS"):
        Selectors(body=selector).check()
