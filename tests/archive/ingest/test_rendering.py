"""Pages that a browser was needed for: what was sent is kept, what was rendered is kept, and the text is the latter's."""

import codecs
from collections.abc import Iterator
from pathlib import Path

import pytest

from archive.ingest import Keep, StorePolicy, import_files, rebuild
from archive.ingest.reprocessing import Way, reprocess
from archive.model import Exchange, Rendering
from archive.opening import Stores
from archive.reading import Archive, verify
from archive.text.selectors import Selectors
from tests.archive.paper import STORY, contents, exchange, opened, page, record

SHELL = b"<html><body><main></main><script src=/story.js></script></body></html>"


def rendered(html: bytes, *, after: float) -> Exchange:
    """Return the shell, and what a browser made of it."""
    made = Rendering(html=codecs.BOM_UTF8 + html if html else b"", browser="Chromium/156")
    trouble = {} if html else {"problem": "browser_timeout", "detail": "not done within 30 s"}
    return exchange(SHELL, after=after, rendering=made, **trouble)


DAY = [
    rendered(page(), after=0),
    rendered(page(), after=1),
    rendered(b"", after=2),
    rendered(page("Ten"), after=3),
    rendered(page("Ten"), after=4),
]
VERDICTS = ["first", "unchanged", "suspect", "edit", "unchanged"]


def verdicts(stores: Stores) -> list[str]:
    """Return what each capture says, oldest first."""
    return [str(one.verdict) for one in Archive(stores).captures()]


@pytest.fixture
def fresh(tmp_path: Path) -> Iterator[Stores]:
    """A second home."""
    made = opened(tmp_path / "fresh")
    yield made
    made.close()


@pytest.mark.parametrize("keep", [pytest.param(Keep.ALL, id="all"), pytest.param(Keep.CHANGES, id="changes")])
def test_an_edit_behind_an_unchanged_payload_is_found(stores: Stores, keep: Keep) -> None:
    """The same bytes were sent each time; what came of them changed once, and once nothing came of them."""
    record(stores, DAY, policy=StorePolicy(keep=keep))

    assert verdicts(stores) == VERDICTS
    assert [(one.kind, one.alert) for one in Archive(stores).edits()] == [("edit", True)]


def test_both_states_of_a_page_are_kept(stores: Stores) -> None:
    """A memento holds the bytes that were sent, and beside them the document for reading."""
    record(stores, DAY)
    archive = Archive(stores)

    answers = [archive.answer(one) for one in archive.mementos(STORY)]

    assert [one.message.body for one in answers if one] == [SHELL] * 5
    assert [one.rendering for one in answers if one] == [
        one.rendering.html or None for one in DAY if one.rendering
    ]


def test_it_is_rebuilt_imported_and_looked_at_again(stores: Stores, fresh: Stores) -> None:
    """From the files alone, in another home, and with the extractor of today: nothing is different."""
    record(stores, DAY)
    before = contents(stores)

    assert reprocess(stores, Way(software="test/2")).changes == []
    rebuild(stores)
    assert contents(stores) == before
    assert reprocess(stores, Way(software="test/2")).changes == []
    assert verify(stores, deep=True).ok

    report = import_files(fresh, sorted((stores.home / "warc").iterdir()), software="lateedition/test")
    assert report.problems == []
    assert [one for one in verdicts(fresh) if one != "suspect"] == [
        one for one in VERDICTS if one != "suspect"
    ]
    assert [one.id for one in Archive(fresh).edits()] == [one.id for one in Archive(stores).edits()]


def test_without_the_browser_a_page_speaks_for_itself(stores: Stores) -> None:
    """The payload is known, but what a browser made of it then is not what it says alone."""
    record(stores, [*DAY[:2], exchange(SHELL, after=5)])

    assert verdicts(stores)[-1] == "suspect"


def test_an_outlets_selectors_hold_when_captures_are_looked_at_again(stores: Stores, fresh: Stores) -> None:
    """Live, imported and reprocessed: a recipe's text is the text."""
    chosen = {"paper": Selectors(headline="article p")}
    record(stores, [exchange(page())])
    plain = Archive(stores).text(STORY).extraction.headline

    reprocess(stores, Way(software="test/2", selectors=chosen))
    import_files(
        fresh, sorted((stores.home / "warc").iterdir()), software="lateedition/test", selectors=chosen
    )
    found = [Archive(one).text(STORY).extraction.headline for one in (stores, fresh)]

    assert plain == "Nine people speak at the town hall"
    assert [one[:38] for one in found] == ["In part 0 of the evening Nine people s"] * 2
    assert reprocess(stores, Way(software="test/2", selectors=chosen)).changes == []
