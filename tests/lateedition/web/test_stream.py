"""Server-sent events: whoever keeps a connection open is told of every edit, once."""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.client import HTTPConnection, HTTPResponse
from pathlib import Path
from typing import Any

import pytest

from archive.ingest import import_files
from archive.reading import Archive, EditQuery
from lateedition.web import stream
from tests.conftest import StillClock
from tests.lateedition.web.conftest import Printed, Site, served
from tests.lateedition.web.press import stores_in


@contextmanager
def following(site: Site, query: str = "", **headers: str) -> Iterator[HTTPResponse]:
    """Keep a connection open."""
    connection = HTTPConnection(site.host, site.port, timeout=20)
    try:
        connection.request("GET", f"/feeds/edits.events{query}", headers=headers)
        yield connection.getresponse()
    finally:
        connection.close()


def told(answer: HTTPResponse, count: int) -> list[dict[str, Any]]:
    """Return so many of the events that are told next."""
    found: list[dict[str, Any]] = []
    fields: dict[str, str] = {}
    while len(found) < count:
        line = answer.readline().decode().rstrip("\n")
        if line:
            name, _, value = line.partition(": ")
            fields[name] = value
            continue
        if fields.get("event") == "edit":
            found.append(fields | {"data": json.loads(fields["data"])})
        fields = {}
    return found


@pytest.fixture
def growing(tmp_path: Path, printed: Printed) -> Iterator[tuple[Site, Callable[[], list[str]]]]:
    """An empty archive that is served, and what fills it; the latter returns the ids of its edits."""
    stores = stores_in(tmp_path / "home", StillClock(printed.press.at.replace(month=1)))

    def fill() -> list[str]:
        import_files(stores, [printed.home.parent / "press.warc.gz"], software="test")
        return [one.id for one in Archive(stores).edits(EditQuery())]

    with served(stores) as site:
        yield site, fill
    stores.close()


def test_edits_are_told_as_they_are_confirmed(growing: tuple[Site, Callable[[], list[str]]]) -> None:
    """Each edit that is committed while the connection is open comes once, with the keys of `edits`."""
    site, fill = growing
    with following(site) as answer:
        assert answer.getheader("content-type") == "text/event-stream; charset=utf-8"
        answer.readline()
        edits = fill()
        found = told(answer, len(edits))

    assert sorted(one["data"]["event"] for one in found) == sorted(edits)
    assert all(one["data"]["confirmed_at"] and one["data"]["alert"] for one in found)


def test_a_reader_that_comes_back_is_told_what_it_missed(
    growing: tuple[Site, Callable[[], list[str]]],
) -> None:
    """After `Last-Event-ID` the rest comes; together nothing is missing."""
    site, fill = growing
    with following(site) as answer:
        answer.readline()
        edits = fill()
        first = told(answer, len(edits))
    last = first[0]
    with following(site, **{"Last-Event-ID": last["id"]}) as answer:
        rest = told(answer, len(edits) - 1)

    assert {one["data"]["event"] for one in rest} == set(edits) - {last["data"]["event"]}


def test_what_was_there_before_is_not_told(site: Site) -> None:
    """A connection begins with what is confirmed from then on; the filters are those of the lists."""
    begun = stream.Following(site.archive, EditQuery(), site.archive.now, {})

    assert {one.confirmed_at for one in begun.look()} <= {
        one.confirmed_at
        for one in site.archive.edits_confirmed_since(site.archive.now - stream.OVERLAP, EditQuery())
    }
    assert begun.look() == []


@pytest.mark.parametrize(
    ("query", "headers", "status"),
    [
        pytest.param("?kind=hoax", {}, 422, id="unknown-kind"),
        pytest.param("?article=https://nobody.example/", {}, 404, id="unknown-article"),
        pytest.param("", {"Last-Event-ID": "nonsense"}, 400, id="foreign-id"),
    ],
)
def test_a_wrong_question_is_answered_before_the_stream_begins(
    site: Site, query: str, headers: dict[str, str], status: int
) -> None:
    """A problem document, not a stream that breaks off."""
    with following(site, query, **headers) as answer:
        assert (answer.status, answer.getheader("content-type")) == (status, "application/problem+json")


def test_connections_are_counted(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    """One beyond the bound is told when to come again; when one ends there is room."""
    monkeypatch.setattr(stream, "MOST", 1)
    with following(site) as kept:
        kept.readline()
        with following(site) as refused:
            assert (refused.status, refused.getheader("retry-after")) == (503, "30")
