"""What is said of a budget that is short, and of what is overdue."""

from datetime import UTC, datetime, timedelta

import pytest

from archive.catalog.revisits import Backlog
from archive.reading.load import Load, LoadStatus, load_from, words_of

NOW = datetime(2026, 7, 19, 12, tzinfo=UTC)
NONE = Backlog(overdue=0, oldest=None)
LOAD = Load(budget=1000, fetches=1000, wanted=4321, delay_h=3.0, least_delay_h=0.5, slow_hosts=0)


def status(load: Load | None = None, backlog: Backlog = NONE) -> LoadStatus:
    """Return a status."""
    return LoadStatus(at=NOW, backlog=backlog, load=load)


def test_a_short_budget_is_said_with_the_one_that_would_do() -> None:
    """By how much edits wait longer, and what would be enough."""
    (said,) = words_of(status(LOAD))

    assert "1,000 fetches a day is short" in said
    assert "waits 3.0 h in the mean, 6.0 times as long" in said
    assert "4,321 a day would be enough for 30 min" in said


@pytest.mark.parametrize(
    ("overdue", "for_", "said"),
    [
        pytest.param(1, timedelta(minutes=40), ["1 article is overdue, the longest for 40 min."], id="one"),
        pytest.param(
            1234, timedelta(hours=5), ["1,234 articles are overdue, the longest for 5.0 h."], id="many"
        ),
        pytest.param(3, timedelta(minutes=2), [], id="ordinary"),
    ],
)
def test_what_is_overdue_is_counted(overdue: int, for_: timedelta, said: list[str]) -> None:
    """How much, and for how long; the coming and going of visits is no backlog."""
    assert said == words_of(status(backlog=Backlog(overdue=overdue, oldest=NOW - for_)))


def test_hosts_that_allow_less_are_named_apart() -> None:
    """Their pace holds up nobody else."""
    free = Load(budget=0, fetches=500, wanted=500, delay_h=0.5, least_delay_h=0.5, slow_hosts=2)

    assert words_of(status(free)) == [
        "About 500 fetches a day are made; an edit waits 30 min in the mean.",
        "2 hosts allow less than that; only their own articles wait longer for it.",
    ]


def test_an_empty_home_says_nothing() -> None:
    """Neither before the policy was fitted, nor while nothing is watched, nor by values of another version."""
    empty = Load(budget=0, fetches=0, wanted=0, delay_h=0, least_delay_h=0, slow_hosts=0)

    assert words_of(status()) == words_of(status(empty)) == []
    assert load_from({"budget": 1}) is load_from(None) is None
