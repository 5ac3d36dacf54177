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
        """Return once everything appended so far survives a power cut."""
        raise NotImplementedError

    def close(self) -> None:
        """Make the blob final under its own name; idempotent."""
        raise NotImplementedError


class BlobStore(Protocol):
    """A flat set of named blobs."""

    #: The URL it was opened from, without secrets.
    url: str

    def create(self, name: str) -> Appender:
        """Begin a blob; raises BlobStoreError when the name is taken or the store cannot be written."""
        raise NotImplementedError

    def read(self, name: str, offset: int, length: int) -> bytes:
        """
        Read a range, of a blob still open as well.

        Raises:
            BlobStoreError: there is no such blob, or it is shorter.
        """
        raise NotImplementedError

    def size(self, name: str) -> int | None:
        """Return a blob's size in bytes, or None when there is none."""
        raise NotImplementedError

    def names(self) -> Iterator[str]:
        """Yield the names of all blobs, in order, without the `.open` of growing ones."""
        raise NotImplementedError

    def is_open(self, name: str) -> bool:
        """Tell whether the blob has not been made final."""
        raise NotImplementedError
