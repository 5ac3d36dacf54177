"""Snippets: the place that answers, quoted as it stands."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive.search import Fields, matches, parse, snippet

LONG = "The first words are of no interest here. " * 12


def quote(query: str, *body: str, headline: str = "A headline about bridges") -> str:
    """Return the snippet for a query that is one."""
    asked = parse(query)
    assert asked is not None
    return snippet(asked, Fields((headline,), body))


@pytest.mark.parametrize(
    ("query", "body", "expected"),
    [
        pytest.param("ete", "Vue d’Été ici", "Vue d’[[Été]] ici", id="as it is written"),
        pytest.param('"kam am"', "Es kam am Abend", "Es [[kam am]] Abend", id="a phrase is one hit"),
        pytest.param("京都", "東京都庁", "東[[京都]]庁", id="a piece of a run"),
        pytest.param("年", "2024年に", "2024[[年]]に", id="one character"),
        pytest.param("flo*", "The flooded town", "The [[flooded]] town", id="a prefix marks the word"),
        pytest.param(
            "bridges", "Nothing here", "A headline about [[bridges]]", id="the headline if nothing else"
        ),
        pytest.param("NOT zebra", "Just a text.", "Just a text.", id="nothing to mark"),
        pytest.param("town", f"{LONG} The town.", "The [[town]].", id="the end of a long text"),
    ],
)
def test_hits_are_marked(query: str, body: str, expected: str) -> None:
    """Hits stand between brackets in the article's own words."""
    assert quote(query, body).endswith(expected)


def test_a_long_text_is_cut_around_its_hit() -> None:
    """A snippet is short and says where text was left out."""
    found = quote("zebra", f"{LONG} One zebra. {LONG}")

    assert "[[zebra]]" in found
    assert found.startswith("…")
    assert found.endswith("…")
    assert len(found) < 260


def test_two_words_far_apart_are_both_quoted() -> None:
    """When no place holds everything, two places are quoted."""
    found = quote("zebra okapi", f"A zebra. {LONG}", f"{LONG} An okapi.")

    assert re.findall(r"\[\[(\w+)\]\]", found) == ["zebra", "okapi"]


def test_two_hits_at_both_ends_of_a_stretch_are_marked():
    """A cut that spares the words there does not cut off the hits."""
    asked = parse("京")
    assert asked is not None
    assert snippet(asked, Fields((), ("東京都 zebra, — — Été 東京都",)), width=20).count("[[京]]") == 2


@given(
    st.lists(
        st.sampled_from(["Été", "東京都", "word", "zebra,", "—", "เสือ", "A-b"]), min_size=1, max_size=30
    ),
    st.data(),
)
def test_a_snippet_is_the_articles_own_text(words: list[str], data: st.DataObject) -> None:
    """Without the marks, every piece of it stands in the text; where the query matches, something is marked."""
    text = " ".join(words)
    query = parse(data.draw(st.sampled_from(["ete", "京", "zebra OR เส", "word*", '"a b"'])))
    assert query is not None
    found = snippet(query, Fields((), (text,)), width=20)

    pieces = [piece.strip() for piece in re.sub(r"\[\[|\]\]", "", found).split("…")]
    assert all(piece in text for piece in pieces)
    assert ("[[" in found) == matches(query, Fields((), (text,)))
