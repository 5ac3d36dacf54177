"""The full-text index: it agrees with the definition of an answer, and stands beside what was written."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Connection, select

from archive.catalog import articles, entries, sources
from archive.catalog.catalogue import Catalogue
from archive.catalog.postgres import PostgresCatalogue
from archive.catalog.schema import article, version
from archive.catalog.search import SearchFilter, search_edits, search_versions
from archive.catalog.search_engine import search_engine
from archive.catalog.search_filling import fill_search_index
from archive.catalog.search_index import forget_text, is_whole
from archive.catalog.search_tables import INDEXES, search_state, search_text, search_version
from archive.catalog.sqlite import SqliteCatalogue
from archive.model import (
    Event,
    EventKind,
    Extraction,
    Operation,
    OperationKind,
    PageKind,
    Source,
    Track,
    Version,
)
from archive.search import Fields, column, matches, parse
from archive.text import content_of
from tests.archive.search.test_query import PIECES

START = datetime(2026, 3, 1, tzinfo=UTC)
WORDS = ["flood", "Été", "東京都庁", "ไทย", "well-known", "a", "b", "2024年"]


@pytest.fixture
def catalogue(catalogue_url: str, tmp_path: Path) -> Iterator[Catalogue]:
    """An empty catalogue, on every engine."""
    opened = PostgresCatalogue(catalogue_url) if catalogue_url else SqliteCatalogue(tmp_path / "c.sqlite")
    yield opened
    opened.close()


def add_article(connection: Connection, name: str) -> int:
    """Add an article of a source of the same name."""
    source = sources.source_id(connection, name) or sources.add_source(
        connection,
        Source(name=name, url=f"https://{name}/", kind="outlet", is_paused=False, added_at=START),
    )
    return articles.add_article(connection, uri=f"https://{name}/story", source_id=source, at=START)


def add_version(connection: Connection, article_id: int, number: int, said: Extraction) -> str:
    """Add a version that says something; return the digest of it."""
    digest = f"sha256:{said.headline}/{'/'.join(said.body)}"
    entries.add_content(connection, digest, content_of(said))
    entries.upsert_version(
        connection,
        article_id,
        Version(
            article="",
            number=number,
            captured_at=START + timedelta(hours=number),
            last_seen_at=START + timedelta(hours=number),
            capture=f"{article_id:016x}{number:016x}",
            content=digest,
            headline=said.headline,
            words=1,
        ),
    )
    return digest


def said(headline: str, *body: str, language: str | None = "en") -> Extraction:
    """Return what a page says."""
    return Extraction(page_kind=PageKind.ARTICLE, headline=headline, body=body, language=language)


def find(catalogue: Catalogue, text: str, **narrowed: object) -> list[tuple[str, int | None]]:
    """Return (source, version) of the answers."""
    query = parse(text)
    assert query is not None
    with catalogue.reading() as connection:
        return [
            (row.source, row.version)
            for row in search_versions(connection, SearchFilter(query=query, **narrowed))
        ]  # type: ignore[arg-type]


@given(
    st.lists(st.tuples(*[st.lists(st.sampled_from(WORDS), max_size=4)] * 3), min_size=1, max_size=5),
    st.lists(st.one_of(st.sampled_from(WORDS), PIECES), min_size=1, max_size=7),
)
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_the_engine_agrees_with_the_definition(
    catalogue: Catalogue, texts: list[tuple[list[str], ...]], asked: list[str]
) -> None:
    """For any texts and any query the engine finds exactly the texts that match."""
    query = parse(" ".join(asked))
    if query is None:
        return
    fields = [Fields((" ".join(one),), (" ".join(two), " ".join(three))) for one, two, three in texts]
    with catalogue.writing() as connection:
        engine = search_engine(connection)
        for row, one in enumerate(fields, 1):
            engine.put(connection, INDEXES[0], row, one)
        hit = engine.hits(INDEXES[0], query, in_headline=False)
        found = sorted(row[0] for row in connection.execute(select(hit.c.id)))
        engine.clear(connection, INDEXES[0])

    assert found == [row for row, one in enumerate(fields, 1) if matches(query, one)]


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("(a (b OR (c -(d (e OR " * 2000 + "f" + ")))))" * 2000, id="deep"),
        pytest.param(" ".join(f"w{n}" for n in range(8000)), id="eight thousand words"),
        pytest.param(" OR ".join(f"w{n}" for n in range(3000)), id="three thousand alternatives"),
        pytest.param('"' + " ".join(f"w{n}" for n in range(8000)) + '"', id="a phrase without end"),
        pytest.param("日" * 30000, id="a run without end"),
        pytest.param("x" * 100000, id="a word without end"),
    ],
)
def test_no_query_is_too_much(catalogue: Catalogue, text: str) -> None:
    """Any query has an answer, if only the empty one."""
    with catalogue.writing() as connection:
        add_version(connection, add_article(connection, "one.example"), 1, said("A b", "c f"))

    assert find(catalogue, text) in ([], [("one.example", 1)])


def test_the_newest_version_that_answers_stands_for_its_article(catalogue: Catalogue) -> None:
    """One line an article, unless all versions are asked for."""
    with catalogue.writing() as connection:
        one = add_article(connection, "one.example")
        for number, word in enumerate(("flood", "flood", "ebb"), 1):
            add_version(connection, one, number, said(f"Number {number}", word))
        add_version(connection, add_article(connection, "two.example"), 1, said("Other", "flood ebb"))

    assert sorted(find(catalogue, "flood")) == [("one.example", 2), ("two.example", 1)]
    assert sorted(find(catalogue, "flood", every_version=True)) == [
        ("one.example", 1),
        ("one.example", 2),
        ("two.example", 1),
    ]
    assert find(catalogue, "ebb -flood") == [("one.example", 3)]
    assert find(catalogue, "flood", sources=("one.example",)) == [("one.example", 2)]
    until = START + timedelta(hours=1)
    assert sorted(find(catalogue, "flood", until=until)) == [("one.example", 1), ("two.example", 1)]


def test_a_language_stands_for_its_regions(catalogue: Catalogue) -> None:
    """`en` finds `en-GB`, and not `enx`."""
    with catalogue.writing() as connection:
        for language in ("en-GB", "EN", "enx", None):
            name = f"{language}.example"
            add_version(connection, add_article(connection, name), 1, said(name, "flood", language=language))

    assert sorted(find(catalogue, "flood", languages=("en",))) == [("EN.example", 1), ("en-GB.example", 1)]
    assert find(catalogue, "flood", languages=("EN-gb",)) == [("en-GB.example", 1)]


def test_versions_that_no_longer_hold_are_not_found(catalogue: Catalogue) -> None:
    """A history that was worked out anew is searched as it stands now."""
    with catalogue.writing() as connection:
        one = add_article(connection, "one.example")
        add_version(connection, one, 1, said("One", "flood"))
        add_version(connection, one, 2, said("Two", "ebb"))
        entries.truncate_versions(connection, one, 1)

    assert find(catalogue, "ebb") == []
    assert find(catalogue, "flood") == [("one.example", 1)]


def test_erased_words_leave_the_index(catalogue: Catalogue) -> None:
    """A text whose bytes are erased is in no index any more."""
    gone = said("Gone", "secretword")
    with catalogue.writing() as connection:
        one = add_article(connection, "one.example")
        digest = add_version(connection, one, 1, gone)
        forget_text(connection, digest, gone)
        query = parse("secretword")
        assert query is not None
        hit = search_engine(connection).hits(INDEXES[0], query, in_headline=False)
        rows = connection.execute(select(hit.c.id)).all()

    assert rows == []


def edit(identity: int, first_seen: int, before: str, after: str) -> Event:
    """Return an edit of one sentence."""
    return Event(
        id=f"{identity:032x}",
        article="",
        kind=EventKind.EDIT,
        first_seen_at=START + timedelta(hours=first_seen),
        headline="A headline",
        to_version=first_seen,
        operations=(Operation(track=Track.BODY, kind=OperationKind.REPLACE, before=before, after=after),),
    )


def test_edits_are_found_by_the_words_they_brought_and_took(catalogue: Catalogue) -> None:
    """Words of the same sentence that stayed are neither; an event whose words changed is found by the new ones."""
    with catalogue.writing() as connection:
        one = add_article(connection, "one.example")
        source = sources.source_id(connection, "one.example")
        assert source is not None
        entries.upsert_event(connection, one, source, edit(1, 2, "they will end it", "they will review it"))
        entries.upsert_event(connection, one, source, edit(2, 3, "they will end it", "they will probe it"))
        entries.upsert_event(connection, one, source, edit(2, 3, "they will end it", "they will mend it"))

        def found(text: str, *, added: bool, every: bool = False) -> list[str | None]:
            query = parse(text)
            assert query is not None
            wanted = SearchFilter(query=query, every_version=every, by_date=True)
            return [row.event for row in search_edits(connection, wanted, added=added)]

        assert found("review", added=True) == [f"{1:032x}"]
        assert found("end", added=False) == [f"{2:032x}"]
        assert found("end", added=False, every=True) == [f"{2:032x}", f"{1:032x}"]
        assert found("they", added=True) == found("end", added=True) == found("probe", added=True) == []
        entries.supersede_events(connection, one, [])
        assert found("review", added=True) == []


def test_an_older_catalogue_is_indexed_once(catalogue: Catalogue) -> None:
    """What was written before there was an index, or by another way of cutting text, is found after filling."""
    with catalogue.writing() as connection:
        for name in ("one.example", "two.example"):
            add_version(connection, add_article(connection, name), 1, said(name, "flood"))
        connection.execute(search_version.delete())
        connection.execute(search_text.delete())
        search_engine(connection).clear(connection, INDEXES[0])
        connection.execute(search_state.update().values(version=-1))

    assert find(catalogue, "flood") == []
    assert fill_search_index(catalogue) == 2
    assert sorted(find(catalogue, "flood")) == [("one.example", 1), ("two.example", 1)]
    assert fill_search_index(catalogue) == 0


def test_a_new_catalogue_has_a_whole_index(catalogue: Catalogue) -> None:
    """Nothing has to be filled where nothing is."""
    with catalogue.reading() as connection:
        assert is_whole(connection)
        assert connection.execute(select(version)).all() == connection.execute(select(article)).all() == []


def test_pieces_are_apart_in_the_index() -> None:
    """Paragraphs are indexed so that no phrase reaches over their ends."""
    assert len(column(["a b", "c"])) == 4
