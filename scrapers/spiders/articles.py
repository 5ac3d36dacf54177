"""
The spider that visits what the frontier hands out: articles are archived, listings are read.

Every hop of a redirect is archived under the address that gave it. Every visit is settled, whatever happens.
"""

import asyncio
import email.utils
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import suppress
from dataclasses import replace
from time import time
from typing import Any
from urllib.parse import urljoin

from scrapy import Request, Spider
from scrapy.crawler import Crawler
from scrapy.exceptions import CloseSpider
from scrapy.http import Response
from twisted.python.failure import Failure

from archive.errors import ArchiveError
from archive.ingest import Catalogued
from archive.model import Exchange
from archive.urls import same_site
from scrapers.discovery.found import ListingError
from scrapers.discovery.listings import header_of, read_listing
from scrapers.fetching.handler import FetchFailedError, exchange_of
from scrapers.frontier import Frontier, ListFrontier, Outcome, Visit
from scrapers.robots import RobotsRefusedError

__all__ = ["ArticleSpider", "Store"]

#: Archives one exchange for a source; returns once it is acknowledged.
Store = Callable[[Exchange, int], Awaitable[Catalogued]]

REDIRECTS = frozenset({301, 302, 303, 307, 308})
HOPS = 10
#: Requests that may be under way; more are not claimed.
ROOM = 256


class ArticleSpider(Spider):
    """Visits articles and listings."""

    name = "articles"
    custom_settings = {  # noqa: RUF012 - Scrapy's way
        # Hops, error answers and coded bytes are all archived, so nobody may hide them.
        "REDIRECT_ENABLED": False,
        "METAREFRESH_ENABLED": False,
        "RETRY_ENABLED": False,
        "COMPRESSION_ENABLED": False,
        "HTTPERROR_ALLOW_ALL": True,
        "DEPTH_STATS_VERBOSE": False,
        "DUPEFILTER_CLASS": "scrapy.dupefilters.BaseDupeFilter",
    }

    def __init__(
        self,
        frontier: Frontier | None = None,
        store: Store | None = None,
        on_settled: Callable[[Visit, Outcome], None] = lambda _visit, _outcome: None,
        urls: str = "",
        **kwargs: Any,
    ) -> None:
        super().__init__(**kwargs)
        self._frontier: Frontier = frontier or ListFrontier(
            [Visit(uri=one) for one in urls.split(",") if one]
        )
        self._store = store
        self._under_way = 0
        self._free = asyncio.Event()
        self._stopping = False
        self._on_settled = on_settled

    @classmethod
    def from_crawler(cls, crawler: Crawler, *args: Any, **kwargs: Any) -> "ArticleSpider":
        """Build the spider; `scrapy crawl articles -a urls=…` brings addresses and no frontier."""
        spider = super().from_crawler(crawler, *args, **kwargs)
        if spider._store is None and not kwargs.get("urls"):
            message = "give addresses (`-a urls=https://…,https://…`), or use `lateedition crawl` for all that is due"
            raise CloseSpider(message)
        return spider

    def stop(self) -> None:
        """Claim nothing more; what is under way is finished."""
        self._stopping = True
        self._free.set()

    async def start(self) -> AsyncIterator[Any]:
        """Yield a request for each visit that the frontier hands out."""
        while not self._stopping:
            room = ROOM - self._under_way
            visits = await self._frontier.claim(room) if room > 0 else ()
            for visit in visits:
                self._under_way += 1
                yield self._request(visit, visit.uri, hops=0)
            if room <= 0:
                self._free.clear()
                await self._free.wait()
            elif not visits and not await self._frontier.wait() and not self._under_way:
                return

    def _request(self, visit: Visit, url: str, *, hops: int) -> Request:
        headers = {}
        if hops == 0 and visit.etag:
            headers["If-None-Match"] = visit.etag
        if hops == 0 and visit.last_modified:
            headers["If-Modified-Since"] = visit.last_modified
        return Request(
            url,
            headers=headers,
            callback=self.answered,
            errback=self.failed,
            dont_filter=True,
            meta={"visit": visit, "hops": hops, "handle_httpstatus_all": True, "dont_redirect": True},
        )

    async def answered(self, response: Response) -> AsyncIterator[Any]:
        """Archive an answer or read a listing, and follow where it leads."""
        request = response.request
        assert request is not None  # noqa: S101 - Scrapy sets it
        visit, hops, exchange = request.meta["visit"], request.meta["hops"], exchange_of(request)
        target = _target(exchange)
        try:
            stored = await self._archived(visit, exchange)
        except ArchiveError as error:
            await self._settle(visit, Outcome(problem="archive", detail=str(error), problem_uri=exchange.url))
            raise CloseSpider(str(error)) from error
        if target is not None and hops < HOPS:
            if visit.kind == "article" and not same_site(target, visit.uri):
                await self._settle(
                    visit,
                    replace(
                        _outcome(exchange, stored),
                        problem="offsite",
                        detail=f"leads to {target}",
                        problem_uri=visit.uri,
                    ),
                )
                return
            try:
                yield self._request(visit, target, hops=hops + 1)
            except ValueError as error:
                await self._settle(
                    visit,
                    replace(
                        _outcome(exchange, stored), problem="bad_url", detail=str(error), problem_uri=target
                    ),
                )
            return
        outcome = _outcome(exchange, stored)
        if target is not None:
            outcome = replace(
                outcome, problem="too_many_redirects", detail=f"more than {HOPS} hops", problem_uri=visit.uri
            )
        await self._settle(visit, _with_listing(visit, exchange, outcome))

    async def failed(self, failure: Failure) -> None:
        """Settle a visit that nothing came back from."""
        request = failure.request  # type: ignore[attr-defined]  # Scrapy puts it there
        visit = request.meta["visit"]
        match failure.value:
            case FetchFailedError() as error:
                await self._settle(visit, await self._unanswered(visit, error.exchange))
            case RobotsRefusedError() as error:
                await self._settle(
                    visit, Outcome(problem=error.reason, detail=error.detail, problem_uri=request.url)
                )
            case error:
                self.logger.error("visit.failed url=%s error=%r", request.url, error)
                await self._settle(
                    visit, Outcome(problem="error", detail=str(error), problem_uri=request.url)
                )

    async def _archived(self, visit: Visit, exchange: Exchange) -> Catalogued | None:
        """Archive what belongs to an article; listings are read, not kept."""
        if visit.kind != "article" or self._store is None:
            return None
        return await self._store(exchange, visit.source_id)

    async def _unanswered(self, visit: Visit, exchange: Exchange) -> Outcome:
        stored = None
        with suppress(ArchiveError):
            # The request alone is evidence that we asked and nothing came.
            if exchange.problem not in ("forbidden_address", "unsupported_scheme", "bad_url"):
                stored = await self._archived(visit, exchange)
        return _outcome(exchange, stored)

    async def _settle(self, visit: Visit, outcome: Outcome) -> None:
        try:
            await self._frontier.settle(visit, outcome)
        finally:
            self._under_way -= 1
            self._free.set()
            self._on_settled(visit, outcome)


def _target(exchange: Exchange) -> str | None:
    if exchange.status not in REDIRECTS:
        return None
    location = header_of(exchange, "location")
    return urljoin(exchange.url, location).partition("#")[0] if location else None


def _outcome(exchange: Exchange, stored: Catalogued | None) -> Outcome:
    problem, detail = exchange.problem or "", exchange.detail
    if (
        not problem
        and exchange.status is not None
        and (exchange.status >= 400 and exchange.status not in (404, 410))
    ):
        problem, detail = f"http_{exchange.status}", f"the server answers {exchange.status}"
    return Outcome(
        status=exchange.status,
        verdict=stored.verdict if stored else None,
        page_kind=stored.page_kind if stored else None,
        article_id=stored.article_id if stored else None,
        etag=header_of(exchange, "etag") or None,
        last_modified=header_of(exchange, "last-modified") or None,
        problem=problem,
        detail=detail,
        problem_uri=exchange.url,
        retry_after=_retry_after(exchange),
    )


def _with_listing(visit: Visit, exchange: Exchange, outcome: Outcome) -> Outcome:
    """Read a listing's articles into the outcome."""
    if visit.kind == "article" or exchange.status != 200 or outcome.problem:
        if visit.kind != "article" and exchange.status in (404, 410):
            return replace(outcome, problem=f"http_{exchange.status}", detail=f"the {visit.kind} is gone")
        return outcome
    try:
        content = read_listing(visit.kind, exchange)
    except ListingError as error:
        return replace(outcome, problem=error.reason, detail=str(error))
    outcome = replace(outcome, found=content.found, listings=content.listings)
    if content.is_cut:
        return replace(outcome, problem="too_many_urls", detail="names more addresses than are taken")
    return outcome


def _retry_after(exchange: Exchange) -> float:
    """Return the seconds of a Retry-After field, from seconds or from a date (RFC 9110 §10.2.3)."""
    if exchange.status not in (429, 503):
        return 0.0
    value = header_of(exchange, "retry-after").strip()
    if value.isdigit():
        return min(float(value), 86_400.0)
    try:
        return (
            min(max(email.utils.parsedate_to_datetime(value).timestamp() - time(), 0.0), 86_400.0)
            if value
            else 0.0
        )
    except (ValueError, TypeError):
        return 0.0
