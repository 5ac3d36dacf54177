"""The catalogue: an index over the WARC files that can be made anew from them, and the queries on it."""

from archive.catalog import (
    alerts,
    articles,
    captures,
    files,
    frontier,
    ledger,
    locks,
    payloads,
    search,
    sources,
)

__all__ = [
    "alerts",
    "articles",
    "captures",
    "files",
    "frontier",
    "ledger",
    "locks",
    "payloads",
    "search",
    "sources",
]
