"""Rebuild: the WARC files alone give the same archive, and what people decided stays."""

from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import insert, select

from archive.catalog import alerts, articles, deliveries, discovered, frontier, ledger, sources
from archive.catalog.schema import event
from archive.errors import BlobStoreError
from archive.ingest import Keep, StorePolicy, import_files, rebuild
from archive.opening import Stores
from archive.reading import verify
from archive.urls import identity_key, urlkey
from tests.archive.paper import START, STORY, contents, exchange, opened, page, record, rows, story


@pytest.mark.parametrize("keep", [pytest.param(Keep.ALL, id="all"), pytest.param(Keep.CHANGES, id="changes")])
def test_a_rebuilt_home_equals_the_home(stores: Stores, keep: Keep) -> None:
    """Captures, verdicts, versions, events and their ids are as they were."""
    record(stores, story(), policy=StorePolicy(keep=keep))
    before = contents(stores)

    report = rebuild(stores)

    assert before == contents(stores)
    assert len(story()) == report.captures
    assert verify(stores, deep=True).ok


def test_a_lost_catalogue_is_made_from_the_files(stores: Stores, tmp_path: Path) -> None:
    """Without any old catalogue everything that follows from the files is there, sources by name included."""
    record(stores, story())
    lost = opened(tmp_path / "new", blobs=stores.blobs.url)

    rebuild(lost)

    assert contents(stores) == contents(lost)
    lost.close()


def test_the_software_of_then_decides(stores: Stores, monkeypatch: pytest.MonkeyPatch) -> None:
    """What was extracted once stands in the files: a rebuild looks at no page again."""
    record(stores, story())
    before = contents(stores)

    def extract(*_: object, **__: object) -> None:
        message = "a rebuild must not look at a page"
        raise AssertionError(message)

    monkeypatch.setattr("archive.text.read_again", extract)
    rebuild(stores)

    assert before == contents(stores)


def test_decisions_and_deliveries_stay(stores: Stores) -> None:
    """Sources, frontier, channels, rules and deliveries are carried over, and still point at the same things."""
    record(stores, story())
    with stores.catalogue.writing() as connection:
        row = sources.source_id(connection, "paper")
        url = articles.url_row(connection, STORY)
        assert row is not None
        assert url is not None
        sources.add_listing(
            connection, source_row=row, url="https://paper.example/feed", kind="feed", host="paper.example", due=START
        )  # fmt: skip
        named = discovered.Named(
            uri=STORY,
            urlkey=urlkey(STORY),
            host="paper.example",
            identity=identity_key(STORY),
            due=START + timedelta(days=1),
        )
        discovered.add_named(connection, [named], source_id=row)
        channel = alerts.ChannelRow(
            name="desk", url="https://desk.example", secret_env=None, is_on=True, reason=""
        )
        alerts.add_channel(connection, channel)
        alerts.add_rule(connection, alerts.RuleRow(name="all", added_at=START, definition="{}"))
        (found, *_) = ledger.events_matching(connection, ledger.EventFilter())
        sent = deliveries.DeliveryRow(
            id="ab" * 16,
            rule="all",
            channel="desk",
            state=deliveries.DeliveryState.PENDING,
            attempts=0,
            created_at=START,
            next_attempt_at=START,
        )
        deliveries.add_delivery(connection, sent, found.id, START)
        before = deliveries.deliveries(connection)

    rebuild(stores)

    with stores.catalogue.reading() as connection:
        due = frontier.due_articles(connection, {"paper.example": 5}, now=START + timedelta(days=2))
        assert [one.uri for one in due["paper.example"]] == [STORY]
        assert deliveries.deliveries(connection) == before
        assert {"desk"} == set(alerts.all_channels(connection))
    assert (rows(stores, "rule"), rows(stores, "listing")) == (1, 1)
    record(stores, [exchange(page("Twelve"), after=90)])
    assert verify(stores, deep=True).ok


def test_an_event_that_was_reported_is_never_erased(stores: Stores) -> None:
    """What the files do not give any more stays, superseded, with its deliveries."""
    record(stores, story())
    with stores.catalogue.writing() as connection:
        row = connection.execute(select(event).limit(1)).mappings().one()
        connection.execute(insert(event).values(dict(row) | {"id": "cd" * 16}))

    rebuild(stores)

    with stores.catalogue.reading() as connection:
        kept = connection.execute(select(event.c.is_superseded).where(event.c.id == "cd" * 16)).scalar_one()
    assert kept


def test_a_rebuild_that_fails_changes_nothing(stores: Stores) -> None:
    """The old catalogue serves until the new one is whole."""
    record(stores, story())
    before = contents(stores)
    beside = stores.home / "catalog.sqlite.rebuilt"

    def fall(step: str, done: int, total: int) -> None:
        if step == "catalogue":
            message = "the network is gone"
            raise BlobStoreError(message)

    with pytest.raises(BlobStoreError):
        rebuild(stores, progress=fall)

    assert before == contents(stores)
    assert not beside.exists()


def test_a_damaged_record_is_told_and_the_rest_is_rebuilt(stores: Stores) -> None:
    """One broken record costs its own capture, and is named with file and offset."""
    record(stores, [exchange(page()), exchange(page("Ten"), after=1), exchange(page("Eleven"), after=2)])
    (path,) = (stores.home / "warc").iterdir()
    data = bytearray(path.read_bytes())
    data[700] ^= 0x10
    path.write_bytes(data)
    said: list[str] = []

    report = rebuild(stores, say=said.append)

    assert report.captures == 2
    assert any(line.startswith(f"{path.name} at byte") for line in said)


def test_imported_captures_are_rebuilt_too(stores: Stores, tmp_path: Path) -> None:
    """An archive of imports and of crawls gives the same archive again."""
    other = opened(tmp_path / "other")
    record(other, story())
    record(stores, [exchange(page("Twelve"), after=70)])
    import_files(stores, sorted((tmp_path / "other" / "warc").iterdir()), software="lateedition/test")
    before = contents(stores)

    rebuild(stores)

    assert before == contents(stores)
    other.close()
