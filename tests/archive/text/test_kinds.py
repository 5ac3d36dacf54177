"""The gate tells an article from what stands in its place."""

import pytest

from archive.model import PageKind
from archive.text import extract

CLOSED = '<script type="application/ld+json">{"@type": "NewsArticle", "headline": "Bridge closed", "isAccessibleForFree": false}</script>'
PARAGRAPHS = "".join(
    f"<p>Paragraph {number} tells of the bridge over the harbour, of its {number + 3} beams and of those who cross it every day.</p>"
    for number in range(6)
)


@pytest.mark.parametrize(
    ("inner", "kind"),
    [
        pytest.param(f'<div class="x1 paywall-article">{PARAGRAPHS}</div>', PageKind.ARTICLE, id="covers"),
        pytest.param(
            f'{PARAGRAPHS}<div class="paywall"><p>Offers for our readers</p></div>',
            PageKind.PAYWALLED,
            id="behind",
        ),
        pytest.param(f'<div class="truncated">{PARAGRAPHS}</div>', PageKind.PAYWALLED, id="cut"),
    ],
)
def test_a_wall_is_one_where_text_is_missing(inner: str, kind: PageKind) -> None:
    """An element named like a wall that holds the article's text in full hides nothing from us."""
    page = f"<html lang='en'><head><title>Bridge closed | Post</title>{CLOSED}</head><body><main><article><h1>Bridge closed</h1>{inner}</article></main></body></html>"

    assert extract(page.encode(), "https://quayside.example/2026/bridge-closed.html").page_kind is kind


def test_an_article_that_says_it_is_free_is_not_walled() -> None:
    """Offers to subscribe beside a text that everybody may read make it no part of one."""
    free = CLOSED.replace("false", '"True"')
    offers = '<aside class="paywall"><p>Subscribe now to read on.</p><p>Already a subscriber? Log in to continue reading.</p></aside>'
    page = f"<html lang='en'><head><title>Bridge closed | Post</title>{free}</head><body><main><article><h1>Bridge closed</h1>{PARAGRAPHS}{offers}</article></main></body></html>"

    assert (
        extract(page.encode(), "https://quayside.example/2026/bridge-closed.html").page_kind
        is PageKind.ARTICLE
    )
    assert (
        extract(
            page.replace('"True"', "false").encode(), "https://quayside.example/2026/bridge-closed.html"
        ).page_kind
        is PageKind.PAYWALLED
    )
