"""What is kept dark is on no page, in no feed, in no search and in no replay, whatever is asked for."""

import json
from pathlib import Path
from urllib.parse import quote

from archive.reading import Archive, EditQuery
from tests.archive.ingest.test_darkness import DARK, day
from tests.archive.paper import START, STORY, opened, record
from tests.lateedition.web.conftest import served

VIEWS = (
    f"/article?url={quote(STORY, safe='')}",
    f"/web/{STORY}",
    f"/web/20180719100000id_/{STORY}",
    f"/web/timemap/link/{STORY}",
    f"/api/v1/versions?url={quote(STORY, safe='')}",
)


def test_the_web_shows_nothing_of_it(tmp_path: Path) -> None:
    """Pages, mementos and versions are not found; lists, feeds, searches and the index leave it out."""
    stores = opened(tmp_path / "home")
    record(stores, day(), policy=DARK)
    with served(stores) as site:
        found = {view: site.ask(view).status for view in VIEWS}
        edits = json.loads(site.ask("/api/v1/edits?all=true").body)["items"]
        hits = json.loads(site.ask("/api/v1/search?q=people").body)["items"]
        feed = json.loads(site.ask("/feeds/edits.json").body)["items"]
        index = site.ask(f"/cdx/search/cdx?url={quote(STORY, safe='')}").text
        front = site.ask("/").text
        events = list(Archive(stores, dark=True).edits(EditQuery(all=True)))
        pictures = {site.ask(f"/picture/{one.id}.svg").status for one in events}
        told = Archive(stores).edits_confirmed_since(START, EditQuery(all=True))
        kept = Archive(stores, dark=True).edits_confirmed_since(START, EditQuery(all=True))
    stores.close()

    assert found == dict.fromkeys(VIEWS, 404)
    assert (edits, feed, index) == ([], [], "")
    assert [one["article"] for one in hits if one["article"] == STORY] == []
    assert "Ten people" not in front
    assert kept
    assert (pictures, told) == ({404}, [])
