"""Finds articles: in feeds, sitemaps and listing pages, from any address of an outlet."""

from scrapers.discovery.discover import Discovery, Listing, discover
from scrapers.discovery.listings import Found, ListingError, read_listing

__all__ = ["Discovery", "Found", "Listing", "ListingError", "discover", "read_listing"]
