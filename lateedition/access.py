"""Opens the stores of a home as its settings say."""

from pathlib import Path

from archive.clock import AcceleratedClock, Clock, SystemClock
from archive.opening import Stores, open_stores
from config import Settings

__all__ = ["clock_of", "stores_of"]


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
