"""Pages that ask archives to keep away, kept dark: archived, compared and rebuilt, and shown to those who ask."""

from pathlib import Path

import pytest

from archive.errors import DarkArticleError
from archive.ingest import Keep, StorePolicy, import_files, rebuild
from archive.model import Exchange
from archive.opening import Stores
from archive.reading import Archive, EditQuery, SearchQuery, verify
from archive.reading.export.selection import selected
from tests.archive.paper import STORY, contents, exchange, opened, page, record

META = "<meta name=robots content=noarchive>"
DARK = StorePolicy(darkens=True)
OPEN = "https://paper.example/2018/07/19/another-story-that-asks-nothing"


def day(noise: str = META) -> list[Exchange]:
    """Return a story that asks for it and is edited, and one that does not ask."""
    return [
        exchange(page(noise=noise), after=0),
        exchange(page("Six"), after=0, uri=OPEN),
        exchange(page(noise=noise), after=1),
        exchange(after=2, status=304, reason=b"Not Modified", response_headers=((b"ETag", b'"1"'),)),
        exchange(page("Ten", noise=noise), after=3),
        exchange(page("Ten", noise=noise), after=4),
    ]


def shown(archive: Archive) -> dict[str, int]:
    """Count what readers see of the story, each way there is."""
    return {
        "versions": sum(one.version.article == STORY for one in archive.stored_versions()),
        "edits": len(list(archive.edits(EditQuery(all=True)))),
        "mementos": len(archive.mementos(STORY)),
        "found": len(list(archive.search(SearchQuery(text="people")))) - 1,
        "records": sum(
            one.capture.requested_uri == STORY for one in selected(archive._stores, archive.capture_filter())
        ),
    }


NOTHING = dict.fromkeys(("versions", "edits", "mementos", "found", "records"), 0)
ALL = {"versions": 2, "edits": 1, "mementos": 5, "found": 1, "records": 5}


@pytest.mark.parametrize("keep", [pytest.param(Keep.ALL, id="all"), pytest.param(Keep.CHANGES, id="changes")])
def test_nothing_is_shown_unless_it_is_asked_for(stores: Stores, keep: Keep) -> None:
    """Captured, versioned and compared; whoever does not ask finds nothing of it but that it was captured."""
    record(stores, day(), policy=StorePolicy(darkens=True, keep=keep))
    archive = Archive(stores)

    assert [str(one.verdict) for one in archive.captures(url=STORY)] == [
        "first",
        "unchanged",
        "unchanged",
        "edit",
        "unchanged",
    ]
    assert shown(archive) == NOTHING
    with pytest.raises(DarkArticleError, match="--dark"):
        archive.text(STORY)
    assert archive.text(OPEN).version.number == 1
    assert shown(Archive(stores, dark=True)) == ALL
    (event,) = Archive(stores, dark=True).edits()
    with pytest.raises(DarkArticleError):
        archive.event(event.id)


def test_it_stays_dark_when_the_catalogue_is_made_anew(stores: Stores) -> None:
    """What was asked and what was decided then stand in the files."""
    record(stores, day(), policy=DARK)
    before = contents(stores)

    rebuild(stores)

    assert contents(stores) == before
    assert shown(Archive(stores)) == NOTHING
    assert verify(stores, deep=True).ok


def test_an_import_goes_by_the_homes_own_decision(stores: Stores, tmp_path: Path) -> None:
    """Files say what pages ask for; whether it is kept dark is for the home that takes them in."""
    record(stores, day())
    files = sorted((stores.home / "warc").iterdir())
    for name, darkens in (("dark", True), ("open", False)):
        home = opened(tmp_path / name)
        import_files(home, files, software="lateedition/test", darkens=darkens)
        found = shown(Archive(home))
        home.close()

        assert found == (NOTHING if darkens else ALL)


def test_the_latest_look_decides(stores: Stores) -> None:
    """A decision taken later holds from the next visit on, even to an unchanged page; a wish that is taken back, too."""
    record(stores, day()[:3])
    assert shown(Archive(stores))["versions"] == 1

    record(stores, [exchange(page(noise=META), after=5)], policy=DARK)
    assert shown(Archive(stores)) == NOTHING
    before = contents(stores)
    rebuild(stores)
    assert contents(stores) == before

    record(stores, [exchange(page("Ten"), after=6)], policy=DARK)
    assert shown(Archive(stores))["versions"] == 2
