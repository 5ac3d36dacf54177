"""The evidence for one edit: both captures with their records, and how to check them, in one file."""

import json
from pathlib import Path

from archive.catalog import ledger
from archive.catalog.captures import CaptureFilter
from archive.errors import BlobStoreError
from archive.model import Capture, Event
from archive.opening import Stores
from archive.reading.archive import Archive
from archive.reading.export.selection import selected
from archive.reading.export.wacz import write_wacz
from archive.reading.lines import capture_line, event_line
from archive.reading.whole import digest_of, whole_file

__all__ = ["EvidenceReport", "write_evidence"]

CHECK = """# Evidence for event {event}

{article}
{summary}

The edit happened between two captures:

{captures}

How to check this file without the software that wrote it:

1. Unpack it (it is a zip). `datapackage.json` names every file with its SHA-256: `sha256sum archive/data.warc.gz`.
2. `archive/data.warc.gz` holds the WARC/1.1 records as they lie in the archive, one gzip member each.
   `warcio check archive/data.warc.gz` recomputes the digests of every record.
3. Open this file at https://replayweb.page (it stays in your browser) and choose the two dates to see both states.
4. Times are WARC-Dates: when each request was sent. Nothing is known of the time between them.
5. A `revisit` record stands for an answer with the same payload digest; that answer is in the file too.
"""


class EvidenceReport:
    """What was written."""

    def __init__(self, captures: int, size: int, digest: str) -> None:
        self.captures = captures
        self.size = size
        self.digest = digest


def write_evidence(
    stores: Stores, event_id: str, output: Path, *, software: str, dark: bool = False
) -> EvidenceReport:
    """
    Write both captures of an edit to a WACZ file.

    Args:
        dark: of an article that is kept dark as well.

    Raises:
        UnknownEventError: there is no such event.
        RecordDamagedError: a record cannot be read.
        BlobStoreError: a record is not kept, or the file cannot be written.
    """
    archive = Archive(stores, dark=dark)
    event = archive.event(event_id)
    found = [archive.capture(one) for one in (event.from_capture, event.to_capture) if one is not None]
    captures = [one for one in found if one is not None]
    wanted = CaptureFilter(among=ledger.captures_of_event(event_id))
    with whole_file(output) as aside:
        written = sum(
            placed.exported is not None
            for placed in write_wacz(
                selected(stores, wanted), software, aside, beside=_beside(event, captures)
            )
        )
        if written < len(captures):
            message = (
                f"{event_id}: the records of its captures are not all kept; `lateedition verify` says more."
            )
            raise BlobStoreError(message)
        return EvidenceReport(len(captures), aside.stat().st_size, digest_of(aside))


def _beside(event: Event, captures: list[Capture]) -> dict[str, bytes]:
    operations = [
        {"track": one.track, "kind": one.kind, "before": one.before, "after": one.after}
        for one in event.operations
    ]
    facts = {
        "event": event_line(event),
        "operations": operations,
        "captures": [capture_line(one) for one in captures],
    }
    said = CHECK.format(
        event=event.id,
        article=event.article,
        summary=event.summary,
        captures="\n".join(
            f"- {one.captured_at:%Y-%m-%d %H:%M:%S} UTC, {one.record.id}, payload {one.payload_digest}"
            for one in captures
        ),
    )
    return {
        "evidence/README.md": said.encode(),
        "evidence/event.json": json.dumps(facts, ensure_ascii=False, indent=2).encode() + b"\n",
    }
