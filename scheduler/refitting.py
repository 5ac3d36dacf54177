"""The policy fitted anew: from the ledger's confirmed edits and from what is watched now."""

import math
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection

from archive.catalog import revisits
from archive.catalog.revisits import EditHistory
from archive.opening import Stores
from archive.reading import LOAD, Load
from config import Settings
from scheduler.policy import Learnt, Pace, Past, from_values, learn, to_values
from scheduler.policy.budgets import CHEAPEST
from scheduler.weighing import Wants, every_of, wants

__all__ = [
    "REFIT_EVERY",
    "known",
    "pace_of",
    "refit",
    "refit_if_due",
]

#: Edits older than this say little about how an outlet works today.
LOOK_BACK = timedelta(days=60)
#: How often the policy is fitted anew.
REFIT_EVERY = timedelta(hours=6)
#: It is fitted at once where so many times as much is watched as at the last fit, or as a few: prices that were
#: right for an hour's articles are far too low for a day's.
GREW, FEW = 1.2, 100
DAY = timedelta(days=1)
#: More articles than these are learnt from by an even sample.
MOST_LEARNT_FROM = 20_000
#: Name under which it is kept.
NAME = "policy"
#: How far a fit goes towards what would have been right, and how far while it is off by more than this factor.
STEP, FAR_STEP, FAR_OFF = 1 / 8, 1 / 2, 1.25
#: Spending is measured over a day; what was measured for less than this says nothing.
SHORTEST = timedelta(hours=3)
#: How far the model's idea of its spending is trusted to be off.
MOST_OFF = 4.0
#: Days within which it is made up for what was spent too much or too little, and by how much of the budget at most.
MADE_UP_IN, MADE_UP = 7.0, 0.1


def pace_of(settings: Settings, learnt: Learnt | None = None) -> Pace:
    """Return the operator's pace with what was learnt."""
    return Pace(
        fixed_interval=timedelta(seconds=settings.revisit_fixed_interval),
        discovery_interval=timedelta(seconds=settings.discovery_interval),
        learnt=learnt or Learnt(),
    )


def known(stores: Stores) -> Learnt:
    """Return what was learnt last, by whatever process; the shipped priors before that."""
    with stores.catalogue.reading() as connection:
        values = revisits.get_learnt(connection, NAME)
    return Learnt() if values is None else from_values(values)


def refit_if_due(stores: Stores, settings: Settings) -> Learnt:
    """
    Learn anew where that is due and no other worker is at it; return what was learnt last, by whomever.

    It is due after a while, and at once when the operator chose another budget or pace or much more is watched.
    """
    if settings.revisit_fixed_interval:
        return Learnt()
    if _is_due(stores, settings):
        with stores.catalogue.alone(NAME) as mine:
            if mine and _is_due(stores, settings):
                return refit(stores, settings)
    return known(stores)


def _is_due(stores: Stores, settings: Settings) -> bool:
    with stores.catalogue.reading() as connection:
        at, values = revisits.learnt_at(connection, NAME), revisits.get_learnt(connection, NAME)
    if at is None or values is None or values.get("settings") != _chosen(settings):
        return True
    if not at <= stores.clock.now() < at + REFIT_EVERY:
        return True
    with stores.catalogue.reading() as connection:
        return revisits.count_watched(connection) > GREW * max(FEW, float(values.get("watched", math.inf)))


def _chosen(settings: Settings) -> list[float]:
    """Return what the operator chose that prices depend on."""
    return [settings.revisit_budget, settings.politeness_delay]


def refit(stores: Stores, settings: Settings) -> Learnt:
    """
    Learn from the ledger, set the prices for the budget, and keep both for every process.

    A fixed interval needs neither; then nothing is done.
    """
    if settings.revisit_fixed_interval:
        return Learnt()
    now = stores.clock.now()
    with stores.catalogue.reading() as connection:
        hazards = learn(observed(connection, now))
        wanted = wants(connection, now)
        since = _kept_since(connection, now, settings)
        correction = _correction(connection, now, settings.revisit_budget, since)
        debt = _debt(connection, now, settings.revisit_budget, since)
        watched = revisits.count_watched(connection)
    aim = aimed(settings.revisit_budget, debt)
    learnt = Learnt(hazards, wanted.price(hazards, aim * correction, settings))
    with stores.catalogue.writing() as connection:
        values = to_values(learnt) | {
            "correction": correction,
            "settings": _chosen(settings),
            "since": since.isoformat(),
            "watched": watched,
            "debt": debt,
            "aim": aim,
        }
        revisits.set_learnt(connection, NAME, now, values)
        revisits.set_learnt(connection, LOAD, now, asdict(_load(wanted, learnt, settings)))
    return learnt


def _load(wanted: Wants, learnt: Learnt, settings: Settings) -> Load:
    """Return how far the budget goes, and how far one without bounds would."""
    now = wanted.bought(learnt.hazards, learnt.prices)
    least = wanted.bought(learnt.hazards, wanted.price(learnt.hazards, 0.0, settings))
    return Load(
        budget=settings.revisit_budget,
        fetches=now.fetches_per_day,
        wanted=least.fetches_per_day,
        delay_h=now.mean_delay_h,
        least_delay_h=least.mean_delay_h,
        slow_hosts=least.slow_hosts,
    )


def observed(connection: Connection, now: datetime) -> list[Past]:
    """Return what articles did lately: of very many an even sample, which says as much."""
    since = now - LOOK_BACK
    every = every_of(revisits.count_seen_since(connection, since), MOST_LEARNT_FROM)
    return pasts_of(revisits.edit_histories(connection, since, every=every))


def pasts_of(histories: Iterable[EditHistory]) -> list[Past]:
    """Return histories as the policy learns from them: an edit lies in the middle of the gap it was found in."""
    return [
        Past(
            one.source,
            one.first_seen_at.timestamp() / 3600,
            sorted(_hours((before - one.first_seen_at + after - one.first_seen_at) / 2) for before, after in one.edits),
            _hours(one.last_seen_at - one.first_seen_at),
        )
        for one in histories
    ]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Spending:
    """A budget and what became of it."""

    budget: float
    #: A day, measured over so much time.
    spent: float
    over: timedelta
    #: Factor that was in force meanwhile.
    correction: float
    #: Share of the time between two fits that has gone by since the last one.
    part: float = 1.0


def corrected(past: Spending) -> float:
    """
    Return a factor on the budget nearer to the one with which the spending would have been right.

    A price takes days to show, because waits are long: who answers a day's spending at once swings about the budget.
    Part of a day says little, because days have a rhythm.
    """
    if not past.budget or not past.spent:
        return past.correction
    off = past.budget / past.spent
    is_far = past.over >= DAY and not 1 / FAR_OFF < off < FAR_OFF
    factor: float = past.correction * off ** (past.part * (FAR_STEP if is_far else STEP))
    return min(MOST_OFF, max(1 / MOST_OFF, factor))


def _correction(connection: Connection, now: datetime, budget: float, since: datetime) -> float:
    """Confirmations, signals and first visits are spent as well: learn how far the model is off."""
    values = revisits.get_learnt(connection, NAME) or {}
    before = float(values.get("correction", 1.0))
    # Where everything that is wanted is cheaper than the budget, spending less is no error.
    if not budget or float(values.get("price", 0.0)) <= CHEAPEST:
        return before if budget else 1.0
    over = min(DAY, now - since)
    if over < SHORTEST:
        return before
    spent = revisits.fetches_between(connection, now - over, now) * (DAY / over)
    at = revisits.learnt_at(connection, NAME) or now - REFIT_EVERY
    aim = float(values.get("aim", budget))
    return corrected(Spending(aim, spent, over, before, min(1.0, abs(now - at) / REFIT_EVERY)))


def aimed(budget: float, debt: float) -> float:
    """
    Return what to spend a day, so that it is made up for what was spent too much or too little.

    What is watched grows every day, so that prices lag behind: by themselves they would overspend for ever.
    """
    if not budget:
        return 0.0
    return budget * (1 - max(-MADE_UP, min(MADE_UP, debt / budget / MADE_UP_IN)))


def _debt(connection: Connection, now: datetime, budget: float, since: datetime) -> float:
    """Add up what was spent beyond the budget since that is what it is; of more than a day's nothing is remembered."""
    values, at = revisits.get_learnt(connection, NAME) or {}, revisits.learnt_at(connection, NAME)
    if not budget or at is None or not since <= at <= now:
        return 0.0
    over = revisits.fetches_between(connection, at, now) - budget * ((now - at) / DAY)
    debt = max(-budget, min(budget, float(values.get("debt", 0.0)) + over))
    # Where everything that is wanted is cheaper than the budget, nothing is saved up for later.
    return max(0.0, debt) if float(values.get("price", 0.0)) <= CHEAPEST else debt


def _kept_since(connection: Connection, now: datetime, settings: Settings) -> datetime:
    """Return since when the budget is what it is: before that it was not this one that was spent."""
    values = revisits.get_learnt(connection, NAME) or {}
    if values.get("settings") != _chosen(settings) or "since" not in values:
        return now
    return min(now, datetime.fromisoformat(values["since"]))


def _hours(span: timedelta) -> float:
    return max(0.0, span.total_seconds() / 3600)
