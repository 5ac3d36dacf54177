"""
Patience against the balance on made-up histories: where does each rule wait less, and what does a visit cost there?

    python benchmarks/rules.py [--seeds 8] [--articles 1200] [--fetches 3.7 7.4 18]

Seven kinds of newsrooms: how hazards fall with age, whether edits come in flocks, how far articles differ, whether
nights are quiet. Each rule learns from one half of a history and visits the other half for a week, at the same number
of fetches. Prints a row each, then means by newsroom, and what each threshold on the price would save.
"""

import argparse
import math
import random
import statistics
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from scheduler.policy.learning import Past, learn
from scheduler.policy.waiting import Rule
from scheduler.simulation.fitting import fit
from scheduler.simulation.history import Story
from scheduler.simulation.policies import Adaptive
from scheduler.simulation.scoring import score

WEEK = 168.0
#: Prices in hours that could divide the rules.
THRESHOLDS = (0.0, 0.07, 0.15, 0.25, 0.4, 0.7, 1.0, 1.5, 3.0, 10.0)
#: Share of a day's articles, and of its edits, in each hour.
BY_DAY = [
    0.1,
    0.1,
    0.1,
    0.1,
    0.2,
    0.5,
    1,
    1.5,
    1.7,
    1.8,
    1.8,
    1.6,
    1.6,
    1.6,
    1.6,
    1.6,
    1.5,
    1.3,
    1.1,
    1,
    0.8,
    0.6,
    0.4,
    0.2,
]
EVENLY = [1.0] * 24


@dataclass(frozen=True)
class Newsroom:
    """How a made-up outlet edits."""

    name: str
    #: Edits an hour at an age.
    hazard: Callable[[float], float]
    by_hour: list[float]
    #: Shape of the gamma distribution by which articles differ.
    shape: float
    #: Edits that an edit leads to in the mean, within about an hour.
    flock: float = 0.0


NEWSROOMS = (
    Newsroom("agency", lambda age: 0.9 * math.exp(-age / 1.0) + 0.01 * math.exp(-age / 24), BY_DAY, 1.0),
    Newsroom("daily", lambda age: 0.3 / (1 + age) ** 1.2, BY_DAY, 0.5),
    Newsroom("daily, no nights", lambda age: 0.3 / (1 + age) ** 1.2, EVENLY, 0.5),
    Newsroom("flocks", lambda age: 0.12 / (1 + age), BY_DAY, 1.0, 0.5),
    Newsroom("few that live long", lambda age: 0.05 * math.exp(-age / 72), BY_DAY, 0.15),
    Newsroom("next morning", lambda age: 0.15 * math.exp(-age / 2) + 0.1 * math.exp(-(((age - 16) / 4) ** 2)), BY_DAY, 0.8),
    Newsroom("steady", lambda _age: 0.02, EVENLY, 2.0),
)  # fmt: skip


def stories(room: Newsroom, count: int, chance: random.Random) -> list[Story]:
    """Make up articles."""
    made = []
    for number in range(count):
        # Ten days of first sights, by the hours of the newsroom.
        clock = (
            24 * 20_000
            + 24 * chance.randrange(10)
            + chance.choices(range(24), room.by_hour)[0]
            + chance.random()
        )
        lively = chance.gammavariate(room.shape, 1 / room.shape)
        edits, age = [], 0.0
        most = 1.2 * lively * max(room.hazard(step / 4) for step in range(200)) * max(room.by_hour)
        while most > 0 and (age := age + chance.expovariate(most)) < WEEK:
            rate = lively * room.hazard(age) * room.by_hour[int(clock + age) % 24]
            if chance.random() < rate / most:
                edits.append(age)
        for edit in edits:
            # The list grows while it is walked: what followed an edit is followed itself.
            if len(edits) < 100 and chance.random() < room.flock:
                edits.append(edit + chance.expovariate(1.0))
        made.append(
            Story(
                f"{room.name}-{number}",
                room.name,
                clock,
                tuple(sorted(edit for edit in edits if 0 < edit < WEEK)),
            )
        )
    return made  # fmt: skip


@dataclass(frozen=True)
class Trial:
    """Both rules at one number of fetches."""

    room: str
    seed: int
    fetches: float
    #: At which patience spends them.
    price: float
    patience: float
    balance: float

    @property
    def change(self) -> float:
        """Return by how much the balance changes the delay, as the logarithm of a factor."""
        return math.log(self.balance / self.patience)


def trial(room: Newsroom, seed: int, fetches: float, articles: int) -> Trial:
    """Let both rules visit the second half of a history."""
    made = sorted(stories(room, articles * 2, random.Random(seed)), key=lambda one: one.clock)
    known, held = made[:articles], made[articles:]
    hazards = learn([Past(one.outlet, one.clock, one.edits, WEEK) for one in known])
    delays, prices = [], []
    for rule in (Rule.PATIENCE, Rule.BALANCE):
        policy = Adaptive(hazards, rule)
        found = fit(lambda some, price, go=policy: sum(len(go(one, price, WEEK).visits) for one in some) / len(some), held, fetches)  # fmt: skip
        visits = {one.article: policy(one, found.constant, WEEK).visits for one in held}
        delays.append(score(held, visits, WEEK).mean_delay_h)
        prices.append(found.constant)
    return Trial(room.name, seed, fetches, prices[0], *delays)


def main() -> None:
    """Run and print two tables."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--seeds", type=int, default=8)
    parser.add_argument("--articles", type=int, default=1200, help="In each half of a history.")
    parser.add_argument("--fetches", type=float, nargs="+", default=[3.7, 7.4, 18.0])
    chosen = parser.parse_args()
    trials = []
    print(f"{'newsroom':<20}{'seed':>5}{'fetches':>9}{'price':>9}{'patience':>10}{'balance':>9}{'change':>8}")
    for fetches in chosen.fetches:
        for room in NEWSROOMS:
            for seed in range(chosen.seeds):
                one = trial(room, seed, fetches, chosen.articles)
                trials.append(one)
                print(f"{one.room:<20}{one.seed:>5}{one.fetches:>9.1f}{one.price:>9.3f}{one.patience:>10.3f}{one.balance:>9.3f}{one.change:>+8.1%}", flush=True)  # fmt: skip
    print("\nthe balance against patience, mean and its standard error")
    for fetches in chosen.fetches:
        for room in NEWSROOMS:
            some = [one for one in trials if (one.room, one.fetches) == (room.name, fetches)]
            logs = [one.change for one in some]
            error = statistics.stdev(logs) / math.sqrt(len(logs)) if len(logs) > 1 else math.nan
            print(f"{fetches:>5.1f} {room.name:<20} price {statistics.mean(one.price for one in some):>7.3f} {statistics.mean(logs):>+7.1%} ± {error:.1%}")  # fmt: skip
    print("\nthe balance above a price, patience below it, against patience alone")
    for threshold in THRESHOLDS:
        logs = [one.change if one.price > threshold else 0.0 for one in trials]
        print(f"{threshold:>6g} h {statistics.mean(logs):>+7.2%}")


if __name__ == "__main__":
    main()
