"""
The pages under `golden/` and what they must say; run as a program it writes the expectations anew.

    .venv/bin/python -m tests.archive.text.golden

A page with a recipe beside it (`NAME.html` and `NAME.toml`) is read by that. Read the difference before it is committed: it is what changed for every user.
"""

import json
from pathlib import Path
from typing import Any

from archive.text import content_of, extract
from archive.text.selectors import apply_selectors
from config.recipes import load_recipe
from scrapers.recipes import selectors_of

PAGES = sorted(Path(__file__).with_name("golden").glob("*.html"))
ADDRESS = "https://quayside.example/news/bridge"


def said_by(page: Path) -> dict[str, Any]:
    """Return what a page says, as JSON has it."""
    address = "https://quayside.example/city" if "listing" in page.stem else ADDRESS
    html, recipe = page.read_bytes(), page.with_suffix(".toml")
    found = extract(html, address)
    if recipe.exists():
        found = apply_selectors(html, found, selectors_of(load_recipe(recipe)))
    values: dict[str, Any] = json.loads(json.dumps(content_of(found)))
    return values


def expected_of(page: Path) -> dict[str, Any]:
    """Return what a page is expected to say."""
    values: dict[str, Any] = json.loads(page.with_suffix(".json").read_text(encoding="utf-8"))
    return values


if __name__ == "__main__":
    for one in PAGES:
        text = json.dumps(said_by(one), ensure_ascii=False, indent=1, sort_keys=True)
        one.with_suffix(".json").write_text(f"{text}\n", encoding="utf-8")
