"""
Writes parts of the archive to a file for others: captures as WARC or WACZ.

A format is one module with one function; `FORMATS` says which there are, and of which datasets.
"""

from archive.reading.export.export import FORMATS, ExportQuery, ExportReport, export

__all__ = ["FORMATS", "ExportQuery", "ExportReport", "export"]
