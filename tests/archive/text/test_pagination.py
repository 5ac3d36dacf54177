"""Which addresses are of an article's further pages, and which ask for all of it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive.text.page import parse_page
from archive.text.pagination import announced, announced_by, is_single, number_of
from archive.text.wording import wording

OWN = "https://quay.example/2026/11/24/council-votes-on-the-bridge"
FILE = "https://www.quay.example/politics/bridge-4711.html"


@pytest.mark.parametrize(
    ("first", "address", "number"),
    [
        pytest.param(OWN, f"{OWN}?page=2", 2, id="parameter"),
        pytest.param(OWN, f"{OWN}/?utm_source=x&page=12", 12, id="tracking"),
        pytest.param(f"{OWN}?id=7", f"{OWN}?page=3&id=7", 3, id="beside an id"),
        pytest.param(f"{OWN}?page=1", f"{OWN}?page=2", 2, id="first is numbered"),
        pytest.param(OWN, f"{OWN}/2", 2, id="slash"),
        pytest.param(f"{OWN}/", f"{OWN}/page/3/", 3, id="page and slash"),
        pytest.param(OWN, f"{OWN}/seite-4", 4, id="seite"),
        pytest.param(FILE, "https://quay.example/politics/bridge-4711-2.html", 2, id="file"),
        pytest.param(FILE, "https://www.quay.example/politics/bridge-4711,seite2.html", 2, id="file, seite"),
        pytest.param(FILE, f"{FILE}/2", 2, id="behind a file"),
        pytest.param(OWN, OWN, 0, id="itself"),
        pytest.param(OWN, f"{OWN}?page=200", 0, id="too many"),
        pytest.param(f"{OWN}?id=7", f"{OWN}?page=3&id=8", 0, id="other id"),
        pytest.param(OWN, "https://quay.example/2026/11/24/other-story?page=2", 0, id="other article"),
        pytest.param(OWN, f"{OWN}-again/2", 0, id="longer slug"),
        pytest.param(OWN, f"{OWN}-2", 0, id="slug with a number"),
        pytest.param(OWN, OWN.replace("quay", "other") + "?page=2", 0, id="other site"),
        pytest.param("https://quay.example/", "https://quay.example/2", 0, id="home"),
        pytest.param("https://quay.example/?p=1234", "https://quay.example/?p=2", 0, id="story parameter"),
    ],
)
def test_a_page_is_known_by_its_address(first: str, address: str, number: int) -> None:
    """A page's number stands behind the article's own address, and nothing else differs."""
    assert number_of(first, address) == number


@pytest.mark.parametrize(
    "address",
    [
        pytest.param(f"{OWN}?page=all", id="page=all"),
        pytest.param(f"{OWN}?singlepage=true", id="singlepage=true"),
        pytest.param(f"{OWN}?pagewanted=all", id="pagewanted=all"),
        pytest.param(f"{OWN}/all", id="/all"),
        pytest.param(f"{OWN}/komplettansicht", id="komplettansicht"),
        pytest.param(OWN.replace("quay.", "m.quay.") + "?page=all", id="other host of the site"),
    ],
)
def test_a_single_page_is_known_by_its_address(address: str) -> None:
    """All of an article is to be had under its own path."""
    assert is_single(OWN, address)


@pytest.mark.parametrize(
    "address",
    [
        pytest.param("https://quay.example/2026/11/24/all", id="listing"),
        pytest.param("https://quay.example/2026/11/24/other-story?page=all", id="other article"),
        pytest.param(
            "https://other.example/2026/11/24/council-votes-on-the-bridge?page=all", id="other site"
        ),
        pytest.param(f"{OWN}?page=all&id=9", id="with an id"),
        pytest.param(f"{OWN}?print=1", id="print"),
        pytest.param(f"{OWN}/comments/all", id="comments"),
        pytest.param(f"{OWN}?page=2", id="page two"),
        pytest.param(OWN, id="itself"),
    ],
)
def test_other_addresses_are_no_single_page(address: str) -> None:
    """A listing, another article or another site is never taken for all of an article."""
    assert not is_single(OWN, address)


def links(body: str, head: str = "", url: str = OWN):
    """Return what a page with these links announces."""
    text = (
        "<p>The council voted on Monday evening to go ahead with the bridge, after hours of debate.</p>" * 3
    )
    html = f"<html><head>{head}</head><body><article><h1>Bridge</h1>{text}{body}</article></body></html>"
    return announced(parse_page(html, url))


def test_links_of_a_menu_of_pages_are_found() -> None:
    """Numbers stand in a menu, a list or the head; each page is named once, in order."""
    found = links(
        '<nav aria-label="Pagination"><a href="?page=3">3</a><a href="?page=2">2</a></nav>'
        '<ul><li><a href="?page=2">Next</a></ul>',
        f'<link rel=next href="{OWN}?page=2">',
    )

    assert found.further == ((2, f"{OWN}?page=2"), (3, f"{OWN}?page=3"))


@pytest.mark.parametrize(
    "body",
    [
        pytest.param('<div class="comments"><a href="?page=2">2</a></div>', id="comments"),
        pytest.param('<a href="?page=2#comments">2</a>', id="comments fragment"),
        pytest.param('<a href="?page=3">3</a>', id="no page two"),
        pytest.param('<a href="?view=all">View all</a>', id="all, of what"),
        pytest.param('<a href="http://[broken?page=2">2</a>', id="no address"),
        pytest.param('<a href="javascript:page(2)">2</a>', id="script"),
    ],
)
def test_what_is_of_something_else_announces_nothing(body: str) -> None:
    """Pages of comments, and words without pages, are no pages of the article."""
    assert not links(body)


def test_a_further_page_announces_nothing_by_itself() -> None:
    """Seen from page two there is no first page to follow; seen from the first one it names those behind it."""
    body = '<a href="?page=3">3</a>'

    assert not links(body, url=f"{OWN}?page=2")
    html = f"<p>Text</p>{body}".encode()
    assert announced_by(html, f"{OWN}?page=2", first=OWN).further == ((3, f"{OWN}?page=3"),)


@pytest.mark.parametrize("words", sorted(wording().single))
def test_the_single_page_is_known_by_words_of_every_language(words: str) -> None:
    """Where pages are announced, a link that says "all on one page" leads to the single page."""
    body = f'<a href="?page=2">2</a> <a href="?x=1">{words.capitalize()} »</a>'

    assert links(body).single == f"{OWN}?x=1"


@given(st.binary(max_size=300))
def test_no_bytes_break_it(html: bytes) -> None:
    """Whatever a further page holds, something or nothing is announced."""
    assert isinstance(bool(announced_by(html + b"<a href='?page=3", f"{OWN}?page=2", first=OWN)), bool)


@given(st.integers(2, 99), st.sampled_from([OWN, FILE, f"{OWN}?id=7"]))
def test_no_page_is_a_single_page_and_none_of_another_article(number: int, first: str) -> None:
    """What is a numbered page is no single page, and no page of an article whose path begins like this one's."""
    joint = "&" if "?" in first else "?"
    address = f"{first}{joint}page={number}"

    assert number_of(first, address) == number
    assert not is_single(first, address)
    assert number_of(first.replace("bridge", "bridge-and-more"), address) == 0
