"""A crawl from end to end: a real server, a real spider, a real home."""

import asyncio
from dataclasses import replace

import pytest

from tests.scrapers.conftest import answer
from tests.scrapers.outlet import PARAGRAPHS, STORIES, feed, open_outlet, story

FIRST = f"/{STORIES[0]}"


def _title(path: str) -> str:
    return path.rpartition("/")[2].replace("-", " ").title()


def test_what_a_feed_names_is_archived_and_revisited(press, home):
    """Discovery, first captures, revisits, and an edit that a second look confirms."""
    open_outlet(press)
    home.watch(press.base + "/")

    home.crawl()
    home.crawl(refetch=True)
    changed = (*PARAGRAPHS[:3], PARAGRAPHS[3].replace("41 million", "57 million"), *PARAGRAPHS[4:])
    press.says(FIRST, answer(story(_title(FIRST), changed)))
    home.crawl(refetch=True)
    home.crawl(refetch=True)

    assert [verdict for path, verdict in home.verdicts() if path == FIRST] == [
        "first",
        "unchanged",
        "edit",
        "unchanged",
    ]
    assert [(one.kind, one.words_added) for one in home.archive.edits()] == [("edit", 1)]


def test_validators_make_conditional_requests(press, home):
    """What the server gave as ETag is sent back, and a 304 is a capture that says `unchanged`."""
    open_outlet(press)

    async def conditional(_reader, writer):
        same = press.asked[-1].headers.get("if-none-match") == '"1"'
        body = story(_title(FIRST))
        writer.write(
            b'HTTP/1.1 304 Not Modified\r\nETag: "1"\r\n\r\n'
            if same
            else answer(body, extra=b'ETag: "1"\r\n')
        )
        await writer.drain()

    press.says(FIRST, conditional)
    home.watch(press.base + FIRST)
    home.crawl()
    home.crawl(refetch=True)

    assert [(one.status, str(one.verdict)) for one in home.archive.captures()] == [
        (200, "first"),
        (304, "unchanged"),
    ]


def test_every_hop_is_a_capture_under_its_own_address(press, home):
    """A moved story: the hop under the old address, the page under the new one, one article."""
    open_outlet(press)
    home.watch(press.base + "/feed.xml")
    home.crawl()
    moved = "/2026/11/24/council-votes-for-a-new-bridge"
    press.says(FIRST, answer(b"", "301 Moved Permanently", extra=f"Location: {moved}\r\n".encode()))
    press.says(moved, answer(story(_title(FIRST))))
    home.crawl(refetch=True)

    later = home.verdicts()[2:]
    assert (FIRST, "moved") in later
    assert (moved, "unchanged") in later


def test_a_story_that_moved_is_watched_at_its_new_address(press, home):
    """Once the move was confirmed, the old address is left alone."""
    open_outlet(press)
    home.watch(press.base + FIRST)
    home.crawl()
    moved = "/2026/11/24/council-votes-for-a-new-bridge"
    press.says(FIRST, answer(b"", "301 Moved Permanently", extra=f"Location: {moved}\r\n".encode()))
    press.says(moved, answer(story(_title(FIRST))))
    for _ in range(3):
        home.crawl(refetch=True)
    press.asked.clear()
    home.crawl(refetch=True)

    assert [path for path in press.paths() if path != "/robots.txt"] == [moved]


def test_two_spellings_of_a_story_are_watched_once(press, home):
    """An AMP twin that names its canonical page, and a tracked link, cost no second visit."""
    open_outlet(press)
    amp = "/amp/2026/11/24/council-votes-on-the-new-bridge"
    press.says(amp, answer(story(_title(FIRST), head=f'<link rel="canonical" href="{press.base}{FIRST}">')))
    listed = (STORIES[0], STORIES[0] + "?utm_source=rss", amp[1:])
    press.says("/feed.xml", answer(feed(press.base, listed), kind="application/rss+xml"))
    home.watch(press.base + "/feed.xml")
    home.crawl()
    press.asked.clear()
    home.crawl(refetch=True)

    assert sorted(press.paths()) == sorted(["/feed.xml", FIRST, "/robots.txt"])


def test_an_article_stays_watched_after_it_left_the_feed(press, home):
    """A feed shows what is new; edits come to what is old."""
    open_outlet(press)
    home.watch(press.base + "/feed.xml")
    home.crawl()
    press.says("/feed.xml", answer(feed(press.base, STORIES[1:]), kind="application/rss+xml"))
    press.asked.clear()
    home.crawl(refetch=True)

    assert FIRST in press.paths()


@pytest.mark.parametrize(
    ("location", "reason"),
    [
        pytest.param("http://10.0.0.1/secret", "forbidden_address", id="a private address"),
        pytest.param("http://[::ffff:10.0.0.1]/", "forbidden_address", id="mapped"),
        pytest.param("http://[64:ff9b::a00:1]/", "forbidden_address", id="NAT64"),
        pytest.param("file:///etc/hostname", "unsupported_scheme", id="a file"),
        pytest.param("data:text/html,<p>hi", "unsupported_scheme", id="data"),
        pytest.param("https://consent.example.invalid/?back=1", "offsite", id="another site"),
    ],
)  # fmt: skip
def test_where_a_redirect_may_not_lead_is_named(press, home, location, reason):
    """The hop is archived, its target is not asked for, and the source says why."""
    press.says(FIRST, answer(story(_title(FIRST))))
    home.watch(press.base + FIRST)
    home.crawl()
    press.says(FIRST, answer(b"", "302 Found", extra=f"Location: {location}\r\n".encode()))
    home.crawl(refetch=True)

    assert list(home.problems()) == [reason]
    assert len(home.verdicts()) == 2


async def _loop(_reader, writer):
    writer.write(
        answer(b"", "302 Found", extra=f"Location: {FIRST}?{writer.get_extra_info('n', 0)}\r\n".encode())
    )
    await writer.drain()


async def _hangs(_reader, writer):
    await asyncio.sleep(20)
    writer.close()


async def _cut(_reader, writer):
    writer.write(answer(story(_title(FIRST)))[:-200])
    await writer.drain()
    writer.close()


@pytest.mark.parametrize(
    ("said", "reason", "verdict"),
    [
        pytest.param(answer(b"no", "500 Oops"), "http_500", "blocked", id="a failing server"),
        pytest.param(answer(b"no", "403 Forbidden"), "http_403", "blocked", id="a refusal"),
        pytest.param(_hangs, "timeout", "blocked", id="silence"),
        pytest.param(_cut, "truncated", "suspect", id="cut short"),
        pytest.param(b"garbage\r\n\r\n", "bad_http", "blocked", id="no HTTP"),
        pytest.param(answer(b"", "302 Found", extra=f"Location: {FIRST}\r\n".encode()), "too_many_redirects", "redirect", id="a loop"),
    ],
)  # fmt: skip
def test_a_failing_story_harms_nobody(press, home, said, reason, verdict):
    """The reason is kept, nothing is reported, and the other story is visited as ever."""
    open_outlet(press)
    home.watch(press.base + "/feed.xml")
    home.crawl()
    press.says(FIRST, said)
    report = home.crawl(refetch=True)

    later = home.verdicts()[2:]
    assert verdict in {one for path, one in later if path == FIRST}
    assert (f"/{STORIES[1]}", "unchanged") in later
    assert report.problems == 1
    assert reason in home.problems()
    assert list(home.archive.edits()) == []


def test_robots_txt_is_obeyed_before_every_visit(press, home):
    """What it forbids is not asked for, and the source says so."""
    open_outlet(press)
    home.watch(press.base + "/feed.xml")
    press.says("/robots.txt", answer(b"User-agent: *\nDisallow: /2026/11/24/\n", kind="text/plain"))
    home.crawl()

    assert FIRST not in press.paths()
    assert "robots_disallow" in home.problems()


def test_a_host_that_asks_for_silence_gets_it(press, home):
    """A 429 ends the visits to its host; the crawl ends without waiting an hour, and the rest stays due."""
    open_outlet(press)
    slow = answer(b"", "429 Too Many Requests", extra=b"Retry-After: 3600\r\n")
    home.settings = replace(home.settings, politeness_concurrency_per_host=1)
    home.watch(press.base + "/feed.xml")
    for path in STORIES:
        press.says("/" + path, slow)
    home.crawl()
    asked = [path for path in press.paths() if path[1:] in STORIES]
    press.asked.clear()
    home.crawl()

    assert len(asked) == 1
    assert press.paths() == []


def test_a_feed_that_became_html_is_kept_aside(press, home):
    """Its last word stands, the stories are visited on, and the body can be looked at."""
    open_outlet(press)
    home.watch(press.base + "/feed.xml")
    home.crawl()
    press.says("/feed.xml", answer(b"<html><body>We moved</body></html>"))
    home.crawl(refetch=True)

    from archive.catalog import sources

    with home.stores.catalogue.reading() as connection:
        (one,) = sources.asides_of(connection, 1)
    assert (one.problem.reason, one.body) == ("bad_feed", b"<html><body>We moved</body></html>")
    assert "bad_feed" in home.problems()
    assert (FIRST, "unchanged") in home.verdicts()


def test_a_feed_that_is_the_same_is_not_read_again(press, home):
    """An equal body names nothing new."""
    open_outlet(press)
    home.watch(press.base + "/feed.xml")
    home.crawl()
    seen = []
    from scrapers.frontier import Outcome, Visit

    def note(visit: Visit, outcome: Outcome) -> None:
        if visit.kind == "feed":
            seen.append(outcome.listing)

    from scheduler.crawling import crawl_once
    from scheduler.frontier import Goal

    asyncio.run(
        crawl_once(home.stores, home.settings, Goal(once=True), version="t", refetch=True, on_settled=note)
    )

    assert seen == [None]


def test_links_of_a_feed_to_inner_addresses_are_named(press, home):
    """They are not asked for; a name that leads inside counts as well as a number."""
    open_outlet(press)
    entries = b"<item><link>http://10.0.0.1/a-story-of-some-length</link></item><item><link>http://partner.invalid/a-story-of-some-length</link></item>"
    press.says(
        "/feed.xml", answer(b"<rss><channel>" + entries + b"</channel></rss>", kind="application/rss+xml")
    )
    home.watch(press.base + "/feed.xml")
    home.crawl()

    assert set(home.problems()) == {"forbidden_address", "offsite"}


@pytest.mark.parametrize(
    ("policy", "captures"), [pytest.param("store", 1, id="store"), pytest.param("skip", 0, id="skip")]
)
def test_a_page_that_asks_archives_to_keep_away(press, home, policy, captures):
    """Kept and marked, or left out, as the operator decides; the source says so."""
    press.says(FIRST, answer(story(_title(FIRST)), extra=b"X-Robots-Tag: noarchive\r\n"))
    home.settings = replace(home.settings, rights_noarchive=policy)
    home.watch(press.base + FIRST)
    home.crawl()

    assert len(home.verdicts()) == captures
    assert ("noarchive" in home.problems()) == (policy == "skip")
    assert home.archive.sources()[0].health == "ok"
