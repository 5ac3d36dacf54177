"""Archived pages for reading: nothing runs, every address leads into the archive, the words stay."""

from hypothesis import given
from hypothesis import strategies as st
from lxml import html

from lateedition.web.rewriting import readable

URL = "https://paper.example/2026/story.html"


def read(text: str) -> html.HtmlElement:
    """Return a page made readable, parsed."""
    return html.document_fromstring(readable(text, URL, lambda target, how: f"/web/1{how}/{target}").decode())


def test_addresses_lead_into_the_archive() -> None:
    """Links, pictures and styles are asked of the archive, made absolute as the page meant them."""
    tree = read(
        '<base href="/other/"><link rel=stylesheet href="a.css"><a href="b.html">b</a><a href="//c.example/c">c</a>'
        '<a href="#d">d</a><img src="e.png"><img src="data:image/png;base64,AA=="><video poster="f.jpg"></video>'
    )

    assert tree.xpath("//link/@href") == ["/web/1cs_/https://paper.example/other/a.css"]
    assert tree.xpath("//a/@href") == [
        "/web/1/https://paper.example/other/b.html",
        "/web/1/https://c.example/c",
        "#d",
    ]
    assert tree.xpath("//img/@src") == [
        "/web/1im_/https://paper.example/other/e.png",
        "data:image/png;base64,AA==",
    ]
    assert tree.xpath("//@poster") == ["/web/1im_/https://paper.example/other/f.jpg"]
    assert tree.xpath("//base") == []


def test_what_runs_embeds_or_fetches_ahead_is_gone() -> None:
    """Scripts, frames, refreshes, preloads, handlers, and addresses that are none of the web."""
    tree = read(
        "<head><script>1</script><meta http-equiv=refresh content='0;url=http://a.example/'>"
        "<link rel=preload href=x><link rel=dns-prefetch href=//a.example></head>"
        "<body onload=1><iframe src=x></iframe><object data=x></object><embed src=x><a href='javascript:1' ping=x>y</a>"
        "<form action=http://a.example/ target=_top><button formaction=x>z</button></form><svg onload=1></svg>"
        "<img srcset='a.png 2x' onerror=1>after</body>"
    )

    assert tree.xpath("//script|//iframe|//object|//embed|//link|//meta[@http-equiv]") == []
    assert (
        tree.xpath("//@onload|//@onerror|//@href|//@ping|//@action|//@formaction|//@target|//@srcset") == []
    )
    assert tree.text_content().endswith("after")


def test_the_text_is_utf_8_and_says_so() -> None:
    """An encoding that the page stated no longer holds."""
    page = readable('<meta charset="iso-8859-1"><p>Café\0</p>', URL, lambda target, _how: target)

    assert page.count(b"charset") == 1
    assert "Café\ufffd" in html.document_fromstring(page.decode()).text_content()


@given(st.text(st.sampled_from("<>/ab='\" !-?\0&;\ud800\u202e"), max_size=80))
def test_no_text_breaks_it(text: str) -> None:
    """Whatever was archived, something can be served."""
    assert isinstance(readable(text, URL, lambda target, _how: target), bytes)
