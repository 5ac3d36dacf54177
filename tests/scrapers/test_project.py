"""The Scrapy project works as people expect: `scrapy list`, `shell` and `crawl` from the project's root."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.scrapers.conftest import answer
from tests.scrapers.outlet import STORIES, open_outlet

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def scrapy(tmp_path, press):
    """Run Scrapy's own command in the project."""
    (tmp_path / "lateedition.toml").write_text(
        'allowed_private_networks = ["127.0.0.0/8"]\n[politeness]\ndelay = 0\n'
    )

    def command(*arguments):
        environment = {**os.environ, "LATEEDITION_HOME": str(tmp_path)}
        return subprocess.run(
            [sys.executable, "-m", "scrapy", *arguments],
            cwd=ROOT,
            env=environment,
            capture_output=True,
            text=True,
            timeout=60,
        )

    return command


def test_list_names_the_spiders(scrapy):
    """The article spider is there for everybody to see."""
    done = scrapy("list")

    assert (done.returncode, done.stdout) == (0, "articles\n")


@pytest.mark.timeout(90)
def test_shell_fetches_through_our_handler(press, scrapy):
    """A page as Scrapy shows it: decoded, followed, with the exchange beside it."""
    open_outlet(press)
    press.says("/old", answer(b"", "302 Found", extra=b"Location: /feed.xml\r\n"))

    done = scrapy(
        "shell", press.base + "/old", "-c", "(response.status, response.url, len(response.xpath('//item')), "
        "response.meta['lateedition_exchange'].reason)"
    )  # fmt: skip

    assert f"(200, '{press.base}/feed.xml', 2, b'OK')" in done.stdout
    assert press.asked[-1].headers["user-agent"].startswith("LateEdition/")


@pytest.mark.timeout(90)
def test_crawl_visits_addresses_without_a_home(press, scrapy):
    """`-a urls=` is enough; robots.txt is obeyed there as well."""
    open_outlet(press)
    done = scrapy(
        "crawl", "articles", "-a", f"urls={press.base}/{STORIES[0]},{press.base}/private/x", "-s", "LOG_LEVEL=ERROR"
    )  # fmt: skip

    assert (done.returncode, done.stderr) == (0, "")
    assert press.paths() == ["/robots.txt", f"/{STORIES[0]}"]


@pytest.mark.timeout(90)
def test_crawl_without_addresses_says_what_to_do(scrapy):
    """Not a crawl of nothing."""
    assert "lateedition crawl" in scrapy("crawl", "articles").stderr
