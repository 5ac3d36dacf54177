"""Puts what discovery found under watch: a source, its listings, its first articles."""

from dataclasses import replace
from urllib.parse import urlsplit

from sqlalchemy import Connection

from archive.catalog import discovered, frontier, sources
from archive.errors import ArchiveError
from archive.model import Source
from archive.opening import Stores
from scheduler.naming import name_all
from scrapers.discovery import Discovery
from scrapers.discovery.listings import ListingContent

__all__ = ["AlreadyWatchedError", "watch"]


class AlreadyWatchedError(ArchiveError):
    """A source of that name is watched already."""

    def __init__(self, name: str) -> None:
        self.name = name
        super().__init__(
            f"{name}: is watched already; give another --name, or `lateedition sources remove {name}` first."
        )


def watch(stores: Stores, found: Discovery, *, name: str = "") -> Source:
    """
    Watch what was found.

    Raises:
        AlreadyWatchedError: another source has the name that was asked for.
    """
    now = stores.clock.now()
    with stores.catalogue.writing() as connection:
        new = Source(name=name or found.name, url=found.url, kind=found.kind, is_paused=False, added_at=now)
        row = sources.source_id(connection, new.name)
        if row is not None and (known := sources.source_named(connection, new.name)) is not None:
            if known.kind not in ("removed", "imported"):
                if name or known.url == found.url:
                    raise AlreadyWatchedError(new.name)
                new, row = replace(new, name=_free_name(connection, new.name)), None
            else:
                sources.revive_source(connection, row, new)
        if row is None:
            row = sources.add_source(connection, new)
        for listing in found.listings:
            host = urlsplit(listing.url).netloc
            sources.add_listing(
                connection, source_row=row, url=listing.url, kind=listing.kind, host=host, due=now
            )
            frontier.note_host(connection, host, now)
        if found.kind == "article":
            content = ListingContent(found=found.articles)
            naming = name_all("feed", found.articles[0].url, content, due=now)
            discovered.add_named(connection, naming.names, source_id=row)
    return new


def _free_name(connection: Connection, name: str) -> str:

    number = 2
    while sources.source_id(connection, f"{name}-{number}") is not None:
        number += 1
    return f"{name}-{number}"
