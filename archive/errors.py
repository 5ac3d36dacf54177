"""
What can go wrong in the archive.

    ArchiveError
    ├── UnknownUrlError (LookupError)      nothing is archived for this address
    ├── UnknownEventError (LookupError)    no such event in the ledger
    ├── UnknownSourceError (LookupError)   no source of that name
    ├── EmptyQueryError (ValueError)       a search for nothing
    ├── RecordDamagedError                 bytes of a record cannot be read or do not fit their digest
    ├── NotAWarcError (ValueError)         a file offered for import is not a WARC
    ├── BlobStoreError (OSError)           the blob store cannot be written or read
    │   └── BlobTakenError                 another writer owns a blob of that name
    ├── CatalogueError                     the catalogue cannot be opened, or is of another version
    ├── HomeInUseError                     another process writes to the same home
    └── CatalogueInUseError                others write to the catalogue, or one has it for itself
"""

from collections.abc import Sequence

__all__ = [
    "ArchiveError",
    "BlobStoreError",
    "BlobTakenError",
    "CatalogueError",
    "CatalogueInUseError",
    "EmptyQueryError",
    "HomeInUseError",
    "NotAWarcError",
    "RecordDamagedError",
    "UnknownEventError",
    "UnknownSourceError",
    "UnknownUrlError",
]


class ArchiveError(Exception):
    """Base of everything the archive raises on purpose; its text says what, where and what to do."""


class UnknownUrlError(ArchiveError, LookupError):
    """
    Nothing is archived for an address.

    Attributes:
        url: the address that was asked for.
        nearest: archived addresses that look like it, best first.
    """

    def __init__(self, url: str, nearest: tuple[str, ...] = ()) -> None:
        self.url = url
        self.nearest = nearest
        hint = f" Did you mean {nearest[0]}?" if nearest else " `lateedition watch URL` starts archiving it."
        super().__init__(f"{url}: nothing is archived for this address.{hint}")


class UnknownEventError(ArchiveError, LookupError):
    """The ledger has no event of this id."""

    def __init__(self, event: str) -> None:
        self.event = event
        super().__init__(f"{event}: no such event; `lateedition edits --all` lists them.")


class DarkArticleError(UnknownUrlError):
    """An article is kept dark, and was not asked for as such."""

    def __init__(self, url: str) -> None:
        super().__init__(url)
        self.args = (
            f"{url}: asks archives to keep away and is kept dark; `lateedition --dark …` shows it to you.",
        )


class UnknownSourceError(ArchiveError, LookupError):
    """Nothing of this name is watched."""

    def __init__(self, name: str) -> None:
        self.name = name
        super().__init__(f"{name}: no source of that name; `lateedition sources` lists them.")


class EmptyQueryError(ArchiveError, ValueError):
    """There is nothing but white space in a query."""

    def __init__(self) -> None:
        super().__init__("the query is empty; say what to look for.")


class RecordDamagedError(ArchiveError):
    """
    A record's bytes cannot be read, or do not fit what is known of them.

    Attributes:
        file: name of the WARC file under the blob store.
        offset: where the record's gzip member begins, in bytes.
    """

    def __init__(self, file: str, offset: int, reason: str) -> None:
        self.file = file
        self.offset = offset
        self.reason = reason
        super().__init__(f"{file} at byte {offset}: {reason}")


class NotAWarcError(ArchiveError, ValueError):
    """A file offered for import holds no WARC records, or breaks off."""

    def __init__(self, path: str, reason: str) -> None:
        self.path = path
        self.reason = reason
        super().__init__(f"{path}: {reason}; `import` takes WARC, ARC and WACZ files.")


class BlobStoreError(ArchiveError, OSError):
    """The place that keeps the WARC files cannot be read or written."""


class BlobTakenError(BlobStoreError):
    """A blob of that name exists, or its writer was declared dead and another one took it over: begin another."""


class CatalogueError(ArchiveError):
    """The catalogue cannot be opened, migrated or written."""


class HomeInUseError(ArchiveError):
    """
    Another process is the writer of this home.

    Attributes:
        pid: that process, or None when it could not be told.
    """

    def __init__(self, home: str, pid: int | None) -> None:
        self.home = home
        self.pid = pid
        who = f"process {pid}" if pid else "another process"
        super().__init__(f"{home}: {who} is already writing to it; stop it first, or use another --home.")


class CatalogueInUseError(ArchiveError):
    """
    Others write to a catalogue that is wanted alone, or somebody has it alone already.

    Attributes:
        holders: what they are, in words, with their processes.
    """

    def __init__(self, url: str, holders: Sequence[str], *, advice: str) -> None:
        self.holders = tuple(holders)
        who = ", ".join(self.holders) or "another process"
        super().__init__(f"{url}: in use by {who}; {advice}.")
