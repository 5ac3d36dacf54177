"""Feeds of every kind give their articles; what is no feed says what it is instead."""

import pytest

from archive.model import Exchange
from scrapers.discovery.feeds import hub_of, read_feed
from scrapers.discovery.found import ListingError, stated_moment

RSS = """<?xml version="1.0"?><rss version="2.0" xmlns:atom="http://www.w3.org/2005/Atom"><channel><title>T</title>
<atom:link rel="hub" href="https://hub.example/"/>
<item><title>One &amp; only</title><link>/2026/one-story.html</link><pubDate>Tue, 24 Nov 2026 08:00:00 +0100</pubDate></item>
<item><title>No link</title></item></channel></rss>"""
ATOM = """<feed xmlns="http://www.w3.org/2005/Atom"><title>T</title><entry><title>Two</title>
<link href="https://news.example/two"/><updated>2026-11-24T09:00:00Z</updated><published>2026-11-20T09:00:00Z</published></entry></feed>"""
JSON = '{"version": "https://jsonfeed.org/version/1.1", "title": "T", "items": [{"id": "3", "url": "https://news.example/three", "title": "Three", "date_published": "2026-11-24T07:00:00Z"}]}'
URL = "https://news.example/feed"


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        pytest.param(RSS, ("https://news.example/2026/one-story.html", "One & only", "2026-11-24T07:00:00+00:00"), id="RSS"),
        pytest.param(ATOM, ("https://news.example/two", "Two", "2026-11-24T09:00:00+00:00"), id="Atom"),
        pytest.param(JSON, ("https://news.example/three", "Three", "2026-11-24T07:00:00+00:00"), id="JSON Feed"),
        pytest.param("\ufeff\n" + RSS, ("https://news.example/2026/one-story.html", "One & only", "2026-11-24T07:00:00+00:00"), id="a mark and a blank line first"),
    ],
)  # fmt: skip
def test_a_feed_gives_its_articles(body, expected):
    """Address made whole, title read, last change in UTC."""
    (one,) = read_feed(body.encode(), URL)

    assert expected == (one.url, one.title, one.updated)


def test_a_broken_feed_is_read_as_far_as_it_goes():
    """An ampersand that should have been escaped, and a missing end, do not cost the entries."""
    body = RSS.replace("&amp;", "&").replace("</channel></rss>", "")

    assert [one.url for one in read_feed(body.encode(), URL)] == ["https://news.example/2026/one-story.html"]


@pytest.mark.parametrize(
    ("body", "says"),
    [
        pytest.param("<!doctype html><html><body>Welcome</body></html>", "an HTML page", id="HTML"),
        pytest.param("", "no RSS", id="empty"),
        pytest.param("\x00\x01\x02" * 100, "no RSS", id="bytes"),
        pytest.param('<?xml version="1.0"?><!DOCTYPE r [<!ENTITY a "aaaa">]><rss><channel/></rss>', "entities", id="bomb"),
    ],
)  # fmt: skip
def test_what_is_no_feed_is_said(body, says):
    """One line with the reason `bad_feed`."""
    with pytest.raises(ListingError, match=says) as told:
        read_feed(body.encode(), URL)

    assert told.value.reason == "bad_feed"
    assert "\n" not in str(told.value)


def _exchange(headers=()):
    from datetime import UTC, datetime

    return Exchange(
        url=URL, method="GET", at=datetime(2026, 1, 1, tzinfo=UTC), request_headers=(), response_headers=headers
    )  # fmt: skip


def test_a_hub_is_noted():
    """A WebSub hub is found in the feed or in its Link field."""
    header = ((b"Link", b'<https://push.example/>; rel="hub", <https://news.example/feed>; rel="self"'),)

    assert hub_of(_exchange(), RSS.encode()) == "https://hub.example/"
    assert hub_of(_exchange(header), b"<rss/>") == "https://push.example/"
    assert hub_of(_exchange(), b"<rss/>") == ""


@pytest.mark.parametrize("text", ["", "yesterday", "2026-13-45", "Tue, 99 Nov"])
def test_a_date_that_is_none_is_none(text):
    """What cannot be read is left out, never guessed."""
    assert stated_moment(text) is None
