"""What a budget of fetches would buy: delay, traffic and disk, foreseen from an archive's own past."""

from collections.abc import Sequence
from dataclasses import dataclass

from archive.catalog import revisits
from archive.opening import Stores
from config import Settings
from scheduler.policy import learn
from scheduler.policy.hazards import Hazards
from scheduler.refitting import observed
from scheduler.weighing import Wants, wants

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
    wants: Wants
    hazards: Hazards
    settings: Settings
    #: Bytes fetched, and bytes kept, a visit.
    fetched: float
    kept: float


def foresee(stores: Stores, settings: Settings, budget: float | None) -> Foresight:
    """Foresee one budget, or several to choose from."""
    now = stores.clock.now()
    with stores.catalogue.reading() as connection:
        pasts = observed(connection, now)
        wanted = wants(connection, now)
        sizes = revisits.mean_lengths(connection)
    scene = _Scene(
        wants=wanted,
        hazards=learn(pasts),
        settings=settings,
        fetched=sizes.full or USUAL_ANSWER,
        kept=sizes.any or USUAL_ANSWER / 4,
    )
    edits = sum(len(past.edits) for past in pasts)
    if not wanted.demands:
        return Foresight(articles=0, edits=edits, offers=())
    most = _offer(scene, 0.0, is_asked=False)
    asked = [budget] if budget else [most.fetches_per_day * share for share in SHARES[1:]]
    offers = [most, *(_offer(scene, one, is_asked=budget is not None) for one in asked)]
    return Foresight(articles=len(wanted.demands) * wanted.every, edits=edits, offers=offers)


def _offer(scene: _Scene, budget: float, *, is_asked: bool) -> Offer:
    prices = scene.wants.price(scene.hazards, budget, scene.settings)
    bought = scene.wants.bought(scene.hazards, prices)
    fetches = bought.fetches_per_day
    return Offer(
        fetches_per_day=fetches,
        mean_delay_h=bought.mean_delay_h,
        bytes_per_day=fetches * scene.fetched,
        disk_per_month=fetches * scene.kept * 30,
        is_asked=is_asked,
        is_capped=not budget or budget > fetches * 1.01,
    )
