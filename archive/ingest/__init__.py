"""Takes captures in: bytes durable first, catalogue second, acknowledged third."""

from archive.ingest.cataloguing import Catalogued
from archive.ingest.importing import ImportReport, import_files
from archive.ingest.judging import Word, judge_event, judgement_of_record, keep_judgement
from archive.ingest.ledger import OnEvents
from archive.ingest.queue import IngestQueue
from archive.ingest.recorder import Fetched, Recorder
from archive.ingest.recovery import RecoveryReport, recover

__all__ = [
    "Catalogued",
    "Fetched",
    "ImportReport",
    "IngestQueue",
    "OnEvents",
    "Recorder",
    "RecoveryReport",
    "Word",
    "import_files",
    "judge_event",
    "judgement_of_record",
    "keep_judgement",
    "recover",
]
