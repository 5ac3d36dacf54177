"""`watch` and `sources` as people use them: real server, real home, the command's own front door."""

import json
import sys

import pytest

from lateedition.cli.entry import run
from tests.scrapers.conftest import _press, answer, press  # noqa: F401 - fixtures
from tests.scrapers.outlet import STORIES, open_outlet

pytestmark = pytest.mark.filterwarnings("ignore::ResourceWarning")


@pytest.fixture
def le(tmp_path, monkeypatch, capsysbinary):
    """Run a command on a home of its own; give exit code, standard output and standard error."""
    home = tmp_path / "home"
    home.mkdir()
    (home / "lateedition.toml").write_text(
        'allowed_private_networks = ["127.0.0.0/8"]\n[politeness]\ndelay = 0\nconcurrency_per_host = 4\n'
    )
    monkeypatch.setenv("COLUMNS", "200")

    def command(*arguments):
        code = run(["--home", str(home), *map(str, arguments)])
        out, err = capsysbinary.readouterr()
        return code, out.decode(), err.decode()

    command.home = home
    return command


def test_a_bad_address_in_a_list_costs_nobody_else(press, le, tmp_path):  # noqa: F811 - fixture
    """One line for each that cannot be watched, exit 1, and the rest is watched."""
    open_outlet(press)
    wanted = tmp_path / "list.txt"
    wanted.write_text(f"# ours\nnot a url\n{press.base}/\nhttp://127.0.0.1:1/\n{press.base}/missing.xml\n")

    code, _, err = le("watch", "--file", wanted)

    lines = err.strip().splitlines()
    assert code == 1
    assert [line.split(":")[1].strip() for line in lines if line.startswith("lateedition:")] == [
        "bad_url",
        "connect",
        "http_404",
    ]
    assert sum(line.startswith("watching ") for line in lines) == 1
    assert json.loads(le("sources", "--format", "jsonl")[1])["url"] == press.base + "/"


def test_an_opml_file_is_watched(press, le, tmp_path):  # noqa: F811 - fixture
    """The subscriptions of a feed reader are a list."""
    open_outlet(press)
    wanted = tmp_path / "papers.opml"
    wanted.write_text(
        f'<?xml version="1.0"?><opml><body><outline text="Quay" xmlUrl="{press.base}/feed.xml"/></body></opml>'
    )

    assert le("watch", "--file", wanted)[0] == 0


def test_a_list_that_names_nothing_is_wrong_usage(le, tmp_path):
    """Exit 2, and how to write one."""
    wanted = tmp_path / "list.txt"
    wanted.write_text("# nothing yet\n")

    code, _, err = le("watch", "--file", wanted)

    assert (code, "one a line" in err) == (2, True)


def test_a_recipe_is_kept_and_tried_on_live_pages(press, le, tmp_path):  # noqa: F811 - fixture
    """`watch --recipe` keeps it, `sources test` shows what it finds and what the general way finds."""
    open_outlet(press)
    recipe = tmp_path / "quay.toml"
    recipe.write_text('[fetch]\ncookies = { edition = "north" }\n[select]\nheadline = "article p"\n')

    code, _, err = le("watch", press.base + "/", "--name", "quay", "--recipe", recipe)
    assert (code, err) == (0, "watching quay: 3 listings, 2 articles so far\n")
    assert (le.home / "sources" / "quay.toml").read_text() == recipe.read_text()

    press.asked.clear()
    code, out, _ = le("sources", "test", "quay", "--pages", "1")

    assert code == 0
    assert "recipe" in next(line for line in out.splitlines() if line.startswith("headline"))
    assert "general" in next(line for line in out.splitlines() if line.startswith("body"))
    assert [one.headers.get("cookie") for one in press.asked if one.path[1:] in STORIES] == ["edition=north"]


def test_cookies_of_a_recipe_are_sent_by_the_crawl(press, le, tmp_path):  # noqa: F811 - fixture
    """To the outlet, with every page."""
    open_outlet(press)
    recipe = tmp_path / "quay.toml"
    recipe.write_text('[fetch]\ncookies = { edition = "north" }\n')
    le("watch", press.base + "/feed.xml", "--name", "quay", "--recipe", recipe)
    press.asked.clear()

    assert le("crawl", "--once")[0] == 0
    assert {one.headers.get("cookie") for one in press.asked if one.path != "/robots.txt"} == {
        "edition=north"
    }


def test_a_capture_on_demand_goes_by_the_recipe_too(press, le, tmp_path):  # noqa: F811 - fixture
    """Its cookies are sent, whoever asked for the capture; one address under two spellings is fetched once."""
    open_outlet(press)
    recipe = tmp_path / "quay.toml"
    recipe.write_text('[fetch]\ncookies = { edition = "north" }\n')
    le("watch", press.base + "/", "--name", "quay", "--recipe", recipe)
    press.asked.clear()

    code = le("capture", f"{press.base}/{STORIES[0]}", f"{press.base}/{STORIES[0]}#top", "no address")[0]

    assert code == 1
    assert [one.headers.get("cookie") for one in press.asked if one.path == f"/{STORIES[0]}"] == [
        "edition=north"
    ]


def test_what_is_archived_is_what_the_recipe_finds(press, le, tmp_path):  # noqa: F811 - fixture
    """The text of a version is found by the outlet's selectors."""
    open_outlet(press)
    recipe = tmp_path / "quay.toml"
    recipe.write_text(
        '[select]\nheadline = "time"\nremove = ["article p:first-of-type"]\nbody = "article p"\n'
    )
    le("watch", f"{press.base}/{STORIES[0]}", "--name", "quay", "--recipe", recipe)

    assert le("crawl", "--once")[0] == 0
    shown = le("show", f"{press.base}/{STORIES[0]}")[1]
    assert "24 November" in shown
    assert "The council voted" not in shown
    assert "Work begins in March" in shown


@pytest.mark.parametrize("text", ['[select]\nbody = "div["\n', "[slect]\n", "x ="])
def test_a_slip_in_a_recipe_is_wrong_settings(press, le, tmp_path, text):  # noqa: F811 - fixture
    """Exit 2, one line, nothing watched."""
    open_outlet(press)
    recipe = tmp_path / "quay.toml"
    recipe.write_text(text)

    code, _, err = le("watch", press.base + "/", "--recipe", recipe)

    assert (code, err.count("\n")) == (2, 1)
    assert str(recipe) in err
    assert le("sources", "--format", "jsonl")[1] == ""


def test_a_source_says_why_it_is_ill_and_what_to_do(press, le):  # noqa: F811 - fixture
    """Health with its reason and a way out; the body that could not be read can be had."""
    open_outlet(press)
    le("watch", press.base + "/feed.xml", "--name", "quay")
    le("crawl", "--once")
    press.says("/feed.xml", answer(b"<html>We moved</html>"))
    le("crawl", "--once", "--refetch")

    line = json.loads(le("sources", "--format", "jsonl")[1])
    shown = le("sources", "show", "quay")[1]

    assert (line["health"], line["problems"][0]["reason"]) == ("degraded", "bad_feed")
    assert line["reason"].startswith("bad_feed: ")
    assert line["advice"] in shown
    assert le("sources", "show", "quay", "--aside", "1")[1] == "<html>We moved</html>"
    assert le("sources", "show", "quay", "--aside", "2")[0] == 2


def test_a_recipe_that_needs_a_browser_says_what_to_install(press, le, tmp_path, monkeypatch):  # noqa: F811 - fixture
    """Without the extra, `watch --recipe` and `sources test` name it before anything is fetched or kept."""
    open_outlet(press)
    recipe = tmp_path / "quay.toml"
    recipe.write_text("[fetch]\nbrowser = true\n")
    assert le("watch", press.base + "/", "--name", "quay")[0] == 0
    press.asked.clear()
    monkeypatch.setitem(sys.modules, "playwright", None)

    watched = le("watch", press.base + "/", "--name", "other", "--recipe", recipe)
    tried = le("sources", "test", "quay", "--recipe", recipe)

    for code, _, err in (watched, tried):
        assert (code, "pip install 'lateedition[browser]'" in err) == (2, True)
    assert press.asked == []
