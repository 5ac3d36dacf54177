"""The outbox says the same on every engine."""

from datetime import timedelta

import pytest
from sqlalchemy import delete

from alerts.backtest import backtest
from alerts.dispatch import Dispatcher
from alerts.outbox import Outbox, RuleShelf, pace_of
from archive.catalog import alerts, deliveries
from archive.catalog.alerts import MuteRow
from archive.catalog.deliveries import DeliveryFilter, DeliveryState
from archive.catalog.search_index import is_whole
from archive.catalog.search_tables import search_state
from archive.opening import open_stores
from tests.alerts.conftest import NOON, Ledger, a_rule, an_event
from tests.archive.servers import new_database, running_postgres

HOUR = timedelta(hours=1)


@pytest.fixture(scope="module")
def postgres():
    """A running PostgreSQL."""
    with running_postgres() as address:
        yield address


@pytest.fixture(params=["sqlite", "postgres"])
def anyhome(request, tmp_path, clock):
    """A home at noon, on each engine."""
    clock.time = NOON
    url = new_database(request.getfixturevalue("postgres")) if request.param == "postgres" else ""
    stores = open_stores(tmp_path / "home", catalogue=url, clock=clock)
    yield Ledger(stores)
    stores.close()


@pytest.fixture
def outbox(settings, clock):
    """The outbox of the home."""
    return Outbox.of(settings, clock)


@pytest.fixture
def take(anyhome, settings, clock):
    """Take what is due, as a deliverer does, and give the events of each message."""

    def run() -> list[int]:
        dispatcher = Dispatcher(pace=pace_of(settings), shelf=RuleShelf(), late=HOUR, lease=HOUR / 60)
        with anyhome.stores.catalogue.writing() as connection:
            errands = dispatcher.take(connection, clock.now(), {})
            deliveries.settle_all(
                connection,
                [
                    {
                        "id": one.row.id,
                        "state": DeliveryState.SENT,
                        "sent_at": clock.now(),
                        "next_attempt_at": None,
                    }
                    for one in errands
                ],
            )
        return sorted(len(one.events) for one in errands)

    return run


def test_single_messages_groups_and_repeats(anyhome, outbox, take, clock):
    """Three alone; two of one article together; none of them twice."""
    anyhome.channel()
    anyhome.rule(a_rule("each"))
    anyhome.rule(a_rule("burst", group="article", article="*story-1.html"))
    events = [an_event(1), an_event(2), an_event(3, article=an_event(1).article)]
    anyhome.confirm(outbox, *events)
    anyhome.confirm(outbox, *events)

    assert take() == [1, 1, 1]
    clock.go(minutes=2)
    assert take() == [2]
    assert take() == []


def test_what_is_late_or_beyond_a_cap_is_gathered(anyhome, outbox, take, clock):
    """Six of the night in one message; then two an hour."""
    anyhome.channel(cap=2)
    anyhome.rule(a_rule())
    anyhome.confirm(outbox, *[an_event(n) for n in range(6)])
    clock.go(hours=8)
    assert take() == [6]
    anyhome.confirm(outbox, *[an_event(n, confirmed_at=clock.now()) for n in range(6, 11)])

    assert take() == [5]
    anyhome.confirm(outbox, *[an_event(n, confirmed_at=clock.now()) for n in range(11, 14)])
    assert take() == []
    assert [row.state for row in anyhome.rows()].count(DeliveryState.HELD) == 1
    clock.go(hours=1)
    assert take() == [3]


def test_the_log_is_narrowed_counted_and_forgotten(anyhome, outbox, take, clock):
    """By rule, channel and state; and what a rule matched is known."""
    anyhome.channel()
    anyhome.rule(a_rule("first"))
    anyhome.rule(a_rule("second"))
    anyhome.confirm(outbox, an_event(1), an_event(2))
    take()
    with anyhome.stores.catalogue.writing() as connection:
        wanted = DeliveryFilter(rules=("first",), channels=("desk",), states=("sent",), since=NOON)
        found = deliveries.deliveries(connection, wanted)
        matches = alerts.matches_of_rules(connection)
        counts = deliveries.count_by_state(connection, "desk")
        gone = deliveries.forget_before(connection, NOON + timedelta(seconds=1))

    assert len(found) == 2
    assert (matches["second"].count, matches["second"].last_at) == (2, NOON)
    assert counts == {"sent": 4}
    assert gone == 4
    assert anyhome.rows() == []


def test_mutes_come_and_go(anyhome):
    """A number takes one back."""
    with anyhome.stores.catalogue.writing() as connection:
        number = alerts.add_mute(connection, MuteRow(rule="x", until=NOON + HOUR, added_at=NOON))
        held = alerts.mutes_at(connection, NOON)
        over = alerts.mutes_at(connection, NOON + HOUR)
        is_gone = alerts.remove_mute(connection, number)

    assert [one.rule for one in held] == ["x"]
    assert over == []
    assert is_gone


@pytest.mark.parametrize(
    ("table", "count"),
    [
        pytest.param({}, 5, id="everything"),
        pytest.param({"headline": "money"}, 5, id="headline"),
        pytest.param({"contains": "nosuchword", "any": [{"headline": "zebra"}]}, 0, id="headline-without"),
        pytest.param({"source": "news.example", "severity": "material"}, 5, id="columns"),
        pytest.param({"contains": "70 works", "added": "70"}, 5, id="words"),
        pytest.param({"contains": "zebra"}, 0, id="no-word"),
        pytest.param({"language": "en", "max-age-h": 24, "not": {"source": "x"}}, 5, id="text"),
    ],
)
def test_a_back_test_finds_what_the_rule_would_have_sent(anyhome, outbox, table, count):
    """The same as matching one event after another, whether or not the full-text index is there to be asked."""
    anyhome.confirm(outbox, *[an_event(number) for number in range(5)])
    found = []
    for has_index in (True, False):
        with anyhome.stores.catalogue.writing() as connection:
            if not has_index:
                connection.execute(delete(search_state))
            assert is_whole(connection) is has_index
            found.append(list(backtest(connection, a_rule(**table), NOON - HOUR, NOON)))

    assert [len(events) for events in found] == [count, count]
