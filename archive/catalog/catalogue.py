"""
What every catalogue engine offers: connections for reading, and transactions for the one writer.

Queries live in the sibling modules, as functions over a connection.
"""

from contextlib import AbstractContextManager
from typing import Protocol

from sqlalchemy import Connection

__all__ = ["Catalogue"]


class Catalogue(Protocol):
    """An open catalogue."""

    #: The URL it was opened from, without secrets.
    url: str
    #: Workers on other machines may write to it at the same time.
    is_shared: bool

    def reading(self) -> AbstractContextManager[Connection]:
        """Give a connection that sees one consistent state and writes nothing."""
        raise NotImplementedError

    def writing(self) -> AbstractContextManager[Connection]:
        """
        Give a connection in a transaction: committed when the block ends, rolled back when it raises.

        Raises:
            CatalogueError: the engine cannot be reached or written (disk full, locked for too long).
        """
        raise NotImplementedError

    def alone(self, name: str) -> AbstractContextManager[bool]:
        """
        Give True while no other process has the same name, which this one has until the block ends.

        False, at once, where another has it. A process that dies gives its names back, however it dies.

        Raises:
            CatalogueError: the engine cannot be reached or written.
        """
        raise NotImplementedError

    def beside(self) -> "Catalogue":
        """
        Make an empty catalogue of the same engine, to be filled aside and taken over; one left behind goes.

        Raises:
            CatalogueError: the engine cannot be reached or written.
        """
        raise NotImplementedError

    def take_over(self, other: "Catalogue") -> None:
        """
        Replace everything by what `other`, made by `beside`, holds: all at once, or not at all.

        Readers see the old state until then. `other` is closed, and gone.

        Raises:
            CatalogueError: the engine cannot be reached or written; everything is as it was.
        """
        raise NotImplementedError

    def drop(self) -> None:
        """Close the catalogue and remove it; for one made by `beside` that is not taken over. Idempotent."""
        raise NotImplementedError

    def close(self) -> None:
        """Give all connections back; idempotent."""
        raise NotImplementedError
