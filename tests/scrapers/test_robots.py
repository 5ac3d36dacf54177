"""robots.txt by RFC 9309: what is asked, what is kept, and what silence means."""

import asyncio

import pytest

from scrapers.robots import Robots
from tests.scrapers.conftest import answer


@pytest.fixture
def robots(fetcher, clock):
    """Rules that go by a clock that stands still."""
    return Robots(fetcher, clock)


def _text(body: str) -> bytes:
    return answer(body.encode(), kind="text/plain")


async def test_rules_for_us_are_obeyed_before_rules_for_all(press, robots):
    """The group that names us counts; without one, the group for everybody."""
    press.says("/robots.txt", _text("User-agent: *\nDisallow: /a\n\nUser-agent: LateEdition\nDisallow: /b\n"))

    assert await robots.refusal(press.base + "/a/story") is None
    assert (await robots.refusal(press.base + "/b/story"))[0] == "robots_disallow"


@pytest.mark.parametrize(
    ("said", "reason"),
    [
        pytest.param(answer(b"", "404 Not Found"), None, id="no file is leave"),
        pytest.param(answer(b"", "403 Forbidden"), None, id="a refused file is no file"),
        pytest.param(answer(b"", "500 Oops"), "robots_unreachable", id="a failing server is no leave"),
        pytest.param(answer(b"", "429 Slow"), "robots_unreachable", id="too many requests is no leave"),
        pytest.param(answer(b"<html>Welcome!</html>"), None, id="a page instead of a file asks for nothing"),
        pytest.param(_text("User-agent: *\nDisallow: /" + "\n# x" * 300_000), "robots_disallow", id="the beginning of an endless file counts"),
    ],
)  # fmt: skip
async def test_what_an_answer_means(press, robots, said, reason):
    """Absent is leave, unreachable is not (RFC 9309 §2.3.1)."""
    press.says("/robots.txt", said)

    refusal = await robots.refusal(press.base + "/story")

    assert (refusal[0] if refusal else None) == reason


async def test_redirects_are_followed_and_loops_are_no_file(press, robots):
    """Up to five hops, to another place as well; what never ends asks for nothing."""
    press.says("/robots.txt", answer(b"", "301 Moved", extra=b"Location: /rules.txt\r\n"))
    press.says("/rules.txt", _text("User-agent: *\nDisallow: /private/\n"))

    assert await robots.refusal(press.base + "/private/story") is not None

    press.says("/rules.txt", answer(b"", "302 Found", extra=b"Location: /robots.txt\r\n"))


async def test_rules_are_kept_for_a_day_and_failures_for_minutes(press, robots, clock):
    """One question a day; a failing server is asked again soon."""
    press.says("/robots.txt", _text("User-agent: *\nDisallow: /x\n"))
    await robots.refusal(press.base + "/story")
    await robots.refusal(press.base + "/x")
    assert press.paths() == ["/robots.txt"]

    clock.go(hours=25)
    press.says("/robots.txt", answer(b"", "503 Later"))
    await robots.refusal(press.base + "/story")
    clock.go(minutes=5)
    await robots.refusal(press.base + "/story")
    assert len(press.asked) == 2

    clock.go(minutes=6)
    press.says("/robots.txt", _text(""))
    robots._fetcher.manners._hosts.clear()
    assert await robots.refusal(press.base + "/story") is None


async def test_many_ask_once(press, robots):
    """Pages that come at the same time share one question."""
    press.says("/robots.txt", _text(""))

    await asyncio.gather(*[robots.refusal(f"{press.base}/{number}") for number in range(20)])

    assert press.paths() == ["/robots.txt"]


async def test_crawl_delay_becomes_the_host_s_gap(press, robots, fetcher):
    """What the file asks for is kept by everything that is fetched from the host."""
    press.says("/robots.txt", _text("User-agent: *\nCrawl-delay: 7\n"))

    await robots.rules(press.base + "/story")

    assert fetcher.manners.gap(press.base.removeprefix("http://")) == 7.0
