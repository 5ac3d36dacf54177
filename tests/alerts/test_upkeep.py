"""Upkeep: what cannot arrive is given up, what is old forgotten, and trouble with the watch itself is told once."""

import json
from datetime import timedelta

import pytest

from alerts.outbox import Outbox
from alerts.upkeep import KEPT, SILENT_FOR, Upkeep, notices
from archive.catalog import alerts, deliveries, sources
from archive.catalog.alerts import RuleMatches
from archive.catalog.deliveries import DeliveryState
from archive.catalog.sources import Problem
from archive.model import Source
from archive.reading import SourceStatus
from tests.alerts.conftest import NOON, a_rule, an_event

DAY = timedelta(days=1)


@pytest.fixture
def outbox(settings, clock):
    """The outbox of the home."""
    return Outbox.of(settings, clock)


@pytest.fixture
def upkeep(home):
    """Upkeep of the home."""
    return Upkeep(home.stores, give_up=DAY)


def a_status(health: str = "failing", *problems: Problem) -> SourceStatus:
    """Return a source that fares so."""
    source = Source(name="news.example", url="x", kind="outlet", is_paused=False, added_at=NOON)
    return SourceStatus(
        source=source, health=health, reason="", advice="", problems=problems, listings=(), articles=3
    )


def a_problem(hours: float = 0) -> Problem:
    """Return a problem so many hours after noon."""
    return Problem(
        at=NOON + timedelta(hours=hours),
        uri="https://news.example/feed",
        reason="http_503",
        detail="unavailable",
    )


@pytest.mark.parametrize("off", [True, False], ids=["off", "failing-for-a-day"])
def test_what_waits_for_a_channel_that_is_gone_is_given_up_after_a_day(home, outbox, upkeep, clock, off):
    """The rows end; those of other channels and of today wait on."""
    home.channel("desk")
    home.channel("other")
    home.rule(a_rule(to=["desk", "other"]))
    home.confirm(outbox, an_event(1))
    with home.stores.catalogue.writing() as connection:
        gone = {"is_on": False, "reason": "410"} if off else {"failures": 9, "failing_since": NOON}
        alerts.update_channel(connection, "desk", **gone)
    clock.go(days=1)
    home.confirm(outbox, an_event(2, confirmed_at=clock.now()))
    upkeep.run()
    states = {(row.channel, row.created_at): row.state for row in home.rows()}

    assert states[("desk", NOON)] is DeliveryState.DEAD
    assert list(states.values()).count(DeliveryState.PENDING) == 3


def test_the_log_is_kept_for_ninety_days(home, outbox, upkeep, clock):
    """What is done with is forgotten then; what still waits is not."""
    home.channel()
    home.rule(a_rule())
    home.confirm(outbox, an_event(1), an_event(2))
    sent, waiting = home.rows()
    with home.stores.catalogue.writing() as connection:
        deliveries.settle(connection, sent.id, state=DeliveryState.SENT, sent_at=NOON, next_attempt_at=None)
    clock.go(days=KEPT.days)
    upkeep.run()
    assert len(home.rows()) == 2
    clock.go(seconds=1)
    upkeep.run()

    assert [row.id for row in home.rows()] == [waiting.id]
    assert len(home.carried()[0]) == 1


def test_a_source_that_fails_for_a_day_is_told_once(home, upkeep, clock):
    """To the channels that watch over the watch, and to no other."""
    home.channel("desk", is_watchdog=True)
    home.channel("other")
    with home.stores.catalogue.writing() as connection:
        row = sources.add_source(connection, a_status().source)
        sources.add_problem(connection, row, a_problem())
    upkeep.run()
    assert home.rows() == []
    clock.go(hours=24)
    upkeep.run()
    upkeep.run()
    [row] = home.rows()

    assert (row.rule, row.channel) == ("watchdog", "desk")
    assert "http_503" in json.loads(row.notice)["text"]


@pytest.mark.parametrize("health", ["ok", "degraded", "paused"])
def test_a_source_that_works_is_not_told_of(health):
    """Nor one that somebody paused."""
    assert notices([a_status(health, a_problem())], [], NOON + DAY) == []


def test_the_same_trouble_has_the_same_key_and_another_day_another_one():
    """So that it is told once, and again when it comes back."""
    [first] = notices([a_status("failing", a_problem(1), a_problem(0))], [], NOON + DAY)
    [again] = notices([a_status("failing", a_problem(2), a_problem(0))], [], NOON + DAY)
    [later] = notices([a_status("failing", a_problem(48))], [], NOON + 2 * DAY)

    assert first.key == again.key != later.key


@pytest.mark.parametrize(
    ("added", "last", "told"),
    [
        pytest.param(SILENT_FOR, None, True, id="never-matched"),
        pytest.param(SILENT_FOR - DAY, None, False, id="new"),
        pytest.param(SILENT_FOR * 3, SILENT_FOR, True, id="long-ago"),
        pytest.param(SILENT_FOR * 3, DAY, False, id="yesterday"),
    ],
)
def test_a_rule_that_matches_nothing_for_long_is_told(added, last, told):
    """It may be spelled wrongly, or its outlet gone."""
    matches = None if last is None else RuleMatches(count=1, last_at=NOON - last)

    assert bool(notices([], [("typo", NOON - added, matches)], NOON)) is told
