"""Typed usage of the public names; type-checked by `make check`, not run."""

from typing import TYPE_CHECKING

import lateedition

if TYPE_CHECKING:
    import pyarrow

    from lateedition.tables import Table


def use(home: str) -> "pyarrow.Table":
    """Use an archive as a notebook does."""
    with lateedition.open_archive(home) as archive:
        silent: Table = archive.edits(since="2026-03-01", silent=True, source=["a.example", "b.example"])
        names: list[str] = silent.columns
        said: str = archive.text("https://news.example/a", at="2026-03-01T10:00:00Z")
        found = archive.search(f"{names[0]} {said[:10]}", where="removed", limit=10)
        return found.to_arrow()
