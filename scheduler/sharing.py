"""
What processes on one catalogue owe each other: to take back what the dead held.

A writer holds the name it signs its leases and files with for as long as it lives; whoever gets that name knows
that the writer is gone. An embedded catalogue has one crawler, so that whatever is leased when it starts is a
dead one's.
"""

import logging

from archive.catalog import leases
from archive.catalog.catalogue import lock_of
from archive.opening import Stores

__all__ = ["take_back"]

log = logging.getLogger(__name__)


def take_back(stores: Stores) -> int:
    """Give back the hosts of workers that died, before their leases end; return how many they were."""
    now = stores.clock.now()
    if not stores.catalogue.is_shared:
        with stores.catalogue.writing() as connection:
            return leases.free_leases(connection, now)
    with stores.catalogue.reading() as connection:
        others = leases.owners(connection) - {stores.writer}
    return sum(_take_back_from(stores, one) for one in sorted(others))


def _take_back_from(stores: Stores, owner: str) -> int:
    with stores.catalogue.alone(lock_of(owner)) as is_gone:
        if not is_gone:
            return 0
        with stores.catalogue.writing() as connection:
            freed = leases.free_leases_of(connection, owner, stores.clock.now())
    log.warning("worker.gone owner=%s hosts=%s are visited by others now", owner, freed)
    return freed
