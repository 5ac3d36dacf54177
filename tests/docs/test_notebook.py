"""The notebook: it runs from top to bottom on a real archive, and shows its pictures."""

import json
from collections.abc import Iterator
from pathlib import Path

import matplotlib
import matplotlib.pyplot as plt
import pytest

from tests.archive.paper import exchange, opened, page, record

NOTEBOOK = Path(__file__).parents[2] / "docs" / "how-to" / "how-outlets-edit.ipynb"


@pytest.fixture
def figures(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[None]:
    """A home with an article that was edited twice, and a place for pictures that needs no screen."""
    stores = opened(tmp_path / "home")
    record(
        stores,
        [exchange(page(word), after=at) for at, word in enumerate(["Nine", "Ten", "Ten", "Elf", "Elf"])],
    )
    stores.close()
    monkeypatch.setenv("LATEEDITION_HOME", str(tmp_path / "home"))
    matplotlib.use("Agg")
    yield
    plt.close("all")


@pytest.mark.timeout(60)
def test_the_notebook_runs_and_shows_its_pictures(figures: None) -> None:
    """Three pictures, each with something in it."""
    cells = json.loads(NOTEBOOK.read_text())["cells"]
    names: dict[str, object] = {}
    for cell in cells:
        if cell["cell_type"] == "code":
            exec(compile("".join(cell["source"]), str(NOTEBOOK), "exec"), names)  # noqa: S102 - our own page

    drawn = [plt.figure(number).axes[0] for number in plt.get_fignums()]
    assert [axes.get_xlabel() for axes in drawn] == [
        "age of the article",
        "edits",
        "articles whose headline was edited",
    ]
    assert all(axes.has_data() for axes in drawn)
    assert len(names["edits"]) == 2  # type: ignore[arg-type]


def test_the_notebook_keeps_no_output() -> None:
    """What a run shows is not stored: it would be of an archive that readers do not have."""
    cells = json.loads(NOTEBOOK.read_text())["cells"]

    assert all(cell["outputs"] == [] for cell in cells if cell["cell_type"] == "code")
