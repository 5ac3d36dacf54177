"""Fetching: one exchange at a time, kept as it went over the wire, to addresses that may be contacted."""

from scrapers.fetching.fetcher import BUSY, Fetcher, FetchLimits, user_agent
from scrapers.fetching.opening import fetcher_for

__all__ = ["BUSY", "FetchLimits", "Fetcher", "fetcher_for", "user_agent"]
