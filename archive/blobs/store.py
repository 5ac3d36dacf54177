"""What every blob store offers."""

from collections.abc import Iterator
from typing import Protocol

__all__ = ["Appender", "BlobStore"]


class Appender(Protocol):
    """One growing blob with one writer."""

    #: Name without the `.open` that stands behind it until it is closed.
    name: str
    #: Bytes so far.
    size: int

    def append(self, data: bytes) -> int:
        """
        Add bytes and return the offset at which they begin.

        Raises:
            BlobStoreError: no room or no right; what was there before is untouched.
        """
        raise NotImplementedError

    def cut(self, size: int) -> None:
        """Drop everything from `size` on."""
        raise NotImplementedError

    def sync(self) -> None:
        """
        Return once everything appended so far survives a power cut.

        Raises:
            BlobTakenError: another writer has taken the blob over; nothing since the last `sync` was kept.
            BlobStoreError: the bytes could not be made durable.
        """
        raise NotImplementedError

    def close(self) -> None:
        """Make the blob final under its own name; an empty one is dropped. Idempotent."""
        raise NotImplementedError


class BlobStore(Protocol):
    """A flat set of named blobs."""

    #: The URL it was opened from, without secrets.
    url: str

    def create(self, name: str) -> Appender:
        """
        Begin a blob.

        Raises:
            BlobTakenError: the name is taken.
            BlobStoreError: the store cannot be written.
        """
        raise NotImplementedError

    def reopen(self, name: str) -> Appender | None:
        """
        Take over a blob that was not made final, after the end of its writer.

        Returns None when there is no such blob, or where its writer is known to live. Where that cannot be
        known, the blob is sealed: its former writer's next `sync` raises BlobTakenError.

        Raises:
            BlobStoreError: the store cannot be written.
        """
        raise NotImplementedError

    def read(self, name: str, offset: int, length: int) -> bytes:
        """
        Read a range, of a blob still open as well.

        Raises:
            BlobStoreError: there is no such blob, or it is shorter.
        """
        raise NotImplementedError

    def pieces(self, name: str, start: int = 0) -> Iterator[bytes]:
        """
        Yield a blob's bytes from `start` on, piece by piece, of a blob still open as well.

        Raises:
            BlobStoreError: there is no such blob.
        """
        raise NotImplementedError

    def size(self, name: str) -> int | None:
        """Return a blob's size in bytes, or None when there is none."""
        raise NotImplementedError

    def names(self) -> Iterator[str]:
        """Yield the names of all blobs, in order, without the `.open` of growing ones."""
        raise NotImplementedError

    def final_sizes(self) -> dict[str, int]:
        """Return the names of all final blobs with their sizes, without asking for each."""
        raise NotImplementedError

    def trim(self, name: str, size: int) -> None:
        """Drop everything from `size` on of a final blob: bytes that are no record. An empty blob goes."""
        raise NotImplementedError

    def open_names(self) -> list[str]:
        """Return the names of blobs that were not made final."""
        raise NotImplementedError

    def is_open(self, name: str) -> bool:
        """Tell whether the blob has not been made final."""
        raise NotImplementedError
