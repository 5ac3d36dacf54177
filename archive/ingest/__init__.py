"""Takes captures in: bytes durable first, catalogue second, acknowledged third."""

from archive.ingest.cataloguing import Catalogued
from archive.ingest.gathering import Pages, Unfinished
from archive.ingest.importing import ImportReport, import_files
from archive.ingest.judging import Word, judge_event, keep_judgement
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
    "Pages",
    "RebuildReport",
    "Recorder",
    "RecoveryReport",
    "StorePolicy",
    "Unfinished",
    "Word",
    "import_files",
    "judge_event",
    "keep_judgement",
    "outlet_of",
    "rebuild",
    "recover",
]
