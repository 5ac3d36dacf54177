"""Replay: what was archived can be read and fetched back, and does nothing."""

import gzip
import re
from datetime import UTC, datetime, timedelta
from urllib.parse import quote

import pytest

from lateedition.web.mementos import http_date
from tests.lateedition.web.conftest import Answer, Printed, Site
from tests.lateedition.web.press import BEGIN, BRIDGE, NASTY, REMOVED, ZIPPED

CODED = ZIPPED.url + "?page=all&q=%C3%A9"


def times_of(printed: Printed, url: str) -> list[str]:
    """Return when an address was captured, as fourteen digits, oldest first."""
    return sorted(moment for one, moment in printed.press.sent if one == url)


def at(digits: str) -> datetime:
    """Return the moment that fourteen digits name."""
    return datetime.strptime(digits, "%Y%m%d%H%M%S").replace(tzinfo=UTC)


def links(answer: Answer) -> dict[str, str]:
    """Return the Link header as relation → address."""
    found = re.findall(r'<([^>]*)>; rel="([^"]*)"', answer.headers["link"])
    return {rel: address for address, names in found for rel in names.split()}


def test_archived_bytes_are_those_that_were_sent(site: Site, printed: Printed) -> None:
    """`id_` gives every capture's body back, revisits through the record they refer to."""
    wrong = []
    for (url, moment), body in printed.press.sent.items():
        answer = site.ask(f"/web/{moment}id_/{url}", Accept_Encoding="gzip")
        if answer.status not in (301, 410) and answer.body != body:
            wrong.append((url, moment))

    assert wrong == []
    assert len(printed.press.sent) > 80


def test_a_memento_is_dated_and_linked(site: Site, printed: Printed) -> None:
    """RFC 7089: when it was captured, of what, and which come first, before, next and last."""
    times = times_of(printed, BRIDGE.url)
    answer = site.ask(f"/web/{times[1]}/{BRIDGE.url}")
    linked = links(answer)

    assert answer.status == 200
    assert answer.headers["memento-datetime"] == http_date(at(times[1]))
    assert linked["original"] == BRIDGE.url
    assert linked["timegate"] == f"{site.base}/web/timegate/{BRIDGE.url}"
    assert linked["timemap"] == f"{site.base}/web/timemap/link/{BRIDGE.url}"
    for rel, number in (("first", 0), ("prev", 0), ("next", 2), ("last", 3)):
        assert linked[rel] == f"{site.base}/web/{times[number]}/{BRIDGE.url}"


@pytest.mark.parametrize("modifier", ["", "id_", "im_"])
def test_replay_can_do_nothing(site: Site, printed: Printed, modifier: str) -> None:
    """No origin, no script, no form, no foreign address; archived headers have no effect."""
    moment = times_of(printed, ZIPPED.url)[0]
    answer = site.ask(f"/web/{moment}{modifier}/{ZIPPED.url}")
    policy = answer.headers["content-security-policy"]

    assert answer.status == 200
    assert policy.startswith("sandbox; default-src 'none'")
    assert not re.search("allow-|script-src|http", policy)
    assert not {"set-cookie", "refresh", "x-odd", "x-archive-orig-set-cookie"} & set(answer.headers)
    assert answer.headers["x-archive-orig-x-odd"] == "yes"


def test_a_page_for_reading_has_no_script_and_leads_nowhere_else(site: Site, printed: Printed) -> None:
    """Scripts are gone, links and styles lead to the archive at that time, the text is whole."""
    moment = times_of(printed, BRIDGE.url)[0]
    tree = site.ask(f"/web/{moment}/{BRIDGE.url}").tree

    assert tree.xpath("//script") == []
    assert tree.xpath("//a/@href") == [f"/web/{moment}/https://paper.example/world/"]
    assert tree.xpath("//link/@href") == [f"/web/{moment}cs_/https://paper.example/main.css"]
    assert all(one in tree.text_content() for one in BRIDGE.paragraphs)


def test_hostile_pages_are_tamed_too(site: Site, printed: Printed) -> None:
    """Markup in an archived text stays text in replay as well."""
    moment = times_of(printed, NASTY.url)[0]

    assert site.ask(f"/web/{moment}/{NASTY.url}").tree.xpath("//*[@data-x]") == []


def test_coded_bodies_come_as_the_reader_can_take_them(site: Site, printed: Printed) -> None:
    """With its coding for who knows it, decoded for who does not; the query belongs to the address."""
    moment = times_of(printed, CODED)[0]
    coded = site.ask(f"/web/{moment}id_/{CODED}", Accept_Encoding="gzip")
    plain = site.ask(f"/web/{moment}id_/{CODED}", Accept_Encoding="identity")
    read = site.ask(f"/web/{moment}/{CODED}")

    assert coded.headers["content-encoding"] == "gzip"
    assert gzip.decompress(coded.body) == plain.body == ZIPPED.html()
    assert "content-encoding" not in plain.headers
    assert ZIPPED.paragraphs[0] in read.text


@pytest.mark.parametrize(
    "asked",
    [
        pytest.param("19990101000000", id="long-before"),
        pytest.param("2026", id="a-year"),
        pytest.param("20260302", id="a-day"),
        pytest.param(f"{BEGIN:%Y%m%d%H%M%S}", id="just-before"),
    ],
)
def test_a_time_without_a_capture_leads_to_the_nearest(site: Site, printed: Printed, asked: str) -> None:
    """302, with the modifier kept."""
    first = times_of(printed, BRIDGE.url)[0]
    answer = site.ask(f"/web/{asked}id_/{BRIDGE.url}")

    assert answer.status == 302
    assert answer.headers["location"] == f"/web/{first}id_/{BRIDGE.url}"


@pytest.mark.parametrize("path", ["/web/timegate/", "/web/"])
def test_a_timegate_leads_to_the_time_that_is_asked_for(site: Site, printed: Printed, path: str) -> None:
    """The last one unless asked; the nearest otherwise; no date is refused; `Vary` says why."""
    times = times_of(printed, BRIDGE.url)
    usual = site.ask(path + BRIDGE.url)
    early = site.ask(path + BRIDGE.url, Accept_Datetime=http_date(at(times[1]) + timedelta(minutes=2)))

    assert (usual.status, usual.headers["location"]) == (302, f"/web/{times[-1]}/{BRIDGE.url}")
    assert (early.status, early.headers["location"]) == (302, f"/web/{times[1]}/{BRIDGE.url}")
    assert usual.headers["vary"] == "accept-datetime"
    assert "memento-datetime" not in usual.headers
    assert links(usual)["original"] == BRIDGE.url
    assert site.ask(path + BRIDGE.url, Accept_Datetime="yesterday-ish").status == 400


def test_a_timemap_lists_every_memento(site: Site, printed: Printed) -> None:
    """In order, each dated, each answering."""
    times = times_of(printed, ZIPPED.url)
    answer = site.ask(f"/web/timemap/link/{ZIPPED.url}")
    found = re.findall(r'<([^>]*)>; rel="([^"]*memento)"; datetime="([^"]*)"', answer.text)

    assert answer.headers["content-type"].startswith("application/link-format")
    assert [address for address, _, _ in found] == [f"{site.base}/web/{one}/{ZIPPED.url}" for one in times]
    assert [date for _, _, date in found] == [http_date(at(one)) for one in times]
    assert [rel for _, rel, _ in found] == ["first memento", "memento", "last memento"]
    assert {site.ask(address.removeprefix(site.base)).status for address, _, _ in found} == {200}


@pytest.mark.parametrize("path", ["timegate/", "timemap/link/", "20260302000000/", "20260302000000id_/", ""])
def test_what_was_never_archived_is_404(site: Site, path: str) -> None:
    """Nothing is fetched to answer; it is said."""
    assert site.ask(f"/web/{path}https://never.example/").status == 404


@pytest.mark.parametrize(
    ("target", "status"),
    [
        pytest.param("/web/", 404, id="nothing"),
        pytest.param("/web/abc/http://x.example/", 404, id="no-time"),
        pytest.param(f"/web/20261399000000/{BRIDGE.url}", 400, id="no-such-month"),
        pytest.param("/web/20260101000000/", 404, id="no-address"),
        pytest.param("/web/2026/http://[broken/", 404, id="no-host"),
    ],
)
def test_odd_addresses_are_refused_in_words(site: Site, target: str, status: int) -> None:
    """Never a server error."""
    assert site.ask(target).status == status


def test_an_archived_error_keeps_its_status(site: Site, printed: Printed) -> None:
    """A page that was gone is gone in replay, with its date."""
    moment = times_of(printed, REMOVED.url)[-1]
    answer = site.ask(f"/web/{moment}/{REMOVED.url}")

    assert answer.status == 410
    assert "memento-datetime" in answer.headers
    assert "Gone" in answer.text


def test_an_archived_redirect_stays_in_the_archive(site: Site, printed: Printed) -> None:
    """Its target is the archived one, at that time."""
    url = "https://paper.example/old"
    moment = times_of(printed, url)[0]
    answer = site.ask(f"/web/{moment}/{url}")

    assert answer.status == 301
    assert answer.headers["location"] == f"/web/{moment}/https://paper.example/2026/03/02/new.html"


def test_head_of_a_memento_has_its_headers(site: Site, printed: Printed) -> None:
    """HEAD answers as GET does, without the body."""
    moment = times_of(printed, BRIDGE.url)[0]
    answer = site.ask(f"/web/{moment}/{BRIDGE.url}", "HEAD")

    assert (answer.status, answer.body) == (200, b"")
    assert "memento-datetime" in answer.headers


def test_an_address_in_escapes_is_the_same_address(site: Site) -> None:
    """Readers who escape the whole address, or fold its slashes, are understood."""
    folded = BRIDGE.url.replace("://", ":/")
    asked = [
        site.ask(f"/web/{one}").headers["location"]
        for one in (BRIDGE.url, quote(BRIDGE.url, safe=""), folded)
    ]

    assert len(set(asked)) == 1


def test_a_frame_shows_the_page_with_what_came_before_and_after(site: Site, printed: Printed) -> None:
    """Dated, between its neighbours, in a sandbox without exceptions that only this archive may fill."""
    times = times_of(printed, BRIDGE.url)
    answer = site.ask(f"/replay?url={quote(BRIDGE.url, safe='')}&at={times[1]}")
    frame = answer.tree.xpath("//iframe")[0]
    buttons = {
        " ".join(one.text_content().split()): one.get("href")
        for one in answer.tree.xpath('//nav[@aria-label="Captures of this address"]/a')
    }

    assert (frame.get("sandbox"), frame.get("src")) == ("", f"/web/{times[1]}/{BRIDGE.url}")
    assert "2 of 4 captures" in " ".join(answer.tree.text_content().split())
    assert f"at={times[0]}" in buttons["← Earlier"]
    assert f"at={times[2]}" in buttons["Later →"]
    assert buttons["Archived bytes"] == f"/web/{times[1]}id_/{BRIDGE.url}"
    assert answer.headers["content-security-policy"].endswith("frame-src 'self'")
    assert site.ask("/replay?url=https://never.example/").status == 404
    assert site.ask(f"/replay?url={quote(BRIDGE.url, safe='')}&at=soon").status == 400
