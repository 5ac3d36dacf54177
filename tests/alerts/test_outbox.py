"""The outbox: one row for a rule, an event and a channel, grouped, held, muted or too old."""

import itertools
from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from alerts import outbox as outbox_module
from alerts.outbox import Outbox
from archive.catalog import alerts
from archive.catalog.alerts import MuteRow
from archive.catalog.deliveries import DeliveryState
from archive.model import EventKind
from tests.alerts.conftest import NOON, a_rule, an_event

NUMBERS = itertools.count()


@pytest.fixture
def outbox(settings, clock):
    """The outbox of a home whose bursts end after a minute."""
    return Outbox.of(settings, clock)


def test_an_event_has_a_row_for_every_rule_and_channel(home, outbox):
    """Two rules, three channels between them."""
    home.rule(a_rule("first", to=["desk", "night"]))
    home.rule(a_rule("second", to="desk"))
    home.confirm(outbox, an_event())

    assert sorted((row.rule, row.channel) for row in home.rows()) == [
        ("first", "desk"),
        ("first", "night"),
        ("second", "desk"),
    ]


def test_an_event_is_never_put_on_its_way_twice(home, outbox):
    """A second look at the same event changes nothing."""
    home.rule(a_rule())
    home.confirm(outbox, an_event())
    before = home.rows()
    home.confirm(outbox, an_event())

    assert home.rows() == before
    assert len(before) == 1


def test_a_transaction_that_fails_takes_its_alerts_along(home, outbox):
    """An event and its deliveries are written together or not at all."""
    home.rule(a_rule())

    def fails(connection, events):
        outbox(connection, events)
        raise RuntimeError

    with pytest.raises(RuntimeError):
        home.confirm(fails, an_event())

    assert home.rows() == []


def test_what_was_confirmed_before_a_rule_was_added_is_history_to_it(home, outbox):
    """Nobody asked for it then."""
    home.rule(a_rule())
    home.confirm(outbox, an_event(confirmed_at=NOON - timedelta(hours=2)))

    assert home.rows() == []


def test_an_event_of_last_week_is_not_sent(home, outbox):
    """An import of old files alerts nobody, however old the rule."""
    home.rule(replace(a_rule(), added_at=NOON - timedelta(days=400)))
    home.confirm(outbox, an_event(confirmed_at=NOON - timedelta(days=7)))

    assert home.rows() == []


def test_a_rule_that_comes_or_goes_is_noticed(home, outbox):
    """The outbox of a running crawl reads rules anew when they change."""
    home.rule(a_rule("first"))
    home.confirm(outbox, an_event(1))
    with home.stores.catalogue.writing() as connection:
        alerts.remove_rule(connection, "first")
    home.rule(a_rule("second", severity="material"))
    home.confirm(outbox, an_event(2))

    assert sorted(row.rule for row in home.rows()) == ["first", "second"]


def test_a_burst_of_one_article_is_one_message(home, outbox):
    """Each edit puts the sending off by the pause that ends a burst."""
    home.rule(a_rule(group="article"))
    article = "https://news.example/burst.html"
    for number in range(3):
        at = NOON + timedelta(seconds=20 * number)
        home.confirm(outbox, an_event(number, article=article, confirmed_at=at))
    home.confirm(outbox, an_event(9))
    [burst, other] = sorted(home.rows(), key=lambda row: row.created_at, reverse=False)[:2]
    if burst.open_key and article not in burst.open_key:
        burst, other = other, burst

    assert sorted(map(len, home.carried())) == [1, 3]
    assert burst.next_attempt_at == NOON + timedelta(seconds=40 + 60)
    assert other.next_attempt_at == NOON + timedelta(seconds=60)


def test_a_burst_that_never_ends_is_sent_all_the_same(home, outbox, clock):
    """After ten pauses whoever waits has waited enough."""
    home.rule(a_rule(group="article"))
    times = [clock.go(seconds=30) for _ in range(30)]
    edits = [an_event(n, article="https://news.example/live", confirmed_at=at) for n, at in enumerate(times)]
    home.confirm(outbox, *edits)
    [row] = home.rows()

    assert row.next_attempt_at == row.created_at + timedelta(seconds=600)


@pytest.mark.parametrize(
    ("group", "due"),
    [
        pytest.param("hour", NOON + timedelta(hours=1), id="hour"),
        pytest.param("day", NOON + timedelta(hours=20), id="day"),
    ],
)
def test_a_digest_gathers_all_articles(home, outbox, group, due):
    """What comes within the hour, or before eight in the morning, shares a message."""
    home.rule(a_rule(group=group))
    for number in range(3):
        home.confirm(outbox, an_event(number, confirmed_at=NOON + timedelta(minutes=number)))
    [row] = home.rows()

    assert row.next_attempt_at == due
    assert row.state is DeliveryState.PENDING
    assert len(home.carried()[0]) == 3


def test_a_digest_that_is_full_begins_another(home, outbox, monkeypatch):
    """A message has a bounded size."""
    monkeypatch.setattr(outbox_module, "MOST_EVENTS", 2)
    home.rule(a_rule(group="hour"))
    home.confirm(outbox, *[an_event(number) for number in range(5)])

    assert sorted(map(len, home.carried())) == [1, 2, 2]


def test_quiet_hours_hold_what_is_found_in_them(home, outbox):
    """The event is matched and listed; it waits for the end."""
    home.rule(a_rule(quiet="11:00-13:00"))
    home.confirm(outbox, an_event())
    [row] = home.rows()

    assert row.state is DeliveryState.HELD
    assert row.next_attempt_at == NOON + timedelta(hours=1)
    assert "quiet" in row.last_error


@pytest.mark.parametrize(
    "muted",
    [
        pytest.param({"rule": "all"}, id="rule"),
        pytest.param({"source": "news.example"}, id="source"),
        pytest.param({"article": an_event().article}, id="article"),
        pytest.param(
            {"rule": "all", "source": "news.example", "article": an_event().article}, id="all-of-it"
        ),
        pytest.param({}, id="everything"),
    ],
)
def test_what_is_muted_is_listed_and_not_sent(home, outbox, muted):
    """It can be sent later by hand."""
    home.rule(a_rule())
    with home.stores.catalogue.writing() as connection:
        alerts.add_mute(connection, MuteRow(added_at=NOON, until=NOON + timedelta(hours=1), **muted))
    home.confirm(outbox, an_event())

    assert [(row.state, row.last_error) for row in home.rows()] == [(DeliveryState.DEAD, "muted")]


@pytest.mark.parametrize(
    "muted",
    [
        pytest.param({"rule": "other"}, id="other-rule"),
        pytest.param({"source": "other.example"}, id="other-source"),
        pytest.param({"article": "https://news.example/other"}, id="other-article"),
        pytest.param({"rule": "all", "until": NOON}, id="over"),
    ],
)
def test_a_mute_that_means_something_else_keeps_nothing_back(home, outbox, muted):
    """Nor does one that is over."""
    home.rule(a_rule())
    with home.stores.catalogue.writing() as connection:
        alerts.add_mute(connection, MuteRow(added_at=NOON, **muted))
    home.confirm(outbox, an_event())

    assert [row.state for row in home.rows()] == [DeliveryState.PENDING]


def test_when_half_an_outlet_changes_at_once_it_is_held_together(home, outbox):
    """From the twentieth article on it looks like a new template, and becomes one message."""
    home.rule(a_rule())
    home.confirm(outbox, *[an_event(number) for number in range(19)])
    for number in range(19, 25):
        home.confirm(outbox, an_event(number))
    states = [row.state for row in home.rows()]
    [held] = [row for row in home.rows() if row.state is DeliveryState.HELD]

    assert states.count(DeliveryState.PENDING) == 19
    assert "redesign of news.example is suspected" in held.last_error
    assert max(map(len, home.carried())) == 6


def test_a_busy_desk_is_no_redesign(home, outbox):
    """Twenty-five edits among a hundred articles that were looked at are news."""
    home.rule(a_rule())
    with home.stores.catalogue.writing() as connection:
        for number in range(100, 200):
            home.add(connection, an_event(number, alert=False, confirmed_at=None))
    home.confirm(outbox, *[an_event(number) for number in range(25)])

    assert {row.state for row in home.rows()} == {DeliveryState.PENDING}


def test_alerts_wait_while_a_redesign_is_known(home, outbox):
    """The redesign itself is told at once."""
    home.rule(a_rule())
    redesign = an_event(1, kind=EventKind.REDESIGN, operations=(), severity=None)
    home.confirm(outbox, redesign)
    home.confirm(outbox, an_event(2))

    assert [row.state for row in home.rows()].count(DeliveryState.HELD) == 1


@hypothesis_settings(
    max_examples=10, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None
)
@given(
    order=st.lists(st.integers(0, 5), min_size=1, max_size=8),
    group=st.sampled_from(["none", "article", "hour", "day"]),
)
def test_every_event_is_carried_exactly_once(home, outbox, order, group):
    """Whatever the grouping, and however often an event is looked at."""
    name = f"rule {next(NUMBERS)}"
    home.rule(a_rule(name, group=group))
    for number in order:
        home.confirm(outbox, an_event(number))
    rows = {row.id: row for row in home.rows()}
    mine = [
        event
        for row, events in zip(home.rows(), home.carried(), strict=True)
        if rows[row.id].rule == name
        for event in events
    ]
    with home.stores.catalogue.writing() as connection:
        alerts.remove_rule(connection, name)

    assert sorted(mine) == sorted({an_event(number).id for number in order})
