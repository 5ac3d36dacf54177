"""
How often outlets edit, and whether they say so: shares with their denominators and intervals.

Every figure is defined in `docs/reference/statistics.md`; a share of nothing is None, never zero.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from math import sqrt
from statistics import median
from typing import Any

from archive.catalog.catalogue import Catalogue
from archive.catalog.statistics import EditRow, Span, edits_by_time, watched_by_week, week_of
from archive.model import Disclosure, Track
from archive.model.times import iso

__all__ = ["Span", "statistics_of", "wilson"]

#: Two-sided 95 % of the normal distribution.
Z = 1.959963984540054
#: Disclosure verdicts of edits that needed a note.
NEEDED = frozenset({Disclosure.DISCLOSED, Disclosure.PARTIAL, Disclosure.SILENT})


@dataclass(slots=True)
class _Tally:
    """What is counted of one source in one week."""

    articles: set[int] = field(default_factory=set)
    new: set[int] = field(default_factory=set)
    edited: set[int] = field(default_factory=set)
    headlines: set[int] = field(default_factory=set)
    ages: list[float] = field(default_factory=list)
    edits: int = 0
    needed: int = 0
    silent: int = 0
    corrections: int = 0

    def add(self, one: EditRow) -> None:
        """Count an edit."""
        self.edits += 1
        self.edited.add(one.article_id)
        # An edit was seen in a capture of its article.
        self.articles.add(one.article_id)
        self.needed += one.disclosure in NEEDED
        self.silent += one.disclosure == Disclosure.SILENT
        self.corrections += bool(one.has_correction)
        if Track.HEADLINE in one.tracks.split(","):
            self.headlines.add(one.article_id)
        self.ages.append(_age_hours(one))


def wilson(hits: int, of: int) -> tuple[float, float] | None:
    """Return the 95 % Wilson interval of a share; None of nothing."""
    if of == 0:
        return None
    share = hits / of
    middle = (share + Z * Z / (2 * of)) / (1 + Z * Z / of)
    half = Z * sqrt(share * (1 - share) / of + Z * Z / (4 * of * of)) / (1 + Z * Z / of)
    # The share itself lies within, whatever rounding makes of its neighbours.
    return max(0.0, min(share, middle - half)), min(1.0, max(share, middle + half))


def statistics_of(catalogue: Catalogue, span: Span, *, by: str) -> Iterator[dict[str, Any]]:
    """
    Yield the statistics, by source and week.

    Args:
        span: what is counted.
        by: "week" (each source, each week), "source" (each source, the whole time) or "all" (one line).
    """
    tallies: dict[tuple[str, datetime | None], _Tally] = {}

    def tally(source: str, week: datetime) -> _Tally:
        key = ("" if by == "all" else source, week if by == "week" else None)
        return tallies.setdefault(key, _Tally())

    with catalogue.reading() as connection:
        for seen in watched_by_week(connection, span):
            here = tally(seen.source, seen.week)
            here.articles.add(seen.article_id)
            if week_of(seen.first_seen_at) == seen.week:
                here.new.add(seen.article_id)
        for one in edits_by_time(connection, span):
            tally(one.source, week_of(one.first_seen_at)).add(one)
    for (source, week), found in sorted(tallies.items(), key=lambda one: (one[0][0], iso(one[0][1]) or "")):
        yield {"source": source or None, "week": iso(week), **_line(found)}


def _line(found: _Tally) -> dict[str, Any]:
    return {
        "articles": len(found.articles),
        "new_articles": len(found.new),
        "edits": found.edits,
        "edited_articles": len(found.edited),
        **_share("edited", len(found.edited), len(found.articles)),
        "needed_note": found.needed,
        "silent": found.silent,
        **_share("silent", found.silent, found.needed),
        "corrections": found.corrections,
        "headline_articles": len(found.headlines),
        **_share("churn", len(found.headlines), len(found.articles), name="headline_churn"),
        "median_age_hours": round(median(found.ages), 3) if found.ages else None,
    }


def _share(prefix: str, hits: int, of: int, *, name: str = "") -> dict[str, float | None]:
    interval = wilson(hits, of)
    low, high = interval or (None, None)
    return {
        name or f"{prefix}_share": round(hits / of, 6) if of else None,
        f"{prefix}_low": None if low is None else round(low, 6),
        f"{prefix}_high": None if high is None else round(high, 6),
    }


def _age_hours(one: EditRow) -> float:
    """Return an article's age at an edit; one that states a publication after the edit is as old as its capture."""
    published = _published(one.published_at)
    if published is None or published > one.first_seen_at:
        published = one.article_seen_at
    return (one.first_seen_at - published).total_seconds() / 3600


def _published(stated: str | None) -> datetime | None:
    try:
        moment = datetime.fromisoformat(stated) if stated else None
    except ValueError:
        return None
    return moment if moment is not None and moment.tzinfo is not None else None
