"""A folder on local disk as a blob store."""

import contextlib
import errno
import fcntl
import os
from collections.abc import Iterator
from pathlib import Path

from archive.errors import BlobStoreError, BlobTakenError

__all__ = ["LocalAppender", "LocalBlobs"]

#: Behind the name of a blob that is still being written.
OPEN = ".open"
#: Bytes read at a time when a whole file is read.
PIECE = 1 << 18


class LocalBlobs:
    """Blobs as files of one folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.url = f"file://{folder}"

    def create(self, name: str) -> "LocalAppender":
        """Begin a file; its writer holds a lock on it for as long as it lives."""
        path = self.folder / (name + OPEN)
        if (self.folder / name).exists():
            message = f"{self.folder / name}: exists already."
            raise BlobTakenError(message)
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL | os.O_APPEND | os.O_CLOEXEC, 0o644)
        except FileExistsError as error:
            message = f"{path}: exists already."
            raise BlobTakenError(message) from error
        except OSError as error:
            raise BlobStoreError(_in_words(path, error)) from error
        return LocalAppender(path, descriptor)

    def reopen(self, name: str) -> "LocalAppender | None":
        """Take over an open file whose writer is gone; None while that writer lives."""
        path = self.folder / (name + OPEN)
        try:
            descriptor = os.open(path, os.O_RDWR | os.O_APPEND | os.O_CLOEXEC)
        except FileNotFoundError:
            return None
        except OSError as error:
            raise BlobStoreError(_in_words(path, error)) from error
        try:
            return LocalAppender(path, descriptor)
        except BlockingIOError:
            os.close(descriptor)
            return None

    def path(self, name: str) -> Path:
        """Return where the blob's bytes are at this moment."""
        final = self.folder / name
        growing = self.folder / (name + OPEN)
        return growing if not final.exists() and growing.exists() else final

    def read(self, name: str, offset: int, length: int) -> bytes:
        """Read a range with one system call."""
        # The file may be made final between looking and opening: look once more then.
        for _ in range(2):
            path = self.path(name)
            try:
                with path.open("rb", buffering=0) as file:
                    data = os.pread(file.fileno(), length, offset)
                break
            except FileNotFoundError:
                continue
            except OSError as error:
                raise BlobStoreError(_in_words(path, error)) from error
        else:
            message = (
                f"{self.folder / name}: no such file; restore it from a copy, or run `lateedition rebuild`."
            )
            raise BlobStoreError(message)
        if len(data) < length:
            message = f"{path}: ends at byte {offset + len(data)}, before a record that should end at {offset + length}."
            raise BlobStoreError(message)
        return data

    def pieces(self, name: str, start: int = 0) -> Iterator[bytes]:
        """Read the file from `start` on."""
        path = self.path(name)
        try:
            file = path.open("rb", buffering=0)
        except OSError as error:
            raise BlobStoreError(_in_words(path, error)) from error
        with file:
            file.seek(start)
            while piece := file.read(PIECE):
                yield piece

    def size(self, name: str) -> int | None:
        """Return the file's size, or None."""
        try:
            return self.path(name).stat().st_size
        except FileNotFoundError:
            return None

    def names(self) -> Iterator[str]:
        """Yield the names of all WARC files of the folder."""
        if not self.folder.is_dir():
            return
        found = {entry.name.removesuffix(OPEN) for entry in self.folder.iterdir() if entry.is_file()}
        yield from sorted(name for name in found if _is_warc(name))

    def final_sizes(self) -> dict[str, int]:
        """Return the files that carry their final name, with their sizes."""
        if not self.folder.is_dir():
            return {}
        with os.scandir(self.folder) as entries:
            return {one.name: one.stat().st_size for one in entries if one.is_file() and _is_warc(one.name)}

    def trim(self, name: str, size: int) -> None:
        """Cut the file; an empty one goes."""
        path = self.folder / name
        try:
            if size == 0:
                path.unlink()
                return
            with path.open("r+b") as file:
                file.truncate(size)
                os.fsync(file.fileno())
        except OSError as error:
            raise BlobStoreError(_in_words(path, error)) from error

    def open_names(self) -> list[str]:
        """Return the names of files that still carry their `.open`."""
        return [name for name in self.names() if self.is_open(name)]

    def is_open(self, name: str) -> bool:
        """Tell whether the file still carries its `.open`."""
        return not (self.folder / name).exists() and (self.folder / (name + OPEN)).exists()


class LocalAppender:
    """A growing file, locked against other writers."""

    def __init__(self, path: Path, descriptor: int) -> None:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        self._path = path
        self._descriptor: int | None = descriptor
        self.name = path.name.removesuffix(OPEN)
        self.size = os.fstat(descriptor).st_size
        #: Bytes of a failed append may lie behind `size`.
        self._is_torn = False

    def append(self, data: bytes) -> int:
        """Add bytes; when the disk is full the file is cut back to what it was."""
        descriptor, offset = self._open(), self.size
        if self._is_torn:
            self.cut(offset)
        view = memoryview(data)
        try:
            while view:
                view = view[os.write(descriptor, view) :]
        except OSError as error:
            self._is_torn = True
            # Some file systems need room even to make a file shorter: then the next append cuts it.
            with contextlib.suppress(BlobStoreError):
                self.cut(offset)
            raise BlobStoreError(_in_words(self._path, error)) from error
        self.size = offset + len(data)
        return offset

    def cut(self, size: int) -> None:
        """Drop everything from `size` on; for torn tails and for batches that could not be finished."""
        try:
            os.ftruncate(self._open(), size)
        except OSError as error:
            raise BlobStoreError(_in_words(self._path, error)) from error
        self.size = size
        self._is_torn = False

    def sync(self) -> None:
        """Flush to the disk itself."""
        try:
            os.fsync(self._open())
        except OSError as error:
            raise BlobStoreError(_in_words(self._path, error)) from error

    def close(self) -> None:
        """Flush, take the `.open` away and flush the folder, so that the new name lasts too; an empty file goes."""
        if self._descriptor is None:
            return
        if self._is_torn:
            self.cut(self.size)
        self.sync()
        try:
            self._name_finally()
        except OSError as error:
            raise BlobStoreError(_in_words(self._path, error)) from error
        os.close(self._descriptor)
        self._descriptor = None

    def _name_finally(self) -> None:
        if self.size:
            self._path.rename(self._path.with_name(self.name))
        else:
            self._path.unlink()
        folder = os.open(self._path.parent, os.O_RDONLY | os.O_DIRECTORY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)

    def _open(self) -> int:
        if self._descriptor is None:
            message = f"{self._path}: is closed"
            raise BlobStoreError(message)
        return self._descriptor


def _is_warc(name: str) -> bool:
    return name.endswith((".warc.gz", ".warc"))


def _in_words(path: Path, error: OSError) -> str:
    if error.errno == errno.ENOSPC:
        return f"{path}: the disk is full; make room, nothing acknowledged is lost."
    if error.errno in (errno.EACCES, errno.EROFS, errno.EPERM):
        return f"{path}: cannot be written; check the rights on the folder, or use another --home."
    if error.errno == errno.EFBIG:
        return f"{path}: the file may not grow further (a limit of this process or file system)."
    return f"{path}: {error.strerror or error}"
