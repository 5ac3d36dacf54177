"""What a page states about its article, and where it states it: dates, language, section, canonical address."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from urllib.parse import urljoin

from archive.text.headline import find_seo_title
from archive.text.language import language_of, words_known
from archive.text.page import Page, tidy
from archive.text.people import find_authors
from archive.text.stated import find_stated
from archive.text.texts import first_text

__all__ = ["Metadata", "read_metadata", "spoken_language"]

PUBLISHED = (
    "article:published_time", "datepublished", "article:published", "parsely-pub-date", "sailthru.date", "pubdate", "publish-date", "publish_date", "published_time", "og:published_time",
    "dc.date.issued", "dcterms.created", "dcterms.issued", "dc.date.created", "dc.date", "dcterms.date", "date", "cxenseparse:recs:publishtime", "article.published", "publication_date",
    "article_date_original", "originalpublicationdate", "last-modified-date", "displaydate", "iso-8601-publish-date", "rnews:datepublished", "citation_publication_date", "bt:pubdate", "weibo:article:create_at",
)  # fmt: skip
MODIFIED = (
    "article:modified_time", "og:updated_time", "datemodified", "article:modified", "lastmod", "last-modified", "dcterms.modified", "dc.date.modified", "article.updated", "revision_date",
    "modified_time", "og:modified_time", "article:updated_time", "iso-8601-last-modified-date",
)  # fmt: skip
STAMPS = re.compile(
    r"(^|[\s_-])(date|dates|datetime|published|publish|publication|pubdate|posted|time|timestamp|stamp|dateline|datum|fecha|meta|byline|veroeffentlicht|entry-date|info)($|[\s_-])",
    re.IGNORECASE,
)
#: A headline's date stands within so many blocks of it.
BESIDE = 5
#: Lines farther from it are not looked at.
FARTHEST = 400
URL_DAY = re.compile(r"(?<!\d)(20\d\d|19\d\d)[/_-]?(0[1-9]|1[0-2])[/_-]?([0-2]\d|3[01])(?!\d)")
DIRTY_OFFSET = re.compile(r"([+-]\d\d)(\d\d)$")
LANGUAGE = re.compile(r"[a-z]{2,3}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Metadata:
    """What the page states; empty where it states nothing."""

    headline: str
    seo_title: str
    authors: tuple[str, ...]
    published_at: str | None
    modified_at: str | None
    canonical: str | None
    language: str | None
    image: str | None
    section: str | None
    #: Name of a field → where its value was stated.
    origins: dict[str, str] = field(default_factory=dict)


def read_metadata(page: Page, found: tuple[str, str]) -> Metadata:
    """
    Read everything a page states, JSON-LD before meta before the page's own text.

    Args:
        page: the page.
        found: its headline, and where it stands.
    """
    origins: dict[str, str] = {}

    def kept(name: str, found: tuple[Any, str]) -> Any:
        value, origin = found
        if value:
            origins[name] = origin
        return value or None

    headline = kept("headline", found) or ""
    return Metadata(
        headline=headline,
        seo_title=kept("seo_title", find_seo_title(page, headline)) or "",
        authors=kept("authors", find_authors(page)) or (),
        published_at=kept("published_at", _published(page)),
        modified_at=kept("modified_at", _modified(page)),
        canonical=kept("canonical", _canonical(page)),
        language=kept("language", _language(page)),
        image=kept("image", _image(page)),
        section=kept("section", _section(page)),
        origins=origins,
    )


def _published(page: Page) -> tuple[str | None, str]:
    found = _moment(
        [
            *(
                ("json-ld", first_text(one.get("datePublished")))
                for one in (page.article_data, *page.data_objects)
            ),
            *(("meta", page.metas.get(name, "")) for name in PUBLISHED),
            *(("dom", one) for one in _times(page)),
        ]
    )
    return found if found[0] else _day_in_text(page)


def _modified(page: Page) -> tuple[str | None, str]:
    return _moment(
        [
            ("json-ld", first_text(page.article_data.get("dateModified"))),
            *(("meta", page.metas.get(name, "")) for name in MODIFIED),
            *(("json-ld", first_text(one.get("dateModified"))) for one in page.data_objects),
            *(
                ("dom", element.attributes.get("datetime") or element.attributes.get("content") or "")
                for element in page.outline.elements
                if "dateModified" in (element.attributes.get("itemprop") or "")
            ),
        ]
    )


def _moment(stated: Iterable[tuple[str, str]]) -> tuple[str | None, str]:
    """Return the first moment that has a time and an offset; else the first that is a date at all."""
    fallback: tuple[str | None, str] = (None, "")
    for origin, text in stated:
        moment = _parsed(text)
        if moment is None:
            continue
        if moment.tzinfo is not None:
            return moment.isoformat(), origin
        if not fallback[0] or (
            len(fallback[0]) <= 10 and len(text) > 10 and fallback[0] == moment.date().isoformat()
        ):
            fallback = (moment.isoformat() if len(text.strip()) > 10 else moment.date().isoformat()), origin
    return fallback


def _parsed(text: str) -> datetime | None:
    if not text or len(text) > 60:
        return None
    text = text.strip().replace("\u00a0", " ")
    text = re.sub(r"\s*(UTC|GMT|Z)$", "+00:00", text)
    text = DIRTY_OFFSET.sub(r"\1:\2", re.sub(r"\s+([+-]\d\d:?\d\d)$", r"\1", text))
    text = re.sub(r"^(\d{4})[/.](\d\d)[/.](\d\d)", r"\1-\2-\3", text)
    text = re.sub(r"^(\d{4}-\d\d-\d\d)\s+(\d\d:\d\d)", r"\1T\2", text)
    text = re.sub(r"(\.\d{6})\d+", r"\1", text)
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return _parsed_loosely(text)
    return moment.replace(microsecond=0) if 1990 <= moment.year <= 2100 else None


def _parsed_loosely(text: str) -> datetime | None:
    """Read dates that are no ISO dates: "Tue, 19 Nov 2019 08:15:00 +0000", "19.11.2019 08:15"."""
    from email.utils import parsedate_to_datetime

    try:
        return parsedate_to_datetime(text)
    except (ValueError, TypeError, IndexError, OverflowError):
        pass
    stated = find_stated(text, None)
    if stated is None or not 1990 <= stated.at.year <= 2100:
        return None
    if "timezone" in stated.assumed:
        # The time is the page's own; only its offset is not known.
        return stated.at.replace(tzinfo=None)
    return stated.at


def _times(page: Page) -> list[str]:
    """Return the moments of `time` elements and of microdata, those near the top heading first."""
    top = page.h1s[0].number if page.h1s else 0
    found = [
        (not _says_published(element.attributes), abs(element.number - top), stated)
        for element in page.outline.elements
        if element.mark not in ("comments", "related", "navigation", "aside")
        and (element.tag in ("time", "abbr") or "datePublished" in (element.attributes.get("itemprop") or ""))
        and (
            stated := element.attributes.get("datetime")
            or element.attributes.get("content")
            or element.attributes.get("title")
            or (page.outline.text(element)[:60] if element.tag == "time" else "")
        )
    ]
    return [stated for _, _, stated in sorted(found)]


def _says_published(attributes: dict[str, str | None]) -> bool:
    return "datePublished" in (attributes.get("itemprop") or "") or "pubdate" in attributes


def _day_in_text(page: Page) -> tuple[str | None, str]:
    """Find a day in a line near the headline, or in the address."""
    top = page.h1s[0] if page.h1s else None
    lines = [
        (abs(block.element.number - (top.number if top else 0)), block.text)
        for block in page.outline.blocks
        if len(block.text) < 200
        and block.element.mark not in ("comments", "related", "navigation", "footer", "aside")
        and (
            (top is not None and abs(block.element.number - top.number) < 40)
            or any(STAMPS.search(one.name) for one in (block.element, *_two_above(block.element)) if one.name)
        )
    ]
    for _, text in sorted(lines)[:40]:
        stated = find_stated(text, None)
        if stated is not None and "year" not in stated.assumed and 1990 <= stated.at.year <= 2100:
            return stated.at.date().isoformat(), "dom"
    first = top.first if top is not None else 0
    for block in page.outline.blocks[max(0, first - BESIDE) : first + FARTHEST]:
        near = block.number <= first + 3 * BESIDE and block.element.mark not in ("comments", "related")
        if len(block.text) < 80 and (
            near or block.element.mark not in ("comments", "related", "navigation", "footer", "aside")
        ):
            stated = find_stated(block.text, None)
            if stated is not None and 1990 <= stated.at.year <= 2100:
                return stated.at.date().isoformat(), "dom"
    in_url = URL_DAY.search(page.url)
    if in_url is not None:
        return "-".join(in_url.groups()), "url"
    return None, ""


def _two_above(element: Any) -> list[Any]:
    above = []
    for one in element.above():
        above.append(one)
        if len(above) == 2:
            break
    return above


def _canonical(page: Page) -> tuple[str | None, str]:
    for link in page.outline.links:
        if "canonical" in (link.get("rel") or "").lower().split() and link.get("href"):
            return _joined(page.url, str(link["href"]).strip()), "link"
    if stated := page.metas.get("og:url"):
        return _joined(page.url, stated), "meta"
    return None, ""


def _joined(base: str, address: str) -> str:
    try:
        return urljoin(base, address)
    except ValueError:
        return address


def _language(page: Page) -> tuple[str | None, str]:
    root = page.outline.root
    stated = [
        ("html", root.get("lang") or root.get("xml:lang") or ""),
        ("json-ld", first_text(page.article_data.get("inLanguage"))),
        ("meta", page.metas.get("og:locale", "")),
        ("meta", page.metas.get("content-language", "")),
        ("meta", page.metas.get("language", "") or page.metas.get("dc.language", "")),
    ]
    for origin, text in stated:
        code = re.split(r"[-_]", text.strip())[0].lower()
        if LANGUAGE.fullmatch(code):
            return code, origin
    return None, ""


def spoken_language(stated: str | None, origin: str, text: str) -> tuple[str | None, str]:
    """Return the language stated, or the text's own where none is stated or the text is plainly in another."""
    if stated and words_known(text, stated):
        return stated, origin
    found = language_of(text)
    return (found, "text") if found else (stated, origin)


def _image(page: Page) -> tuple[str | None, str]:
    if stated := page.metas.get("og:image"):
        return _joined(page.url, stated), "meta"
    if stated := _image_of(page.article_data.get("image")):
        return _joined(page.url, stated), "json-ld"
    return None, ""


def _image_of(value: Any) -> str:
    match value:
        case str():
            return value
        case list():
            return _image_of(value[0]) if value else ""
        case dict():
            return first_text(value.get("url"))
    return ""


def _section(page: Page) -> tuple[str | None, str]:
    if stated := first_text(page.article_data.get("articleSection")):
        return stated, "json-ld"
    return tidy(page.metas.get("article:section", "")), "meta"
