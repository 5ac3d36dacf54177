"""What a page states about its article: headline, dek, authors, dates, language, section, canonical address."""

import re
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urljoin

import lxml.html

from archive.text.page import Page, tidy

__all__ = ["Metadata", "read_metadata", "same_words"]

#: What stands between a headline and the outlet's name in a document's title.
SEAM = re.compile(r"\s+(?:[|–—·•:»\-]|::)\s+")
BY = re.compile(r"^\s*(by|von|por|par|di|da|door|av|af|przez|от|文・?|取材・?)[\s:：・]+", re.IGNORECASE)
DEK = re.compile(
    r"(?:^|[\s_-])(dek|standfirst|subtitle|subhead\w*|sub-?headline|summary|lede|lead|intro|excerpt|teaser-text|amp-dek|deck|description|vorspann|entradilla|chapo|chapeau)(?=$|[\s_-])",
    re.IGNORECASE,
)
CAPTION = re.compile(
    r"(?:^|[\s_-])(caption|wp-caption-text|figcaption|image-caption|bildunterschrift)(?=$|[\s_-])",
    re.IGNORECASE,
)
WORDS = re.compile(r"\w+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Metadata:
    """What the page states; empty where it states nothing."""

    headline: str
    seo_title: str
    dek: str
    authors: tuple[str, ...]
    published_at: str | None
    modified_at: str | None
    canonical: str | None
    language: str | None
    image: str | None
    section: str | None
    captions: tuple[str, ...]


def read_metadata(page: Page) -> Metadata:
    """Read everything a page states, JSON-LD before meta before the page's own text."""
    data, metas = page.article_data, page.metas
    headline = _headline(page)
    return Metadata(
        headline=headline,
        seo_title=_seo_title(page, headline),
        dek=_dek(page),
        authors=_authors(page),
        published_at=_moment(
            data.get("datePublished"),
            metas.get("article:published_time"),
            metas.get("datepublished"),
            metas.get("parsely-pub-date"),
            metas.get("date"),
            metas.get("dc.date.issued"),
            _time(page),
        ),
        modified_at=_moment(
            data.get("dateModified"),
            metas.get("article:modified_time"),
            metas.get("og:updated_time"),
            metas.get("datemodified"),
        ),
        canonical=_canonical(page),
        language=_language(page),
        image=_image(page),
        section=_text(data.get("articleSection")) or metas.get("article:section"),
        captions=_captions(page.tree),
    )


def same_words(one: str, other: str) -> bool:
    """Tell whether two texts have the same words, whatever stands between them."""
    return [word.lower() for word in WORDS.findall(one)] == [word.lower() for word in WORDS.findall(other)]


def _headline(page: Page) -> str:
    stated = _text(page.article_data.get("headline")) or page.metas.get("og:title") or ""
    if page.h1s:
        # Pages with several top headings have the outlet's name among them.
        return (
            max(page.h1s, key=lambda one: (_alike(one, stated), len(one)))
            if len(page.h1s) > 1
            else page.h1s[0]
        )
    return stated or _without_outlet(page)


def _alike(one: str, other: str) -> float:
    mine, theirs = set(WORDS.findall(one.lower())), set(WORDS.findall(other.lower()))
    return len(mine & theirs) / max(1, len(mine | theirs))


def _seo_title(page: Page, headline: str) -> str:
    for one in (page.metas.get("og:title", ""), _without_outlet(page)):
        if one and not same_words(one, headline) and headline not in one:
            return one
    return ""


def _without_outlet(page: Page) -> str:
    parts = SEAM.split(page.title)
    if len(parts) == 1:
        return page.title
    site = page.metas.get("og:site_name", "")
    if (site and same_words(parts[-1], site)) or len(parts[-1]) < len(page.title) * 0.5:
        parts = parts[:-1]
    return tidy(" - ".join(parts)) if len(parts) > 1 else parts[0]


def _dek(page: Page) -> str:
    for element in page.tree.iter("p", "div", "h2", "span"):
        if DEK.search(element.get("class") or "") and 20 <= len(text := tidy(element.text_content())) <= 500:
            return text
    return page.metas.get("og:description") or page.metas.get("description") or ""


def _authors(page: Page) -> tuple[str, ...]:
    names = _names(page.article_data.get("author"))
    if not names:
        stated = page.metas.get("author") or page.metas.get("parsely-author") or ""
        names = (
            re.split(r"\s*(?:,|;| and | und | y | et )\s*", stated) if stated and "://" not in stated else []
        )
    if not names:
        found = page.tree.xpath(
            "//*[@rel='author' or contains(@class,'byline') or contains(@class,'author-name') or @itemprop='author']"
        )
        names = re.split(r"\s*(?:,|;| and | und )\s*", tidy(found[0].text_content())) if found else []
    cleaned = [BY.sub("", tidy(name)) for name in names]
    return tuple(dict.fromkeys(name for name in cleaned if name and len(name) <= 80 and "://" not in name))


def _names(value: Any) -> list[str]:
    match value:
        case str():
            return [value]
        case list():
            return [name for one in value for name in _names(one)]
        case dict():
            return _names(value.get("name"))
    return []


def _moment(*stated: Any) -> str | None:
    """Return the first moment that has a time and an offset; else the first that is a date at all."""
    fallback = None
    for one in stated:
        text = _text(one)
        moment = _parsed(text)
        if moment is None:
            continue
        if moment.tzinfo is not None:
            return moment.isoformat()
        fallback = fallback or (moment.isoformat() if len(text) > 10 else moment.date().isoformat())
    return fallback


def _parsed(text: str) -> datetime | None:
    text = re.sub(r"([+-]\d\d)(\d\d)$", r"\1:\2", text.strip())
    text = re.sub(r"^(\d{4}-\d\d-\d\d) (\d\d:\d\d)", r"\1T\2", text).replace(" ", "")
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return None
    return moment.replace(microsecond=0)


def _time(page: Page) -> str:
    return next((one.get("datetime") for one in page.tree.iter("time") if one.get("datetime")), "")


def _canonical(page: Page) -> str | None:
    for link in page.tree.iter("link"):
        if "canonical" in (link.get("rel") or "").lower().split() and link.get("href"):
            return urljoin(page.url, str(link.get("href")).strip())
    stated = page.metas.get("og:url")
    return urljoin(page.url, stated) if stated else None


def _language(page: Page) -> str | None:
    stated = page.tree.get("lang") or page.tree.get("{http://www.w3.org/XML/1998/namespace}lang")
    stated = (
        stated
        or _text(page.article_data.get("inLanguage"))
        or page.metas.get("og:locale")
        or page.metas.get("content-language")
        or ""
    )
    code = re.split(r"[-_]", stated.strip())[0].lower()
    return code if re.fullmatch(r"[a-z]{2,3}", code) else None


def _image(page: Page) -> str | None:
    stated = page.metas.get("og:image") or _image_of(page.article_data.get("image"))
    return urljoin(page.url, stated) if stated else None


def _image_of(value: Any) -> str:
    match value:
        case str():
            return value
        case list():
            return _image_of(value[0]) if value else ""
        case dict():
            return _text(value.get("url"))
    return ""


def _captions(tree: lxml.html.HtmlElement) -> tuple[str, ...]:
    found = []
    for element in tree.iter("figcaption", "div", "p", "span"):
        if element.tag != "figcaption" and not CAPTION.search(element.get("class") or ""):
            continue
        text = tidy(" ".join(piece for piece in _caption_pieces(element)))
        if 3 <= len(text) <= 600:
            found.append(text)
    return tuple(dict.fromkeys(found))


def _caption_pieces(element: lxml.html.HtmlElement) -> list[str]:
    """Return a caption's text without what only screen readers are told."""
    hidden = [
        one
        for one in element.iter()
        if "hidden" in (one.get("class") or "") or "sr-only" in (one.get("class") or "")
    ]
    said = list(element.itertext())
    unsaid = {piece for one in hidden for piece in one.itertext()}
    return [piece for piece in said if piece not in unsaid]


def _text(value: Any) -> str:
    if isinstance(value, list):
        value = value[0] if value else ""
    return tidy(value) if isinstance(value, str) else ""
