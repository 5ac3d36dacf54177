"""The policy fitted anew from a real ledger."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive.catalog import revisits
from scheduler.explaining import why_due
from scheduler.foresight import foresee
from scheduler.refitting import MOST_OFF, Spending, corrected, known, pace_of, refit
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


@given(st.floats(1, 1e6), st.floats(1, 1e6), st.floats(0.3, 3))
def test_a_correction_moves_towards_the_budget_and_stays_in_bounds(
    budget: float, spent: float, before: float
) -> None:
    """Who overspent yesterday is given less today, never nothing."""
    after = corrected(Spending(budget, spent, before))

    assert 1 / MOST_OFF <= after <= MOST_OFF
    assert (after <= before) == (spent >= budget) or after == pytest.approx(before)
