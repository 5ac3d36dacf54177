"""Scrapy's download handler over our own fetcher: every response carries its exchange."""

import os
from importlib.metadata import version
from pathlib import Path
from typing import Any
from weakref import WeakKeyDictionary

from scrapy import Request
from scrapy.core.downloader.handlers.base import BaseDownloadHandler
from scrapy.crawler import Crawler
from scrapy.http import Headers, Response
from scrapy.responsetypes import responsetypes

from archive.clock import SystemClock
from archive.model import Exchange
from config import load_settings
from scrapers.fetching.fetcher import Fetcher
from scrapers.fetching.opening import fetcher_for

__all__ = ["EXCHANGE", "FETCHER", "FaithfulHandler", "FetchFailedError", "exchange_of", "fetcher_of"]

#: Key of `request.meta` under which the exchange is found once the request has been answered.
EXCHANGE = "lateedition_exchange"
#: Scrapy setting that holds the fetcher of a crawl that Late Edition started.
FETCHER = "LATEEDITION_FETCHER"


class FetchFailedError(Exception):
    """Nothing came back; the exchange says why."""

    def __init__(self, exchange: Exchange) -> None:
        self.exchange = exchange
        super().__init__(f"{exchange.url}: {exchange.problem} ({exchange.detail})")


def exchange_of(request: Request) -> Exchange:
    """Return the exchange that answered a request."""
    exchange: Exchange = request.meta[EXCHANGE]
    return exchange


class FaithfulHandler(BaseDownloadHandler):
    """Downloads http and https."""

    lazy = True

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler)
        self._crawler = crawler
        #: Our own spider reads the exchange and nothing else.
        self._bare = crawler.settings.get(FETCHER) is not None

    async def download_request(self, request: Request) -> Response:
        """
        Fetch one request.

        Raises:
            FetchFailedError: nothing came back.
        """
        fetcher = await fetcher_of(self._crawler)
        exchange = await fetcher.fetch(request.url, headers=_own_headers(request))
        request.meta[EXCHANGE] = exchange
        if exchange.status is None:
            raise FetchFailedError(exchange)
        return Response(exchange.url, status=exchange.status) if self._bare else _response(exchange)

    async def close(self) -> None:
        """Close the pool, if it is ours."""
        owned = OWNED.pop(self._crawler, None)
        if owned is not None:
            await owned.__aexit__(None, None, None)


#: Pools that were opened for crawls that brought none.
OWNED: WeakKeyDictionary[Crawler, Fetcher] = WeakKeyDictionary()


async def fetcher_of(crawler: Crawler) -> Fetcher:
    """Return a crawl's fetcher, or one of its own: `scrapy shell` and `scrapy crawl` bring none."""
    given: Fetcher | None = crawler.settings.get(FETCHER) or OWNED.get(crawler)
    if given is not None:
        return given
    home = Path(os.environ.get("LATEEDITION_HOME", "lateedition-home"))
    opened = fetcher_for(load_settings(home, os.environ), SystemClock(), version("lateedition"))
    OWNED[crawler] = opened
    return await opened.__aenter__()


def _own_headers(request: Request) -> list[tuple[str, str]]:
    """Return the headers a spider asked for; the fetcher sets the others."""
    fixed = {"host", "user-agent", "accept", "accept-encoding", "connection"}
    pairs: list[tuple[str, str]] = []
    for name, values in request.headers.items():
        text = name.decode("latin-1")
        if text.lower() not in fixed:
            pairs += [(text, value.decode("latin-1")) for value in values]
    return pairs


def _response(exchange: Exchange) -> Response:
    headers = Headers()
    for name, value in exchange.response_headers:
        headers.appendlist(name.decode("latin-1"), value)
    kind: Any = responsetypes.from_args(headers=headers, url=exchange.url, body=exchange.body[:2048])
    response: Response = kind(
        url=exchange.url,
        status=exchange.status,
        headers=headers,
        body=exchange.body,
        protocol=exchange.protocol,
    )
    return response
