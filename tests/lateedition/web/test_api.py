"""The read API: the command line's lists, page by page, and errors that say what to do."""

import json
from typing import Any
from urllib.parse import quote

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from archive.reading import EditQuery, event_line
from tests.lateedition.web.conftest import Site
from tests.lateedition.web.press import BRIDGE, BUSY, MANY


def pages_of(site: Site, path: str, limit: int) -> list[list[Any]]:
    """Follow cursors to the end and return the items of each page."""
    joint = "&" if "?" in path else "?"
    pages, cursor = [], None
    while True:
        more = f"&cursor={quote(cursor)}" if cursor else ""
        answer = json.loads(site.ask(f"{path}{joint}limit={limit}{more}").body)
        pages.append(answer["items"])
        cursor = answer["next"]
        if cursor is None:
            return pages


@pytest.mark.parametrize(
    "path",
    [
        pytest.param("/api/v1/edits", id="edits"),
        pytest.param("/api/v1/edits?all=true", id="all-edits"),
        pytest.param(f"/api/v1/versions?url={quote(BUSY.url, safe='')}", id="versions"),
        pytest.param("/api/v1/captures", id="captures"),
        pytest.param("/api/v1/sources", id="sources"),
    ],
)
@settings(max_examples=6, deadline=None)
@given(limit=st.integers(3, 60))
def test_pages_joined_are_the_whole_list(site: Site, path: str, limit: int) -> None:
    """Whatever the length of a page, paging leaves nothing out and repeats nothing."""
    joint = "&" if "?" in path else "?"
    whole = json.loads(site.ask(f"{path}{joint}limit=1000").body)["items"]
    pages = pages_of(site, path, limit)

    assert [item for page in pages for item in page] == whole
    assert all(len(page) == limit for page in pages[:-1])


def test_edits_are_those_of_the_archive(site: Site) -> None:
    """The API answers what the reading room answers, under the contract's keys."""
    items = json.loads(site.ask("/api/v1/edits?limit=1000").body)["items"]

    assert items == [json.loads(json.dumps(event_line(one))) for one in site.archive.edits(EditQuery())]
    assert len(items) > MANY


@pytest.mark.parametrize(
    ("query", "test"),
    [
        pytest.param("disclosure=silent", lambda one: one["disclosure"] == "silent", id="disclosure"),
        pytest.param("silent=true", lambda one: one["disclosure"] == "silent", id="silent"),
        pytest.param("kind=removed", lambda one: one["kind"] == "removed", id="kind"),
        pytest.param("track=headline", lambda one: "headline" in one["tracks"], id="track"),
        pytest.param("source=nahr.example", lambda one: one["source"] == "nahr.example", id="source"),
        pytest.param("severity=material", lambda one: one["severity"] == "material", id="severity"),
        pytest.param("source=&kind=", bool, id="empty-fields-of-a-form"),
    ],
)
def test_filters_narrow_to_what_fits(site: Site, query: str, test: Any) -> None:
    """A filter keeps every edit that fits it, and no other."""
    whole = json.loads(site.ask("/api/v1/edits?limit=1000").body)["items"]
    kept = json.loads(site.ask(f"/api/v1/edits?limit=1000&{query}").body)["items"]

    assert kept == [one for one in whole if test(one)]
    assert kept


@pytest.mark.parametrize(
    ("target", "status", "says"),
    [
        pytest.param("/api/v1/edits?limit=0", 422, "limit", id="limit-of-nothing"),
        pytest.param("/api/v1/edits?limit=1001", 422, "limit", id="limit-too-high"),
        pytest.param("/api/v1/edits?cursor=zzz", 400, "cursor", id="foreign-cursor"),
        pytest.param("/api/v1/edits?since=2026-13-45", 422, "since", id="no-date"),
        pytest.param("/api/v1/edits?kind=hoax", 422, "kind", id="no-kind"),
        pytest.param("/api/v1/versions", 422, "url", id="missing-url"),
        pytest.param("/api/v1/versions?url=https://x.example/", 404, "x.example", id="unknown-url"),
        pytest.param("/api/v1/captures?source=nobody", 404, "nobody", id="unknown-source"),
        pytest.param("/api/v1/none", 404, "no such page", id="no-such-list"),
    ],
)
def test_errors_are_problem_documents(site: Site, target: str, status: int, says: str) -> None:
    """What cannot be answered is said as RFC 9457 has it, with the name of what was wrong."""
    answer = site.ask(target)
    problem = json.loads(answer.body)

    assert answer.status == problem["status"] == status
    assert answer.headers["content-type"] == "application/problem+json"
    assert says in problem["detail"]


def test_captures_narrow_by_article_and_time(site: Site) -> None:
    """`url` and `since` mean what they mean on the command line."""
    url = quote(BRIDGE.url, safe="")
    whole = json.loads(site.ask(f"/api/v1/captures?url={url}").body)["items"]
    since = whole[2]["captured_at"]

    assert len(whole) == 4
    assert json.loads(site.ask(f"/api/v1/captures?url={url}&since={since}").body)["items"] == whole[2:]


def test_the_api_describes_itself(site: Site) -> None:
    """An OpenAPI document names the lists."""
    paths = json.loads(site.ask("/api/v1/openapi.json").body)["paths"]

    assert {"/api/v1/edits", "/api/v1/versions", "/api/v1/captures", "/api/v1/sources"} <= set(paths)
