"""
What every catalogue engine offers: connections for reading, and transactions for the one writer.

Queries live in the sibling modules, as functions over a connection.
"""

from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Protocol

from sqlalchemy import Connection

__all__ = ["ALONE", "TOGETHER", "Catalogue", "Writer", "lock_of"]

#: What to do about a catalogue that others write to, and about one that somebody has for itself.
ALONE, TOGETHER = "end it first, then try again", "try again when it has ended"


@dataclass(frozen=True, slots=True, kw_only=True)
class Writer:
    """A process that writes to a catalogue."""

    #: That no other has; what it leases and the files it begins are signed with it.
    name: str
    #: What it is, in words, for those who have to wait for it.
    what: str


def lock_of(writer: str) -> str:
    """Return what a writer holds for as long as it lives on a catalogue of many: whoever gets it knows that it is gone."""
    return f"writer {writer}"


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

    def among_writers(self, writer: Writer) -> AbstractContextManager[None]:
        """
        Be one of those who write while the block runs, and be known as living.

        Raises:
            CatalogueInUseError: somebody has the catalogue for itself; names it.
            CatalogueError: the engine cannot be reached or written.
        """
        raise NotImplementedError

    def without_writers(self, writer: Writer) -> AbstractContextManager[None]:
        """
        Have the catalogue to oneself while the block runs: nobody writes, and nobody begins to.

        Raises:
            CatalogueInUseError: somebody writes; names all who do.
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
