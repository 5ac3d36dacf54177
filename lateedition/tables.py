"""Tables for notebooks: rows that are read when asked for, as Arrow, pandas or plain Python."""

from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from html import escape
from itertools import islice
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pandas
    import pyarrow

    from archive.reading.datasets import Column

__all__ = ["Table"]

#: Rows that a notebook shows of a table.
SHOWN = 10


class Table:
    """
    Rows with typed columns.

    Nothing is read before it is asked for, and each way of asking reads anew. Whatever takes Arrow (pandas, Polars,
    DuckDB) takes a table as it is, without a copy.
    """

    def __init__(self, columns: tuple["Column", ...], rows: Callable[[], Iterable[dict[str, Any]]]) -> None:
        self._columns = columns
        self._rows = rows

    @property
    def columns(self) -> list[str]:
        """The names of the columns, in order."""
        return [column.name for column in self._columns]

    def __iter__(self) -> Iterator[dict[str, Any]]:
        """Yield rows as dictionaries; times are aware datetimes."""
        from archive.reading.datasets import Kind

        times = [column.name for column in self._columns if column.kind is Kind.TIME]
        for row in self._rows():
            parsed = {name: datetime.fromisoformat(row[name]) for name in times if row[name] is not None}
            yield row | parsed

    def batches(self) -> Iterator["pyarrow.RecordBatch"]:
        """Yield the rows as Arrow record batches, some thousands at a time."""
        from archive.reading.datasets import arrow_batches

        return arrow_batches(self._rows(), self._columns)

    def to_arrow(self) -> "pyarrow.Table":
        """Return all rows as one Arrow table."""
        import pyarrow

        return pyarrow.Table.from_batches(self.batches(), self._schema())

    def to_pandas(self) -> "pandas.DataFrame":
        """Return all rows as a pandas data frame; needs pandas (`pip install "lateedition[notebook]"`)."""
        return self.to_arrow().to_pandas()

    def __arrow_c_stream__(self, requested_schema: object = None) -> object:
        """Hand the rows over to another program in this process (the Arrow PyCapsule interface)."""
        import pyarrow

        reader = pyarrow.RecordBatchReader.from_batches(self._schema(), self.batches())
        return reader.__arrow_c_stream__(requested_schema)

    def _schema(self) -> "pyarrow.Schema":
        from archive.reading.datasets.arrow import arrow_schema

        return arrow_schema(self._columns)

    def __repr__(self) -> str:
        """Name the columns."""
        return f"<Table: {', '.join(self.columns)}>"

    def _repr_html_(self) -> str:
        """Show the first rows in a notebook."""
        rows = list(islice(self._rows(), SHOWN + 1))
        head = "".join(f"<th>{escape(name)}</th>" for name in self.columns)
        body = "".join(
            f"<tr>{''.join(_cell(row[name]) for name in self.columns)}</tr>" for row in rows[:SHOWN]
        )
        more = "<p>… and more rows; .to_pandas() gives all.</p>" if len(rows) > SHOWN else ""
        return f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>{more}"


def _cell(value: object) -> str:
    text = "" if value is None else str(value)
    return f"<td>{escape(text if len(text) <= 80 else text[:79] + '…')}</td>"
