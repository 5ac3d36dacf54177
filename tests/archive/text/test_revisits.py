"""What a signature says is the same is the same: the full path finds nothing else on any page that has it."""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from archive.model import Extraction
from archive.text import Reading, content_digest, extract, read_again
from archive.text.metadata import MODIFIED, PUBLISHED
from archive.text.revisits import VOLATILE

ADDRESS = "https://quayside.example/news/bridge"
TEXT = [
    f"Paragraph {number} tells of the old bridge over the harbour, of its beams and bolts, of the engineers who built "
    f"it {number} years too late, of the ferries that sailed before, and of all those who cross it on their way to work."
    for number in range(12)
]
HEAD = (
    "<meta property='og:type' content='article'><meta property='article:published_time' content='2026-03-01T08:00:00Z'>"
    "<meta property='article:modified_time' content='2026-03-01T09:00:00Z'><meta name='author' content='Ada Marsh'>"
)


def page(
    *,
    above: str = "",
    within: str = "",
    below: str = "",
    head: str = "",
    text: list[str] = TEXT,
    name: str = "",
) -> bytes:
    """Return an article with markup around and inside it."""
    half = len(text) // 2
    lines = [f"<p>{one}</p>" for one in text]
    inner = "".join([*lines[:half], within, *lines[half:]])
    return (
        f"<html lang='en'><head><title>Bridge closed</title>{HEAD}{head}</head><body class='{name}'>{above}<main>"
        f"<article class='story'><h1>Bridge closed</h1><div class='meta'>By Ada Marsh</div>{inner}</article></main>{below}</body></html>"
    ).encode()


def again(html: bytes, *, first: bytes | None = None) -> Reading:
    """Read a page of which another one is known."""
    known = read_again(page() if first is None else first, ADDRESS)
    assert known.signature

    def found(signature: str) -> Extraction | None:
        return known.extraction if signature == known.signature else None

    return read_again(html, ADDRESS, known=found)


@pytest.mark.parametrize(
    "html",
    [
        pytest.param(page(), id="same bytes"),
        pytest.param(page(above="<div class='ad'>Win a boat</div>"), id="advert above"),
        pytest.param(
            page(within="<aside class='inline-ad'>Win a boat in 42 days</aside>"), id="advert inside"
        ),
        pytest.param(
            page(within="<div class='newsletter'>Every morning in your inbox</div>"), id="sign-up box"
        ),
        pytest.param(page(below="<section id='comments'><p>I never liked it.</p></section>"), id="comment"),
        pytest.param(page(head="<meta name='csrf-token' content='f00'>"), id="token"),
        pytest.param(page(head="<meta property='og:image' content='/i.jpg?v=2'>"), id="picture"),
        pytest.param(page(below="<script>window.x = 42</script>"), id="script"),
    ],
)
def test_an_unchanged_article_is_known_again(html: bytes) -> None:
    """What changes beside an article, or inside it without being of it, costs no extraction."""
    assert again(html).is_known


def test_names_that_differ_from_load_to_load_do_not_count() -> None:
    """What a name names counts, not the name."""
    first, second = (
        page(name=f"article b-{one}", within=f"<p class='css-{one}'>One.</p>") for one in ("7f", "8a")
    )

    assert again(second, first=first).is_known


@pytest.mark.parametrize(
    "html",
    [
        pytest.param(page(below="<p>Correction: the bridge was opened in 1987.</p>"), id="note outside"),
        pytest.param(
            page(within="<aside>Correction: the bridge was opened in 1987.</aside>"), id="note in an aside"
        ),
        pytest.param(
            page(below="<p>An earlier version of this article named the wrong pier.</p>"), id="unlabelled note"
        ),
        pytest.param(page(text=[*TEXT[:-1], "Another ending altogether."]), id="paragraph"),
        pytest.param(page(text=TEXT[:-1]), id="paragraph gone"),
        pytest.param(page(text=[TEXT[1], TEXT[0], *TEXT[2:]]), id="order"),
        pytest.param(page(within="<figure><figcaption>The bridge</figcaption></figure>"), id="caption"),
        pytest.param(
            page(head="<script type='application/ld+json'>{\"@type\": \"NewsArticle\"}</script>"), id="data"
        ),
        pytest.param(page(head="<meta name='description' content='More'>"), id="description"),
        pytest.param(page(above="<h1>Ferry sunk</h1>"), id="another heading"),
        pytest.param(b"<html><title>Not found</title><body><h1>Page not found</h1></body></html>", id="gone"),
    ],
)  # fmt: skip
def test_what_may_be_a_change_is_read_whole(html: bytes) -> None:
    """A note, a date, a word of the text, a wall: nothing is taken for known."""
    found = again(html)

    assert not found.is_known
    assert found.extraction == extract(html, ADDRESS)


@pytest.mark.parametrize(
    "html",
    [
        pytest.param(page(text=TEXT[:3]), id="short"),
        pytest.param(page().replace(b"<meta name='author' content='Ada Marsh'>", b""), id="author from a line"),
        pytest.param(page().replace(b"T08:00:00Z", b""), id="day without a time"),
        pytest.param(
            page(below="<p>This article has been retracted.</p>"), id="retraction"
        ),
        pytest.param(page(above=f"<p>{TEXT[0]}</p>"), id="text in front of the headline"),
        pytest.param(b"", id="empty"),
    ],
)  # fmt: skip
def test_a_page_that_is_weighed_against_its_surroundings_has_no_signature(html: bytes) -> None:
    """Where lines that a signature leaves out matter, every page is read whole."""
    assert read_again(html, ADDRESS).signature == ""


PIECES = [
    "<div>boat</div>",
    "<p>Update: the text has changed since.</p>",
    "<p>42 comments</p>",
    "<aside>More to read, in a line that is long enough to be running text of the page.</aside>",
    "<h1>Other</h1>",
    "<h2>Bridge closed</h2>",
    "<p>We regret the error.</p>",
    "<figure><figcaption>Cap</figcaption></figure>",
    "<div class='live-ticker'><article><time>10:00</time> Something happened here.</article></div>" * 3,
    "<article><p>Another article with text in it that may outweigh the others on this page.</p></article>",
    "<p>Advertisement</p>",
    "<p><a href='/x'>Read more about the bridge that was closed</a></p>",
    "<p class='standfirst'>A standfirst that is long enough to be running text of the page.</p>",
    "<div class='author'>By Jane Doe</div>",
    "<time datetime='2020-01-01T10:00:00Z'>then</time>",
    "<span itemprop='dateModified' content='2027-01-01T10:00:00Z'></span>",
    f"<div class='related'><p>{'A teaser text that is long. ' * 90}</p></div>",
    f"<div class='story'><p>{'A box of the same name. ' * 9}</p></div>",
    "<ul><li><a href='/a'>A link to somewhere</a></li><li><a href='/b'>and another</a></li></ul>",
]
PLACES = st.fixed_dictionaries(
    {place: st.lists(st.sampled_from(PIECES), max_size=3).map("".join) for place in ("above", "within", "below")}
)  # fmt: skip


@settings(deadline=None, max_examples=150)
@given(PLACES, PLACES)
def test_the_fast_path_is_never_wrong(one: dict[str, str], other: dict[str, str]) -> None:
    """Two pages with one signature have one text, address and rendition, whatever stands in and around them."""
    first, second = (read_again(page(**places), ADDRESS) for places in (one, other))

    if first.signature and first.signature == second.signature:
        assert content_digest(first.extraction) == content_digest(second.extraction)
        assert replace(first.extraction, image=None) == replace(second.extraction, image=None)


@settings(deadline=None, max_examples=80)
@given(PLACES, st.lists(st.sampled_from(PIECES), max_size=2).map("".join))
def test_what_is_added_to_a_known_page_never_hides_a_change(places: dict[str, str], added: str) -> None:
    """A page that is known, and the same page with more on it: the verdict is that of the full path."""
    first = page(**places)
    second = page(**{**places, "below": places["below"] + added})
    if read_again(first, ADDRESS).signature:
        found = again(second, first=first)

        assert content_digest(found.extraction) == content_digest(extract(second, ADDRESS))


def test_deep_pages_are_read_all_the_same() -> None:
    """An article under ten thousand elements is an article, with a signature or without."""
    found = read_again(page(above="<div>" * 10_000), ADDRESS)

    assert found.extraction.error is None
    assert found.extraction.headline == "Bridge closed"


def test_nothing_that_is_read_is_volatile() -> None:
    """No meta field that a value may come from is left out of the signature."""
    read = (
        *PUBLISHED,
        *MODIFIED,
        "author",
        "og:title",
        "twitter:title",
        "og:description",
        "og:type",
        "og:url",
    )

    assert [name for name in read if any(part in name for part in VOLATILE)] == []
