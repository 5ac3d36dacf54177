"""
A history replayed under a policy at a budget.

The adaptive policy knows the training history and what its own visits met; of several ways to place visits it
takes the one that did best on the training history.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import pairwise

from scheduler.policy.hazards import Hazards
from scheduler.policy.learning import Past, learn
from scheduler.policy.waiting import Rule
from scheduler.simulation.fitting import fit
from scheduler.simulation.history import Story, Visits
from scheduler.simulation.policies import Adaptive, Eyes, Policy, newsdiffs, uniform
from scheduler.simulation.scoring import Score, score

__all__ = ["POLICIES", "Replay", "replay"]

#: Names of the policies, the best first.
POLICIES = ("adaptive", "newsdiffs", "uniform")
#: Rules that compete on the training history. What was learnt from most of it is tried on the rest, once with
#: the end and once with the beginning held out; at most so many stories each.
RULES: tuple[Rule | None, ...] = (Rule.PATIENCE, Rule.RATE, Rule.BALANCE, None)
LEARNT_FROM, TRIAL = 0.6, 600
#: Above so many visits a story a plan's few ages are too coarse to compete.
PLANNED_UP_TO = 40.0
#: The rule for outlets of which nothing is known, and where there are too few stories to choose by.
FEWEST = 20
UNKNOWN = Rule.BALANCE
#: The rule for known outlets unless another one did better by more than chance does: this share of its delay.
USUAL, BETTER = Rule.PATIENCE, 0.92
#: Learning goes on once so many more stories were seen, in proportion; it looks at the last so many.
GROWTH, FIRST, LOOKED_AT = 1.5, 40, 400


@dataclass(frozen=True, slots=True, kw_only=True)
class Replay:
    """What a policy did with a history."""

    policy: str
    #: Which of its rules the adaptive policy took, or "".
    rule: str
    score: Score
    visits: Visits


def replay(
    stories: Sequence[Story], policy: str, *, budget: float, horizon: float, train: Sequence[Story] = ()
) -> Replay:
    """
    Replay a history.

    Args:
        budget: mean visits a story within the horizon.
        horizon: hours.
        train: history to learn from.
    """
    if policy == "adaptive":
        return _adaptive(stories, budget, horizon, train)
    plain = {"newsdiffs": newsdiffs, "uniform": uniform}[policy]
    return _replayed(policy, "", stories, budget, horizon, partial(_visits, plain, horizon))


#: Stories and a constant in, visits out.
Run = Callable[[Sequence[Story], float], Visits]


def _replayed(
    policy: str, rule: str, stories: Sequence[Story], budget: float, horizon: float, run: Run
) -> Replay:
    found = fit(lambda some, constant: _mean(run(some, constant)), stories, budget)
    visits = run(stories, found.constant)
    return Replay(policy=policy, rule=rule, score=score(stories, visits, horizon), visits=visits)


def _visits(policy: Policy, horizon: float, stories: Sequence[Story], constant: float) -> Visits:
    return {story.article: policy(story, constant, horizon).visits for story in stories}


def _mean(visits: Visits) -> float:
    return sum(map(len, visits.values())) / len(visits)


def _adaptive(stories: Sequence[Story], budget: float, horizon: float, train: Sequence[Story]) -> Replay:
    hazards = _learnt(train, horizon)
    rule = _best_rule(train, budget, horizon)

    def run(some: Sequence[Story], price: float) -> Visits:
        known = [story for story in some if story.outlet in hazards.outlets]
        strange = [story for story in some if story.outlet not in hazards.outlets]
        visits = _visits(Adaptive(hazards, rule), horizon, known, price)
        return {**visits, **_learning(hazards, strange, price, horizon)}

    return _replayed("adaptive", rule.value if rule else "plan", stories, budget, horizon, run)


def _learnt(train: Sequence[Story], horizon: float) -> Hazards:
    return learn([Past(one.outlet, one.clock, one.edits, horizon) for one in train])


def _best_rule(train: Sequence[Story], budget: float, horizon: float) -> Rule | None:
    """Return the rule under which edits that were not learnt from wait least."""
    if len(train) < FEWEST:
        return UNKNOWN
    ordered = sorted(train, key=lambda story: story.clock)
    cut = int(len(ordered) * LEARNT_FROM)
    folds = [
        (_learnt(known, horizon), held[:: max(1, len(held) // TRIAL)])
        for known, held in ((ordered[:cut], ordered[cut:]), (ordered[-cut:], ordered[:-cut]))
    ]

    def delay(rule: Rule | None) -> float:
        tried = [
            _replayed("", "", held, budget, horizon, partial(_visits, Adaptive(hazards, rule), horizon))
            for hazards, held in folds
        ]
        return sum(one.score.mean_delay_h * one.score.edits for one in tried)

    competing = [rule for rule in RULES if rule is not None or budget <= PLANNED_UP_TO]
    delays = {rule: delay(rule) for rule in competing}
    best = min(delays, key=lambda rule: delays[rule])
    return best if delays[best] < BETTER * delays[USUAL] else USUAL


def _learning(hazards: Hazards, stories: Sequence[Story], price: float, horizon: float) -> Visits:
    """Visit stories of unknown outlets in the order of first sight, learning from the visits made by then."""
    done: list[tuple[Story, Eyes]] = []
    policy, learn_at = Adaptive(hazards, UNKNOWN), FIRST
    for story in sorted(stories, key=lambda one: one.clock):
        if len(done) >= learn_at:
            pasts = [_observed(one, eyes, story.clock) for one, eyes in done[-LOOKED_AT:]]
            policy = Adaptive(learn(pasts, hazards), UNKNOWN)
            learn_at = int(len(done) * GROWTH)
        done.append((story, policy(story, price, horizon)))
    return {story.article: eyes.visits for story, eyes in done}


def _observed(story: Story, eyes: Eyes, now: float) -> Past:
    """Return what the visits up to a moment met: a change lies in the middle of the gap it was found in."""
    ages = [age for age in eyes.visits if story.clock + age <= now]
    gaps = pairwise((0.0, *ages))
    edits = [(low + high) / 2 for low, high in gaps if high in eyes.changed]
    return Past(story.outlet, story.clock, edits, ages[-1] if ages else 0.0)
