"""Fetches the pages that a split article goes on on: its single page, or page after page until one fails or none is left."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

from archive.ingest import Pages, Unfinished
from archive.model import Exchange, Extraction
from archive.text import extract
from archive.text.joining import misfit_of
from archive.text.pagination import announced_by
from archive.urls import same_site
from scrapers.discovery.listings import body_of
from scrapers.fetching.answers import header_of, redirect_of

__all__ = ["MOST", "NotToBeHadError", "gather"]

#: Pages that an article is followed over, the first one included, and hops on the way to each.
MOST, HOPS = 10, 3
#: Bytes of all further pages together; they are held until the article is archived.
ROOM = 8 << 20


class NotToBeHadError(Exception):
    """A page is not to be fetched, or not to be kept; the text says why."""


#: Asks for one address. Raises NotToBeHadError.
Fetch = Callable[[str], Awaitable[Exchange]]


@dataclass
class _Got:
    """What was fetched so far, and why it went no further."""

    first: Exchange
    fetch: Fetch
    exchanges: list[Exchange] = field(default_factory=list)
    missing: str = ""

    async def page(self, url: str) -> Exchange | None:
        """Fetch a page, over redirects within its site; None, and a reason, when it cannot be had."""
        for _ in range(HOPS):
            if url in {self.first.url, *(one.url for one in self.exchanges)}:
                self.missing = f"{url}: was fetched already, as another page"
                return None
            try:
                exchange = await self.fetch(url)
            except NotToBeHadError as error:
                self.missing = f"{url}: {error}"
                return None
            self.exchanges.append(exchange)
            target = redirect_of(exchange)
            if target is None:
                self.missing = self._trouble_of(exchange)
                return None if self.missing else exchange
            if not same_site(target, url):
                break
            url = target
        self.missing = f"{url}: leads elsewhere"
        return None

    def _trouble_of(self, exchange: Exchange) -> str:
        if exchange.problem:
            return f"{exchange.url}: {exchange.detail or exchange.problem}"
        if exchange.status != 200:
            return f"{exchange.url}: the server answers {exchange.status}"
        if sum(len(one.body) for one in self.exchanges) > ROOM:
            return f"{exchange.url}: the article's pages are over {ROOM} bytes together"
        return ""


async def gather(first: Exchange, found: Unfinished, fetch: Fetch, *, is_enough: bool) -> Pages:
    """
    Fetch what an article goes on on.

    Args:
        first: its first page.
        found: what that announces.
        fetch: asks for one address.
        is_enough: what can be had now is all there is to be had.
    """
    if found.links.single:
        got = _Got(first, fetch)
        if await got.page(found.links.single) or not (is_enough and found.links.further):
            return Pages(
                exchanges=tuple(got.exchanges), is_single=True, missing=got.missing, is_enough=is_enough
            )
    return await _numbered(_Got(first, fetch), found, is_enough=is_enough)


async def _numbered(got: _Got, found: Unfinished, *, is_enough: bool) -> Pages:
    """Fetch page two and on; each may announce more than the ones before."""
    wanted, number = dict(found.links.further), 2
    while number in wanted and number <= MOST:
        page = await got.page(wanted[number])
        if page is None or (number == 2 and await asyncio.to_thread(_is_another, page, found.first)):
            break
        kind = header_of(page, "content-type") or None
        more = await asyncio.to_thread(
            announced_by, body_of(page), page.url, first=got.first.url, content_type=kind
        )
        wanted |= {later: url for later, url in more.further if later not in wanted}
        number += 1
    return Pages(
        exchanges=tuple(got.exchanges),
        missing=got.missing,
        is_enough=is_enough,
        goes_on=number in wanted,
    )


def _is_another(page: Exchange, first: Extraction) -> bool:
    """Tell whether a page is of something else than the article: what it announces is not the article's either."""
    said = extract(body_of(page), page.url, content_type=header_of(page, "content-type") or None)
    misfit = misfit_of(said, said.page_kind, [first])
    return misfit is not None and not misfit.is_failure
