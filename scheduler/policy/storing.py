"""What was learnt, as plain values that can be kept, and back."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from scheduler.policy.budgets import Prices
from scheduler.policy.hazards import Hazards, OutletHazard, shipped

__all__ = ["Learnt", "from_values", "to_values"]


@dataclass(frozen=True, slots=True)
class Learnt:
    """Hazards and prices: all that the policy knows beyond an article's own past."""

    hazards: Hazards = field(default_factory=shipped)
    prices: Prices = field(default_factory=Prices)


def to_values(learnt: Learnt) -> dict[str, Any]:
    """Return plain values, as JSON can hold them."""
    hazards, prices = learnt.hazards, learnt.prices
    return {
        "outlets": {name: _outlet(one) for name, one in hazards.outlets.items()},
        "stranger": _outlet(hazards.stranger),
        "shape": hazards.shape,
        "recency": list(hazards.recency),
        "price": prices.everywhere,
        "prices": dict(prices.by_host or {}),
    }


def from_values(values: Mapping[str, Any]) -> Learnt:
    """Return what plain values stand for; values of another form than today's are learnt anew."""
    prior = shipped()
    stranger = _hazard(values["stranger"])
    recency = tuple(values["recency"])
    if len(stranger.by_age) != len(prior.stranger.by_age) or len(recency) != len(prior.recency):
        return Learnt()
    hazards = Hazards(
        outlets={name: _hazard(one) for name, one in values["outlets"].items()},
        stranger=stranger,
        shape=values["shape"],
        recency=recency,
    )
    return Learnt(hazards, Prices(values["price"], values["prices"]))


def _outlet(hazard: OutletHazard) -> list[list[float]]:
    return [[float(f"{rate:.4g}") for rate in rates] for rates in (hazard.by_age, hazard.by_hour)]


def _hazard(values: Any) -> OutletHazard:
    by_age, by_hour = values
    return OutletHazard(tuple(by_age), tuple(by_hour))
