"""
An object store (S3 and its like) as a blob store.

Objects cannot grow, so a growing blob is a row of segments, one for each `sync`, named after the offset at
which they begin; a closed one is their concatenation (gzip members concatenate). A segment is put only if
nothing stands at its offset. Who takes a blob over puts an empty segment, a seal, at its end, which stays: a
former writer that lives on notices before it acknowledges anything.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import parse_qs, urlsplit

import obstore
from obstore.exceptions import AlreadyExistsError, BaseError
from obstore.store import S3Store

from archive.errors import BlobStoreError, BlobTakenError

if TYPE_CHECKING:
    from obstore.store import S3Config

__all__ = ["ObjectAppender", "ObjectBlobs", "open_s3"]

#: Behind the name of a blob that is still being written.
OPEN = ".open"
#: Bytes read at a time when a whole blob is read.
PIECE = 8 << 20
#: Digits of an offset in a segment's name: as many as sort right up to a petabyte.
DIGITS = 15


@dataclass(frozen=True, slots=True)
class _Segment:
    """One piece of a growing blob."""

    key: str
    offset: int
    size: int


def open_s3(url: str) -> "ObjectBlobs":
    """
    Open `s3://bucket/prefix`, with `?endpoint=…&region=…` for stores other than Amazon's.

    Keys come from the environment (AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY) or the machine's role.

    Raises:
        BlobStoreError: the address cannot be used.
    """
    parts = urlsplit(url)
    options = {name: values[-1] for name, values in parse_qs(parts.query).items()}
    endpoint, region = options.pop("endpoint", ""), options.pop("region", "us-east-1")
    if options or not parts.netloc:
        message = f"blobs = {url}: write it as s3://bucket/prefix?endpoint=https://…&region=…"
        raise BlobStoreError(message)
    with _in_words(url):
        store = S3Store(
            parts.netloc,
            prefix=parts.path.strip("/") or None,
            region=region,
            client_options={"allow_http": endpoint.startswith("http://")},
            config=_elsewhere(endpoint) if endpoint else None,
        )
    return ObjectBlobs(store, url)


def _elsewhere(endpoint: str) -> "S3Config":
    return {"endpoint": endpoint, "virtual_hosted_style_request": False}


class ObjectBlobs:
    """Blobs as objects under one prefix."""

    def __init__(self, store: S3Store, url: str) -> None:
        self.url = url
        self._store = store
        self._segments: dict[str, list[_Segment]] = {}

    def create(self, name: str) -> "ObjectAppender":
        """Begin a blob; its first `sync` makes the name its own."""
        if self.size(name) is not None:
            message = f"{self.url}: {name} exists already."
            raise BlobTakenError(message)
        return ObjectAppender(self, name, 0)

    def reopen(self, name: str) -> "ObjectAppender | None":
        """Seal a blob that was not made final: from now on its former writer cannot add to it."""
        while True:
            segments = self.segments(name)
            if not segments:
                return None
            end = segments[-1].offset + segments[-1].size
            if segments[-1].size == 0:
                break
            try:
                self.put_new(_key(name, end), b"")
                break
            except BlobTakenError:
                continue  # its writer was quicker; seal behind what it wrote
        if self._head(name) is not None:
            self.drop_segments(name)
            return None
        return ObjectAppender(self, name, end)

    def read(self, name: str, offset: int, length: int) -> bytes:
        """Read a range with one request, for a blob still open from the segment that holds it."""
        # The blob may be made final between looking and reading: look once more then.
        for _ in range(2):
            data = self._read_open(name, offset, length) if name in self._segments else None
            if data is None:
                data = self._read_final(name, offset, length)
            if data is None:
                data = self._read_open(name, offset, length)
            if data is not None:
                return data
        message = f"{self.url}: {name} is not there; restore it from a copy, or run `lateedition rebuild`."
        raise BlobStoreError(message)

    def pieces(self, name: str, start: int = 0) -> Iterator[bytes]:
        """Read the blob from `start` on."""
        size = self.size(name)
        if size is None:
            message = f"{self.url}: {name} is not there."
            raise BlobStoreError(message)
        for at in range(start, size, PIECE):
            yield self.read(name, at, min(PIECE, size - at))

    def size(self, name: str) -> int | None:
        """Return the blob's size, or None."""
        size = self._head(name)
        if size is not None:
            return size
        segments = self.segments(name)
        return segments[-1].offset + segments[-1].size if segments else None

    def names(self) -> Iterator[str]:
        """Yield the names of all WARC files under the prefix."""
        final, growing = self._listed()
        yield from sorted(final.keys() | growing)

    def final_sizes(self) -> dict[str, int]:
        """Return the names and sizes of final blobs, from one listing."""
        return self._listed()[0]

    def trim(self, name: str, size: int) -> None:
        """Put the blob anew without its end; an empty one goes."""
        with _in_words(self.url):
            if size == 0:
                obstore.delete(self._store, name)
                return
        self._put_pieces(name, (self.read(name, at, min(PIECE, size - at)) for at in range(0, size, PIECE)))

    def open_names(self) -> list[str]:
        """Return the names of blobs that are rows of segments."""
        final, growing = self._listed()
        for name in final.keys() & growing:
            # Joined, and killed before the segments were dropped.
            self.drop_segments(name)
        return sorted(growing - final.keys())

    def _listed(self) -> tuple[dict[str, int], set[str]]:
        """Return final blobs with their sizes, and the names of growing ones."""
        with _in_words(self.url):
            listed = obstore.list_with_delimiter(self._store)
        final = {one["path"]: one["size"] for one in listed["objects"]}
        growing = {
            prefix.rstrip("/").removesuffix(OPEN)
            for prefix in listed["common_prefixes"]
            if prefix.rstrip("/").endswith(OPEN)
        }
        return {name: size for name, size in final.items() if name.endswith((".warc.gz", ".warc"))}, growing

    def is_open(self, name: str) -> bool:
        """Tell whether the blob is still a row of segments."""
        return self._head(name) is None and bool(self.segments(name))

    def segments(self, name: str) -> list[_Segment]:
        """Return the segments of a growing blob, in order; those that are known are not asked for again."""
        known = self._segments.get(name, [])
        after = known[-1].key if known else None
        with _in_words(self.url):
            found = [
                _Segment(one["path"], int(one["path"].rpartition("/")[2]), one["size"])
                for batch in obstore.list(self._store, name + OPEN, offset=after)
                for one in batch
            ]
        known = sorted(known + found, key=lambda segment: segment.offset)
        if known:
            self._segments[name] = known
        return known

    def put_new(self, key: str, data: bytes) -> None:
        """Put an object where none is; BlobTakenError when there is one with other bytes."""
        try:
            with _in_words(self.url):
                obstore.put(self._store, key, data, mode="create", use_multipart=False)
        except FileExistsError as error:
            with _in_words(self.url):
                held = bytes(obstore.get(self._store, key).bytes())
            # An answer that was lost makes the client try again: then it is our own bytes that are there.
            if held != data or not data:
                message = f"{self.url}: another process has taken {key.partition('/')[0]} over."
                raise BlobTakenError(message) from error

    def join_segments(self, name: str, end: int) -> None:
        """Make a blob final from its segments, up to `end`; then drop them."""
        try:
            self._put_pieces(name, self._segment_pieces(name, end))
        except FileNotFoundError as error:
            self.forget(name)
            # Another process joined them meanwhile, and dropped them.
            if self._head(name) is None:
                message = f"{self.url}: segments of {name} are gone; restore them from a copy."
                raise BlobStoreError(message) from error
        self.drop_segments(name)

    def _segment_pieces(self, name: str, end: int) -> Iterator[bytes]:
        for segment in self.segments(name):
            room = min(segment.size, end - segment.offset)
            if room > 0:
                yield bytes(obstore.get_range(self._store, segment.key, start=0, length=room))

    def _put_pieces(self, name: str, pieces: Iterator[bytes]) -> None:
        """Put an object piece by piece; it is there as a whole, or not at all."""
        with _in_words(self.url):
            writer = obstore.open_writer(self._store, name)
            for piece in pieces:
                writer.write(piece)
            # Only a writer that is closed completes the object: one that is let go of leaves none.
            writer.close()

    def drop_segments(self, name: str) -> None:
        """Delete the segments of a blob that is final; a seal stays, for a former writer that lives on."""
        keys = [segment.key for segment in self.segments(name) if segment.size]
        with _in_words(self.url):
            if keys:
                obstore.delete(self._store, keys)
        self._segments.pop(name, None)

    def forget(self, name: str) -> None:
        """Look segments up anew the next time."""
        self._segments.pop(name, None)

    def _head(self, name: str) -> int | None:
        try:
            with _in_words(self.url):
                return int(obstore.head(self._store, name)["size"])
        except FileNotFoundError:
            return None

    def _read_final(self, name: str, offset: int, length: int) -> bytes | None:
        try:
            with _in_words(self.url):
                data = bytes(obstore.get_range(self._store, name, start=offset, length=length))
        except FileNotFoundError:
            return None
        return self._whole(name, offset, length, data)

    def _read_open(self, name: str, offset: int, length: int) -> bytes | None:
        known = self._segments.get(name, [])
        if not known or known[-1].offset + known[-1].size < offset + length:
            known = self.segments(name)
        if not known:
            return None
        out = bytearray()
        for segment in known:
            begin, end = max(offset, segment.offset), min(offset + length, segment.offset + segment.size)
            if begin >= end:
                continue
            try:
                with _in_words(self.url):
                    out += bytes(
                        obstore.get_range(
                            self._store, segment.key, start=begin - segment.offset, length=end - begin
                        )
                    )
            except FileNotFoundError:
                self.forget(name)
                return None
        return self._whole(name, offset, length, bytes(out))

    def _whole(self, name: str, offset: int, length: int, data: bytes) -> bytes:
        if len(data) < length:
            message = f"{self.url}: {name} ends at byte {offset + len(data)}, before a record that should end at {offset + length}."
            raise BlobStoreError(message)
        return data


class ObjectAppender:
    """A growing blob: what was appended since the last `sync` is in memory."""

    def __init__(self, blobs: ObjectBlobs, name: str, size: int) -> None:
        self.name = name
        self.size = size
        self._blobs = blobs
        self._waiting = bytearray()
        self._synced = size
        self._is_closed = False

    def append(self, data: bytes) -> int:
        """Keep bytes for the next segment."""
        offset = self.size
        self._waiting += data
        self.size += len(data)
        return offset

    def cut(self, size: int) -> None:
        """Drop everything from `size` on; of segments, when the blob is made final."""
        del self._waiting[max(size - self._synced, 0) :]
        self.size = size

    def sync(self) -> None:
        """Put what waits as one segment."""
        if not self._waiting:
            return
        try:
            self._blobs.put_new(_key(self.name, self._synced), bytes(self._waiting))
        except BlobTakenError:
            self._is_closed = True
            raise
        self._synced = self.size
        self._waiting.clear()

    def close(self) -> None:
        """Join the segments."""
        if self._is_closed:
            return
        self.sync()
        if self.size:
            self._blobs.join_segments(self.name, self.size)
        else:
            self._blobs.drop_segments(self.name)
        self._is_closed = True


def _key(name: str, offset: int) -> str:
    return f"{name}{OPEN}/{offset:0{DIGITS}}"


@contextmanager
def _in_words(url: str) -> Iterator[None]:
    """Say what the store says; "not there" and "there already" are left to the caller."""
    try:
        yield
    except (FileNotFoundError, FileExistsError):
        raise
    except AlreadyExistsError as error:
        raise FileExistsError(str(error)) from error
    except (BaseError, OSError, ValueError) as error:
        reason = (str(error).strip().splitlines() or [type(error).__name__])[0][:300]
        message = f"{url}: {reason}"
        raise BlobStoreError(message) from error
