"""
What processes on one catalogue owe each other: to be known as living, and to take back what the dead held.

A worker holds the name it signs its leases with for as long as it lives; whoever gets that name knows that the
worker is gone. An embedded catalogue has one worker, so that whatever is leased when it starts is a dead one's.
"""

import logging
from collections.abc import Iterator
from contextlib import contextmanager

from archive.catalog import leases
from archive.errors import CatalogueError
from archive.opening import Stores

__all__ = ["present", "take_back"]

log = logging.getLogger(__name__)


@contextmanager
def present(stores: Stores, owner: str) -> Iterator[None]:
    """
    Be known as living while the block runs.

    Raises:
        CatalogueError: another process has the same name.
    """
    if not stores.catalogue.is_shared:
        yield
        return
    with stores.catalogue.alone(_name(owner)) as mine:
        if not mine:
            message = f"{stores.catalogue.url}: another worker is called {owner}."
            raise CatalogueError(message)
        yield


def take_back(stores: Stores, owner: str) -> int:
    """Give back the hosts of workers that died, before their leases end; return how many they were."""
    now = stores.clock.now()
    if not stores.catalogue.is_shared:
        with stores.catalogue.writing() as connection:
            return leases.free_leases(connection, now)
    with stores.catalogue.reading() as connection:
        others = leases.owners(connection) - {owner}
    return sum(_take_back_from(stores, one) for one in sorted(others))


def _take_back_from(stores: Stores, owner: str) -> int:
    with stores.catalogue.alone(_name(owner)) as is_gone:
        if not is_gone:
            return 0
        with stores.catalogue.writing() as connection:
            freed = leases.free_leases_of(connection, owner, stores.clock.now())
    log.warning("worker.gone owner=%s hosts=%s are visited by others now", owner, freed)
    return freed


def _name(owner: str) -> str:
    return f"worker {owner}"
