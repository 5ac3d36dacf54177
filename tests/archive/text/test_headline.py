"""The headline is what the page shows as one; what the page's data states only says which heading, and which words of it."""

import json

import pytest

from archive.text import extract
from archive.text.headline import find_headline
from archive.text.page import parse_page

TEXT = (
    "<p>The old bridge over the harbour was closed on Monday, and nobody knows for how long it will be.</p>"
    * 4
)
LINE = "Harbour bridge closed until further notice"


def headline(
    body: str, *, title: str = "", og: str = "", data: str = "", site: str = "The Quayside"
) -> tuple[str, str]:
    """Find the headline of a page with these titles."""
    head = f"<title>{title}</title><meta property='og:title' content='{og}'><meta property='og:site_name' content='{site}'>"
    if data:
        stated = json.dumps(
            {"@type": "NewsArticle", "headline": data, "datePublished": "2026-01-05T08:00:00Z"}
        )
        head += f"<script type='application/ld+json'>{stated}</script>"
    return find_headline(
        parse_page(
            f"<html><head>{head}</head><body>{body}{TEXT}</body></html>", "https://quayside.example/a/1"
        )
    )


@pytest.mark.parametrize(
    ("body", "stated"),
    [
        pytest.param(
            f"<h1>{LINE}</h1>", {"og": "You will not believe this bridge", "title": "Bridge closed"}, id="h1"
        ),
        pytest.param(
            f"<h1><span class='kicker'>Traffic</span>{LINE}</h1>", {"og": LINE}, id="kicker with a name"
        ),
        pytest.param(f"<h1><span>Traffic</span> {LINE}</h1>", {"og": LINE}, id="kicker that data leaves out"),
        pytest.param(
            f"<h1><small>Traffic</small> – {LINE}</h1>",
            {"data": LINE, "og": f"Traffic: {LINE}"},
            id="kicker and sign",
        ),
        pytest.param(
            f"<h2>{LINE}</h2>", {"data": "Bridge: what we know", "og": LINE}, id="h2 where no h1 is"
        ),
        pytest.param(
            f"<h2><span>Traffic</span><span>{LINE}</span></h2>",
            {"data": f"Traffic: {LINE}", "og": LINE},
            id="h2 with a kicker",
        ),
        pytest.param(f"<div class='entry-title'>{LINE}</div>", {"og": LINE}, id="no heading at all"),
        pytest.param(
            f"<h1>The Quayside Daily</h1><h2>{LINE}</h2>",
            {"title": f"{LINE} | The Quayside Daily", "site": ""},
            id="h1 is the outlet",
        ),
        pytest.param(
            f"<h2>{LINE}</h2>",
            {"title": f"{LINE} | Traffic | City | Quayside", "site": ""},
            id="sections in the title",
        ),
        pytest.param(
            f"<h1>{LINE}</h1><aside><h2>Ferry sails again on Sunday</h2></aside>",
            {"og": "Ferry sails again on Sunday"},
            id="teaser",
        ),
    ],
)
def test_the_headline_is_what_readers_see(body: str, stated: dict[str, str]) -> None:
    """The heading wins over every title; a kicker in it goes where the page's own data leaves it out."""
    assert headline(body, **stated) == (LINE, "dom")


def test_words_that_all_data_has_as_one_title_stay_together() -> None:
    """What looks like a kicker and stands in every stated title is of the headline, sign and all."""
    body = f"<h1><span class='kicker'>Harbour</span><span>{LINE}</span></h1>"
    whole = f"Harbour: {LINE}"

    assert headline(body, og=whole, data=whole, title=f"{whole} | The Quayside") == (whole, "dom")


def test_a_page_that_shows_no_heading_is_taken_at_its_word() -> None:
    """Without a heading the stated title counts, JSON-LD first."""
    assert headline("", data=LINE, og="Bridge closed") == (LINE, "json-ld")


def test_the_headings_of_other_articles_are_no_headlines() -> None:
    """A lower heading counts only where a stated title says the same."""
    body = "<h2>Ferry sails again on Sunday</h2>"

    assert headline(body, og=LINE) == (LINE, "meta")


def test_a_headline_in_a_lower_heading_is_no_paragraph() -> None:
    """The heading that shows it is not read again as text, kicker and all."""
    html = (
        f"<html lang='en'><head><title>x</title><meta property='og:title' content='{LINE}'></head><body><main>"
        f"<h2><span>Traffic</span>{LINE}</h2>{TEXT.replace('old', 'older', 2)}</main></body></html>"
    )
    found = extract(html.encode(), "https://quayside.example/a/1")

    assert found.headline == LINE
    assert not any(LINE in paragraph for paragraph in found.body)


def test_a_title_without_an_end_costs_no_more_than_its_length() -> None:
    """A title of a hundred thousand seams is not taken apart at each; the test's time-out holds it to that."""
    html = (
        f"<html><head><title>{'a – b – ' * 100_000}</title></head><body><h1>{LINE}</h1>{TEXT}</body></html>"
    )

    assert extract(html.encode()).headline == LINE
