"""Any bytes give one extraction; what stands around an article never changes it."""

from datetime import datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from archive.model import PageKind
from archive.text import content_digest, content_of, extract, extraction_from

SENTENCES = [
    f"Paragraph {number} tells of the bridge over the harbour, of its {number + 3} beams and of those who cross it every day."
    for number in range(8)
]
AROUND = [
    '<div class="{r}"><span>Advertisement</span><a href="/{r}">Win a {r} boat today</a></div>',
    '<div class="{r}"><p>Sponsored</p><p>{r} and {r} again, for less than {r} a month.</p></div>',
    '<aside class="{r}"><h3>Related</h3><ul><li><a href="/{r}">Story of {r}</a></li><li><a href="/x">Story of x and {r}</a></li></ul></aside>',
    '<div class="{r}"><h4><a href="/{r}">Card of {r} and more</a></h4><p>{r}. {r}.</p></div>',
    '<p class="{r}">Updated {n} minutes ago · {n} comments</p>',
    '<p><a href="/{r}">Read more: the whole story of {r}</a></p>',
    '<div class="comments"><p>{r} wrote that the bridge was never any good, and {n} others agreed with that at length.</p></div>',
]


def page(*between: str, head: str = "") -> bytes:
    """Return an article with pieces of markup between its paragraphs."""
    pieces = list(between) + [""] * (len(SENTENCES) - len(between))
    inner = "".join(f"<p>{text}</p>{piece}" for text, piece in zip(SENTENCES, pieces, strict=True))
    return f"<html lang='en'><head><title>Bridge closed | Post</title>{head}</head><body><main><article><h1>Bridge closed</h1>{inner}</article></main></body></html>".encode()


@settings(deadline=None)
@given(
    st.lists(st.sampled_from(AROUND), max_size=7),
    st.text("abcdefgh", min_size=3, max_size=9),
    st.integers(2, 900),
)
def test_what_changes_around_an_article_leaves_its_body(between: list[str], word: str, number: int) -> None:
    """Adverts, cards, link lists, counters and comments between the paragraphs are none of them."""
    said = extract(page(*(one.replace("{r}", word).replace("{n}", str(number)) for one in between)))

    assert tuple(SENTENCES) == said.body
    assert said.notes == ()


@settings(deadline=None)
@given(st.binary(max_size=2000))
def test_any_bytes_give_an_extraction(html: bytes) -> None:
    """Extraction never raises, and what it gives can be stored and read back."""
    said = extract(html, "https://quayside.example/a")

    assert said == extraction_from(content_of(said))


@settings(deadline=None)
@given(
    st.lists(
        st.sampled_from(
            [
                "<p>",
                "</p>",
                "<div>",
                "</div>",
                "<article>",
                "<h1>",
                "text ",
                "<!--",
                "<script>",
                '<script type="application/ld+json">{"@type":"NewsArticle"',
                "</script>",
                "<time>",
                "<a href='/x'>",
                "<table>",
                "<ul><li>",
                "&#xD800;",
                "Correction: ",
            ]
        ),
        max_size=60,
    )
)
def test_any_markup_gives_an_extraction(pieces: list[str]) -> None:
    """Broken nesting is what pages are made of."""
    extract("".join(pieces).encode("utf-8", "replace"))


def test_where_a_value_stood_does_not_make_a_version() -> None:
    """Two pages that say the same in other places have one digest."""
    data = '<script type="application/ld+json">{"@type":"NewsArticle","headline":"Bridge closed","datePublished":"2024-05-01T10:00:00Z"}</script>'
    meta = '<meta property="article:published_time" content="2024-05-01T10:00:00Z">'

    by_data, by_meta = extract(page(head=data)), extract(page(head=meta))

    assert dict(by_data.origins)["published_at"] == "json-ld"
    assert dict(by_meta.origins)["published_at"] == "meta"
    assert content_digest(by_data) == content_digest(by_meta)


def test_a_time_keeps_the_offset_the_page_states() -> None:
    """Publication is given to the minute, as stated."""
    said = extract(page(head='<meta property="article:published_time" content="2024-05-01T10:00:00-0400">'))

    assert said.published_at is not None
    assert datetime.fromisoformat("2024-05-01T14:00:00+00:00") == datetime.fromisoformat(said.published_at)
    assert said.published_at.endswith("-04:00")


def test_captions_are_kept_apart() -> None:
    """A caption is no paragraph."""
    said = extract(page("<figure><img src='b.jpg'><figcaption>The bridge in 1987.</figcaption></figure>"))

    assert said.captions == ("The bridge in 1987.",)
    assert tuple(SENTENCES) == said.body


def test_a_text_that_is_laid_out_in_several_boxes_is_one() -> None:
    """Boxes that say they hold the article's text are read together, whatever stands between them."""
    first, second = (
        "".join(
            f"<p>Sentence {number} of the {part} half tells what the council decided on Monday evening, and why.</p>"
            for number in range(8)
        )
        for part in ("first", "second")
    )
    box = '<div class="row"><div class="body articleBody">{}</div></div>'
    advert = '<div class="row"><div class="slot"><p>Advertisement</p></div></div>'
    page = f"<html><head><title>Council decides</title></head><body><main><h1>Council decides</h1>{box.format(first)}{advert}{box.format(second)}</main></body></html>"

    found = extract(page.encode(), "https://quayside.example/2026/council-decides.html")

    assert [("first" in one, "second" in one) for one in found.body] == [(True, False)] * 8 + [
        (False, True)
    ] * 8


def test_a_standfirst_is_the_dek_and_no_paragraph() -> None:
    """What stands above the text and says so is kept apart from it."""
    said = extract(
        page().replace(
            b"</h1>",
            b"</h1><p class='standfirst'>Engineers found cracks; nobody knows for how long it will last.</p>",
        )
    )

    assert said.dek == "Engineers found cracks; nobody knows for how long it will last."
    assert tuple(SENTENCES) == said.body


@pytest.mark.parametrize(
    ("html", "kind"),
    [
        pytest.param(b"", PageKind.EMPTY, id="nothing"),
        pytest.param(b"x" * (9 << 20), PageKind.ERROR, id="too long"),
        pytest.param(b"<div>" * 50_000 + page() + b"</div>" * 50_000, PageKind.ARTICLE, id="deep"),
        pytest.param(page().decode().encode("utf-16-le"), PageKind.ARTICLE, id="UTF-16 without mark"),
        pytest.param(page(head='<meta charset="utf-99">'), PageKind.ARTICLE, id="unknown encoding"),
        pytest.param(
            b'<script type="application/ld+json">' + b'{"@graph":' * 20_000 + b"</script>" + page(),
            PageKind.ARTICLE,
            id="deep data",
        ),
    ],
)
def test_a_nasty_page_costs_no_more_than_itself(html: bytes, kind: PageKind) -> None:
    """What is hostile or broken is an answer of its own, and what can be read is read."""
    assert kind is extract(html).page_kind


def test_utf8_is_read_as_utf8_whatever_its_label() -> None:
    """Pages are converted more often than their labels."""
    html = page(head='<meta charset="iso-8859-1">').replace(
        b"<p>Paragraph 0", "<p>Brücke für Fußgänger, Paragraph 0".encode()
    )

    assert extract(html).body[0].startswith("Brücke für Fußgänger")
