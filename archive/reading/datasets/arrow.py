"""Rows as Arrow tables, with types: times are times, lists are lists."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import pyarrow as pa

from archive.reading.datasets.columns import Column, Kind
from archive.reading.datasets.rows import Row

__all__ = ["arrow_batch", "arrow_schema"]

TIME = pa.timestamp("us", tz="UTC")
OPERATION = pa.struct({name: pa.string() for name in ("track", "kind", "before", "after")})
TYPES = {
    Kind.TEXT: pa.string(),
    Kind.INTEGER: pa.int64(),
    Kind.NUMBER: pa.float64(),
    Kind.BOOLEAN: pa.bool_(),
    Kind.TIME: TIME,
    Kind.TEXTS: pa.list_(pa.string()),
    Kind.NOTES: pa.list_(
        pa.struct(
            {
                "change": pa.string(),
                "kinds": pa.list_(pa.string()),
                "text": pa.string(),
                "stated_at": TIME,
                "stated_at_assumed": pa.list_(pa.string()),
            }
        )
    ),
    Kind.OPERATIONS: pa.list_(OPERATION),
    Kind.CLAIMS: pa.list_(
        pa.struct({"note": pa.int64(), "text": pa.string(), "operations": pa.list_(OPERATION)})
    ),
    Kind.JUDGEMENT: pa.struct(
        {
            "judged_at": pa.string(),
            "is_an_edit": pa.bool_(),
            "severity": pa.string(),
            "disclosure": pa.string(),
            "comment": pa.string(),
            "tags": pa.list_(pa.string()),
        }
    ),
    Kind.RECORD: pa.struct(
        {
            "type": pa.string(),
            "id": pa.string(),
            "file": pa.string(),
            "offset": pa.int64(),
            "length": pa.int64(),
        }
    ),
}


def arrow_schema(columns: Sequence[Column]) -> pa.Schema:
    """Return the schema of a dataset; each field says what it holds."""
    return pa.schema(
        [pa.field(one.name, TYPES[one.kind], metadata={"description": one.help}) for one in columns]
    )


def arrow_batch(rows: Sequence[Row], columns: Sequence[Column]) -> pa.RecordBatch:
    """Return rows as one record batch."""
    arrays = [_array([row[column.name] for row in rows], column.kind) for column in columns]
    return pa.record_batch(arrays, schema=arrow_schema(columns))


def _array(values: list[Any], kind: Kind) -> pa.Array:
    match kind:
        case Kind.TIME:
            return pa.array(values, pa.string()).cast(TIME)
        case Kind.NOTES:
            return pa.array([[_note(note) for note in notes] for notes in values], TYPES[kind])
        case Kind.TEXT:
            return pa.array([_storable(value) for value in values], pa.string())
    return pa.array(values, TYPES[kind])


def _note(note: dict[str, Any]) -> dict[str, Any]:
    stated = note["stated_at"]
    return note | {"stated_at": datetime.fromisoformat(stated) if stated else None}


def _storable(value: str | None) -> str | None:
    """Return text that UTF-8 can hold: a lone surrogate on a page becomes a question mark."""
    if value is None or value.isascii():
        return value
    return value.encode("utf-8", "replace").decode()
