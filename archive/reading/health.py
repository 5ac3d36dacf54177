"""How a source fares, why, and what an operator can do about it. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from archive.catalog.sources import Problem

__all__ = ["RECENT", "Health", "cure_of", "health_of"]

#: How long a problem counts for a source's health.
RECENT = timedelta(hours=24)
#: Problems that are no sign of ill health: partners' links, long sitemaps, slips in a feed.
ORDINARY = frozenset({"offsite", "too_many_urls", "bad_url", "noarchive"})

CURE = "check the address, or try the outlet's feed"
CURES = {
    "bad_url": "write the address as https://news.example/",
    "unsupported_scheme": "only http and https addresses are watched",
    "forbidden_address": "name its network in allowed_private_networks if it is yours",
    "robots_disallow": "the outlet does not want robots there; ask it for leave",
    "robots_unreachable": "nothing is fetched until its robots.txt answers again; it is asked every ten minutes",
    "bad_feed": "give the outlet's home page, and its feed is found",
    "no_articles": "give a feed or a section page, or write a recipe",
    "timeout": "try again later, or raise [fetch] timeout",
    "dns": "check the spelling of the host",
    "connect": "check the host and port, or try again later",
    "reset": "try again later; a shorter pace may help ([politeness] delay)",
    "tls": "the certificate is not trusted; if it is your proxy's, name it in [fetch] ca_file",
    "proxy": "check [fetch] proxy",
    "bad_http": "the server's answer is broken; tell the outlet, or try again later",
    "too_large": "over 8 MB is not kept; watch a smaller page of the outlet",
    "too_many_redirects": "open the address in a browser; it may ask for a cookie that a recipe can send",
    "too_many_urls": "give the news sitemap or a feed instead",
    "http_401": "it asks for an account; what is behind it is not fetched",
    "http_403": "the outlet refuses us; set `contact`, slow down, or ask it for leave",
    "http_404": "the address is gone; find the new one and watch that",
    "http_410": "the address is gone; find the new one and watch that",
    "http_429": "it is asked too often; raise [politeness] delay",
    "unlike_articles": "look at a page with `lateedition sources test`, then write a recipe",
    "noarchive": "the outlet asks archives to keep away; see [rights] noarchive",
    "blocked": "a wall stands in front of the pages; nothing gets around it",
    "truncated": "answers end early; try again later",
    "bad_encoding": "answers cannot be decoded; tell the outlet",
    "browser": "see the message; `lateedition sources test` tries one page",
    "page_missing": "a page of a split article cannot be had; the article is compared again once it can",
    "browser_timeout": "its scripts come to no end; raise [fetch] timeout, or do without `browser = true`",
    "archive": "see the message: the archive could not be written",
}


@dataclass(frozen=True, slots=True)
class Health:
    """How a source fares."""

    #: ok, degraded, failing or paused.
    state: str
    #: In words, "" when all is well.
    reason: str = ""
    #: What can be done, "" when nothing need be.
    advice: str = ""


def cure_of(reason: str) -> str:
    """Return what can be done about a reason."""
    if reason.startswith("http_5"):
        return "the server is in trouble; it is tried again by itself"
    return CURES.get(reason, CURE)


def health_of(
    problems: Sequence[Problem], *, now: datetime, last_good: datetime | None, is_paused: bool = False
) -> Health:
    """
    Say how a source fares by its problems, newest first.

    Degraded: something fails while pages still come. Failing: since the last good page a day has passed, or
    there was none.
    """
    if is_paused:
        return Health("paused", "paused by an operator", "`lateedition sources resume` goes on")
    recent = [one for one in problems if now - one.at <= RECENT and one.reason not in ORDINARY]
    if not recent:
        return Health("ok")
    worst = recent[0]
    alive = last_good is not None and worst.at - last_good <= RECENT
    state = "degraded" if alive else "failing"
    return Health(state, f"{worst.reason}: {worst.detail}", cure_of(worst.reason))
