"""Datasets for research: edits, versions and captures as files that other programs open, and as Arrow tables."""

from archive.reading.datasets.columns import DATASETS, SEARCH, STATISTICS, Column, Kind
from archive.reading.datasets.exporting import DatasetReport, export_dataset
from archive.reading.datasets.files import WRITERS, arrow_batches, cell
from archive.reading.datasets.records import records_asked, records_wanted
from archive.reading.datasets.rows import Row, RowQuery, rows_of

__all__ = [
    "DATASETS",
    "SEARCH",
    "STATISTICS",
    "WRITERS",
    "Column",
    "DatasetReport",
    "Kind",
    "Row",
    "RowQuery",
    "arrow_batches",
    "cell",
    "export_dataset",
    "records_asked",
    "records_wanted",
    "rows_of",
]
