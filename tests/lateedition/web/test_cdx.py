"""The CDX API: the rows, columns and parameters that the Internet Archive's clients expect."""

import json
from urllib.parse import urlencode

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.lateedition.web.conftest import Printed, Site
from tests.lateedition.web.press import BRIDGE, BUSY, ZIPPED
from tests.lateedition.web.test_replay import times_of


def rows(site: Site, **query: str | int) -> list[list[str]]:
    """Ask for rows as text."""
    answer = site.ask(f"/cdx/search/cdx?{urlencode(query)}")
    assert answer.status == 200, answer.text
    return [line.split(" ") for line in answer.text.splitlines()]


def test_every_capture_of_an_address_is_a_row(site: Site, printed: Printed) -> None:
    """Seven columns, oldest first, revisits named as such."""
    found = rows(site, url=ZIPPED.url)

    assert [one[1] for one in found] == times_of(printed, ZIPPED.url)
    assert {len(one) for one in found} == {7}
    assert [one[3] for one in found] == ["text/html", "warc/revisit", "warc/revisit"]
    assert [one[4] for one in found] == ["200", "200", "304"]
    assert {one[2] for one in found} == {ZIPPED.url}


def test_json_has_the_same_rows_under_their_names(site: Site) -> None:
    """`output=json` is a table with its head."""
    head, *found = json.loads(
        site.ask(f"/cdx/search/cdx?{urlencode({'url': BRIDGE.url, 'output': 'json'})}").body
    )

    assert head == ["urlkey", "timestamp", "original", "mimetype", "statuscode", "digest", "length"]
    assert found == rows(site, url=BRIDGE.url)


def test_rows_are_narrowed_chosen_and_cut(site: Site) -> None:
    """from, to, filter, collapse, fl, limit and offset, as the Internet Archive has them."""
    url = BUSY.url
    whole = rows(site, url=url)
    seen = set[str]()

    assert rows(site, **{"url": url, "from": whole[3][1]}) == whole[3:]
    assert rows(site, url=url, to=whole[3][1]) == whole[:4]
    assert rows(site, url=url, limit=2, offset=1) == whole[1:3]
    assert rows(site, url=url, limit=-3) == whole[-3:]
    assert rows(site, url=url, sort="reverse") == whole[::-1]
    assert rows(site, url=url, fl="timestamp,statuscode") == [[one[1], one[4]] for one in whole]
    assert rows(site, url=url, filter="!statuscode:200") == []
    assert rows(site, url=url, filter="mimetype:text/.*") == whole
    assert rows(site, url=url, collapse="digest") == [
        one
        for one in whole
        if one[5] not in seen and not seen.add(one[5])  # type: ignore[func-returns-value]  # a set in passing
    ]


def test_prefixes_hosts_and_domains_match(site: Site) -> None:
    """By the urlkey's order; a star at the end means a prefix."""
    prefix = rows(site, url="https://paper.example/2026/*")
    host = rows(site, url="https://paper.example/", matchType="host")

    assert prefix == rows(site, url="https://paper.example/2026/", matchType="prefix")
    assert {one[2].split("/")[2] for one in host} == {"paper.example"}
    assert {one[2] for one in host} - {one[2] for one in prefix} == {
        "https://paper.example/old",
        "https://paper.example/main.css",
    }
    assert host == rows(site, url="*.paper.example")


@settings(max_examples=8, deadline=None)
@given(limit=st.integers(1, 40), collapse=st.sampled_from(["", "digest", "timestamp:10"]))
def test_resume_keys_lead_through_all_rows(site: Site, limit: int, collapse: str) -> None:
    """Parts joined are the whole, whatever their length."""
    query: dict[str, str | int] = {
        "url": "https://wire.example/*",
        **({"collapse": collapse} if collapse else {}),
    }
    whole = rows(site, **query)
    joined: list[list[str]] = []
    key = ""
    while True:
        more = {"resumeKey": key} if key else {}
        part, _, rest = site.ask(
            f"/cdx/search/cdx?{urlencode(query | {'limit': limit, 'showResumeKey': 'true'} | more)}"
        ).text.partition("\n\n")
        joined += [line.split(" ") for line in part.splitlines()]
        key = rest.strip()
        if not key:
            break

    assert joined == whole


def test_nothing_found_is_empty(site: Site) -> None:
    """What was never archived is no error here."""
    assert rows(site, url="https://never.example/") == []
    assert site.ask("/cdx/search/cdx?url=https://never.example/&output=json").text == "[]"


@pytest.mark.parametrize(
    ("query", "says"),
    [
        pytest.param({}, "url", id="no-url"),
        pytest.param({"url": "http://[x"}, "url", id="broken-url"),
        pytest.param({"url": "a.example", "limit": "many"}, "limit", id="limit"),
        pytest.param({"url": "a.example", "from": "soon"}, "soon", id="from"),
        pytest.param({"url": "a.example", "filter": "statuscode:("}, "filter", id="filter"),
        pytest.param({"url": "a.example", "filter": "colour:red"}, "filter", id="filter-field"),
        pytest.param({"url": "a.example", "collapse": "colour"}, "collapse", id="collapse"),
        pytest.param({"url": "a.example", "fl": "colour"}, "fl", id="fl"),
        pytest.param({"url": "a.example", "matchType": "fuzzy"}, "matchType", id="match-type"),
        pytest.param({"url": "a.example", "resumeKey": "zq"}, "cursor", id="resume-key"),
    ],
)
def test_what_makes_no_sense_is_said(site: Site, query: dict[str, str], says: str) -> None:
    """400 as a problem document that names the parameter."""
    answer = site.ask(f"/cdx/search/cdx?{urlencode(query)}")

    assert answer.status == 400
    assert says in json.loads(answer.body)["detail"]
