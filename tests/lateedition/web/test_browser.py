"""The pages in a real browser: on a telephone and a desk, in light and dark, by keyboard, without a script."""

from collections.abc import Iterator
from urllib.parse import urlencode

import pytest
from playwright.sync_api import Browser, Page

from tests.lateedition.web.conftest import Printed, Site
from tests.lateedition.web.desk import HOSTILE_NAME, RULE
from tests.lateedition.web.press import ARABIC, BRIDGE, BUSY, NASTY, REMOVED
from tests.lateedition.web.test_replay import times_of

pytestmark = pytest.mark.timeout(60)

SHOWN = {
    "edits": "/",
    "article": f"/article?{urlencode({'url': BRIDGE.url})}",
    "side by side": f"/article?{urlencode({'url': BRIDGE.url, 'view': 'side'})}",
    "long history": f"/article?{urlencode({'url': BUSY.url})}",
    "arabic": f"/article?{urlencode({'url': ARABIC.url})}",
    "hostile": f"/article?{urlencode({'url': NASTY.url})}",
    "removed": f"/article?{urlencode({'url': REMOVED.url})}",
    "sources": "/sources",
    "source": "/source?name=paper.example",
    "alerts": "/alerts",
    "rule": f"/rule?{urlencode({'name': RULE})}",
    "rule with a hostile name": f"/rule?{urlencode({'name': HOSTILE_NAME})}",
    "replay": f"/replay?{urlencode({'url': BRIDGE.url})}",
    "none": "/none",
}
#: Every element with text of its own: its colour, the colours behind it, size and weight.
COLOURS = """() => [...document.querySelectorAll('body *')].filter(e => e.checkVisibility() && !e.closest('.skip,.hidden,svg')
  && [...e.childNodes].some(n => n.nodeType == 3 && n.data.trim())).map(e => { const behind = []; for (let p = e; p; p = p.parentElement) behind.push(getComputedStyle(p).backgroundColor);
  const s = getComputedStyle(e); return [e.outerHTML.slice(0, 80), s.color, behind, parseFloat(s.fontSize), parseInt(s.fontWeight)]; })"""


@pytest.fixture(params=["light", "dark"])
def scheme(request: pytest.FixtureRequest) -> str:
    """The reader's colours."""
    return str(request.param)


@pytest.fixture
def look(chromium: Browser, site: Site, scheme: str) -> Iterator[Page]:
    """A tab of a telephone's width, with scripts off as far as the pages are concerned."""
    context = chromium.new_context(
        base_url=site.base,
        viewport={"width": 360, "height": 800},
        color_scheme=scheme,  # type: ignore[arg-type]  # one of the two
    )
    page = context.new_page()
    yield page
    context.close()


def test_nothing_scrolls_sideways(look: Page) -> None:
    """At 360 px every page fits, hostile text and long addresses included."""
    wide = {}
    for name, target in SHOWN.items():
        look.goto(target)
        wide[name] = look.evaluate(
            "document.documentElement.scrollWidth - document.documentElement.clientWidth"
        )

    assert {name: more for name, more in wide.items() if more > 0} == {}


def test_all_text_can_be_told_from_its_ground(look: Page) -> None:
    """Contrast is 4.5 to 1 or more, 3 to 1 for large letters (WCAG 2.2, 1.4.3)."""
    faint = []
    for target in SHOWN.values():
        look.goto(target)
        for what, colour, behind, size, weight in look.evaluate(COLOURS):
            enough = 3.0 if size >= 24 or (size >= 18.66 and weight >= 700) else 4.5
            if contrast(rgb(colour)[:3], ground(behind)) < enough:
                faint.append((target, what))

    assert faint == []


def test_the_browser_finds_nothing_to_complain_about(look: Page, site: Site) -> None:
    """No error on its console, and nobody else is asked for anything."""
    said: list[str] = []
    look.on("console", lambda message: said.append(message.text) if "404" not in message.text else None)
    look.on("request", lambda asked: said.append(asked.url) if not asked.url.startswith(site.base) else None)
    for target in SHOWN.values():
        look.goto(target)

    assert said == []


def test_everything_is_reached_by_keyboard_and_seen(look: Page) -> None:
    """Tab goes through all links and controls in the order of the page, and the place is always visible."""
    look.goto(SHOWN["article"])
    look.evaluate(
        "() => { window.all = [...document.querySelectorAll('a[href], button, input:not([type=hidden]), select, summary')].filter(e => e.checkVisibility()) }"
    )
    count = look.evaluate("window.all.length")
    reached = []
    for _ in range(count):
        look.keyboard.press("Tab")
        place, outline = look.evaluate(
            "() => [window.all.indexOf(document.activeElement), getComputedStyle(document.activeElement).outlineStyle]"
        )
        reached.append(place)
        assert outline == "solid"

    assert reached == list(range(count))
    assert count > 20


def test_a_reader_finds_from_the_list_to_any_two_versions(look: Page) -> None:
    """By clicking: an edit, then another pair in the form, then side by side."""
    look.goto("/?source=wire.example")
    look.locator("li.card h3 a").first.click()
    look.select_option("#from", "1")
    look.get_by_role("button", name="Side by side").click()

    assert look.locator("td del").inner_text() == "5000"
    assert look.locator("td ins").inner_text() == "5032"


def test_right_to_left_text_runs_right_to_left(look: Page) -> None:
    """Headline and changed paragraph take their direction from their words."""
    look.goto(SHOWN["arabic"])
    directions = look.evaluate(
        "() => ['h1', '.body p:has(ins)'].map(s => getComputedStyle(document.querySelector(s)).direction)"
    )

    assert directions == ["rtl", "rtl"]


def test_an_article_prints_without_its_controls(look: Page) -> None:
    """On paper stand headline, changed words and evidence, not forms and menus."""
    look.goto(SHOWN["article"])
    look.emulate_media(media="print")
    seen = look.evaluate(
        "() => ['h1', '.body ins', '.proof', 'form', 'nav'].map(s => document.querySelector(s).checkVisibility())"
    )

    assert seen == [True, True, True, False, False]


def test_archived_pages_run_nothing(look: Page, site: Site, printed: Printed) -> None:
    """Neither for reading nor as bytes do their scripts run, and they have no origin to read from."""
    for modifier in ("", "id_"):
        moment = times_of(printed, BRIDGE.url)[0]
        look.goto(f"/web/{moment}{modifier}/{BRIDGE.url}")

        assert look.evaluate("self.origin") == "null"
        assert look.context.cookies() == []
        assert look.url.startswith(site.base)


def test_archived_styles_reach_the_archived_page(look: Page, site: Site) -> None:
    """In its frame, of no origin, a page finds what the archive holds of its looks."""
    look.goto(SHOWN["replay"])
    heading = look.frame_locator("iframe").locator("h1")

    assert heading.evaluate("e => getComputedStyle(e).color") == "rgb(0, 51, 102)"
    look.frame_locator("iframe").get_by_role("link", name="World").click()
    assert look.frame_locator("iframe").locator("h1").inner_text() == "Not archived"
    assert look.url == site.base + SHOWN["replay"]


def rgb(text: str) -> tuple[float, float, float, float]:
    """Read a computed colour."""
    numbers = [float(one) for one in text[text.index("(") + 1 : -1].replace("/", ",").split(",")]
    red, green, blue, *alpha = numbers
    return red, green, blue, alpha[0] if alpha else 1.0


def ground(behind: list[str]) -> tuple[float, float, float]:
    """Lay the grounds behind an element over each other, the furthest first."""
    under = (255.0, 255.0, 255.0)
    for text in reversed(behind):
        *colour, alpha = rgb(text)
        under = tuple(alpha * one + (1 - alpha) * other for one, other in zip(colour, under, strict=True))  # type: ignore[assignment]  # three of them
    return under


def contrast(one: tuple[float, ...], other: tuple[float, ...]) -> float:
    """Return the contrast of two colours (WCAG 2.2)."""
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def luminance(colour: tuple[float, ...]) -> float:
    """Return a colour's relative luminance."""
    parts = [one / 255 for one in colour]
    red, green, blue = (one / 12.92 if one <= 0.04045 else ((one + 0.055) / 1.055) ** 2.4 for one in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
