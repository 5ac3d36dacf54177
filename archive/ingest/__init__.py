"""Takes captures in: bytes durable first, catalogue second, acknowledged third."""

from archive.ingest.cataloguing import Catalogued
from archive.ingest.importing import ImportReport, import_files
from archive.ingest.ledger import OnEvents
from archive.ingest.outlets import outlet_of
from archive.ingest.queue import IngestQueue
from archive.ingest.rebuilding import RebuildReport, rebuild
from archive.ingest.recorder import Fetched, Keep, Recorder, StorePolicy
from archive.ingest.recovery import RecoveryReport, recover

__all__ = [
    "Catalogued",
    "Fetched",
    "ImportReport",
    "IngestQueue",
    "Keep",
    "OnEvents",
    "RebuildReport",
    "Recorder",
    "RecoveryReport",
    "StorePolicy",
    "import_files",
    "outlet_of",
    "rebuild",
    "recover",
]
