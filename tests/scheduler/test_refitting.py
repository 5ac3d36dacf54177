"""The policy fitted anew from a real ledger."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive.catalog import discovered, revisits, sources
from archive.model import Source
from scheduler.explaining import why_due
from scheduler.foresight import foresee
from scheduler.refitting import (
    MADE_UP,
    MOST_OFF,
    REFIT_EVERY,
    Spending,
    aimed,
    corrected,
    known,
    pace_of,
    refit,
    refit_if_due,
)
from tests.conftest import StillClock
from tests.scheduler.conftest import Home
from tests.scrapers.outlet import open_outlet


def test_what_one_process_learns_every_process_knows(home: Home, press) -> None:
    """A refit reads the ledger and the frontier, and keeps what it learnt in the catalogue."""
    open_outlet(press)
    home.watch(press.base + "/")
    home.crawl()
    learnt = refit(home.stores, home.settings)

    assert learnt.hazards.outlets
    assert known(home.stores).hazards.outlets.keys() == learnt.hazards.outlets.keys()


def test_every_article_has_a_reason_for_its_next_visit(home: Home, press) -> None:
    """`sources show` can say of each article why it is due when it is."""
    open_outlet(press)
    source = home.watch(press.base + "/")
    home.crawl()
    pace = pace_of(home.settings, known(home.stores))
    with home.stores.catalogue.reading() as connection:
        said = [
            why_due(one, pace, home.stores.clock.now())
            for one in revisits.upcoming(connection, source.name, 50)
        ]

    assert said
    assert all(said)


def test_less_budget_buys_more_delay(home: Home, press) -> None:
    """An operator sees what each budget costs and what it saves."""
    open_outlet(press)
    home.watch(press.base + "/")
    home.crawl()
    seen = foresee(home.stores, home.settings, None)
    delays = [one.mean_delay_h for one in seen.offers]

    assert seen.articles > 0
    assert delays == sorted(delays)
    assert seen.offers[0].fetches_per_day > seen.offers[-1].fetches_per_day


def _fitted_at(home: Home) -> datetime | None:
    with home.stores.catalogue.reading() as connection:
        return revisits.learnt_at(connection, "policy")


def test_the_policy_is_fitted_once_for_all_workers(home: Home) -> None:
    """Not while another worker is at it, nor while the last fit is fresh; its word is taken over."""
    with home.stores.catalogue.alone("policy"):
        refit_if_due(home.stores, home.settings)
        during = _fitted_at(home)
    refit_if_due(home.stores, home.settings)
    first = _fitted_at(home)
    refit_if_due(home.stores, home.settings)

    assert during is None
    assert first is not None
    assert _fitted_at(home) == first


def test_the_policy_is_fitted_again_after_a_while_and_for_another_budget(
    home: Home, clock: StillClock
) -> None:
    """Time passed, the operator's choice, and a clock that was set back each make it due."""
    stores, budget = replace(home.stores, clock=clock), 100.0
    fitted = []
    for settings, hours in ((home.settings, 0), (home.settings, 6), (replace(home.settings, revisit_budget=budget), 1), (replace(home.settings, revisit_budget=budget), -3)):  # fmt: skip
        clock.go(hours=hours)
        refit_if_due(stores, settings)
        fitted.append(_fitted_at(home) == clock.now())

    assert fitted == [True] * 4
    assert timedelta(hours=6) == REFIT_EVERY


def test_the_policy_is_fitted_again_when_much_more_is_watched(home: Home, clock: StillClock) -> None:
    """Prices that were right for the first hundred articles are not kept while hundreds more come in."""
    stores, fitted = replace(home.stores, clock=clock), []
    for upto in (100, 110, 200, 220):
        with stores.catalogue.writing() as connection:
            row = sources.source_id(connection, "s") or sources.add_source(
                connection,
                Source(name="s", url="https://s.example", kind="site", is_paused=False, added_at=clock.now()),
            )
            names = [
                discovered.Named(
                    uri=f"https://s.example/{one}",
                    urlkey="",
                    host="s.example",
                    identity=f"{one}",
                    due=clock.now(),
                )
                for one in range(upto)
            ]
            discovered.add_named(connection, names, source_id=row)
        clock.go(minutes=20)
        refit_if_due(stores, home.settings)
        fitted.append(_fitted_at(home) == clock.now())

    assert fitted == [True, False, True, False]


@given(st.floats(1, 1e6), st.floats(-1, 1))
def test_what_was_overspent_is_made_up_for_within_days(budget: float, share: float) -> None:
    """Less than the budget is aimed at, or more, in proportion and never by more than a tenth."""
    aim = aimed(budget, share * budget)

    assert budget * (1 - MADE_UP) * 0.999 <= aim <= budget * (1 + MADE_UP) * 1.001
    assert (aim - budget) * share <= 0
    assert abs(share) < 0.01 or aim != budget


def test_a_debt_is_kept_from_fit_to_fit(home: Home, press, clock: StillClock) -> None:
    """What was spent beyond the budget lowers the aim of the fits that follow."""
    open_outlet(press)
    home.watch(press.base + "/")
    home.crawl()
    start = min(one.captured_at for one in home.archive.captures()) - timedelta(minutes=1)
    spent = len(list(home.archive.captures()))
    stores, settings = replace(home.stores, clock=clock), replace(home.settings, revisit_budget=float(spent))
    debts, aims = [], []
    for hours in (0, 6, 6):
        clock.time = start if not debts else clock.time
        clock.go(hours=hours)
        refit(stores, settings)
        _make_dear(home, at=clock.now())
        with home.stores.catalogue.reading() as connection:
            values = revisits.get_learnt(connection, "policy") or {}
        debts.append(values["debt"])
        aims.append(values["aim"])

    assert debts == pytest.approx([0.0, 0.75 * spent, 0.5 * spent])
    assert aims[0] == spent
    assert aims[1] < aims[2] < spent


def test_a_budget_that_is_short_is_said_with_what_would_be_enough(home: Home, press) -> None:
    """By how much edits wait longer, and how many fetches a day would be enough; nothing while there is no budget."""
    open_outlet(press)
    home.watch(press.base + "/")
    home.crawl()
    refit(home.stores, home.settings)
    free = home.archive.load()
    refit(home.stores, replace(home.settings, revisit_budget=20.0))
    short = home.archive.load()
    assert free.load is not None
    assert short.load is not None

    assert (free.is_over, short.is_over) == (False, True)
    assert short.load.wanted == pytest.approx(free.load.fetches)
    assert short.load.fetches == pytest.approx(20, rel=0.01)
    assert short.load.delay_h > free.load.delay_h == short.load.least_delay_h


@given(st.floats(1, 1e6), st.floats(1, 1e6), st.floats(0.3, 3), st.integers(3, 24))
def test_a_correction_moves_towards_the_budget_and_stays_in_bounds(
    budget: float, spent: float, before: float, hours: int
) -> None:
    """Who overspent is given less, never nothing, and never less than would have been right."""
    after = corrected(Spending(budget, spent, timedelta(hours=hours), before))
    right = before * budget / spent

    assert 1 / MOST_OFF <= after <= MOST_OFF
    assert (after <= before) == (spent >= budget) or after == pytest.approx(before)
    assert min(before, right) * 0.999 <= after <= max(before, right) * 1.001 or after in (MOST_OFF, 1 / MOST_OFF)  # fmt: skip


def test_a_whole_day_far_off_is_answered_more_than_a_part_of_one() -> None:
    """At night less is spent than by day: six hours of it are no reason to spend much more."""
    part, whole = (corrected(Spending(100, 50, timedelta(hours=hours), 1.0)) for hours in (6, 24))

    assert 1 < part < whole < 2


def test_spending_is_held_against_the_time_in_which_it_was_spent(
    home: Home, press, clock: StillClock
) -> None:
    """Six hours after the start, a quarter of the day's budget is all of it, not too little."""
    open_outlet(press)
    home.watch(press.base + "/")
    home.crawl()
    with home.stores.catalogue.reading() as connection:
        spent = len(list(home.archive.captures()))
        start = min(one.captured_at for one in home.archive.captures()) - timedelta(minutes=1)
        assert revisits.fetches_between(connection, start, start + timedelta(hours=6)) == spent > 1
    clock.time = start
    stores = replace(home.stores, clock=clock)
    settings = replace(home.settings, revisit_budget=4.0 * spent)
    factors = []
    for wanted in (settings, replace(settings, revisit_budget=2.0 * spent)):
        clock.time = start
        refit(stores, wanted)
        _make_dear(home)
        clock.go(hours=6)
        refit(stores, wanted)
        with home.stores.catalogue.reading() as connection:
            factors.append((revisits.get_learnt(connection, "policy") or {})["correction"])

    assert factors[0] == pytest.approx(1.0)
    assert factors[1] < 0.95


def _make_dear(home: Home, at: datetime | None = None) -> None:
    """Let the last fit have had a price, as if more were watched than its budget is enough for."""
    with home.stores.catalogue.writing() as connection:
        values = revisits.get_learnt(connection, "policy") or {}
        revisits.set_learnt(connection, "policy", at or home.stores.clock.now(), values | {"price": 1.0, "correction": 1.0})  # fmt: skip
