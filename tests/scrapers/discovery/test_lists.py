"""Lists of addresses and OPML files, as people have them."""

import pytest

from scrapers.discovery.found import ListingError
from scrapers.discovery.lists import read_list

OPML = b"""<?xml version="1.0"?><opml version="2.0"><head><title>Papers</title></head><body>
<outline text="North"><outline type="rss" text="The Quay" xmlUrl="https://quay.example/feed.xml" htmlUrl="https://quay.example/"/>
<outline text="Lantern" htmlUrl="https://lantern.example/"/></outline><outline text="Empty"/></body></opml>"""


def test_lines_are_addresses():
    """Comments and empty lines aside, each once, in order."""
    found = read_list(
        b"\xef\xbb\xbf# mine\nhttps://b.example/\n\n  https://a.example/ \r\nhttps://b.example/\n", "list.txt"
    )

    assert [one.url for one in found] == ["https://b.example/", "https://a.example/"]


def test_an_opml_file_gives_feeds_and_pages():
    """The feed where there is one, else the page; nested outlines too."""
    found = read_list(OPML, "papers.opml")

    assert [(one.url, one.name) for one in found] == [
        ("https://quay.example/feed.xml", "The Quay"),
        ("https://lantern.example/", "Lantern"),
    ]


@pytest.mark.parametrize(
    "data",
    [
        pytest.param(b"", id="empty"),
        pytest.param(b"<?xml version='1.0'?><opml><body/></opml>", id="no outlines"),
        pytest.param(b"<?xml version='1.0'?>", id="no element"),
        pytest.param(b"<?xml version='1.0'?><!DOCTYPE o [<!ENTITY a 'b'>]><opml/>", id="entities"),
    ],
)
def test_a_list_that_names_nothing_is_said(data):
    """The file and what to do, in one line."""
    with pytest.raises(ListingError, match="papers"):
        read_list(data, "papers.opml")
