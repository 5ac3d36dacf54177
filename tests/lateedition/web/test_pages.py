"""The pages: what a reader sees, without a script, whatever the archived text holds."""

import re
from collections.abc import Callable
from urllib.parse import quote, urlencode

import pytest
from lxml import html

from archive.model import EventKind
from archive.reading import EditQuery
from tests.lateedition.web.conftest import Answer, Site
from tests.lateedition.web.desk import HOSTILE_NAME, RULE
from tests.lateedition.web.press import ARABIC, BRIDGE, BUSY, HOSTILE, MANY, NASTY, REMOVED, SILENT, TITLED


def article(url: str, **more: str | int) -> str:
    """Return an article's address on the page."""
    return f"/article?{urlencode({'url': url} | more)}"


def words(element: html.HtmlElement) -> str:
    """Return an element's text with single spaces."""
    return " ".join(element.text_content().split())


def cards(answer: Answer) -> list[html.HtmlElement]:
    """Return the cards of a list."""
    return list(answer.tree.xpath('//li[@class="card"]'))


def card_of(site: Site, url: str, view: str = "/?all=true") -> html.HtmlElement:
    """Return the newest card of an article, following the list to its end."""
    while view:
        answer = site.ask(view)
        found = [
            one for one in cards(answer) if one.xpath(f'.//h3/a[contains(@href, "{quote(url, safe="")}")]')
        ]
        if found:
            return found[0]
        view = next(iter(answer.tree.xpath('//a[@rel="next"]/@href')), "")
    message = f"{url} is on no page of the list"
    raise AssertionError(message)


PAGES = [
    pytest.param("/", 200, id="edits"),
    pytest.param("/?disclosure=silent&source=nahr.example", 200, id="edits-narrowed"),
    pytest.param("/?kind=moved", 200, id="edits-none"),
    pytest.param(article(BRIDGE.url), 200, id="article"),
    pytest.param(article(BRIDGE.url, view="side"), 200, id="article-side-by-side"),
    pytest.param(article(NASTY.url), 200, id="article-hostile"),
    pytest.param(article(ARABIC.url), 200, id="article-arabic"),
    pytest.param(article(REMOVED.url), 200, id="article-removed"),
    pytest.param(article("https://paper.example/never"), 404, id="article-unknown"),
    pytest.param("/article", 404, id="article-without-address"),
    pytest.param("/sources", 200, id="sources"),
    pytest.param("/source?name=paper.example", 200, id="source"),
    pytest.param("/source?name=nobody", 404, id="source-unknown"),
    pytest.param("/alerts", 200, id="alerts"),
    pytest.param(f"/rule?{urlencode({'name': RULE})}", 200, id="rule"),
    pytest.param(f"/rule?{urlencode({'name': HOSTILE_NAME})}", 200, id="rule-hostile"),
    pytest.param("/rule?name=nobody", 404, id="rule-unknown"),
    pytest.param("/alerts?state=lost", 422, id="state-unknown"),
    pytest.param("/alerts?cursor=zq", 400, id="alerts-foreign-cursor"),
    pytest.param("/no-such-page", 404, id="no-such-page"),
    pytest.param("/?limit=many", 422, id="wrong-value"),
    pytest.param("/?cursor=zq", 400, id="foreign-cursor"),
    pytest.param("/web/2026/https://never.example/", 404, id="never-archived"),
]


@pytest.mark.parametrize(("target", "status"), PAGES)
def test_every_page_is_whole(site: Site, target: str, status: int) -> None:
    """Each has its status, a language, a title, one h1, a main part, a skip link, and a strict policy."""
    answer = site.ask(target)
    tree = answer.tree
    policy = answer.headers["content-security-policy"]

    assert answer.status == status
    assert tree.get("lang") == "en"
    assert tree.findtext(".//title", "").endswith(" – Late Edition")
    assert len(tree.xpath("//h1")) == len(tree.xpath('//main[@id="main"]')) == 1
    assert tree.xpath('//a[@href="#main"]')
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    # What is said in the place of an archived page may stand in the frame that shows those.
    assert f"frame-ancestors '{'self' if target.startswith('/web/') else 'none'}'" in policy
    assert answer.headers["x-content-type-options"] == "nosniff"


@pytest.mark.parametrize(("target", "status"), PAGES)
def test_no_page_needs_what_its_policy_forbids(site: Site, target: str, status: int) -> None:
    """No script, no style in an element or attribute, no handler, no address elsewhere but links."""
    tree = site.ask(target).tree

    assert status
    assert tree.xpath("//script | //style | //iframe | //object | //@style | //base") == []
    assert [name for element in tree.iter() for name in element.attrib if name.startswith("on")] == []
    assert [
        one for one in tree.xpath("//@src | //link/@href | //form/@action") if not one.startswith("/")
    ] == []


@pytest.mark.parametrize(("target", "status"), PAGES)
def test_archived_text_never_becomes_markup(site: Site, target: str, status: int) -> None:
    """No element and no attribute comes out of an archived text, and no link leads to a script."""
    tree = site.ask(target).tree

    assert status
    assert tree.xpath("//*[@data-x]") == []
    assert [
        one
        for one in tree.xpath("//@href")
        if re.match(r"\s*(javascript|data|vbscript):", one, re.IGNORECASE)
    ] == []


def without_marks(text: str) -> str:
    """Leave out marks of direction: they are no letters."""
    return re.sub("[\u202a-\u202e]", "", text)


def test_hostile_text_is_there_as_text(site: Site) -> None:
    """It can be read, letter by letter, on the list and as its article's h1."""
    heading = words(site.ask(article(NASTY.url)).tree.find(".//h1"))

    assert without_marks(heading) == without_marks(f"Notice {HOSTILE}")
    assert "<script data-x>" in words(card_of(site, NASTY.url))


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("https://x.example/<img data-x src=x>", id="address"),
        pytest.param('" style="url(http://x.example/css)" data-x="', id="no-address"),
        pytest.param("http://[::1", id="half-an-address"),
        pytest.param("\0\x1b\u202e", id="control-characters"),
    ],
)
@pytest.mark.parametrize("path", ["/article?url=", "/?article=", "/source?name=", "/?source="])
def test_text_in_the_address_comes_back_as_text(site: Site, path: str, text: str) -> None:
    """What a link brings along is shown, not obeyed, and never a server error."""
    answer = site.ask(path + quote(text))

    assert answer.status in (200, 404)
    assert answer.tree.xpath("//*[@data-x]") == []
    assert path == "/?source=" or text.strip("\0\x1b\u202e") in answer.tree.text_content()


def test_a_card_says_what_changed_how_badly_and_whether_it_was_said(site: Site) -> None:
    """Badges in words, changed words marked, the outlet and the versions named."""
    silent, corrected = card_of(site, SILENT.url), card_of(site, BRIDGE.url)

    assert "Silent edit" in words(silent)
    assert "Material" in words(silent)
    assert [one.text for one in silent.iter("del")] == ["4,200"]
    assert [one.text for one in silent.iter("ins")] == ["4,950"]
    assert "Disclosed" in words(corrected)
    assert "Correction" in words(corrected)
    assert "paper.example" in words(corrected)
    assert "version 1 → 2" in words(corrected)


def test_headlines_carry_their_language(site: Site) -> None:
    """On the list and on the article's page, and the direction follows the text."""
    link = card_of(site, ARABIC.url).find(".//h3")
    heading = site.ask(article(ARABIC.url)).tree.find(".//h1")

    assert (link.get("lang"), link.get("dir")) == ("ar", "auto")
    assert (heading.get("lang"), heading.get("dir")) == ("ar", "auto")


def test_older_pages_lead_to_every_edit_once(site: Site) -> None:
    """Following `rel=next` shows each event of the ledger exactly once, newest first."""
    seen: list[str] = []
    view = "/"
    while view:
        answer = site.ask(view)
        seen += [one.get("id").removeprefix("e-") for one in cards(answer)]
        view = next(iter(answer.tree.xpath('//a[@rel="next"]/@href')), "")

    assert seen == [one.id for one in site.archive.edits(EditQuery(), newest_first=True)]
    assert len(seen) > MANY


def test_counts_are_those_of_the_lists_they_lead_to(site: Site) -> None:
    """The number on a tile is the number of edits behind its link."""
    tiles = site.ask("/").tree.xpath('//a[contains(@class, "tile")]')

    for tile in tiles:
        query = tile.get("href").partition("?")[2]
        items = site.ask(f"/feeds/edits.json?limit=1000&{query}").text.count('"urn:lateedition:event:')
        assert int(tile.findtext("b").replace(",", "")) == items
    assert len(tiles) == 5


def test_a_narrowed_list_says_so_and_stays_narrowed(site: Site) -> None:
    """The form shows what was chosen, and older pages and feeds keep to it."""
    answer = site.ask("/?source=wire.example&disclosure=silent&severity=")
    chosen = answer.tree.xpath("//select/option[@selected]/@value")
    older = answer.tree.xpath('//a[@rel="next"]/@href')[0]
    atom = answer.tree.xpath('//link[@type="application/atom+xml"]/@href')[0]

    assert chosen == ["wire.example", "silent"]
    assert {words(one) for one in answer.tree.xpath('//ul[@class="facts"]/li[1]')} == {"wire.example"}
    assert "source=wire.example&disclosure=silent" in older
    assert "source=wire.example&disclosure=silent" in atom


def test_an_article_shows_versions_difference_and_evidence(site: Site) -> None:
    """Both versions, the changed words, the note marked as one, and where the records lie."""
    tree = site.ask(article(BRIDGE.url)).tree
    page = words(tree)
    event = next(iter(site.archive.edits(EditQuery(article=BRIDGE.url))))
    capture = site.archive.capture(event.to_capture or "")

    assert words(tree.find(".//h1")) == BRIDGE.headline
    assert [one.text for one in tree.xpath('//div[@class="body"]/p/del')] == ["4,200"]
    assert [one.text for one in tree.xpath('//div[@class="body"]/p/ins')] == ["3,900"]
    assert "it is 3,900" in words(tree.xpath('//div[@role="note"]')[0])
    assert {"v1", "v2"} <= {one.text for one in tree.xpath('//ol[@class="vers"]//b')}
    assert capture is not None
    for fact in (capture.payload_digest, capture.record.file, f"offset {capture.record.offset}", capture.id):
        assert str(fact) in page
    assert capture.record.id.strip("<>") in page
    assert "Named" in page


def test_unchanged_text_is_folded_but_there(site: Site) -> None:
    """What did not change is one click away, and needs no script to be opened."""
    tree = site.ask(article(SILENT.url)).tree
    folds = tree.xpath('//div[@class="body"]/details')

    assert folds
    assert all("unchanged paragraph" in words(one.find("summary")) for one in folds)
    assert SILENT.paragraphs[-1] in words(folds[-1])


def test_any_two_versions_can_be_compared_by_a_form(site: Site) -> None:
    """A form without a script offers every version on both sides."""
    tree = site.ask(article(BUSY.url)).tree
    form = tree.xpath('//form[@aria-label="Compare two versions"]')[0]
    offered = {name: form.xpath(f'.//select[@name="{name}"]/option/@value') for name in ("from", "to")}
    asked = urlencode({"url": BUSY.url, "from": offered["from"][0], "to": offered["to"][-1], "view": "side"})
    compared = site.ask(f"{form.get('action')}?{asked}").tree

    assert offered["from"] == offered["to"] == [str(number) for number in range(1, MANY + 2)]
    assert [one.text for one in compared.xpath("//main//table//del")] == ["5000"]
    assert [one.text for one in compared.xpath("//main//table//ins")] == [f"{5000 + MANY}"]


def test_each_version_of_a_long_history_leads_to_its_change(site: Site) -> None:
    """Every version has a link to what changed with it, folded or not."""
    links = site.ask(article(BUSY.url)).tree.xpath('//ol[@class="vers"]//a/@href')
    pairs = [re.search(r"from=(\d+)&to=(\d+)", one).groups() for one in links]  # type: ignore[union-attr]  # every link has both

    assert pairs == [(str(max(1, number - 1)), str(number)) for number in range(MANY + 1, 0, -1)]


def test_the_timeline_is_drawn_and_told(site: Site) -> None:
    """A picture with a dot a version, and the same in words."""
    tree = site.ask(article(TITLED.url)).tree
    drawing = tree.xpath('//svg[@class="wide"]')[0]

    assert len(drawing.xpath(".//circle")) == 2
    assert drawing.get("role") == "img"
    assert drawing.get("aria-label").startswith("2 versions in 4 checks between 2026-03-02 ")


def test_a_removal_is_told_with_what_was_last_there(site: Site) -> None:
    """When it was seen last, since when it is absent, and that the text is kept."""
    page = words(site.ask(article(REMOVED.url)).tree.find(".//main"))

    assert any(one.kind is EventKind.REMOVED for one in site.archive.edits(EditQuery()))
    assert "This article is not there any more." in page
    assert re.search(r"Last seen 2026-03-0\d \d\d:\d\d UTC with \d+ words\.", page)
    assert re.search(r"Absent since 2026-03-0\d \d\d:\d\d UTC \(status 410\); confirmed 2026-03-0\d", page)
    assert REMOVED.paragraphs[0] in page


def test_nonsense_versions_show_the_last_change(site: Site) -> None:
    """An address made by hand still answers."""
    usual, odd = site.ask(article(BRIDGE.url)), site.ask(article(BRIDGE.url) + "&from=99&to=%00&view=zq")

    assert odd.status == 200
    assert odd.tree.findtext(".//title") == usual.tree.findtext(".//title")


def test_an_unknown_address_offers_what_is_near(site: Site) -> None:
    """Who mistyped sees addresses that look alike."""
    tree = site.ask(article(BRIDGE.url[:-6])).tree

    assert BRIDGE.url in words(tree)


def test_sources_are_listed_with_their_health(site: Site) -> None:
    """Each outlet with its numbers, and a page of its own."""
    tree = site.ask("/sources").tree
    names = [words(one) for one in tree.xpath("//tbody/tr/th/a")]

    assert names == ["nahr.example", "paper.example", "wire.example"]
    assert words(site.ask("/source?name=nahr.example").tree.find(".//h1")) == "nahr.example"


def test_an_empty_archive_says_what_to_do(serve: Callable[..., Site]) -> None:
    """The first page of a new home is a way to begin, not a blank."""
    page = words(serve(empty=True).ask("/").tree.find(".//main"))

    assert "Nothing is watched yet" in page
    for command in ("watch https://news.example/", "run", "import FILE.warc.gz", "demo"):
        assert f"lateedition {command}" in page


def test_a_notice_stands_above_every_page(serve: Callable[..., Site]) -> None:
    """Who sees a demonstration is told so, wherever they are; the line is text."""
    site = serve(notice="A <b>fast</b> clock", refresh_seconds=3)

    for target in ("/", "/sources", article(BRIDGE.url), "/none"):
        notice = site.ask(target).tree.xpath('//body/p[@class="notice"]')[0]
        assert words(notice).endswith("A <b>fast</b> clock")


def test_only_the_newest_edits_ask_for_themselves_anew(serve: Callable[..., Site]) -> None:
    """The first page follows the archive; a page that somebody reads stays still."""
    site = serve(refresh_seconds=3)
    asked = {
        target: site.ask(target).tree.xpath('//meta[@http-equiv="refresh"]/@content')
        for target in ("/", "/?kind=removed", article(BRIDGE.url), "/sources")
    }

    assert asked == {"/": ["3"], "/?kind=removed": [], article(BRIDGE.url): [], "/sources": []}


def test_foreign_names_are_refused(site: Site) -> None:
    """A page elsewhere cannot reach the archive through a name of its own, nor ask from within itself."""
    assert site.ask("/", Host="evil.example").status == 421
    assert site.ask("/", Host=f"localhost:{site.port}").status == 200
    assert site.ask("/api/v1/edits", Sec_Fetch_Site="cross-site", Sec_Fetch_Mode="no-cors").status == 403
    assert site.ask("/", Sec_Fetch_Site="cross-site", Sec_Fetch_Mode="navigate").status == 200


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "PATCH"])
def test_pages_are_only_read(site: Site, method: str) -> None:
    """Nothing here changes the archive, and a page says so."""
    answer = site.ask("/", method)

    assert answer.status == 405
    assert "only read" in words(answer.tree)


def test_head_answers_without_a_body(site: Site) -> None:
    """HEAD of a page has its status and nothing else."""
    assert [(site.ask(one, "HEAD").status, site.ask(one, "HEAD").body) for one in ("/", "/sources")] == [
        (200, b""),
        (200, b""),
    ]


def test_health_is_told_to_machines(site: Site) -> None:
    """Liveness, readiness and numbers for a monitor."""
    assert site.ask("/healthz").text == "ok\n"
    assert '"ready":true' in site.ask("/readyz").text
    assert re.search(r"^lateedition_captures \d+$", site.ask("/metrics").text, re.MULTILINE)
