"""The pages of alerts: what every rule says and matched, how channels fare, and every delivery."""

from urllib.parse import urlencode

from archive.model import Disclosure
from archive.reading import EditQuery
from lateedition.web.alerting import SHOWN
from tests.lateedition.web.conftest import Site
from tests.lateedition.web.desk import HOSTILE_NAME, RULE, SECRETS, WAITING
from tests.lateedition.web.test_pages import cards, words


def rows(site: Site, view: str, panel: str) -> list[str]:
    """Return the rows of a page's table as text."""
    return [words(one) for one in site.ask(view).tree.xpath(f"//section[{panel}]//tbody/tr")]


def test_every_rule_is_listed_with_what_it_says_and_matched(site: Site) -> None:
    """Conditions in words, where it sends, how many edits it matched, and when last."""
    silent = list(site.archive.edits(EditQuery(disclosures=(Disclosure.SILENT,))))
    listed = rows(site, "/alerts", '@aria-label="Rules"')

    assert len(listed) == 2
    assert f"{RULE} disclosure silent desk, chat {len(silent)} " in listed[1]


def test_a_rule_shows_the_edits_it_matched(site: Site) -> None:
    """The last ones as cards, each once whatever channels it went to, and how many there are in all."""
    silent = [f"e-{one.id}" for one in site.archive.edits(EditQuery(disclosures=(Disclosure.SILENT,)))]
    answer = site.ask(f"/rule?{urlencode({'name': RULE})}")
    shown = [card.get("id") for card in cards(answer)]

    assert len(silent) > SHOWN
    # The desk's rule met the oldest edit last.
    assert sorted(shown) == sorted(silent[:SHOWN])
    assert f"The last {SHOWN} of {len(silent)} are shown." in words(answer.tree.find(".//main"))
    assert '[rule."silent ones"]' in answer.tree.findtext('.//pre[@class="code"]')


def test_channels_say_how_they_fare_and_no_secret(site: Site) -> None:
    """Counts and trouble are shown; passwords, keys and tokens are on no page."""
    listed = rows(site, "/alerts", '@aria-labelledby="channels"')
    pages = [site.ask(one).text for one in ("/alerts", f"/rule?{urlencode({'name': RULE})}")]

    assert [("Off 410 Gone" in one, "On" in one) for one in listed] == [(True, False), (False, True)]
    assert [(secret, page.count(secret)) for secret in SECRETS for page in pages if secret in page] == []


def test_what_is_muted_says_how_to_take_it_back(site: Site) -> None:
    """With the command that does it."""
    [muted] = rows(site, "/alerts", '@aria-labelledby="mutes"')

    assert muted.startswith(f"rule {RULE} source paper.example until taken backlateedition alerts unmute ")


def test_deliveries_are_paged_without_loss_and_narrowed(site: Site) -> None:
    """Every one of a state is on just one page; an answer stands beside its delivery."""
    view, seen = "/alerts?state=held", []
    while view:
        tree = site.ask(view).tree
        seen += tree.xpath('//tr[starts-with(@id, "d-")]/@id')
        view = next(iter(tree.xpath('//a[@rel="next"]/@href')), "").partition("#")[0]
    dead = rows(site, "/alerts?state=dead", '@aria-labelledby="deliveries"')

    assert len(seen) == len(set(seen)) == WAITING
    assert dead
    assert all("Given up" in one and "410 the service answered 410" in one for one in dead)


def test_a_rule_of_any_name_has_a_page(site: Site) -> None:
    """A name that looks like markup is a name."""
    answer = site.ask(f"/rule?{urlencode({'name': HOSTILE_NAME})}")

    assert answer.status == 200
    assert words(answer.tree.find(".//h1")) == HOSTILE_NAME
