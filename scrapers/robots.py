"""
robots.txt by RFC 9309: fetched once a day for each origin, obeyed before every request.

No file is leave; an unreachable or failing one is not.
"""

import asyncio
from collections import OrderedDict
from dataclasses import dataclass
from datetime import datetime, timedelta
from urllib.parse import urlsplit

from protego import Protego
from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.exceptions import IgnoreRequest, NotConfigured

from archive.clock import Clock, SystemClock
from archive.model import Exchange
from archive.warc.bodies import decode_entity
from scrapers.fetching import Fetcher
from scrapers.fetching.answers import header_of, redirect_of
from scrapers.fetching.handler import fetcher_of
from scrapers.fetching.manners import host_of

__all__ = ["ROBOTS", "Robots", "RobotsMiddleware", "RobotsRefusedError", "Rules"]

#: Scrapy setting that holds the rules of a crawl that Late Edition started.
ROBOTS = "LATEEDITION_ROBOTS"
#: How long rules are kept (RFC 9309 §2.4), and how long a failure counts.
KEPT, RETRY = timedelta(hours=24), timedelta(minutes=10)
#: Origins that are remembered, bytes of a file that are read (RFC 9309 §2.5), hops that are followed (§2.3.1.2).
ORIGINS, LONGEST, HOPS = 5000, 512 << 10, 5
NAME = "LateEdition"
#: Seconds of a Crawl-delay that are kept at most: an hour for a page is the same as no leave.
LONGEST_DELAY = 3600.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Rules:
    """What one origin asks of robots."""

    parsed: Protego
    #: Reason and words why nothing may be fetched, or None.
    unreachable: tuple[str, str] | None
    until: datetime

    def refusal(self, url: str) -> tuple[str, str] | None:
        """Return reason and detail when an address may not be fetched."""
        if self.unreachable:
            return self.unreachable
        if not self.parsed.can_fetch(url, NAME):
            return "robots_disallow", "robots.txt does not allow it"
        return None

    @property
    def delay(self) -> float:
        """Crawl-delay in seconds; 0 when none is asked."""
        return float(self.parsed.crawl_delay(NAME) or 0)

    @property
    def sitemaps(self) -> list[str]:
        """Sitemaps that the file names."""
        return list(self.parsed.sitemaps)


class Robots:
    """The rules of many origins, fetched when first needed."""

    def __init__(self, fetcher: Fetcher, clock: Clock) -> None:
        self._fetcher = fetcher
        self._clock = clock
        self._known: OrderedDict[str, Rules] = OrderedDict()
        self._asking: dict[str, asyncio.Task[Rules]] = {}

    def __deepcopy__(self, _memo: object) -> "Robots":
        """Stay one: Scrapy copies its settings deeply, and this is a live thing that stands in them."""
        return self

    async def rules(self, url: str) -> Rules:
        """Return the rules for an address."""
        parts = urlsplit(url)
        origin = f"{parts.scheme}://{parts.netloc}"
        known = self._known.get(origin)
        if known is not None and known.until > self._clock.now():
            self._known.move_to_end(origin)
            return known
        if origin not in self._asking:
            self._asking[origin] = asyncio.create_task(self._ask(origin))
        return await asyncio.shield(self._asking[origin])

    async def refusal(self, url: str) -> tuple[str, str] | None:
        """Return reason and detail when an address may not be fetched."""
        return (await self.rules(url)).refusal(url)

    async def _ask(self, origin: str) -> Rules:
        try:
            rules = await self._fetch(origin)
        finally:
            del self._asking[origin]
        self._known[origin] = rules
        if rules.delay:
            self._fetcher.manners.ask_gap(host_of(origin), min(rules.delay, LONGEST_DELAY))
        while len(self._known) > ORIGINS:
            self._known.popitem(last=False)
        return rules

    async def _fetch(self, origin: str) -> Rules:
        url = f"{origin}/robots.txt"
        for _ in range(HOPS):
            exchange = await self._fetcher.fetch(url)
            status = exchange.status
            target = redirect_of(exchange)
            if target is None:
                break
            url = target
        now = self._clock.now()
        if status is None or status >= 500 or status == 429:
            why = _silence(exchange, origin)
            return Rules(parsed=Protego.parse(""), unreachable=why, until=now + RETRY)
        text = ""
        if status == 200:
            coding = header_of(exchange, "content-encoding")
            text = decode_entity(exchange.body, coding).data[:LONGEST].decode("utf-8", "replace")
        return Rules(parsed=Protego.parse(text), unreachable=None, until=now + KEPT)


#: What says that the host as a whole cannot be had, not just this file.
HOST_ITSELF = frozenset({"connect", "dns", "tls", "proxy", "forbidden_address"})


def _silence(exchange: Exchange, origin: str) -> tuple[str, str]:
    """Say why rules could not be read."""
    if exchange.problem in HOST_ITSELF and exchange.url == f"{origin}/robots.txt":
        return exchange.problem, exchange.detail
    why = exchange.problem or f"status {exchange.status}"
    return (
        "robots_unreachable",
        f"{origin}/robots.txt: {why}; nothing is fetched from there until it answers",
    )


class RobotsRefusedError(IgnoreRequest):
    """robots.txt keeps us from a request."""

    def __init__(self, reason: str, detail: str) -> None:
        self.reason = reason
        self.detail = detail
        super().__init__(f"{reason}: {detail}")


class RobotsMiddleware:
    """Asks robots.txt before each request, and slows down to its Crawl-delay."""

    def __init__(self, crawler: Crawler) -> None:
        if not crawler.settings.getbool("ROBOTSTXT_OBEY"):
            raise NotConfigured
        self._robots: Robots | None = crawler.settings.get(ROBOTS)
        self._crawler = crawler

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> "RobotsMiddleware":
        """Build the middleware for a crawl."""
        return cls(crawler)

    async def process_request(self, request: Request) -> None:
        """
        Let a request through.

        Raises:
            RobotsRefusedError: the rules do not allow it, or could not be read.
        """
        robots = self._robots or await self._own()
        refusal = (await robots.rules(request.url)).refusal(request.url)
        if refusal:
            raise RobotsRefusedError(*refusal)

    async def _own(self) -> Robots:
        """Read rules through the handler's own fetcher: `scrapy shell` and `scrapy crawl` bring none."""
        self._robots = Robots(await fetcher_of(self._crawler), SystemClock())
        return self._robots
