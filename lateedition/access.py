"""Opens a home for people's own programs and notebooks, without Scrapy."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from archive.clock import AcceleratedClock, Clock, SystemClock
from archive.opening import Stores, open_stores
from archive.reading import Archive
from config import Settings, load_settings

__all__ = ["clock_of", "open_archive", "stores_of"]


@contextmanager
def open_archive(home: str | os.PathLike[str]) -> Iterator[Archive]:
    """
    Open a home for reading.

    Raises:
        SettingsError: its settings cannot be used.
        CatalogueError: its catalogue cannot be opened.
    """
    path = Path(home)
    archive = Archive(stores_of(path, load_settings(path, os.environ)))
    try:
        yield archive
    finally:
        archive.close()


def stores_of(home: Path, settings: Settings) -> Stores:
    """Open the stores that a home's settings name."""
    return open_stores(home, catalogue=settings.catalogue, blobs=settings.blobs, clock=clock_of(settings))


def clock_of(settings: Settings) -> Clock:
    """Return the clock a home goes by: the machine's, or a faster one for demonstrations."""
    if settings.clock_speed == 1 or not settings.clock_anchor:
        return SystemClock()
    from datetime import UTC, datetime

    anchor = datetime.fromisoformat(settings.clock_anchor)
    return AcceleratedClock(anchor if anchor.tzinfo else anchor.replace(tzinfo=UTC), settings.clock_speed)
