"""
Captures as a WACZ file (WACZ 1.1.1), which ReplayWeb.page opens: the WARC, a CDXJ index, a list of pages.

Everything is stored, not compressed, with fixed times: the same captures give the same bytes.
"""

import contextlib
import hashlib
import json
import struct
import tempfile
import zipfile
from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from archive import urls
from archive.model import Capture, RecordType
from archive.reading.export.selection import Exported
from archive.reading.export.warc import Placed, write_warc
from archive.warc.spool import Spool

__all__ = ["write_wacz"]

DATA = "data.warc.gz"
#: An extra field as long as the one before the entry, which has room for a length beyond 4 GB, of the kind that aligns
#: entries: ReplayWeb.page takes the length from the directory, and would begin reading twenty bytes too early.
FILLED_UP = struct.pack("<HHH14x", 0xD935, 16, 1)
#: WARC-Date that stands for "nothing in it".
NEVER = datetime(1970, 1, 1, tzinfo=UTC)


class _Entry:
    """One file in the zip: counts and digests what goes by."""

    def __init__(self, package: zipfile.ZipFile, path: str) -> None:
        # Python's default date of an entry is fixed: 1980.
        self._info = zipfile.ZipInfo(path)
        self._file = package.open(self._info, "w", force_zip64=True)
        self._digest = hashlib.sha256()
        self._path = path
        self._size = 0

    def write(self, data: bytes) -> None:
        """Take bytes."""
        self._file.write(data)
        self._digest.update(data)
        self._size += len(data)

    def give_up(self) -> None:
        """End the entry whatever its state; a package with an open entry cannot say what else went wrong."""
        with contextlib.suppress(OSError, ValueError):
            self._file.close()

    def close(self) -> dict[str, Any]:
        """End the entry; return how a datapackage names it."""
        self._file.close()
        if self._size < zipfile.ZIP64_LIMIT:
            self._info.extra = FILLED_UP
        return {
            "name": self._path.rpartition("/")[2],
            "path": self._path,
            "hash": f"sha256:{self._digest.hexdigest()}",
            "bytes": self._size,
        }


def write_wacz(
    found: Iterable[Exported], software: str, path: Path, *, beside: Mapping[str, bytes] | None = None
) -> Iterator[Placed]:
    """
    Write a WACZ file; yield what was written, record by record.

    Args:
        beside: further files of the package, by their path in it.
    """
    with (
        Spool(path.parent) as index,
        tempfile.TemporaryFile("w+b", dir=path.parent) as pages,
        zipfile.ZipFile(path, "w", zipfile.ZIP_STORED) as package,
    ):
        last = NEVER
        data = _Entry(package, f"archive/{DATA}")
        try:
            for placed in write_warc(found, software, data):
                if placed.exported is not None:
                    capture = placed.exported.capture
                    index.add(_index_line(placed, capture))
                    last = max(last, capture.captured_at)
                    if _is_page(capture):
                        pages.write(_page_line(capture, placed))
                yield placed
        except BaseException:
            data.give_up()
            raise
        resources = [data.close()]
        resources.append(_written(package, "indexes/index.cdxj", _cdxj(index)))
        pages.seek(0)
        resources.append(_written(package, "pages/pages.jsonl", [PAGES, *pages]))
        resources += [_written(package, name, [text]) for name, text in (beside or {}).items()]
        described = json.dumps(_package(resources, software, last), indent=2).encode()
        _written(package, "datapackage.json", [described])
        digest = {"path": "datapackage.json", "hash": f"sha256:{hashlib.sha256(described).hexdigest()}"}
        _written(package, "datapackage-digest.json", [json.dumps(digest).encode()])


PAGES = b'{"format":"json-pages-1.0","id":"pages","title":"All pages"}\n'


def _written(package: zipfile.ZipFile, path: str, lines: Iterable[bytes]) -> dict[str, Any]:
    entry = _Entry(package, path)
    for line in lines:
        entry.write(line)
    return entry.close()


def _package(resources: list[dict[str, Any]], software: str, created: datetime) -> dict[str, Any]:
    return {
        "profile": "data-package",
        "wacz_version": "1.1.1",
        "title": "Late Edition export",
        "software": software,
        # When the last capture was made: a date of the export itself would make each one differ.
        "created": created.strftime("%Y-%m-%dT%H:%M:%SZ"),
        "resources": resources,
    }


def _index_line(placed: Placed, capture: Capture) -> list[Any]:
    record = placed.raw.record
    http = record.http()
    fields = {
        "url": capture.requested_uri,
        "mime": _mime(record.type, http.header("content-type")),
        "status": str(capture.status or ""),
        "digest": record.payload_digest or "",
        "length": str(len(placed.raw.member)),
        "offset": str(placed.offset),
        "filename": DATA,
    }
    return [urls.urlkey(capture.requested_uri), f"{capture.captured_at:%Y%m%d%H%M%S}", record.id, fields]


def _mime(record_type: str, content_type: str) -> str:
    if record_type == RecordType.REVISIT:
        return "warc/revisit"
    return content_type.partition(";")[0].strip() or "unk"


def _cdxj(index: Spool) -> Iterator[bytes]:
    for key, stamp, _, fields in index.in_order():
        yield f"{key} {stamp} {json.dumps(fields, ensure_ascii=False)}\n".encode()


def _is_page(capture: Capture) -> bool:
    return capture.status == 200 and capture.record.type is RecordType.RESPONSE


def _page_line(capture: Capture, placed: Placed) -> bytes:
    line = {
        "id": capture.id,
        "url": capture.requested_uri,
        "ts": capture.captured_at.strftime("%Y-%m-%dT%H:%M:%SZ"),
        "title": _title(placed),
    }
    return json.dumps(line, ensure_ascii=False).encode() + b"\n"


def _title(placed: Placed) -> str:
    """Return the headline, from the text that stands behind the record; else the address."""
    assert placed.exported is not None  # noqa: S101 - the caller has looked
    for raw in placed.exported.records:
        if raw.record.type == "conversion":
            return raw.record.block.decode("utf-8", "replace").partition("\n")[0]
    return placed.raw.record.uri
