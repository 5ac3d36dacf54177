"""
Which further pages an article announces, and which single page holds all of it.

Only addresses below the article's own count: its path with a page's number, or with a word for "all". What is found is
announced and no more; whether those pages are the article's is told by what they say.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import parse_qsl, urljoin, urlsplit

from archive.text.decoding import decode_html
from archive.text.outline import Element
from archive.text.page import Page, parse_page
from archive.text.wording import wording
from archive.urls import PAGES, TRACKING, same_site

__all__ = ["PageLinks", "announced", "announced_by", "is_single", "number_of"]

NUMBER_NAMES = re.compile(
    r"page|p|pg|pagenum|page_?no|page_?number|seite|pagina|página|sida|side|strona", re.IGNORECASE
)
NUMBER = re.compile(r"[1-9]\d?")
#: What stands between an article's path and the number of a page of it; before a file's ending a dash is enough.
NUMBERED = re.compile(r"/(?:(?:page|pg|p|seite|pagina|sida|side)[/-]?)?([1-9]\d?)", re.IGNORECASE)
NUMBERED_FILE = re.compile(
    r"[-_,.](?:(?:page|pg|p|seite|pagina|sida|side)[-_]?)?([1-9]\d?)|/([1-9]\d?)", re.IGNORECASE
)
#: Parameters and ends of paths that ask for all of an article. Those that name a page say that it has several.
SINGLE_NAMES = re.compile(
    r"single|single_?page|one_?page|full_?page|all_?pages|page_?wanted|view_?all|show_?all|print",
    re.IGNORECASE,
)
SINGLE_WORDS = re.compile(
    r"all|full|single|single-?page|complete|komplett|komplettansicht|tout|todo|tutto", re.IGNORECASE
)
YES = re.compile(r"1|true|yes|y|on|all|full|", re.IGNORECASE)
SINGLE_END = re.compile(
    r"[/,_-](?:single[-_]?page|one[-_]?page|full[-_]?page|all[-_]?pages|(?:page|seite|pagina)[/-](?:all|alle)|all|full|single"
    r"|view[-_]?all|komplettansicht|print[-_]?all)",
    re.IGNORECASE,
)
NAMES_PAGES = re.compile(r"page|pagina|seite|komplettansicht", re.IGNORECASE)
#: Addresses of pages that do not repeat their article's.
SHORT = re.compile(r"\?|(?:\./)?(?:\w{1,8}[/-])?\d{1,2}/?$")
#: Elements whose pages are of something else than the article.
ELSEWHERE = re.compile(r"comment|disqus|respon[ds]|repl(?:y|ies)|galler|slideshow|carousel", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class PageLinks:
    """What a page announces of its article."""

    #: Numbers and addresses of further pages, in order.
    further: tuple[tuple[int, str], ...] = ()
    #: The one page that holds all of it, or "".
    single: str = ""

    def __bool__(self) -> bool:
        """Tell whether anything is announced."""
        return bool(self.further or self.single)


def announced(page: Page, first: str = "") -> PageLinks:
    """
    Return what a page announces.

    Args:
        first: address of the article's first page, where this one is a further one.
    """
    own = first or page.url
    if not first and _is_further(own):
        return PageLinks()
    further: dict[int, str] = {}
    single = named = ""
    for address, said in _links(page, own):
        if number := number_of(own, address):
            further.setdefault(number, address)
        elif is_single(own, address):
            single = single or address
        elif _says_single(said) and _is_form_of(own, address):
            named = named or address
    further.pop(1, None)
    if not first and 2 not in further:
        further = {}
    if not further and not _speaks_of_pages(own, single):
        # "All" may be of its comments or pictures, unless it is all of its pages.
        single = named = ""
    return PageLinks(tuple(sorted(further.items())), single or named)


def announced_by(html: bytes, url: str, *, first: str, content_type: str | None = None) -> PageLinks:
    """Return what a further page announces, from its bytes; nothing where it cannot be read. Never raises."""
    try:
        return announced(parse_page(decode_html(html, content_type), url), first)
    except (RecursionError, MemoryError, ValueError, TypeError, LookupError, AttributeError):
        return PageLinks()


def number_of(first: str, address: str) -> int:
    """Return which page of an article an address names, seen from its first page's; 0 when it is none of its."""
    one, other = urlsplit(first), urlsplit(address)
    if _host(one.netloc) != _host(other.netloc):
        return 0
    named = _pairs(other.query)
    numbers = [value for name, value in named if _is_number(name, value)]
    if [pair for pair in named if not _is_number(*pair)] != _own_pairs(one.query) or len(numbers) > 1:
        return 0
    path, target = one.path.rstrip("/"), other.path.rstrip("/")
    if numbers:
        return int(numbers[0]) if path == target else 0
    stem, rest = _behind(path, target)
    found = (NUMBERED_FILE if PAGES.search(path) else NUMBERED).fullmatch(rest) if stem else None
    return int(next(filter(None, found.groups()))) if found else 0


def is_single(first: str, address: str) -> bool:
    """Tell whether an address by itself asks for all of the article that another address begins."""
    one, other = urlsplit(first), urlsplit(address)
    if not same_site(first, address):
        return False
    own, named = _own_pairs(one.query), _pairs(other.query)
    more = [pair for pair in named if pair not in own]
    if [pair for pair in named if pair in own] != own:
        return False
    path, target = one.path.rstrip("/"), other.path.rstrip("/")
    if more:
        return path == target and len(more) == 1 and _asks_for_all(*more[0])
    stem, rest = _behind(path, target)
    return bool(stem and SINGLE_END.fullmatch(rest))


def _links(page: Page, own: str) -> Iterator[tuple[str, str]]:
    """Yield the addresses that may be of pages, with their texts; from the head only what it calls next, or canonical."""
    # Most links of a page are of others; those are passed by before anything is taken apart.
    stem = PAGES.sub("", urlsplit(own).path.rstrip("/")).rpartition("/")[2]
    if not stem:
        return
    for link in page.outline.links:
        named = link.get("href")
        if named and {"next", "canonical"} & set((link.get("rel") or "").lower().split()):
            yield _address(page, named), ""
    for href, said in page.outline.menu_links:
        if _may_be_its(href, stem):
            yield _address(page, href), said
    for element in page.outline.elements:
        leads_to = element.attributes.get("href") if element.tag == "a" else None
        if leads_to and _may_be_its(leads_to, stem) and not _is_elsewhere(element):
            yield (
                _address(page, leads_to),
                page.outline.text(element) or element.attributes.get("title") or "",
            )


def _may_be_its(href: str, stem: str) -> bool:
    # In a query it stands in links that share the page elsewhere.
    return (stem in href.partition("?")[0] or SHORT.match(href) is not None) and "#comment" not in href


def _is_elsewhere(element: Element) -> bool:
    return any(one.name and ELSEWHERE.search(one.name) for one in (element, *element.above()))


def _address(page: Page, href: str) -> str:
    try:
        address = urljoin(page.url, href.strip()).partition("#")[0]
        parts = urlsplit(address)
    except ValueError:
        return ""
    return address if parts.scheme in ("http", "https") and parts.hostname else ""


def _is_further(url: str) -> bool:
    return any(_is_number(name, value) and value != "1" for name, value in _pairs(urlsplit(url).query))


def _speaks_of_pages(first: str, single: str) -> bool:
    one, other = urlsplit(first), urlsplit(single)
    more = [
        f"{name}={value}" for name, value in _pairs(other.query) if (name, value) not in _pairs(one.query)
    ]
    return bool(
        NAMES_PAGES.search(" ".join([*more, _behind(one.path.rstrip("/"), other.path.rstrip("/"))[1]]))
    )


def _says_single(said: str) -> bool:
    return len(said) < 60 and said.lower().strip(" »›→.") in wording().single


def _is_form_of(first: str, address: str) -> bool:
    """Tell whether an address is the article's own with something added to its query."""
    one, other = urlsplit(first), urlsplit(address)
    named = _pairs(other.query)
    return (
        same_site(first, address)
        and one.path.rstrip("/") == other.path.rstrip("/")
        and set(_own_pairs(one.query)) < set(named)
    )


def _host(netloc: str) -> str:
    return netloc.lower().removeprefix("www.")


def _pairs(query: str) -> list[tuple[str, str]]:
    return sorted(pair for pair in parse_qsl(query, keep_blank_values=True) if not TRACKING.match(pair[0]))


def _own_pairs(query: str) -> list[tuple[str, str]]:
    return [pair for pair in _pairs(query) if not _is_number(*pair)]


def _is_number(name: str, value: str) -> bool:
    return bool(NUMBER_NAMES.fullmatch(name) and NUMBER.fullmatch(value))


def _asks_for_all(name: str, value: str) -> bool:
    if SINGLE_NAMES.fullmatch(name):
        return bool(YES.fullmatch(value)) and (name.lower() != "print" or value.lower() == "all")
    return bool(NUMBER_NAMES.fullmatch(name) or name.lower() in ("view", "mode", "display")) and bool(
        SINGLE_WORDS.fullmatch(value)
    )


def _behind(path: str, target: str) -> tuple[str, str]:
    """Return an article's path without a file's ending, and what another path has behind it; "" where it has not."""
    ending = found.group() if (found := PAGES.search(path)) else ""
    stem = path.removesuffix(ending)
    if target.count("/") < 1 or not stem.strip("/") or not target.startswith(stem):
        return "", ""
    rest = target[len(stem) :]
    return stem, rest.removeprefix(ending) if ending and rest.startswith(ending) else rest.removesuffix(
        ending
    )
