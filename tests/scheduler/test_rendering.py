"""An outlet whose articles are built by JavaScript, crawled by a recipe that says so."""

import json
from dataclasses import replace

import pytest

from scrapers.browsing import BrowserMissingError, check_browser
from tests.scheduler.conftest import SETTINGS
from tests.scrapers.conftest import answer
from tests.scrapers.outlet import PARAGRAPHS, STORIES, open_outlet

FIRST = f"/{STORIES[0]}"
SHELL = b"""<!doctype html><html lang=en><head><meta charset=utf-8><title>The Quay</title></head><body><main></main><script>
fetch('/api/story.json').then(answer => answer.json()).then(said => {
  document.querySelector('main').innerHTML = '<article><h1>' + said.title + '</h1><time datetime="2026-11-24T08:00:00Z"></time>'
    + said.text.map(one => '<p>' + one + '</p>').join('') + '</article>';
});
</script></body></html>"""


def _interface(paragraphs=PARAGRAPHS) -> bytes:
    said = {"title": "Council Votes On The New Bridge", "text": list(paragraphs)}
    return answer(json.dumps(said).encode(), kind="application/json")


@pytest.mark.timeout(60)
def test_an_article_that_scripts_build_is_found_and_its_edit_too(press, home):
    """The shell never changes and has a validator; the text comes from an interface, and an edit of it is found."""
    try:
        check_browser("")
    except BrowserMissingError as error:
        pytest.skip(str(error))
    home.settings = replace(SETTINGS, fetch_timeout=15.0)
    open_outlet(press)
    press.says(FIRST, answer(SHELL, extra=b'ETag: "1"\r\n'))
    press.says("/api/story.json", _interface())
    folder = home.stores.home / "sources"
    folder.mkdir()
    (folder / "quay.toml").write_text("[fetch]\nbrowser = true\n")
    home.watch(press.base + "/feed.xml", name="quay")

    home.crawl()
    changed = (*PARAGRAPHS[:3], PARAGRAPHS[3].replace("41 million", "57 million"), *PARAGRAPHS[4:])
    press.says("/api/story.json", _interface(changed))
    home.crawl(refetch=True)
    home.crawl(refetch=True)

    assert [verdict for path, verdict in home.verdicts() if path == FIRST] == ["first", "edit", "unchanged"]
    assert [(one.kind, one.words_added, one.alert) for one in home.archive.edits()] == [("edit", 1, True)]
    assert all("if-none-match" not in one.headers for one in press.asked)
    assert home.problems() == {}
