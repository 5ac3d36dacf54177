"""Looking again with newer software: what changes is said first, nothing is erased, nobody is told twice."""

import json
import zlib
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import text, update

from archive.catalog.schema import capture, version
from archive.ingest import Word, judge_event
from archive.ingest.reprocessing import Reprocessing, Way, reprocess
from archive.model import Event, PageKind, Verdict
from tests.archive.ingest.outlet import PARAGRAPHS, START, Outlet, page

WAY = Way(software="test/2")
OTHER = page(PARAGRAPHS[0].replace("23", "32"), *PARAGRAPHS[1:])
BANNER = "Subscribe to our newsletter today and never miss a story from the river towns again."


def _wrongly_extracted(outlet: Outlet) -> None:
    """Leave in the catalogue what a worse extractor would have found: a banner in one text, a word lost in all."""
    with outlet.stores.catalogue.writing() as connection:
        rows = connection.execute(text("SELECT digest, data FROM content ORDER BY digest")).all()
        for number, (digest, data) in enumerate(rows):
            values = json.loads(zlib.decompress(data))
            if number == 0:
                values["body"].append(BANNER)
            connection.execute(
                text("UPDATE content SET data = :data, digest = :new WHERE digest = :digest"),
                {
                    "data": zlib.compress(json.dumps(values).encode()),
                    "digest": digest,
                    "new": "sha256:" + f"{number:064x}",
                },
            )
            for table in (capture, version):
                connection.execute(
                    update(table)
                    .where(table.c.content == digest)
                    .values(content="sha256:" + f"{number:064x}")
                )
        connection.execute(text("UPDATE article SET history = ''"))
        from archive.catalog import articles
        from archive.ingest.ledger import Contents, rework

        for row in connection.execute(text("SELECT id FROM article")).all():
            assert articles.article_row(connection, row[0])
            rework(connection, row[0], Contents().loader(connection))


def _kept(outlet: Outlet) -> list[tuple[str, bool]]:
    """Return every event row, superseded ones too."""
    with outlet.stores.catalogue.reading() as connection:
        rows = connection.execute(text("SELECT hex(id), is_superseded FROM event ORDER BY id")).all()
    return [(str(row[0]), bool(row[1])) for row in rows]


@pytest.fixture
def wrong(outlet: Outlet) -> tuple[Outlet, list[Event]]:
    """A home judged by a worse extractor, and what its ledger should be."""
    for body in (page(), page(), OTHER, OTHER):
        outlet.serve("/a", body)
    right = outlet.events()
    _wrongly_extracted(outlet)
    assert [event.summary for event in outlet.events()] != [event.summary for event in right]
    return outlet, right


def test_the_ledger_is_as_todays_software_would_have_it(wrong: tuple[Outlet, list[Event]]) -> None:
    """Re-extracted and re-compared, the events are those of a fresh home."""
    outlet, right = wrong
    found = reprocess(outlet.stores, WAY)

    assert found.changes
    assert outlet.events() == right


def test_what_would_change_is_said_before_anything_is_written(wrong: tuple[Outlet, list[Event]]) -> None:
    """The listing comes first, and a word can stop it."""
    outlet, _ = wrong
    before = outlet.events()
    told: list[Reprocessing] = []

    def no(found: Reprocessing) -> bool:
        told.append(found)
        assert outlet.events() == before
        return False

    reprocess(outlet.stores, WAY, before_writing=no)

    (found,) = told
    assert found.events("altered")
    assert outlet.events() == before


def test_the_second_time_changes_nothing(wrong: tuple[Outlet, list[Event]]) -> None:
    """Idempotent: no article differs any more."""
    outlet, _ = wrong
    reprocess(outlet.stores, WAY)

    assert reprocess(outlet.stores, WAY).changes == []


def test_nothing_is_erased(wrong: tuple[Outlet, list[Event]]) -> None:
    """Every event that was ever reported is still there, marked when it no longer holds."""
    outlet, _ = wrong
    with outlet.stores.catalogue.writing() as connection:
        connection.execute(text("UPDATE event SET id = randomblob(16)"))
    before = {one for one, _ in _kept(outlet)}
    found = reprocess(outlet.stores, WAY)

    assert {event.id.upper() for event in found.events("vanishing")} == before
    assert before <= {one for one, is_superseded in _kept(outlet) if is_superseded}


def test_no_alert_is_sent_again(wrong: tuple[Outlet, list[Event]]) -> None:
    """What was confirmed long ago is history, whatever it is called now."""
    outlet, _ = wrong
    sent = len(outlet.alerts)
    reprocess(outlet.stores, WAY)
    outlet.serve("/a", OTHER)

    assert len(outlet.alerts) == sent


def test_a_judgement_is_kept(wrong: tuple[Outlet, list[Event]]) -> None:
    """A person's word is no difference, and is not lost."""
    outlet, _ = wrong
    outlet.clock.go(minutes=1)
    judge_event(outlet.stores, outlet.events()[0].id, Word(comment="mine"), software="test/1")
    reprocess(outlet.stores, WAY)
    (event,) = outlet.events()

    assert event.judgement is not None
    assert event.judgement.comment == "mine"
    assert reprocess(outlet.stores, WAY).changes == []


def test_articles_not_captured_since_are_left_alone(wrong: tuple[Outlet, list[Event]]) -> None:
    """`since` picks articles; those picked are looked at from their beginning."""
    outlet, right = wrong

    assert reprocess(outlet.stores, WAY, since=START + timedelta(days=9)).articles == 0
    assert reprocess(outlet.stores, WAY, since=outlet.clock.now()).captures >= 2
    assert outlet.events() == right


def test_a_page_taken_for_an_article_only_now_becomes_one(outlet: Outlet) -> None:
    """Captures that belonged to nobody begin a history."""
    for body in (page(), page(), OTHER, OTHER):
        outlet.serve("/a", body)
    right = outlet.events()
    with outlet.stores.catalogue.writing() as connection:
        for table in ("event", "version", "article_key"):
            connection.execute(text(f"DELETE FROM {table}"))  # noqa: S608 - names of ours
        connection.execute(text("UPDATE url SET article_id = NULL"))
        connection.execute(
            update(capture).values(
                article_id=None, content=None, page_kind=PageKind.EMPTY, version=None, verdict=Verdict.SUSPECT
            )
        )
        connection.execute(text("DELETE FROM article"))
    found = reprocess(outlet.stores, WAY)

    assert [event.summary for event in found.events("appearing")] == [event.summary for event in right]
    assert [event.id for event in outlet.events()] == [event.id for event in right]
    assert reprocess(outlet.stores, WAY).changes == []


def test_a_record_that_cannot_be_read_is_named_and_the_rest_goes_on(
    wrong: tuple[Outlet, list[Event]],
) -> None:
    """One line says which; what it was found to show stays."""
    outlet, _ = wrong
    outlet.serve("/b", page(headline="Another story of the day"))
    name = next(iter(outlet.stores.blobs.names()))
    with outlet.stores.catalogue.reading() as connection:
        row = connection.execute(
            text('SELECT "offset", length FROM capture ORDER BY captured_at LIMIT 1')
        ).one()
    path = Path(outlet.stores.blobs.path(name))
    data = bytearray(path.read_bytes())
    data[row[0] + 20 : row[0] + row[1] - 8] = bytes(row[1] - 28)
    path.write_bytes(bytes(data))
    found = reprocess(outlet.stores, WAY)

    (problem,) = found.problems
    assert name in problem
    assert found.captures == 3


def test_a_page_that_ended_early_is_still_no_version(outlet: Outlet) -> None:
    """Its body is not looked into, today as then; nothing else of the archive waits for it."""
    for body in (page(), page()):
        outlet.serve("/a", body)
    outlet.serve("/a", page()[:900], truncated="disconnect")

    found = reprocess(outlet.stores, WAY)

    assert found.problems == []
    assert len(outlet.versions()) == 1
