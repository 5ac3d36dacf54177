"""Builds the fetcher that a home's settings describe."""

from archive.addresses import AddressGuard
from archive.clock import Clock
from config import Settings
from scrapers.fetching.fetcher import Fetcher, FetchLimits, user_agent
from scrapers.fetching.manners import Manners, Pace
from scrapers.fetching.routes import Route

__all__ = ["fetcher_for", "guard_for", "route_for"]


def guard_for(settings: Settings) -> AddressGuard:
    """Return the rule of which addresses may be contacted."""
    return AddressGuard(settings.allowed_private_networks)


def route_for(settings: Settings) -> Route:
    """Return the operator's way out."""
    return Route(proxy_url=settings.fetch_proxy, ca_file=settings.fetch_ca_file)


def fetcher_for(settings: Settings, clock: Clock, version: str) -> Fetcher:
    """Return a fetcher with the operator's guard, pace, limits, way out and name; it is to be entered."""
    pace = Pace(delay=settings.politeness_delay, concurrency=settings.politeness_concurrency_per_host)
    return Fetcher(
        guard_for(settings),
        clock,
        agent=user_agent(version, settings.contact),
        limits=FetchLimits(timeout=settings.fetch_timeout),
        route=route_for(settings),
        manners=Manners(pace),
    )
