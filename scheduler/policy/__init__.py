"""When an article or a listing is visited next. Pure: the past and the present in, a moment out."""

from scheduler.policy.budgets import Demand, Prices, price_of
from scheduler.policy.learning import Past, learn
from scheduler.policy.storing import Learnt, from_values, to_values
from scheduler.policy.visits import (
    ListingPast,
    Pace,
    VisitPast,
    explain,
    next_look,
    next_visit,
    retry_after_failure,
)

__all__ = [
    "Demand",
    "Learnt",
    "ListingPast",
    "Pace",
    "Past",
    "Prices",
    "VisitPast",
    "explain",
    "from_values",
    "learn",
    "next_look",
    "next_visit",
    "price_of",
    "retry_after_failure",
    "to_values",
]
