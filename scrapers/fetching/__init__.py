"""Fetching: one exchange at a time, kept as it went over the wire, to addresses that may be contacted."""

from scrapers.fetching.fetcher import Fetcher, FetchLimits, user_agent

__all__ = ["FetchLimits", "Fetcher", "user_agent"]
