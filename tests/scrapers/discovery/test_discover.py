"""From any address of an outlet to what is watched, and why not."""

import gzip

import pytest

from scrapers.discovery import discover
from scrapers.robots import Robots
from tests.scrapers.conftest import answer
from tests.scrapers.outlet import STORIES, feed, open_outlet, story


@pytest.fixture
def robots(fetcher, clock):
    """Rules over the same fetcher."""
    return Robots(fetcher, clock)


async def test_a_home_page_leads_to_feed_section_and_stories(press, fetcher, robots):
    """What the page links to and names is found, each with its reason."""
    open_outlet(press)

    found = await discover(press.base + "/", fetcher, robots)

    assert found.kind == "outlet"
    assert [(one.kind, one.url) for one in found.listings] == [
        ("home", press.base + "/"),
        ("feed", press.base + "/feed.xml"),
        ("section", press.base + "/harbour/"),
    ]
    assert all(one.why for one in found.listings)
    assert {one.url for one in found.articles} == {f"{press.base}/{path}" for path in STORIES}


async def test_sitemaps_of_robots_txt_are_found_through_an_index(press, fetcher, robots):
    """robots.txt → index → gzipped news sitemap."""
    open_outlet(press)
    press.says(
        "/robots.txt",
        answer(b"Sitemap: /ignored\nSitemap: %s/maps.xml\n" % press.base.encode(), kind="text/plain"),
    )
    press.says(
        "/maps.xml", answer(b"<sitemapindex><sitemap><loc>/news.xml.gz</loc></sitemap></sitemapindex>")
    )
    entry = f'<urlset xmlns:n="http://www.google.com/schemas/sitemap-news/0.9"><url><loc>{press.base}/2026/11/22/a-third-story-of-the-week</loc><n:news><n:title>Third</n:title></n:news></url></urlset>'
    press.says("/news.xml.gz", answer(gzip.compress(entry.encode()), kind="application/x-gzip"))

    found = await discover(press.base + "/", fetcher, robots)

    assert ("news_sitemap", press.base + "/news.xml.gz") in [(one.kind, one.url) for one in found.listings]
    assert "Third" in [one.title for one in found.articles]


async def test_a_feed_and_an_article_are_taken_as_what_they_are(press, fetcher, robots):
    """The address of a feed watches the feed; that of a story, the story."""
    open_outlet(press)

    by_feed = await discover(press.base + "/feed.xml", fetcher, robots)
    by_story = await discover(f"{press.base}/{STORIES[0]}", fetcher, robots)

    assert [one.kind for one in by_feed.listings] == ["feed"]
    assert (by_story.kind, [one.url for one in by_story.articles]) == (
        "article",
        [f"{press.base}/{STORIES[0]}"],
    )


@pytest.mark.parametrize(
    ("path", "said", "reason"),
    [
        pytest.param("/feed.xml", answer(b"<html><body><p>Welcome!</p></body></html>"), "bad_feed", id="a feed that is HTML"),
        pytest.param("/", answer(b"", "500 Oops"), "http_500", id="a failing server"),
        pytest.param("/", answer(b"", "302 Found", extra=b"Location: /\r\n"), "too_many_redirects", id="a loop"),
        pytest.param("/", answer(b"", "302 Found", extra=b"Location: http://10.0.0.1/\r\n"), "forbidden_address", id="a hop inside"),
        pytest.param("/", answer(b"", "302 Found", extra=b"Location: file:///etc/passwd\r\n"), "unsupported_scheme", id="a hop to a file"),
        pytest.param("/private/", answer(b"x"), "robots_disallow", id="not for robots"),
        pytest.param("/empty", answer(b""), "bad_feed", id="nothing at all"),
        pytest.param("/data", answer(b"\x89PNG\r\n\x1a\n" + bytes(500), kind="image/png"), "no_articles", id="a picture"),
    ],
)  # fmt: skip
async def test_what_cannot_be_watched_says_why(press, fetcher, robots, path, said, reason):
    """One reason of the contract's list, in one line; never an exception."""
    press.says("/robots.txt", answer(b"User-agent: *\nDisallow: /private/\n", kind="text/plain"))
    press.says(path, said)

    found = await discover(press.base + path, fetcher, robots)

    assert found.listings == []
    assert [one for one, _ in found.problems] == [reason]
    assert all("\n" not in detail for _, detail in found.problems)


@pytest.mark.parametrize("url", ["not a url", "http://", "mailto:a@b.example", "http://[", "http://x:99999/"])
async def test_a_url_that_is_none_is_bad_url(fetcher, robots, url):
    """What is no address is said at once; nothing is asked."""
    found = await discover(url, fetcher, robots)

    assert [one for one, _ in found.problems] == ["bad_url"]


async def test_stories_of_other_sites_are_not_taken(press, fetcher, robots):
    """A feed may name partners; they are not this outlet."""
    open_outlet(press)
    press.says("/feed.xml", answer(feed("http://partner.example"), kind="application/rss+xml"))

    found = await discover(press.base + "/", fetcher, robots)

    assert all(one.url.startswith(press.base) for one in found.articles)


async def test_a_story_with_an_odd_address_is_still_a_story(press, fetcher, robots):
    """What the page itself says counts where the address says nothing."""
    found = await discover(
        press.says("/x/y/z.html", answer(story("A quiet day on the quay"))), fetcher, robots
    )

    assert found.kind == "article"


async def test_a_headline_makes_up_for_a_short_address(press, fetcher, robots):
    """Words of a sentence or a heading name a story whatever its address; menus, footers and bare words do not."""
    open_outlet(press)
    press.says(
        "/",
        answer(
            """<html><body><nav><a href="/all-of-it">Everything that we know of the harbour</a></nav>
            <a href="/a">Council votes on the new bridge after four hours</a>
            <h3><a href="/night-ferry">The night ferry ends</a></h3>
            <a href="/b"><h2>Harbour master resigns</h2></a>
            <a href="/hafen">市議会は四時間の議論の末に新しい橋を承認した</a>
            <h2><a href="/politics">Politics</a></h2>
            <a href="/sport/football">Football results</a>
            <footer><a href="/house">The house rules of this newspaper</a></footer></body></html>""".encode()
        ),
    )

    found = await discover(press.base + "/", fetcher, robots)

    assert [one.url.removeprefix(press.base) for one in found.articles] == [
        "/a",
        "/night-ferry",
        "/b",
        "/hafen",
    ]
