"""
Refuses sockets to addresses that may not be contacted.

The check is made on the very address that is opened, so that a name that resolves twice, or to several
addresses, cannot slip past it.
"""

import socket
from contextvars import ContextVar
from typing import Any

from archive.addresses import AddressGuard

__all__ = ["REFUSED", "ForbiddenAddressError", "guarded_sockets"]

#: Addresses that were refused while the current exchange was made.
REFUSED: ContextVar[list[str] | None] = ContextVar("refused", default=None)


class ForbiddenAddressError(OSError):
    """An address is neither public nor allowed by the operator."""


def guarded_sockets(guard: AddressGuard) -> Any:
    """Return a socket factory, in the shape of aiohttp's connectors, that asks the guard first."""

    def make(address: tuple[Any, ...]) -> socket.socket:
        family, kind, protocol, _, place = address
        if not guard.allows(str(place[0])):
            if (refused := REFUSED.get()) is not None:
                refused.append(str(place[0]))
            message = f"{place[0]} is not a public address"
            raise ForbiddenAddressError(message)
        return socket.socket(family, kind, protocol)

    return make
