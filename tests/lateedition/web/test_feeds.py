"""Feeds: every reader can follow the edits, in the format it knows."""

import json
from typing import Any

import feedparser
import pytest
from lxml import etree

from archive.reading import EditQuery
from tests.lateedition.web.conftest import Site
from tests.lateedition.web.press import HOSTILE


@pytest.mark.parametrize("name", ["edits.atom", "edits.rss"])
def test_a_feed_reader_reads_every_edit(site: Site, name: str) -> None:
    """A real parser finds each event with title, link, stable id and time, and no fault."""
    answer = site.ask(f"/feeds/{name}?limit=1000")
    feed: Any = feedparser.parse(answer.body)
    events = list(site.archive.edits(EditQuery(), newest_first=True))

    assert feed.bozo is False
    assert [entry.id for entry in feed.entries] == [f"urn:lateedition:event:{one.id}" for one in events]
    assert all(entry.link.startswith(f"{site.base}/article?url=https") for entry in feed.entries)
    assert all(entry.title and (entry.get("published_parsed")) for entry in feed.entries)


def test_a_json_feed_has_every_edit(site: Site) -> None:
    """JSON Feed 1.1 with the same ids as the others."""
    feed = json.loads(site.ask("/feeds/edits.json?limit=1000").body)
    events = list(site.archive.edits(EditQuery(), newest_first=True))

    assert feed["version"] == "https://jsonfeed.org/version/1.1"
    assert [one["id"] for one in feed["items"]] == [f"urn:lateedition:event:{one.id}" for one in events]


def test_feeds_take_the_filters_of_the_lists(site: Site) -> None:
    """A view that was narrowed is followed as it was narrowed."""
    feed: Any = feedparser.parse(site.ask("/feeds/edits.atom?kind=removed").body)

    assert [entry.title for entry in feed.entries] == ["paper.example: Opinion: the vote nobody asked for"]


def test_changed_words_are_marked_and_hostile_text_stays_text(site: Site) -> None:
    """The content is HTML with ins and del of ours, and nothing out of an archived text."""
    root = etree.fromstring(site.ask("/feeds/edits.atom?limit=1000").body)
    contents = [
        etree.fromstring(f"<div>{one.text}</div>")
        for one in root.iter("{http://www.w3.org/2005/Atom}content")
    ]

    assert {element.tag for one in contents for element in one.iter()} == {"div", "p", "ins", "del"}
    assert any(
        HOSTILE[:20] in "".join(one.itertext()) for one in root.iter("{http://www.w3.org/2005/Atom}title")
    )


def test_a_wrong_filter_is_said(site: Site) -> None:
    """A feed that cannot be made is a problem document, not an empty feed."""
    answer = site.ask("/feeds/edits.atom?kind=hoax")

    assert answer.status == 422
    assert "kind" in json.loads(answer.body)["detail"]
