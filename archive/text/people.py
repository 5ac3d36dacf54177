"""Who wrote an article, as the page states it."""

import re
from typing import Any

from archive.text.outline import Element
from archive.text.page import Page, tidy
from archive.text.texts import first_text, same_words

__all__ = ["find_authors", "is_outlet"]

BY = re.compile(
    r"^\W*(?:(?:written|reporting|reported|story|text|words|posted|published|interview|analysis|review|opinion|photos?) )?"
    r"(?:by|von|par|por|di|da|door|av|af|przez|от|автор|autor(?:ka|in)?|autora|author|auteur|tekst|text|texte|texto|testo|redacción|文|取材|기자|yazar|skrevet av|ein gastbeitrag von|eine? \w+ von|interview:)(?:[\s:：・]+|$)",
    re.IGNORECASE,
)
#: What joins two names in one field that should hold one.
JOINED = re.compile(r"\s*;\s*|\s+(?:and|und|et|&)\s+|(?<=\w{3}),\s+(?=\w{2,}\s+\w)")
SEAMS = re.compile(
    r"\s*(?:,|;|\||\s/\s|·|•|\bund\b|\band\b|\by\b|\bet\b|\be\b|\ben\b|\boch\b|\bog\b|\bi\b|\bve\b|&|＆|、|＝|\n)\s*"
)
#: What stands behind a name: where from, what for, when.
BEHIND = re.compile(r"\s*(?:\(|（|\||—| - | – |@|\bfor\b|\bin\b|\bfür\b|\d|Updated|Published|,).*$")
BYLINES = re.compile(
    r"(^|[\s_-])(byline|bylines|author|authors|author-name|authorname|autor|autoren|auteur|autore|firma|writer|reporter|journalist|redakteur|verfasser|contributor|skribent|kirjoittaja|yazar)($|[\s_-])",
    re.IGNORECASE,
)
ELSEWHERE = frozenset({"comments", "related", "navigation", "footer", "aside", "newsletter"})
LONGEST = 60


def find_authors(page: Page) -> tuple[tuple[str, ...], str]:
    """Return the authors' names, and where they are stated; the outlet's own where it names nobody."""
    outlet: tuple[tuple[str, ...], str] = ((), "")
    for origin, names_in in (("json-ld", _in_data), ("meta", _in_metas), ("dom", _in_page)):
        found = _cleaned(names_in(page))
        people = tuple(name for name in found if not is_outlet(page, name))
        if people:
            return people, origin
        if found and not outlet[0]:
            outlet = found, origin
    return outlet


def is_outlet(page: Page, name: str) -> bool:
    """Tell whether a name is the outlet's own, not a person's."""
    publisher = page.article_data.get("publisher")
    names = [page.metas.get("og:site_name", ""), *_names(publisher)]
    return any(same_words(name, one) for one in names if one)


def _in_data(page: Page) -> list[str]:
    if not page.article_data:
        return []
    stated = [name for one in (page.article_data, *_others(page)) for name in _names(one.get("author"))]
    return [part for name in stated for part in JOINED.split(name)]


def _others(page: Page) -> list[dict[str, Any]]:
    """Return further objects that describe the same article, when the first names nobody."""
    if _names(page.article_data.get("author")):
        return []
    return [one for one in page.data_objects if "headline" in one]


def _names(value: Any) -> list[str]:
    match value:
        case str():
            return [value]
        case list():
            return [name for one in value for name in _names(one)]
        case dict():
            return _names(value.get("name"))
    return []


def _in_metas(page: Page) -> list[str]:
    stated = page.every_meta(
        "author",
        "article:author_name",
        "parsely-author",
        "dc.creator",
        "sailthru.author",
        "byl",
        "article:author",
        "dcterms.creator",
        "cxenseparse:author",
    )
    return [
        name
        for text in dict.fromkeys(stated)
        if "://" not in text and "@" not in text
        for name in _split(text)
    ]


def _in_page(page: Page) -> list[str]:
    """Return the names in bylines: elements that say that they name the author."""
    outline = page.outline
    found: list[str] = []
    strong = [one for one in outline.elements if one.mark not in ELSEWHERE and _names_author(one)]
    for element in strong or [
        one for one in outline.elements if one.mark not in ELSEWHERE and one.name and BYLINES.search(one.name)
    ]:
        text = outline.text(element)
        if 3 <= len(text) <= 160 and not any(element.up is other for other in strong):
            found += _split(text)
        if len(found) >= 4:
            break
    return found


def _names_author(element: Element) -> bool:
    attributes = element.attributes
    return attributes.get("rel") == "author" or "author" in (attributes.get("itemprop") or "").split()


def _split(text: str) -> list[str]:
    return [part for part in SEAMS.split(BY.sub("", tidy(text))) if part]


def _cleaned(names: list[str]) -> tuple[str, ...]:
    found = []
    for name in names:
        text = BEHIND.sub("", BY.sub("", first_text(name))).strip(" .,:;|-–—•\"'“”")
        if text and len(text) <= LONGEST and "://" not in text and any(one.isalpha() for one in text):
            found.append(text)
    return tuple(dict.fromkeys(found))
