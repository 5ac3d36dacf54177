"""The catalogue: an index over the WARC files that can be made anew from them, and the queries on it."""

from archive.catalog import articles, captures, frontier, ledger, sources

__all__ = ["articles", "captures", "frontier", "ledger", "sources"]
