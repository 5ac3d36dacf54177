"""When an article or a listing is visited next. Pure: the past and the present in, a moment out."""

from scheduler.policy.visits import ListingPast, Pace, VisitPast, next_look, next_visit, retry_after_failure

__all__ = ["ListingPast", "Pace", "VisitPast", "next_look", "next_visit", "retry_after_failure"]
