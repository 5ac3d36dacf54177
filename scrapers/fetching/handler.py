"""Scrapy's download handler over our own fetcher: every response carries its exchange."""

import os
from typing import Any

from scrapy import Request
from scrapy.core.downloader.handlers.base import BaseDownloadHandler
from scrapy.crawler import Crawler
from scrapy.http import Headers, Response
from scrapy.responsetypes import responsetypes

from archive.addresses import AddressGuard
from archive.clock import Clock, SystemClock
from archive.model import Exchange
from config import load_settings
from scrapers.fetching.fetcher import Fetcher, FetchLimits, user_agent

__all__ = ["EXCHANGE", "FETCHER", "FaithfulHandler", "FetchFailedError", "exchange_of"]

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
        self._fetcher: Fetcher | None = crawler.settings.get(FETCHER)
        self._owned: Fetcher | None = None

    async def download_request(self, request: Request) -> Response:
        """
        Fetch one request.

        Raises:
            FetchFailedError: nothing came back.
        """
        fetcher = self._fetcher or await self._open()
        exchange = await fetcher.fetch(request.url, headers=_own_headers(request))
        request.meta[EXCHANGE] = exchange
        if exchange.status is None:
            raise FetchFailedError(exchange)
        return _response(exchange)

    async def close(self) -> None:
        """Close the pool, if it is ours."""
        if self._owned is not None:
            await self._owned.__aexit__(None, None, None)
            self._owned = None

    async def _open(self) -> Fetcher:
        """Open a pool of our own: `scrapy shell` and `scrapy crawl` bring none."""
        if self._owned is None:
            from pathlib import Path

            home = Path(os.environ.get("LATEEDITION_HOME", "lateedition-home"))
            settings = load_settings(home, os.environ)
            clock: Clock = SystemClock()
            fetcher = Fetcher(
                AddressGuard(settings.allowed_private_networks),
                clock,
                agent=user_agent("0.1", settings.contact),
                limits=FetchLimits(timeout=self.crawler.settings.getfloat("DOWNLOAD_TIMEOUT")),
            )
            self._owned = await fetcher.__aenter__()
        return self._owned


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
