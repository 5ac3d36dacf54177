"""Files for others that are whole or not there, with a manifest beside them."""

import hashlib
import json
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from archive.errors import BlobStoreError

__all__ = ["digest_of", "whole_file", "write_manifest"]


@contextmanager
def whole_file(output: Path) -> Iterator[Path]:
    """
    Give a path beside `output` to write to; when the block ends well it becomes `output`, else nothing stays.

    Raises:
        BlobStoreError: it cannot be written (no such folder, no rights, disk full).
    """
    aside = output.with_name(output.name + ".part")
    try:
        yield aside
        with aside.open("rb+") as file:
            os.fsync(file.fileno())
        aside.replace(output)
    except OSError as error:
        if isinstance(error, BlobStoreError):
            raise
        message = f"{output}: cannot be written ({error.strerror or error}); choose another --output."
        raise BlobStoreError(message) from error
    finally:
        aside.unlink(missing_ok=True)


def write_manifest(output: Path, values: Mapping[str, Any]) -> None:
    """Write what a file holds, and how it came about, to `OUTPUT.manifest.json`."""
    with whole_file(output.with_name(output.name + ".manifest.json")) as aside:
        aside.write_text(json.dumps(values, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")


def digest_of(path: Path) -> str:
    """Return the labelled digest of a file."""
    with path.open("rb") as file:
        return f"sha256:{hashlib.file_digest(file, 'sha256').hexdigest()}"
