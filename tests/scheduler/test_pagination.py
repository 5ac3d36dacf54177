"""An outlet that splits its articles over pages: they are watched as one text."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from archive.clock import SystemClock
from archive.ingest import import_files, rebuild
from archive.ingest.reprocessing import Way, reprocess
from archive.opening import Stores, open_stores
from archive.reading import Archive, EditQuery
from archive.text.selectors import Selectors
from tests.scheduler.conftest import SETTINGS, Home
from tests.scrapers.conftest import Press, answer
from tests.scrapers.outlet import STORIES, open_outlet, story

PATH = f"/{STORIES[0]}"
TITLE = "Council Votes On The New Bridge"
SUBJECTS = ("bridge", "ferry", "harbour", "school", "market")
PAGES = tuple(
    tuple(
        f"Paragraph {number} on the {subject}: the council heard for an hour what the {subject} will cost the town, "
        f"and said that year {1990 + 7 * number} was the last in which anybody had looked at the {subject} at all."
        for number in range(1, 5)
    )
    for subject in SUBJECTS
)


def numbered(number: int) -> str:
    """Return the path of a page."""
    return PATH if number == 1 else f"{PATH}?page={number}"


def beneath(number: int) -> str:
    """Return the path of a page, for outlets that put the number behind a slash."""
    return PATH if number == 1 else f"{PATH}/{number}"


@dataclass
class Outlet:
    """An outlet with one split article."""

    press: Press
    path = staticmethod(numbered)

    def shows(self, texts: Sequence[Sequence[str]], *, linked: str = "all", more: str = "") -> None:
        """
        Let an article be split over pages.

        Args:
            linked: "all" when every page names every other one, "next" when it names but the next.
            more: further links of every page.
        """
        last = len(texts)
        for number, text in enumerate(texts, 1):
            names = range(1, last + 1) if linked == "all" else [number + 1] if number < last else []
            links = "".join(f'<a href="{self.path(one)}">{one}</a> ' for one in names)
            head = ""
            if linked == "next" and number < last:
                head = f'<link rel="next" href="{self.path(number + 1)}">'
            html = story(TITLE, text, head).replace(
                b"</article>", f"</article><nav class=pages>{links}{more}</nav>".encode()
            )
            self.press.says(self.path(number), answer(html, extra=b'ETag: "same"\r\n'))


@pytest.fixture
def outlet(press: Press) -> Outlet:
    """An outlet of whose two stories the first is split."""
    open_outlet(press)
    return Outlet(press)


@pytest.fixture
def watched(home: Home, outlet: Outlet) -> Home:
    """A home that watches it, and waits long enough on a busy machine: no page fails but those that are told to."""
    home.settings = replace(SETTINGS, fetch_timeout=15.0)
    home.watch(outlet.press.base + "/feed.xml", name="quay")
    return home


def edited(page: Sequence[str]) -> tuple[str, ...]:
    """Return a page with two words changed."""
    return (page[0], page[1].replace("for an hour", "for a week"), *page[2:])


def of_article(home: Home) -> list[tuple[str, str]]:
    """Return (page, verdict) of the split article's captures."""
    return [(path.removeprefix(PATH), verdict) for path, verdict in home.verdicts() if path.startswith(PATH)]


def firsts(home: Home) -> list[str]:
    """Return the verdicts of its first page's captures."""
    return [verdict for path, verdict in of_article(home) if not path]


def text_of(home: Home, press: Press, number: int = 1) -> tuple[str, ...]:
    """Return the paragraphs of a version."""
    version = home.archive.versions(press.base + PATH)[number - 1]
    return home.archive.extraction(version).body


def ledger(archive: Archive) -> list[object]:
    """Return what the archive knows: captures with verdicts and versions, events."""
    captures = [
        (one.id, one.requested_uri, one.verdict, one.version, one.article) for one in archive.captures()
    ]
    events = [(one.id, one.kind, one.alert, one.to_version) for one in archive.edits(EditQuery(all=True))]
    return [captures, events]


@pytest.mark.parametrize("linked", ["all", "next"])
@pytest.mark.parametrize("path", [pytest.param(numbered, id="query"), pytest.param(beneath, id="path")])
def test_an_edit_on_page_two_is_seen(watched: Home, outlet: Outlet, path, linked: str) -> None:
    """The text of all pages is one version, and an edit anywhere in it is an event that is confirmed and alerts."""
    outlet.path = path
    outlet.shows(PAGES[:3], linked=linked)
    watched.crawl()

    assert text_of(watched, outlet.press) == sum(PAGES[:3], ())
    outlet.shows([PAGES[0], edited(PAGES[1]), PAGES[2]], linked=linked)
    watched.crawl(refetch=True)
    watched.crawl(refetch=True)

    assert firsts(watched) == ["first", "edit", "unchanged"]
    (event,) = watched.archive.edits()
    assert (event.words_added, event.words_removed, event.alert) == (2, 2, True)
    assert event.article == outlet.press.base + PATH
    assert watched.problems() == {}


@pytest.mark.parametrize(
    "failure",
    [
        pytest.param(answer(b"", "503 Service Unavailable"), id="error"),
        pytest.param(answer(b"", "404 Not Found"), id="gone"),
        pytest.param(answer(b"<html>", extra=b"Content-Encoding: gzip\r\n"), id="damaged"),
    ],
)
def test_a_page_that_fails_removes_nothing(watched: Home, outlet: Outlet, failure: bytes) -> None:
    """While a page cannot be had there is no version and no event, the reason is said, and an edit is not forgotten."""
    outlet.shows(PAGES[:3])
    watched.crawl()
    outlet.shows([PAGES[0], edited(PAGES[1]), PAGES[2]])
    watched.crawl(refetch=True)
    outlet.press.says(numbered(3), failure)
    watched.crawl(refetch=True)

    assert firsts(watched) == ["first", "edit", "suspect"]
    assert [one.confirmed_at for one in watched.archive.edits(EditQuery(all=True))] == [None]
    assert f"{outlet.press.base}{numbered(3)}" in watched.problems()["page_missing"]
    outlet.shows([PAGES[0], edited(PAGES[1]), PAGES[2]])
    watched.crawl(refetch=True)

    assert firsts(watched) == ["first", "edit", "suspect", "unchanged"]
    assert [(one.kind, one.alert) for one in watched.archive.edits()] == [("edit", True)]
    assert len(watched.archive.versions(outlet.press.base + PATH)) == 2


def test_an_article_begins_when_all_of_it_was_read(watched: Home, outlet: Outlet) -> None:
    """Where a page fails at the first visit there is no version of the half of it; the pages begin no article either."""
    outlet.path = beneath
    outlet.shows(PAGES[:3])
    outlet.press.says(beneath(3), answer(b"", "503 Service Unavailable"))
    watched.crawl()

    assert firsts(watched) == ["suspect"]
    assert all(one.article is None for one in watched.archive.captures() if PATH in one.requested_uri)
    outlet.shows(PAGES[:3])
    watched.crawl(refetch=True)

    assert firsts(watched) == ["suspect", "first"]
    assert text_of(watched, outlet.press) == sum(PAGES[:3], ())
    assert list(watched.archive.edits(EditQuery(all=True))) == []


def test_a_page_that_always_fails_keeps_no_article_from_being_watched(watched: Home, outlet: Outlet) -> None:
    """After three visits what can be had is taken, edits of it are seen, and nothing counts as removed or added."""
    outlet.shows(PAGES[:3])
    outlet.press.says(numbered(3), answer(b"", "404 Not Found"))
    for _ in range(5):
        watched.crawl(refetch=True)

    assert firsts(watched) == ["suspect"] * 3 + ["first", "unchanged"]
    assert text_of(watched, outlet.press) == sum(PAGES[:2], ())
    outlet.shows(PAGES[:3])
    watched.crawl(refetch=True)
    watched.crawl(refetch=True)

    assert [one for one in watched.archive.edits(EditQuery(all=True)) if one.kind == "edit"] == []
    assert text_of(watched, outlet.press) == sum(PAGES[:3], ())
    outlet.shows([PAGES[0], PAGES[1], edited(PAGES[2])])
    watched.crawl(refetch=True)

    assert firsts(watched)[-1] == "edit"


@pytest.mark.parametrize(
    "pages", [pytest.param(PAGES[:3], id="of three"), pytest.param((PAGES[0], PAGES[1][:2]), id="of two")]
)
def test_an_article_that_loses_a_page_lost_its_text(watched: Home, outlet: Outlet, pages) -> None:
    """When the first page names one page less, or none any more, what stood there was removed."""
    outlet.shows(pages)
    watched.crawl()
    outlet.shows(pages[:-1])
    watched.crawl(refetch=True)
    watched.crawl(refetch=True)

    assert firsts(watched) == ["first", "edit", "unchanged"]
    (event,) = watched.archive.edits()
    assert (event.words_added, event.words_removed > 50, event.alert) == (0, True, True)


ALL = f"{PATH}?page=all"


@pytest.mark.parametrize(
    ("link", "at"),
    [
        pytest.param(f'<a href="{ALL}">Everything</a>', ALL, id="address"),
        pytest.param(f'<a href="{PATH}?q=7">Auf einer Seite</a>', f"{PATH}?q=7", id="words"),
        pytest.param(f'<a href="{PATH}/single-page">1p</a>', f"{PATH}/single-page", id="path"),
    ],
)
def test_the_single_page_is_preferred(watched: Home, outlet: Outlet, link: str, at: str) -> None:
    """An article that is to be had on one page is read there, goes by its own address, and its edits are seen."""
    outlet.shows(PAGES[:3], more=link)
    outlet.press.says(at, answer(story(TITLE, sum(PAGES[:3], ()))))
    watched.crawl()
    outlet.shows(PAGES[:3], more=link)
    outlet.press.says(at, answer(story(TITLE, sum((PAGES[0], PAGES[1], edited(PAGES[2])), ()))))
    watched.crawl(refetch=True)
    watched.crawl(refetch=True)

    assert firsts(watched) == ["first", "edit", "unchanged"]
    assert text_of(watched, outlet.press) == sum(PAGES[:3], ())
    (event,) = watched.archive.edits()
    assert (event.article, event.alert) == (outlet.press.base + PATH, True)
    assert numbered(2) not in outlet.press.paths()
    assert watched.problems() == {}


@pytest.mark.parametrize(
    "lie",
    [
        pytest.param(story("Ferry Company Cuts Its Night Service"), id="another article"),
        pytest.param(story(TITLE, PAGES[4]), id="same headline, other text"),
        pytest.param(
            b"<html><title>All</title><body>" + b"<li><a href=/2026/11/24/one-two-three-four>One</a>" * 60,
            id="listing",
        ),
    ],
)
def test_a_single_page_that_is_none_is_not_believed(watched: Home, outlet: Outlet, lie: bytes) -> None:
    """What does not hold the first page's text is not compared; the pages are read one by one."""
    outlet.shows(PAGES[:3], more=f'<a href="{ALL}">View all</a>')
    outlet.press.says(ALL, answer(lie))
    watched.crawl()
    watched.crawl(refetch=True)

    assert firsts(watched) == ["first", "unchanged"]
    assert text_of(watched, outlet.press) == sum(PAGES[:3], ())
    assert list(watched.archive.edits(EditQuery(all=True))) == []


@pytest.mark.parametrize(
    "href",
    [
        pytest.param("http://127.0.0.2:1/2026/11/24/council-votes-on-the-new-bridge?page=all", id="site"),
        pytest.param("/2026/11/24/all", id="listing"),
        pytest.param(f"/{STORIES[1]}?page=all", id="article"),
    ],
)
def test_a_link_to_elsewhere_is_not_followed(watched: Home, outlet: Outlet, href: str) -> None:
    """What stands under another path or on another site is not even asked for."""
    outlet.shows(PAGES[:2], more=f'<a href="{href}">View all</a>')
    watched.crawl()

    assert text_of(watched, outlet.press) == sum(PAGES[:2], ())
    assert href not in outlet.press.paths()


def test_pages_of_comments_are_not_the_articles(watched: Home, outlet: Outlet) -> None:
    """Pages that show the article once more are dropped, and asked for no longer while the first one stays."""
    outlet.shows([PAGES[0], PAGES[0], PAGES[0]])
    watched.crawl()
    watched.crawl(refetch=True)

    assert firsts(watched) == ["first", "unchanged"]
    assert text_of(watched, outlet.press) == PAGES[0]
    assert outlet.press.paths().count(numbered(2)) == 1
    assert numbered(3) not in outlet.press.paths()
    assert watched.problems() == {}


def test_an_article_that_was_read_by_its_first_page_is_read_on_without_an_event(
    watched: Home, outlet: Outlet
) -> None:
    """When an outlet begins to name its pages, what stands there was not added today."""
    outlet.shows([PAGES[0]])
    watched.crawl()
    outlet.shows(PAGES[:3])
    watched.crawl(refetch=True)
    watched.crawl(refetch=True)

    assert [one for one in watched.archive.edits(EditQuery(all=True)) if one.alert] == []
    assert text_of(watched, outlet.press) == sum(PAGES[:3], ())


def test_pages_are_asked_for_as_robots_txt_allows(watched: Home, outlet: Outlet) -> None:
    """A page that robots.txt keeps to itself is not asked for, and the reason is said."""
    outlet.path = beneath
    outlet.shows(PAGES[:3])
    outlet.press.says(
        "/robots.txt", answer(f"User-agent: *\nDisallow: {beneath(2)}\n".encode(), kind="text/plain")
    )
    watched.crawl()

    assert beneath(2) not in outlet.press.paths()
    assert "robots" in watched.problems()["page_missing"]


@pytest.fixture
def told(watched: Home, outlet: Outlet) -> Home:
    """A home that saw an edit on page two, a page that failed, and an edit on the single page of another form."""
    outlet.path = beneath
    outlet.shows(PAGES[:3])
    watched.crawl()
    outlet.shows([PAGES[0], edited(PAGES[1]), PAGES[2]])
    watched.crawl(refetch=True)
    outlet.press.says(beneath(3), answer(b"", "503 Service Unavailable"))
    watched.crawl(refetch=True)
    outlet.shows([PAGES[0], edited(PAGES[1]), PAGES[2]])
    watched.crawl(refetch=True)
    outlet.shows(PAGES[:3], more=f'<a href="{beneath(1)}/all">View all</a>')
    outlet.press.says(f"{PATH}/all", answer(story(TITLE, sum((edited(PAGES[0]), *PAGES[1:3]), ()))))
    watched.crawl(refetch=True)
    watched.crawl(refetch=True)
    return watched


def test_rebuild_comes_to_the_same(told: Home) -> None:
    """From the files alone the same captures, versions and events are made."""
    before = ledger(told.archive)
    assert len(before[1]) >= 2
    rebuild(told.stores)

    assert ledger(told.archive) == before


def test_reprocessing_changes_nothing(told: Home) -> None:
    """Looked at again by the same software, every first page is joined with the pages that it was joined with."""
    found = reprocess(told.stores, Way(software="test/2"))

    assert (found.changes, found.problems) == ([], [])


def test_reprocessing_joins_pages_anew(told: Home) -> None:
    """With other selectors the text of every page is another, and so is the text they come to."""
    reprocess(told.stores, Way(software="test/2", selectors={"quay": Selectors(body="p:nth-of-type(-n+3)")}))

    (path,) = {one.article for one in told.archive.captures() if one.article and PATH in one.article}
    version = told.archive.versions(path)[0]
    assert told.archive.extraction(version).body == sum((page[:3] for page in PAGES[:3]), ())


def test_what_was_joined_anew_is_found_by_a_rebuild(told: Home) -> None:
    """What a later look made of the pages stands in the files, too."""
    reprocess(told.stores, Way(software="test/2", selectors={"quay": Selectors(body="p:nth-of-type(-n+3)")}))
    before = ledger(told.archive)
    rebuild(told.stores)

    assert ledger(told.archive) == before


def test_an_import_comes_to_the_same(told: Home, fresh: Stores) -> None:
    """Another home that takes the files in has the same captures, versions and events."""
    import_files(fresh, sorted((told.stores.home / "warc").glob("**/*.warc.gz")), software="test")

    assert ledger(Archive(fresh)) == ledger(told.archive)


@pytest.fixture
def fresh(tmp_path: Path) -> Iterator[Stores]:
    """Another home."""
    (tmp_path / "fresh").mkdir()
    stores = open_stores(tmp_path / "fresh", catalogue="", blobs="", clock=SystemClock())
    yield stores
    stores.close()
