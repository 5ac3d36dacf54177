"""A person's word on an event as a metadata record holds it."""

import json
from typing import Any

from archive.catalog import judgements
from archive.model import Judgement
from archive.warc.reader import ReadRecord

__all__ = ["judgement_of_record", "values_of"]

#: What marks a metadata record as a judgement.
MARK = "lateedition.judgement"


def values_of(said: Judgement) -> dict[str, Any]:
    """Return what the record of a judgement says."""
    return {MARK: json.loads(judgements.judgement_of(said))}


def judgement_of_record(record: ReadRecord) -> Judgement | None:
    """Return the judgement that a record holds, or None when it holds none."""
    if record.type != "metadata" or MARK.encode() not in record.block:
        return None
    try:
        return judgements.judgement_from(json.dumps(json.loads(record.block)[MARK]))
    except (ValueError, KeyError, TypeError):
        return None
