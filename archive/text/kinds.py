"""The gate: what a page is, told before anything of it may become a version."""

import re
from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from archive.model import PageKind
from archive.text.outline import Block, Element
from archive.text.page import Page
from archive.text.wording import wording
from archive.urls import UrlKind, kind_of

__all__ = ["BEGINNING", "SHORT", "Evidence", "kind_of_page", "says_article"]

#: Pages with fewer words than this, ideographs counted in pairs, hold nothing to read.
FEW = 20
#: A wall or an error page is short; an article that mentions cookies is not.
SHORT = 300
#: A text of so many words is judged by itself.
ENOUGH = 60
#: The beginning of an article in front of a paywall is not longer.
BEGINNING = 350
#: Robots' gatekeepers, by what their pages load.
CHALLENGE_MARKUP = (
    "cdn-cgi/challenge", "cf-chl", "challenge-platform", "hcaptcha", "g-recaptcha", "recaptcha/api", "px-captcha", "captcha-delivery", "datadome", "incapsula", "awswaf",
    "turnstile", "geetest", "arkoselabs", "funcaptcha", "kpsdk", "perimeterx", "sec-if-cpt", "distil_", "ddos-guard", "sucuri_cloudproxy", "friendlycaptcha", "aws-waf",
)  # fmt: skip
#: Consent managers, by what their pages load.
CONSENT_MARKUP = (
    "didomi", "sourcepoint", "sp_message", "privacy-mgmt", "onetrust", "usercentrics", "consent", "quantcast", "cookiebot", "trustarc", "purabo", "contentpass", "iubenda", "axeptio",
)  # fmt: skip
WALL_NAME = re.compile(
    r"paywall|regwall|piano-|subscription-?wall|premium-?wall|tp-modal|metered|abo-?wall|plus-?wall|article-?gate|content-?gate|wall-?(box|container)|subscribe-?(wall|box|prompt)|paygate|truncated|offer-?(box|wall)",
    re.IGNORECASE,
)
COOKIES = re.compile(
    r"cookie|privacy|privat|datenschutz|vie privée|personal data|données|dados pessoais|dati personali|datos personales|personvern|integritet|soukrom|adatv|tietosuoja|gizlilik|クッキー|プライバシー|隐私|隱私|개인정보|конфиденц|конфіденц|galet|consent|einwilligung|zustimm|consentement|tracking|advert",
    re.IGNORECASE,
)
HEADINGS = frozenset({"h1", "h2", "h3"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """What extraction found, which the gate weighs."""

    headline: str
    #: The article's paragraphs, notes left out.
    body: Sequence[Block]
    #: Words of the body.
    words: int
    has_retraction: bool
    entries: int
    #: JSON-LD or trafilatura found the text, not the page's own layout.
    is_borrowed: bool = False


def kind_of_page(page: Page, found: Evidence) -> PageKind:
    """Say what a page is."""
    if found.has_retraction and not wording().pages["not_found"].has(_top(page), page.languages):
        return PageKind.ARTICLE
    if (wall := _wall(page, found)) is not None:
        return wall
    if found.entries >= 3 or (page.is_live_data and found.entries):
        return PageKind.LIVEBLOG
    if _is_paywalled(page, found):
        return PageKind.PAYWALLED
    if _is_listing(page, found):
        return PageKind.LISTING
    if found.words < FEW:
        return PageKind.EMPTY
    return PageKind.ARTICLE


def _wall(page: Page, found: Evidence) -> PageKind | None:
    """Recognise what stands in an article's place; all of it is short."""
    if found.words > SHORT or found.entries:
        return None
    said = _own_text(page)
    if len(said.split()) > 2 * SHORT:
        return None
    if found.words >= ENOUGH:
        # There is a text: a wall's words must stand in it, not beside it.
        said = " ".join(block.text for block in found.body).lower()
    top = _top(page)
    stated = says_article(page)
    if _is_challenge(page, top, said, found, stated=stated):
        return PageKind.CHALLENGE
    if _is_not_found(page, top, said, found, stated=stated):
        return PageKind.NOT_FOUND
    if stated and found.words >= FEW:
        return None
    if _is_login(page, top, said, found):
        return PageKind.LOGIN
    if COOKIES.search(said) and _is_consent(page, said, found):
        return PageKind.CONSENT
    return None


def _top(page: Page) -> str:
    return f"{page.title} {' '.join(page.headings)}".lower()


def _own_text(page: Page) -> str:
    """Return what a page says apart from its navigation, in lower case."""
    blocks = page.outline.blocks
    said = " ".join(
        block.text for block in blocks if block.element.mark not in ("navigation", "footer", "related")
    ).lower()
    return said[:20_000]


def _loads(page: Page, marks: Sequence[str]) -> bool:
    """Tell whether a page's source has one of some marks."""
    source = page.html[:200_000].lower()
    return any(mark in source for mark in marks)


def _is_challenge(page: Page, top: str, said: str, found: Evidence, *, stated: bool) -> bool:
    words = wording().pages["challenge"]
    if found.words >= 3 * FEW and (stated or len(found.body) >= 3):
        return False
    markup = _loads(page, CHALLENGE_MARKUP)
    count = words.count(f"{top} {said}", page.languages)
    return (
        (count >= 1 and (markup or words.has(top, page.languages)))
        or count >= 3
        or (markup and found.words < FEW and len(said.split()) < 60)
    )


def _is_not_found(page: Page, top: str, said: str, found: Evidence, *, stated: bool) -> bool:
    words = wording().pages["not_found"]
    if words.has(top, page.languages) and not stated and found.words < 150:
        return True
    return (
        not stated
        and found.words < 80
        and len(said.split()) < 150
        and words.count(said[:600], page.languages) >= 2
        and len(found.body) < 3
    )


def _is_login(page: Page, top: str, said: str, found: Evidence) -> bool:
    words = wording().pages["login"]
    kinds = {(one.get("type") or "text").lower() for one in page.outline.inputs}
    headings = " ".join(block.text for block in page.outline.blocks if block.element.tag in HEADINGS).lower()
    if "password" in kinds:
        return words.has(f"{top} {headings} {said}", page.languages) and found.words < 150
    return (
        words.has(f"{top} {headings}", page.languages)
        and words.count(said, page.languages) >= 2
        and found.words < 100
        and (bool(kinds) or words.count(said, page.languages) >= 3)
    )


def _is_consent(page: Page, said: str, found: Evidence) -> bool:
    count = wording().pages["consent"].count(said, page.languages)
    return count >= 2 or (count >= 1 and _loads(page, CONSENT_MARKUP) and found.words < SHORT)


def _is_paywalled(page: Page, found: Evidence) -> bool:
    """Tell an article of which only the beginning is shown: a wall stands behind or in place of the rest."""
    if found.words > BEGINNING:
        return False
    stated = [one["isAccessibleForFree"] for one in page.data_objects if "isAccessibleForFree" in one]
    closed = any(map(_is_false, stated))
    if stated and not closed and found.words >= FEW:
        # The outlet says that everybody may read it: offers to subscribe stand beside it.
        return False
    count = wording().pages["paywall"].count(_behind(page, found), page.languages)
    if not count and not closed:
        return False
    paragraphs = {block.number for block in found.body}
    walled = any(
        _is_wall(one.name) and not _covers_text(page, one, paragraphs)
        for one in page.outline.elements
        if one.name
    )
    if closed:
        return bool(count or walled) or found.words < 80
    return found.words < SHORT and count >= (1 if walled else 2)


def _covers_text(page: Page, element: Element, paragraphs: AbstractSet[int]) -> bool:
    """Tell what a wall would cover, and what is there in full all the same, from the wall and from a text cut short."""
    if "truncated" in element.name.lower():
        return False
    return sum(block.number in paragraphs for block in page.outline.inside(element)) > 1


@lru_cache(maxsize=1 << 14)
def _is_wall(name: str) -> bool:
    return bool(WALL_NAME.search(name))


def _behind(page: Page, found: Evidence) -> str:
    """Return the lines beside and behind the article's paragraphs that may be a wall, in lower case."""
    paragraphs = {block.number for block in found.body if block.weight >= 160}
    first = found.body[0].number if found.body else 0
    return " ".join(
        block.text
        for block in page.outline.blocks[max(0, first - 12) :]
        if block.number not in paragraphs and block.element.mark not in ("navigation", "comments", "headline")
    ).lower()[:4000]


def _is_false(value: Any) -> bool:
    return value is False or str(value).lower() == "false"


def _is_listing(page: Page, found: Evidence) -> bool:
    """Tell a page of links from an article by its address, its links and its text."""
    if page.is_live_data:
        return False
    links, headlines = _links(page)
    if says_article(page):
        return found.words < FEW and links >= 15
    kind = kind_of(page.url)
    prose = sum(block.weight for block in found.body)
    if sum(block.element.tag in HEADINGS and block.is_linked for block in found.body) >= 3:
        return True
    if kind is UrlKind.HOME:
        return links >= 4 or found.words < 150
    if len(found.body) >= 3 and found.words >= 120:
        return False
    if kind is UrlKind.SECTION and links >= 4 and prose < 120 * links:
        return True
    if page.metas.get("og:type", "").lower() in ("website", "object") and len(found.body) < 3 and links >= 5:
        return True
    return (links >= 5 and prose < 40 * links) or (headlines >= 5 and prose < 150 * headlines)


def _links(page: Page) -> tuple[int, int]:
    """Count lines that lead to articles, and those of them that are headings, outside of the navigation."""
    links = headlines = 0
    for block in page.outline.blocks:
        if block.element.mark in ("navigation", "footer", "related", "comments", "tags", "byline", "share"):
            continue
        if block.linked >= 12 and block.linked > 0.5 * len(block.text):
            links += 1
            headlines += block.element.tag in ("h2", "h3", "h4")
    return links, headlines


def says_article(page: Page) -> bool:
    """Tell whether a page's data states that it is an article."""
    return (
        bool(page.article_data)
        or page.metas.get("og:type", "").lower() == "article"
        or "article:published_time" in page.metas
    )
