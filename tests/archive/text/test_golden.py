"""Small pages of our own, one for each structure and language, and what they must say."""

from pathlib import Path

import pytest

from archive.text.wording import LANGUAGES
from tests.archive.text.golden import PAGES, expected_of, said_by


@pytest.mark.parametrize("page", [pytest.param(one, id=one.stem) for one in PAGES])
def test_a_page_says_what_it_is_expected_to_say(page: Path) -> None:
    """Headline, body, notes, dates and kind of every golden page stay as they were reviewed."""
    assert expected_of(page) == said_by(page)


def test_every_structure_has_its_notes() -> None:
    """No golden article lost its note, whatever the expectations say."""
    articles = [one for one in PAGES if said_by(one)["page_kind"] == "article"]

    assert all(said_by(one)["notes"] for one in articles)
    assert len(articles) > 20


def test_every_language_has_its_page() -> None:
    """No language is known by its words alone: each has a page whose text, note and language are found."""
    spoken = {one.stem.split("-")[0] for one in PAGES if said_by(one)["notes"]}
    known = {file.stem for file in LANGUAGES.glob("*.toml")}

    assert len(known) >= 18
    assert known - spoken == set()
