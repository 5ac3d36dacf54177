"""The newspaper as its readers meet it."""

import random
from datetime import UTC, datetime, timedelta

import aiohttp
import pytest

from lateedition.demo.paper import Newspaper
from lateedition.demo.programme import read_programme
from lateedition.demo.stage import served

BEGINNING = datetime(2026, 7, 19, 12, 0, tzinfo=UTC)


class Reader:
    """Someone who reads the paper at an hour of their choice."""

    def __init__(self) -> None:
        self.time = BEGINNING
        self.paper = Newspaper(read_programme(), lambda: self.time, chance=random.Random(7))
        self.address = ""

    def at(self, hour: float) -> "Reader":
        """Go to an hour of the performance."""
        self.time = BEGINNING + timedelta(hours=hour)
        return self

    async def get(self, path: str) -> tuple[int, str]:
        """Ask for a page."""
        async with aiohttp.ClientSession() as session, session.get(self.address + path) as answer:
            return answer.status, await answer.text()

    async def story(self, slug: str) -> tuple[int, str]:
        """Ask for a story by its slug."""
        story = next(one for one in read_programme().stories if one.slug == slug)
        return await self.get(f"/{story.section}/{self.paper.moment(story.published):%Y/%m/%d}/{slug}")


@pytest.fixture
async def reader():
    """A reader with a paper of their own."""
    one = Reader()
    async with served(one.paper.application()) as address:
        one.address = address
        yield one


async def test_what_surrounds_an_article_is_never_the_same_twice(reader):
    """Adverts and counters churn, as on any site."""
    pages = {(await reader.story("cod-quota-halved"))[1] for _ in range(5)}

    assert len(pages) > 1


async def test_a_consent_wall_and_a_busy_server_are_met_once(reader):
    """The next reader gets the article again."""
    reader.at(17.0)
    walls = [
        ("We value your privacy" in (await reader.story("swing-bridge-repairs-to-cost-city"))[1])
        for _ in range(3)
    ]
    reader.at(22.0)
    statuses = [(await reader.story("library-opens-on-sundays"))[0] for _ in range(3)]

    assert walls == [True, False, False]
    assert statuses == [503, 200, 200]


async def test_every_other_reader_is_shown_the_other_headline(reader):
    """While the test of two headlines runs."""
    reader.at(30.0)
    titles = ["like a bath”: the tide" in (await reader.story("spring-tide-record"))[1] for _ in range(4)]
    reader.at(50.0)
    after = ["like a bath”: the tide" in (await reader.story("spring-tide-record"))[1] for _ in range(4)]

    assert titles in ([True, False, True, False], [False, True, False, True])
    assert after == [False] * 4


async def test_what_is_taken_down_is_gone_everywhere(reader):
    """From the article's address, the front page, the feed and the sitemap."""
    reader.at(20.0)
    slug = "landlord-of-quay-street-under-investigation"
    status, _ = await reader.story(slug)
    elsewhere = [await reader.get(path) for path in ("/", "/section/money", "/feed.xml", "/sitemap-news.xml")]

    assert status == 404
    assert not any(slug in text for _, text in elsewhere)


async def test_a_note_states_its_hour_as_a_newsroom_does(reader):
    """Without a year, in Eastern Time."""
    reader.at(30.0)
    _, page = await reader.story("port-charities-question-contracts-with-norvane")

    assert "Update July 20th, 10:00 AM ET:" in page


@pytest.mark.parametrize("path", ["/section/nothing", "/town/2026/07/19/nothing", "/nothing"])
async def test_there_is_nothing_where_nothing_is(reader, path):
    """Unknown addresses are 404, and never an error of the server."""
    assert (await reader.get(path))[0] == 404
