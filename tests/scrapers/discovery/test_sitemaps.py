"""Sitemaps: indexes, gzip, 50,000 entries, the news extension kept; broken and hostile ones named."""

import gzip

import pytest

from scrapers.discovery.found import ListingError
from scrapers.discovery.sitemaps import looks_like_sitemap, read_sitemap

URL = "https://news.example/sitemap.xml"
HEAD = '<?xml version="1.0" encoding="UTF-8"?><urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" xmlns:news="http://www.google.com/schemas/sitemap-news/0.9" xmlns:image="http://www.google.com/schemas/sitemap-image/1.1">'
NEWS = """<url><loc> https://news.example/a-story </loc><lastmod>2026-11-24T09:30:00+02:00</lastmod>
<image:image><image:loc>https://img.example/1.jpg</image:loc></image:image>
<news:news><news:publication><news:name>The News</news:name><news:language>en</news:language></news:publication>
<news:publication_date>2026-11-24</news:publication_date><news:title>A story &amp; more</news:title><news:keywords>a, b</news:keywords></news:news></url>"""


def test_news_fields_are_kept():
    """Title, publication date, language and keywords of the news extension, and the entry's own loc."""
    sitemap = read_sitemap((HEAD + NEWS + "</urlset>").encode(), URL)

    (one,) = sitemap.found
    assert sitemap.is_news
    assert (one.url, one.title, one.updated) == (
        "https://news.example/a-story",
        "A story & more",
        "2026-11-24T07:30:00+00:00",
    )
    assert (one.news["publication_date"], one.news["language"], one.news["keywords"]) == (
        "2026-11-24",
        "en",
        "a, b",
    )


def test_an_index_names_further_sitemaps():
    """Relative ones too."""
    body = b'<sitemapindex xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"><sitemap><loc>/news.xml</loc></sitemap></sitemapindex>'

    assert list(read_sitemap(body, URL).sitemaps) == ["https://news.example/news.xml"]


@pytest.mark.parametrize("count", [50_000, 50_001])
def test_fifty_thousand_entries_are_read_and_no_more(count):
    """What sitemaps.org allows is read; what goes beyond is said to be cut."""
    entries = "".join(f"<url><loc>https://news.example/{number}</loc></url>" for number in range(count))

    sitemap = read_sitemap(gzip.compress((HEAD + entries + "</urlset>").encode(), 1), URL)

    assert len(sitemap.found) == 50_000
    assert sitemap.is_cut


def test_a_sitemap_that_breaks_off_gives_what_it_has():
    """The entries before the break are good."""
    sitemap = read_sitemap((HEAD + NEWS + "<url><loc>https://news.ex").encode(), URL)

    assert ([one.url for one in sitemap.found], sitemap.is_cut) == (["https://news.example/a-story"], True)


@pytest.mark.parametrize(
    "body",
    [
        pytest.param(b"<html><body>Not here</body></html>", id="HTML"),
        pytest.param(b"", id="empty"),
        pytest.param(gzip.compress(HEAD.encode())[:-9], id="broken gzip"),
        pytest.param(b'<?xml version="1.0"?><!DOCTYPE u [<!ENTITY a "aaaa">]><urlset/>', id="entities"),
    ],
)
def test_what_is_no_sitemap_is_said(body):
    """One line with the reason `bad_feed`."""
    with pytest.raises(ListingError) as told:
        read_sitemap(body, URL)

    assert told.value.reason == "bad_feed"


def test_beginnings_are_told_apart():
    """A gzip file, a urlset and an index look like sitemaps; a feed does not."""
    assert looks_like_sitemap(gzip.compress(b"x"))
    assert looks_like_sitemap(HEAD.encode())
    assert not looks_like_sitemap(b"<rss><channel/></rss>")
