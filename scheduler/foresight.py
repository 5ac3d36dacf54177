"""What a budget of fetches would buy: delay, traffic and disk, foreseen from an archive's own past."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from archive.catalog import revisits
from archive.opening import Stores
from config import Settings
from scheduler.policy import Demand, learn, price_of
from scheduler.policy.budgets import crowds, delay_at, edits_of, visits_at
from scheduler.policy.hazards import Hazards
from scheduler.refitting import LOOK_BACK, demands_of, host_allowances, pasts_of

__all__ = ["Foresight", "Offer", "foresee"]

#: Budgets that are compared, as shares of what would be spent without one.
SHARES = (1.0, 0.5, 0.25, 0.1, 0.05)
#: Bytes of an article's answer and of its record, where nothing was captured yet.
USUAL_ANSWER = 40_000.0
#: Fewer edits than this are few.
FEW = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """One budget and what it buys."""

    fetches_per_day: float
    mean_delay_h: float
    bytes_per_day: float
    disk_per_month: float
    #: This is the budget that was asked for.
    is_asked: bool
    #: More cannot be spent.
    is_capped: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Foresight:
    """Several budgets, the largest first."""

    articles: int
    edits: int
    offers: Sequence[Offer]

    @property
    def is_guessed(self) -> bool:
        """Tell whether the archive has seen too little to say much."""
        return self.edits < FEW


@dataclass(frozen=True, slots=True)
class _Scene:
    demands: Sequence[Demand]
    hazards: Hazards
    hosts: Mapping[str, float]
    #: Bytes fetched, and bytes kept, a visit.
    fetched: float
    kept: float


def foresee(stores: Stores, settings: Settings, budget: float | None) -> Foresight:
    """Foresee one budget, or several to choose from."""
    now = stores.clock.now()
    with stores.catalogue.reading() as connection:
        pasts = pasts_of(revisits.edit_histories(connection, now - LOOK_BACK))
        demands = demands_of(revisits.watched(connection), now)
        sizes = revisits.mean_lengths(connection)
    scene = _Scene(
        demands=demands,
        hazards=learn(pasts),
        hosts=host_allowances({one.host for one in demands}, settings),
        fetched=sizes.full or USUAL_ANSWER,
        kept=sizes.any or USUAL_ANSWER / 4,
    )
    edits = sum(len(past.edits) for past in pasts)
    if not demands:
        return Foresight(articles=0, edits=edits, offers=())
    most = _offer(scene, 0.0, is_asked=False)
    wanted = [budget] if budget else [most.fetches_per_day * share for share in SHARES[1:]]
    offers = [most, *(_offer(scene, one, is_asked=budget is not None) for one in wanted)]
    return Foresight(articles=len(demands), edits=edits, offers=offers)


def _offer(scene: _Scene, budget: float, *, is_asked: bool) -> Offer:
    prices = price_of(scene.demands, scene.hazards, budget, scene.hosts)
    fetches = delayed = edits = 0.0
    for host, crowd in crowds(scene.demands, scene.hazards).items():
        price = prices.of(host)
        fetches += visits_at(crowd, price) * 24
        weight = edits_of(crowd)
        delayed += delay_at(crowd, price) * weight
        edits += weight
    return Offer(
        fetches_per_day=fetches,
        mean_delay_h=delayed / edits,
        bytes_per_day=fetches * scene.fetched,
        disk_per_month=fetches * scene.kept * 30,
        is_asked=is_asked,
        is_capped=not budget or budget > fetches * 1.01,
    )
