"""What a schedule of visits caught, and how late."""

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass

from scheduler.simulation.history import Story, Visits

__all__ = ["Score", "score"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Score:
    """The numbers of one policy at one budget."""

    articles: int
    fetches_per_article: float
    edits: int
    #: Share of edits whose text was fetched before the next edit.
    caught_own_version: float
    mean_delay_h: float
    p50_delay_h: float
    p90_delay_h: float
    within_1h: float


def score(stories: Sequence[Story], visits: Visits, horizon: float) -> Score:
    """Score a schedule; an edit that no visit caught is charged up to the horizon."""
    delays: list[float] = []
    fetches = own = hour = 0
    for story in stories:
        ages = visits.get(story.article, ())
        fetches += len(ages)
        for number, edit in enumerate(story.edits):
            at = bisect_left(ages, edit)
            caught = ages[at] if at < len(ages) else None
            delays.append((horizon if caught is None else caught) - edit)
            if caught is not None:
                later = story.edits[number + 1 : number + 2]
                own += not later or caught < later[0]
                hour += caught - edit <= 1
    delays.sort()
    count = len(delays) or 1
    return Score(
        articles=len(stories),
        fetches_per_article=fetches / len(stories),
        edits=len(delays),
        caught_own_version=own / count,
        mean_delay_h=sum(delays) / count,
        p50_delay_h=_quantile(delays, 0.5),
        p90_delay_h=_quantile(delays, 0.9),
        within_1h=hour / count,
    )


def _quantile(ascending: Sequence[float], share: float) -> float:
    return ascending[int(share * (len(ascending) - 1))] if ascending else 0.0
