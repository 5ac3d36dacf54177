"""The pages of the documentation hang together."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]
LINK = re.compile(r"\]\((?!https?:|mailto:|#)([^)#\s]+)")


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_links_lead_somewhere(page):
    """Every relative link names a file that is there."""
    targets = LINK.findall(page.read_text(encoding="utf-8"))

    assert [one for one in targets if not (page.parent / one).exists()] == []


def test_every_page_is_reached_from_the_readme():
    """A page that nobody links to is not read."""
    reached, waiting = set(), [ROOT / "README.md"]
    while waiting:
        page = waiting.pop()
        if page in reached:
            continue
        reached.add(page)
        found = [(page.parent / one).resolve() for one in LINK.findall(page.read_text(encoding="utf-8"))]
        waiting += [one for one in found if one.suffix == ".md" and one.exists()]
        for folder in [one for one in found if one.is_dir()]:
            waiting += sorted(folder.glob("*.md"))

    assert [str(page.relative_to(ROOT)) for page in PAGES if page not in reached] == []
