"""The fast path never says that a page is unchanged when the full path says that it is not."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from archive.text import content_digest, extract
from archive.text.revisits import fingerprint_of, says_the_same

TEXT = [
    f"Paragraph {number} tells of the old bridge over the harbour, of its beams and of all those who cross it on their way."
    for number in range(9)
]


def page(*, before: str = "", after: str = "", head: str = "", text: list[str] = TEXT) -> bytes:
    """Return an article with markup around it."""
    inner = "".join(f"<p>{one}</p>" for one in text)
    return f"<html lang='en'><head><title>Bridge closed</title>{head}</head><body>{before}<main><article class='story'><h1>Bridge closed</h1>{inner}</article></main>{after}</body></html>".encode()


def fast(html: bytes) -> bool:
    """Ask the fast path about a page, knowing the plain one."""
    known = fingerprint_of(page(), extract(page()))
    assert known is not None
    return says_the_same(html, known)


@pytest.mark.parametrize(
    "html",
    [
        pytest.param(page(), id="same bytes"),
        pytest.param(page(before="<div class='ad'>Win a boat</div>"), id="advert above"),
        pytest.param(
            page(after="<section id='comments'><p>I never liked that bridge.</p></section>"),
            id="comment below",
        ),
        pytest.param(page(head="<meta name='csrf-token' content='f00'>"), id="token"),
    ],
)
def test_an_unchanged_article_is_known_at_once(html: bytes) -> None:
    """What changes beside an article does not cost an extraction."""
    assert fast(html)


@pytest.mark.parametrize(
    "html",
    [
        pytest.param(page(after="<p>Correction: the bridge was opened in 1987.</p>"), id="note outside"),
        pytest.param(
            page(after="<p>An earlier version of this article named the wrong pier.</p>"),
            id="unlabelled note outside",
        ),
        pytest.param(page(text=[*TEXT[:-1], "Another ending altogether."]), id="paragraph"),
        pytest.param(page(text=TEXT[:-1]), id="paragraph gone"),
        pytest.param(
            page(head="<meta property='article:modified_time' content='2024-05-01T10:00:00Z'>"), id="date"
        ),
        pytest.param(
            page(after="<div class='paywall'>Subscribe to continue reading this article</div>"), id="wall"
        ),
        pytest.param(b"<html><title>Not found</title><body><h1>Page not found</h1></body></html>", id="gone"),
    ],
)
def test_what_may_be_a_change_is_left_to_the_full_path(html: bytes) -> None:
    """A note, a date, a word of the text, a wall: the fast path says nothing about them."""
    assert not fast(html)


@settings(deadline=None)
@given(
    st.lists(
        st.sampled_from(
            [
                "<div>boat</div>",
                "<p>Update: the text has changed since.</p>",
                "<p>42 comments</p>",
                "<aside>more</aside>",
                "<h1>Other</h1>",
                "<p>We regret the error.</p>",
                "<figure><figcaption>Cap</figcaption></figure>",
            ]
        ),
        max_size=4,
    ),
    st.booleans(),
)
def test_the_fast_path_is_never_wrong(pieces: list[str], below: bool) -> None:
    """Where it says "the same", the full path gives the same digest."""
    html = page(**{"after" if below else "before": "".join(pieces)})

    if fast(html):
        assert content_digest(extract(page())) == content_digest(extract(html))


def test_a_page_that_is_no_plain_article_has_no_fingerprint() -> None:
    """Short articles and walls are weighed against the rest of their page, every time."""
    assert fingerprint_of(page(text=TEXT[:1]), extract(page(text=TEXT[:1]))) is None
