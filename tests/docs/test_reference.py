"""The reference pages say what the code does."""

import importlib.util
from pathlib import Path

import pytest

DOCS = Path(__file__).parents[2] / "docs"


def _generator():
    spec = importlib.util.spec_from_file_location("generate", DOCS / "reference" / "generate.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


GENERATOR = _generator()


@pytest.mark.parametrize("name", GENERATOR.PAGES)
def test_a_reference_page_is_what_the_code_makes(name):
    """`make docs` was run after the last change."""
    assert (DOCS / "reference" / name).read_text(encoding="utf-8") == GENERATOR.PAGES[name]()
