"""Statistics: counted as the reference page says, with what they are of."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive.catalog.judgements import upsert_judgement
from archive.catalog.statistics import week_of
from archive.model import Disclosure, Event, EventKind, Judgement
from archive.opening import Stores
from archive.reading import Archive, SearchIn, SearchQuery
from archive.reading.datasets import STATISTICS
from archive.reading.statistics import wilson
from tests.archive.paper import START, exchange, page, record

NOTE = "<p><em>Correction: An earlier version of this article misstated the number of people. It was ten.</em></p>"


@pytest.fixture
def archive(stores: Stores) -> Archive:
    """One article with a disclosed and a silent edit in one week, and another that nobody edits."""
    other = "https://paper.example/2018/07/19/the-other-story"
    pages = [page(), page("Ten", note=NOTE), page("Ten", note=NOTE), page("Elf"), page("Elf")]
    record(stores, [exchange(body, after=at) for at, body in enumerate(pages)])
    record(
        stores, [exchange(page("Six"), after=6, uri=other), exchange(page("Six"), after=24 * 9, uri=other)]
    )
    return Archive(stores)


def edits(archive: Archive) -> list[Event]:
    """Return the edits that are counted."""
    return [one for one in archive.edits() if one.kind is EventKind.EDIT]


def test_figures_are_those_of_the_ledger(archive: Archive) -> None:
    """Counts, shares and their denominators agree with the edits one by one."""
    (line,) = archive.statistics(by="all")
    found = edits(archive)
    needed = [one for one in found if one.disclosure in ("disclosed", "partial", "silent")]

    assert list(line) == [column.name for column in STATISTICS]
    assert (line["articles"], line["new_articles"], line["edits"]) == (2, 2, len(found))
    assert (line["edited_articles"], line["edited_share"]) == (1, 0.5)
    assert (line["needed_note"], line["silent"]) == (
        len(needed),
        sum(one.disclosure == "silent" for one in needed),
    )
    assert line["headline_churn"] == 0.5
    assert line["corrections"] >= 1
    assert line["median_age_hours"] == 2.0


def test_weeks_hold_what_was_seen_in_them(archive: Archive) -> None:
    """An article counts in each week in which it was looked at; new in its first only."""
    weeks = list(archive.statistics(by="week"))

    assert [(line["week"], line["articles"], line["new_articles"]) for line in weeks] == [
        ("2018-07-16T00:00:00Z", 2, 2),
        ("2018-07-23T00:00:00Z", 1, 0),
    ]
    assert list(archive.statistics(by="week", sources=("nobody",))) == []
    assert list(archive.statistics(by="all", since=START + timedelta(days=60))) == []


def test_a_persons_word_counts(archive: Archive, stores: Stores) -> None:
    """An event that a person has called no edit is not counted, and searches go by their verdict."""
    first, second = edits(archive)
    with stores.catalogue.writing() as connection:
        for one, is_an_edit, said in ((first, False, None), (second, None, Disclosure.DISCLOSED)):
            assert one.to_capture is not None
            upsert_judgement(
                connection,
                Judgement(
                    event=one.id,
                    kind=one.kind,
                    to_capture=one.to_capture,
                    article=one.article,
                    judged_at=START,
                    is_an_edit=is_an_edit,
                    disclosure=said,
                ),
            )
    (line,) = archive.statistics(by="all")
    query = SearchQuery(text="elf", where=SearchIn.ADDED, disclosures=("disclosed",))

    assert (line["edits"], line["silent"]) == (1, 0)
    assert [hit.event for hit in archive.search(query)] == [second.id]


@given(st.integers(0, 500), st.integers(1, 500))
def test_an_interval_holds_its_share(hits: int, more: int) -> None:
    """Within nothing and all, around the share, and narrower with more to count."""
    of = hits + more
    interval = wilson(hits, of)
    wider = wilson(hits * 4, of * 4)

    assert interval is not None
    assert wider is not None
    assert 0 <= interval[0] <= hits / of <= interval[1] <= 1
    assert wider[1] - wider[0] < interval[1] - interval[0]
    assert wilson(0, 0) is None


@given(st.datetimes(timezones=st.timezones()).filter(lambda moment: moment.year > 1))
def test_weeks_begin_on_mondays(moment) -> None:
    """A moment lies in its week, and weeks begin at midnight UTC."""
    week = week_of(moment)

    assert (week.weekday(), week.hour, week.minute, week.microsecond) == (0, 0, 0, 0)
    assert week <= moment < week + timedelta(days=7)
