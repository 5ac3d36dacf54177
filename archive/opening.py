"""
Opens an archive: the one place that picks a catalogue engine and a blob store from their URLs.

Also the locks that make a process the writer of a home, and one of the writers to a catalogue, or the only one.
"""

import fcntl
import os
import secrets
import socket
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from archive.blobs.local import LocalBlobs
from archive.blobs.store import BlobStore
from archive.catalog.catalogue import Catalogue, Writer
from archive.catalog.sqlite import SqliteCatalogue
from archive.clock import Clock, SystemClock
from archive.errors import CatalogueError, HomeInUseError

__all__ = ["Stores", "as_only_writer", "as_writer", "lock_home", "open_stores"]

#: Name of the lock file in a home; it holds the writer's pid.
LOCK = "writer.lock"


@dataclass(frozen=True, slots=True)
class Stores:
    """An opened home: catalogue, blob store and the clock both go by."""

    home: Path
    catalogue: Catalogue
    blobs: BlobStore
    clock: Clock
    #: A name that nothing else has: what is leased and written through these is signed with it.
    writer: str = field(default_factory=lambda: secrets.token_hex(6))

    def close(self) -> None:
        """Give everything back; idempotent."""
        self.catalogue.close()


def open_stores(home: Path, *, catalogue: str = "", blobs: str = "", clock: Clock | None = None) -> Stores:
    """
    Open a home, made on first use.

    Args:
        home: the folder that holds whatever has no place of its own.
        catalogue: `sqlite:///…` or `postgresql://…`, or "" for `catalog.sqlite` in the home.
        blobs: `file:///…` or `s3://…`, or "" for `warc/` in the home.

    Raises:
        CatalogueError: the home or the catalogue cannot be written, or an engine is not spoken.
    """
    home = home.absolute()
    try:
        home.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        message = f"{home}: cannot be made ({error.strerror}); choose another folder with --home."
        raise CatalogueError(message) from error
    if not os.access(home, os.W_OK | os.X_OK):
        message = f"{home}: is not writable; change its rights or choose another folder with --home."
        raise CatalogueError(message)
    return Stores(
        home=home,
        catalogue=_catalogue(home, catalogue),
        blobs=_blobs(home, blobs),
        clock=clock or SystemClock(),
    )


def _catalogue(home: Path, url: str) -> Catalogue:
    if not url:
        return SqliteCatalogue(home / "catalog.sqlite")
    scheme, _, rest = url.partition("://")
    if scheme == "sqlite":
        return SqliteCatalogue(Path("/" + rest.lstrip("/")) if rest.startswith("/") else Path(rest))
    if scheme in ("postgresql", "postgres"):
        try:
            from archive.catalog.postgres import PostgresCatalogue
        except ModuleNotFoundError as error:
            message = "catalogue = postgresql://…: install `lateedition[postgres]` first."
            raise CatalogueError(message) from error
        return PostgresCatalogue(url.replace("postgres://", "postgresql://", 1))
    message = f"catalogue = {scheme}://…: speaks sqlite:///… and postgresql://…"
    raise CatalogueError(message)


def _blobs(home: Path, url: str) -> BlobStore:
    if not url:
        return LocalBlobs(home / "warc")
    scheme, _, rest = url.partition("://")
    if scheme == "file" and rest.startswith("/"):
        return LocalBlobs(Path(rest))
    if scheme == "s3":
        try:
            from archive.blobs.objects import open_s3
        except ModuleNotFoundError as error:
            message = "blobs = s3://…: install `lateedition[s3]` first."
            raise CatalogueError(message) from error
        return open_s3(url)
    message = f"blobs = {scheme}://…: speaks file:///… and s3://…"
    raise CatalogueError(message)


@contextmanager
def lock_home(home: Path) -> Iterator[None]:
    """
    Be the one writer of a home while the block runs.

    Raises:
        HomeInUseError: another process is, with its pid.
    """
    path = home / LOCK
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            pid = os.read(descriptor, 32).decode("ascii", "replace").strip()
            raise HomeInUseError(str(home), int(pid) if pid.isdigit() else None) from error
        os.ftruncate(descriptor, 0)
        os.write(descriptor, str(os.getpid()).encode())
        yield
    finally:
        os.close(descriptor)


def as_writer(stores: Stores, command: str) -> AbstractContextManager[None]:
    """
    Be one of those who write to a catalogue while the block runs.

    Raises:
        CatalogueInUseError: a rebuild, or its like, has it for itself.
    """
    return stores.catalogue.among_writers(_writer(stores, command))


def as_only_writer(stores: Stores, command: str) -> AbstractContextManager[None]:
    """
    Have a catalogue to oneself while the block runs; readers may read.

    Raises:
        CatalogueInUseError: others write to it.
    """
    return stores.catalogue.without_writers(_writer(stores, command))


def _writer(stores: Stores, command: str) -> Writer:
    host = socket.gethostname().split(".")[0] or "localhost"
    return Writer(name=stores.writer, what=f"`{command}` (process {os.getpid()} on {host})")
