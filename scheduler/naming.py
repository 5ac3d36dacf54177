"""Turns what a listing names into addresses to be watched: cleaned, of the outlet's own site, spread over time. Pure."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from urllib.parse import urlsplit

from archive import urls
from archive.catalog.discovered import Named
from config import Recipe
from scrapers.discovery.found import Found
from scrapers.discovery.listings import ListingContent
from scrapers.recipes import is_article

__all__ = ["Naming", "Refused", "name_all"]

#: Addresses that are never articles, whatever names them.
NOT_ARTICLES = frozenset({urls.UrlKind.FEED, urls.UrlKind.SITEMAP, urls.UrlKind.ASSET, urls.UrlKind.HOME})
#: A feed is the outlet's own word that something is an article; a page and a sitemap name much else.
OWN_WORD = frozenset({"feed", "news_sitemap"})
#: Addresses of a plain sitemap that are watched: the latest. What is older is the business of an import.
LATEST = 1000
#: A plain sitemap's backlog: so many at once, then one after so long, so that an archive of years floods nobody.
AT_ONCE, STEP = 50, timedelta(seconds=20)


@dataclass(frozen=True, slots=True)
class Refused:
    """Why something that a listing names is not watched."""

    reason: str
    uri: str
    detail: str


@dataclass(frozen=True, slots=True)
class Naming:
    """What a listing leads to."""

    names: Sequence[Named]
    #: The first of each reason.
    refused: Sequence[Refused]
    #: It names more than is watched.
    is_cut: bool


def name_all(
    kind: str,
    listing: str,
    content: ListingContent,
    *,
    due: datetime,
    spread: bool = False,
    recipe: Recipe | None = None,
) -> Naming:
    """
    Name everything that a listing of some kind brings.

    Args:
        listing: the listing's own address.
        due: when what is new is due.
        spread: let a long backlog become due bit by bit.
    """
    found = content.found
    taken, is_cut = (found, False) if kind != "sitemap" else _latest(found)
    refused: dict[str, Refused] = {}
    names: list[Named] = []
    for one in taken:
        named = _name(kind, listing, one, due, recipe)
        if isinstance(named, Refused):
            if named.reason == "offsite" and urlsplit(named.uri).netloc in content.inside:
                named = replace(named, reason="forbidden_address", detail=f"{listing} names an inner address")
            refused.setdefault(named.reason, named)
        elif named is not None:
            names.append(named)
    if spread and kind == "sitemap":
        names = list(_spread(names))
    return Naming(names, list(refused.values()), is_cut)


def _name(
    kind: str, listing: str, one: Found, due: datetime, recipe: Recipe | None
) -> Named | Refused | None:
    try:
        clean = urls.clean_url(one.url)
    except ValueError as error:
        return Refused("bad_url", one.url[:500], str(error)[:300])
    if not urls.same_site(clean, listing):
        return Refused("offsite", clean, f"{listing} names an address of another site; it is not watched")
    if not _is_article(kind, clean, recipe):
        return None
    return Named(
        uri=clean,
        urlkey=urls.urlkey(clean),
        host=urlsplit(clean).netloc,
        identity=urls.identity_key(clean),
        due=due,
        signalled_at=one.updated,
    )


def _is_article(kind: str, url: str, recipe: Recipe | None) -> bool:
    said = is_article(recipe, url)
    if said is not None:
        return said
    excluded = NOT_ARTICLES if kind in OWN_WORD else NOT_ARTICLES | {urls.UrlKind.SERVICE}
    return urls.kind_of(url) not in excluded


def _latest(found: Sequence[Found]) -> tuple[Sequence[Found], bool]:
    """Return the latest of a plain sitemap; those without a date come after those with one."""
    if len(found) <= LATEST:
        return found, False
    return sorted(found, key=lambda one: one.updated or "", reverse=True)[:LATEST], True


def _spread(names: Sequence[Named]) -> Iterator[Named]:
    for place, one in enumerate(names):
        late = max(place - AT_ONCE, 0) * STEP
        yield replace(one, due=one.due + late)
