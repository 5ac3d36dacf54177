"""Histories replayed against the policies."""

import random
from bisect import bisect_left

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scheduler.simulation.history import Story
from scheduler.simulation.replay import POLICIES, replay
from scheduler.simulation.scoring import score

HORIZON = 168.0


def stories(count: int, seed: int, outlet: str = "a") -> list[Story]:
    """Return made-up articles: edits come early, by day, and some articles have many."""
    dice = random.Random(seed)
    found = []
    for number in range(count):
        clock, lively = 5000.0 + number * 0.2, dice.gammavariate(0.5, 2.0)
        edits, age = set(), 0.0
        while age < HORIZON:
            age += dice.expovariate(max(lively, 1e-3)) * (0.5 + age)
            if age < HORIZON and 6 <= (clock + age) % 24 < 22:
                edits.add(round(age, 4))
        found.append(Story(f"{outlet}{number}", outlet, clock, tuple(sorted(edits))))
    return found


@pytest.mark.parametrize("policy", POLICIES)
@pytest.mark.parametrize("budget", [4.0, 15.0])
def test_the_budget_is_met(policy: str, budget: float) -> None:
    """Every policy spends what it was given, within three in a hundred."""
    done = replay(stories(120, 1), policy, budget=budget, horizon=HORIZON, train=stories(120, 2))

    assert done.score.fetches_per_article == pytest.approx(budget, rel=0.03)
    assert all(0 < age <= HORIZON for ages in done.visits.values() for age in ages)


def test_the_adaptive_policy_sees_edits_sooner_than_fixed_timetables() -> None:
    """What was learnt is worth something: a tenth less delay than tiers, half of uniform visits."""
    test, train = stories(250, 1), stories(250, 2)
    delay = {
        policy: replay(test, policy, budget=8.0, horizon=HORIZON, train=train).score.mean_delay_h
        for policy in POLICIES
    }

    assert delay["adaptive"] < 0.9 * delay["newsdiffs"]
    assert delay["adaptive"] < 0.5 * delay["uniform"]


def test_the_adaptive_policy_does_not_know_the_times_of_edits() -> None:
    """Edits lie anywhere in the gap before the visit that caught them, not just before the visit."""
    test = stories(200, 1)
    done = replay(test, "adaptive", budget=15.0, horizon=HORIZON, train=stories(200, 2))
    places = []
    for story in test:
        ages = done.visits[story.article]
        for edit in story.edits:
            at = bisect_left(ages, edit)
            if at < len(ages):
                places.append((ages[at] - edit) / (ages[at] - (ages[at - 1] if at else 0.0)))

    assert 0.4 < sum(places) / len(places) < 0.7


def test_an_outlet_outside_the_training_is_learnt_on_the_way() -> None:
    """A training history of another outlet does not keep the policy from meeting its budget and beating chance."""
    test = stories(150, 1, outlet="b")
    done = replay(test, "adaptive", budget=8.0, horizon=HORIZON, train=stories(100, 2, outlet="a"))
    chance = replay(test, "uniform", budget=8.0, horizon=HORIZON)

    assert done.score.fetches_per_article == pytest.approx(8.0, rel=0.03)
    assert done.score.mean_delay_h < chance.score.mean_delay_h


@given(
    st.lists(st.floats(0.1, 167), max_size=6, unique=True),
    st.lists(st.floats(0.1, 168), max_size=12, unique=True),
)
def test_scores_agree_with_counting_by_hand(edits: list[float], visits: list[float]) -> None:
    """Delay is to the first visit at or after an edit, or to the horizon."""
    story, ages = Story("x", "a", 0.0, tuple(sorted(edits))), sorted(visits)
    found = score([story], {"x": ages}, HORIZON)
    delays = [min((age for age in ages if age >= edit), default=HORIZON) - edit for edit in story.edits]

    assert found.edits == len(edits)
    assert found.mean_delay_h == pytest.approx(sum(delays) / len(delays) if delays else 0.0)
    assert found.fetches_per_article == len(visits)
