"""A person's word on an event: durable, before what was found, and used."""

from datetime import timedelta
from pathlib import Path

import deflate
import pytest

from archive.catalog import blocks, judgements, ledger
from archive.errors import UnknownEventError
from archive.ingest import Word, judge_event, keep_judgement
from archive.ingest.ledger import Contents
from archive.ingest.said import judgement_of_record
from archive.model import Disclosure, Event, EventKind, Judgement, Severity
from archive.warc.members import Member, walk_members
from archive.warc.reader import ReadRecord, read_member
from tests.archive.ingest.outlet import PARAGRAPHS, START, Outlet, catalogue, facts, numbered, page

OTHER = page(PARAGRAPHS[0].replace("23", "32"), *PARAGRAPHS[1:])
BANNER = "Listen to this story: our reporters read it to you, every day from six in the morning."


def _edited(outlet: Outlet) -> Event:
    for body in (page(), page(), OTHER, OTHER):
        outlet.serve("/a", body)
    (event,) = outlet.events()
    return event


def _judge(outlet: Outlet, event: Event, **word: object) -> Event:
    outlet.clock.go(minutes=1)
    return judge_event(outlet.stores, event.id, Word(**word), software="test/1")  # type: ignore[arg-type]


def _records(outlet: Outlet) -> list[ReadRecord]:
    found = [
        member
        for name in outlet.stores.blobs.names()
        for member in walk_members(outlet.stores.blobs.pieces(name))
    ]
    return [read_member(one.data) for one in found if isinstance(one, Member)]


def test_a_word_goes_before_what_was_found(outlet: Outlet) -> None:
    """Severity, disclosure, comment and tags as the person said; what nobody spoke of stays."""
    event = _edited(outlet)
    judged = _judge(outlet, event, severity=Severity.MINOR, comment="a slip", tags=("checked",))

    assert (judged.severity, judged.disclosure, judged.alert) == (Severity.MINOR, event.disclosure, True)
    assert judged.judgement is not None
    assert (judged.judgement.comment, judged.judgement.tags) == ("a slip", ("checked",))


def test_filters_go_by_the_person_too(outlet: Outlet) -> None:
    """An event judged minor is found among the minor ones."""
    _judge(outlet, _edited(outlet), severity=Severity.MINOR, disclosure=Disclosure.DISCLOSED)
    with outlet.stores.catalogue.reading() as connection:
        count = [
            ledger.count_events(connection, wanted)
            for wanted in (
                ledger.EventFilter(severities=("minor",), disclosures=("disclosed",)),
                ledger.EventFilter(severities=("material",)),
                ledger.EventFilter(disclosures=("silent",)),
            )
        ]
        (counted,) = ledger.tallies(connection)

    assert count == [1, 0, 0]
    assert (counted.events, counted.silent) == (1, 0)


def test_what_is_no_edit_raises_no_alert(outlet: Outlet) -> None:
    """It stays in the ledger for whoever asks for all."""
    _judge(outlet, _edited(outlet), is_an_edit=False)

    assert outlet.events(alerts_only=True) == []
    assert [event.alert for event in outlet.events()] == [False]


def test_what_was_called_no_edit_before_its_confirmation_is_never_alerted(outlet: Outlet) -> None:
    """The second look confirms it and tells nobody."""
    for body in (page(), page(), OTHER):
        outlet.serve("/a", body)
    _judge(outlet, outlet.events()[0], is_an_edit=False)
    outlet.serve("/a", OTHER)

    assert outlet.events()[0].confirmed_at is not None
    assert outlet.alerts == []


def test_a_later_word_adds_to_an_earlier_one(outlet: Outlet) -> None:
    """What was said before stays unless it is said anew."""
    event = _edited(outlet)
    _judge(outlet, event, is_an_edit=False, comment="a banner", tags=("one",))
    judged = _judge(outlet, event, is_an_edit=True, tags=("two",))

    assert judged.judgement is not None
    assert judged.alert
    assert (judged.judgement.comment, judged.judgement.tags) == ("a banner", ("one", "two"))


def test_an_older_record_never_replaces_a_newer_word(outlet: Outlet) -> None:
    """Records may be read in any order."""
    event = _edited(outlet)
    new = _judge(outlet, event, comment="new").judgement
    assert new is not None
    old = Judgement(
        event=new.event,
        kind=new.kind,
        to_capture=new.to_capture,
        article=new.article,
        judged_at=new.judged_at - timedelta(hours=1),
        comment="old",
    )
    with outlet.stores.catalogue.writing() as connection:
        keep_judgement(connection, old, Contents().loader(connection))

    (event,) = outlet.events()
    assert event.judgement == new


def test_the_word_is_a_metadata_record_about_the_capture(outlet: Outlet) -> None:
    """The WARC files alone know all that was said."""
    event = _edited(outlet)
    judged = _judge(outlet, event, severity=Severity.MINOR, comment="“quoted”")
    (record,) = [one for one in _records(outlet) if judgement_of_record(one) is not None]

    assert judgement_of_record(record) == judged.judgement
    assert record.uri == event.article
    assert record.fields["warc-refers-to"] in {one.id for one in _records(outlet) if one.type == "response"}


def test_other_records_hold_no_judgement(outlet: Outlet) -> None:
    """Requests, responses and foreign metadata are left alone."""
    _edited(outlet)
    foreign = ReadRecord(
        "metadata", "<urn:x:1>", "https://a.example/", START, {}, b'{"lateedition.judgement": 7}'
    )

    assert [judgement_of_record(one) for one in (*_records(outlet), foreign) if one.type != "warcinfo"] != []
    assert not any(judgement_of_record(one) for one in (*_records(outlet), foreign))


def test_a_judgement_survives_that_its_history_is_worked_out_anew(outlet: Outlet) -> None:
    """Even when a late capture gives the event another id."""
    event = _edited(outlet)
    _judge(outlet, event, comment="seen by me")
    with outlet.stores.catalogue.writing() as connection:
        # Between the last look at the old text and the first at the new one.
        catalogue(connection, facts("/a", page(), 75), source_id=outlet.source)
    (now,) = outlet.events()

    assert now.id != event.id
    assert now.judgement is not None
    assert now.judgement.comment == "seen by me"


def test_a_block_judged_as_noise_stays_out_on_this_outlet(outlet: Outlet) -> None:
    """The same line on another article is no edit there, not even before anyone looks."""
    for body in (page(), page(), page(*PARAGRAPHS, BANNER), page(*PARAGRAPHS, BANNER)):
        outlet.serve("/a", body)
    (event,) = outlet.events()
    _judge(outlet, event, is_an_edit=False)
    others = [page(*numbered(number)) for number in (1, 1)] + [page(*numbered(1), BANNER)] * 3
    for body in others:
        outlet.serve("/b", body)

    assert [event.id for event in outlet.alerts] == [event.id]
    assert [one.article for one in outlet.events()] == ["https://paper.example/a"]


def test_noise_is_forgotten_when_it_is_an_edit_after_all(outlet: Outlet) -> None:
    """A word can be taken back."""
    event = _edited(outlet)
    _judge(outlet, event, is_an_edit=False)
    _judge(outlet, event, is_an_edit=True)
    with outlet.stores.catalogue.reading() as connection:
        assert blocks.noise_of(connection, outlet.source) == {}


def test_an_event_that_is_not_there_cannot_be_judged(outlet: Outlet) -> None:
    """The message says how to find those that are."""
    with pytest.raises(UnknownEventError, match="edits --all"):
        judge_event(outlet.stores, "ab" * 16, Word(comment="?"), software="test/1")


def test_a_judgement_comes_back_from_its_json() -> None:
    """Nothing is lost on the way to the record and back."""
    said = Judgement(
        event="ab" * 16,
        kind=EventKind.EDIT,
        to_capture="cd" * 16,
        article="https://paper.example/ä",
        judged_at=START,
        is_an_edit=False,
        severity=Severity.MINOR,
        disclosure=Disclosure.NONE,
        comment="“so”",
        tags=("a", "b"),
    )

    assert judgements.judgement_from(judgements.judgement_of(said)) == said


def test_what_is_no_judgement_is_refused() -> None:
    """Half a judgement is none."""
    with pytest.raises(ValueError, match="no judgement"):
        judgements.judgement_from('{"event": "x"}')


def test_a_member_is_what_the_reader_takes(outlet: Outlet) -> None:
    """The metadata record is a gzip member of its own."""
    _judge(outlet, _edited(outlet), comment="x")
    names = list(outlet.stores.blobs.names())
    data = Path(outlet.stores.blobs.path(names[-1])).read_bytes()

    assert deflate.gzip_decompress(data, 1 << 20)[:8] == b"WARC/1.1"
