"""Policies that are replayed: a story and a constant in, the ages of its visits out."""

import random
from bisect import bisect_right
from collections.abc import Callable
from dataclasses import dataclass, field

from scheduler.policy.hazards import Course, Hazards, liveliness
from scheduler.policy.planning import Plan, plan
from scheduler.policy.waiting import Ahead, Rule, Walk, next_age
from scheduler.simulation.history import Story

__all__ = ["Adaptive", "Eyes", "Policy", "newsdiffs", "uniform"]

#: Tiers of NewsDiffs: until so long after the last change, a visit every so many hours.
TIERS = ((3.0, 0.25), (24.0, 1.0), (168.0, 3.0), (720.0, 72.0), (8640.0, 720.0))


class Eyes:
    """All that a policy may see of a story: whether it changed since the last visit."""

    def __init__(self, story: Story) -> None:
        self._edits = story.edits
        self._seen = 0
        #: Ages of the visits so far.
        self.visits: list[float] = []
        #: Those of them that met a change.
        self.changed: set[float] = set()

    def visit(self, age: float) -> bool:
        """Visit the article; tell whether it changed since the last visit."""
        self.visits.append(age)
        before, self._seen = self._seen, bisect_right(self._edits, age)
        if self._seen == before:
            return False
        self.changed.add(age)
        return True


#: Visits a story up to the horizon; the constant makes it busier or lazier.
Policy = Callable[[Story, float, float], Eyes]


def spread(article: str) -> float:
    """Return a fixed number between 0 and 1 for an article, so that steps fall apart."""
    return random.Random(article).random()  # noqa: S311 - chance, not secrecy


def newsdiffs(story: Story, factor: float, horizon: float) -> Eyes:
    """Visit by the time since the last change, in NewsDiffs's tiers stretched by a factor."""
    eyes, age, changed = Eyes(story), 0.0, 0.0
    factor *= 0.85 + 0.3 * spread(story.article)
    while True:
        since = age - changed
        step = next((every for until, every in TIERS if since < until), TIERS[-1][1])
        age += step * factor
        if age > horizon:
            return eyes
        if eyes.visit(age):
            changed = age


def uniform(story: Story, step: float, horizon: float) -> Eyes:
    """Visit every so many hours, beginning at a moment of chance."""
    eyes = Eyes(story)
    age = step * (1 - spread(story.article))
    while age <= horizon:
        if age > 0:
            eyes.visit(age)
        age += step
    return eyes


@dataclass(slots=True)
class Adaptive:
    """Visits by learnt hazards under one rule; `None` is the plan by dynamic programming."""

    hazards: Hazards
    rule: Rule | None
    #: First sights are told apart by so many hours when planning, and by quarters of an hour else.
    _courses: dict[tuple[str, int, float], Course] = field(default_factory=dict)
    _plans: dict[tuple[str, int, float, float], Plan] = field(default_factory=dict)

    def __call__(self, story: Story, price: float, horizon: float) -> Eyes:
        """Visit one story; the constant is the price of a visit in hours of delay."""
        if self.rule is None:
            return self._planned(story, price, horizon)
        eyes = Eyes(story)
        course = self._course(story.outlet, int(story.clock * 4), horizon)
        ahead = Ahead(course.cells.ages, course.rates, horizon)
        age, changed, changes = 0.0, None, 0
        while True:
            walk = Walk(
                age=age,
                cell=course.cells.cell(age),
                changed=changed,
                liveliness=liveliness(self.hazards.shape, changes, course.expected(age)),
                recency=self.hazards.recency,
            )
            following = next_age(ahead, walk, self.rule, price)
            if following is None or following >= horizon:
                return eyes
            if eyes.visit(following):
                changes += 1
                # The change lies somewhere in between; the middle is the best guess.
                changed = (age + following) / 2
            age = following

    def _planned(self, story: Story, price: float, horizon: float) -> Eyes:
        eyes, index, changes = Eyes(story), 0, 0
        outline = self._plan(story, price, horizon)
        while (index := outline.after(index, changes)) >= 0:
            changes += eyes.visit(outline.ages[index])
        return eyes

    def _plan(self, story: Story, price: float, horizon: float) -> Plan:
        part = int(story.clock) % 24 // 3 * 3
        name = story.outlet if story.outlet in self.hazards.outlets else ""
        key = (name, part, price, horizon)
        if key not in self._plans:
            # Half past the second of three hours.
            course = self._course(story.outlet, part * 4 + 6, horizon)
            ahead = Ahead(course.cells.ages, course.rates, horizon)
            self._plans[key] = plan(ahead, self.hazards.shape, price)
        return self._plans[key]

    def _course(self, outlet: str, quarter: int, horizon: float) -> Course:
        name = outlet if outlet in self.hazards.outlets else ""
        key = (name, quarter % 96, horizon)
        if key not in self._courses:
            self._courses[key] = self.hazards.of(outlet).course((quarter % 96 + 0.5) / 4, horizon)
        return self._courses[key]
