"""Search and statistics as pages and in the API: the same answers as the command line, a page at a time."""

import json
from urllib.parse import quote

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from archive.reading import SearchQuery, search_line
from lateedition.web.search_page import marked
from tests.lateedition.web.conftest import Site


def items(site: Site, query: str) -> list[dict]:
    """Return all answers, page by page."""
    found: list[dict] = []
    cursor = ""
    while True:
        answer = json.loads(site.ask(f"/api/v1/search?{query}{cursor}").body)
        found += answer["items"]
        if answer["next"] is None:
            return found
        cursor = f"&cursor={quote(answer['next'])}"


@pytest.mark.parametrize("more", ["", "&sort=date", "&all_versions=true", "&in=headline"])
def test_pages_hold_every_answer_once(site: Site, more: str) -> None:
    """By one and all at once are the same, and the same as the archive's own answer."""
    by_one = items(site, f"q=-zzz{more}&limit=1")

    assert by_one == items(site, f"q=-zzz{more}")
    assert len(by_one) > 1
    if not more:
        assert by_one == json.loads(
            json.dumps([search_line(one) for one in site.archive.search(SearchQuery(text="-zzz"))])
        )


@pytest.mark.parametrize(
    "query",
    ["", "q=", "q=%20", "q=a&in=nowhere", "q=a&sort=up", "q=a&from=yesterday", "q=a&cursor=x", "q=a&limit=0",
     "q=a&from=2026-02-01&to=2026-01-01", "q=a&cursor=WyJ4IiwxLDIsMyw0XQ"],
)  # fmt: skip
def test_wrong_questions_are_problems(site: Site, query: str) -> None:
    """Said as a problem document, with the name of what is wrong."""
    answer = site.ask(f"/api/v1/search?{query}")

    assert answer.status in (400, 422)
    assert answer.headers["content-type"] == "application/problem+json"


def test_unknown_outlets_are_not_found(site: Site) -> None:
    """A name that nobody has is 404."""
    assert site.ask("/api/v1/search?q=a&source=nobody").status == 404


@given(st.text(max_size=60))
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_text_may_be_asked(site: Site, text: str) -> None:
    """Whatever is typed, the page and the API answer."""
    asked = quote(text, safe="", errors="surrogatepass")
    expected = (200,) if text.strip() else (400, 422)

    assert site.ask(f"/api/v1/search?q={asked}").status in expected
    assert site.ask(f"/search?q={asked}").status == 200


def test_the_page_shows_the_form_and_marks_hits(site: Site) -> None:
    """A reader finds the field, types, and sees why an article answers."""
    empty = site.ask("/search")
    word = next(iter(site.archive.search(SearchQuery(text="-zzz")))).headline.split()[0]
    found = site.ask(f"/search?q={quote(word)}&source=&disclosure=&in=text&sort=best")

    assert empty.status == found.status == 200
    assert empty.tree.xpath("//form[@role='search']//input[@name='q']")
    assert found.tree.xpath("//mark")
    assert "Nothing says this" in site.ask("/search?q=zzzqqq").text


def test_markup_in_a_query_is_text(site: Site) -> None:
    """Nothing that is typed becomes markup."""
    assert "<script>alert" not in site.ask("/search?q=%3Cscript%3Ealert(1)%3C/script%3E").text


@pytest.mark.parametrize("by", ["source", "week", "all"])
def test_statistics_are_a_table(site: Site, by: str) -> None:
    """Each outlet a row, shares with what they are of."""
    answer = site.ask(f"/statistics?by={by}")

    assert answer.status == 200
    assert answer.tree.xpath("//tbody/tr")
    assert site.ask("/statistics?by=moon").status == 422


@given(st.lists(st.tuples(st.booleans(), st.text("ab [", min_size=1).filter(lambda one: "[[" not in one))))
def test_marks_are_taken_apart(pieces: list[tuple[bool, str]]) -> None:
    """What the snippet marks is marked on the page."""
    told = "".join(
        f"[[{piece.replace('[', '')}x]]" if is_hit else piece.replace("[", "") for is_hit, piece in pieces
    )

    assert "".join(piece for _, piece in marked(told)) == told.replace("[[", "").replace("]]", "")
