"""Whether there is more to visit than the budget allows, by how much edits wait for it, and what would be enough."""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import datetime, timedelta
from typing import Any

from archive.catalog.revisits import Backlog

__all__ = ["LOAD", "Load", "LoadStatus", "load_from", "words_of"]

#: The name under which the scheduler keeps it.
LOAD = "load"
#: A budget that is short by less than this share is enough.
ENOUGH = 1.05


@dataclass(frozen=True, slots=True, kw_only=True)
class Load:
    """What the scheduler worked out when it fitted its policy last."""

    #: Fetches a day that the operator allows; 0 for as many as politeness does.
    budget: float
    #: Fetches a day as it is, and how many would be worth their while without a budget.
    fetches: float
    wanted: float
    #: Hours that an edit waits in the mean, as it is and with that many.
    delay_h: float
    least_delay_h: float
    #: Hosts whose own pace allows less.
    slow_hosts: int


@dataclass(frozen=True, slots=True, kw_only=True)
class LoadStatus:
    """The load with what is overdue at a moment."""

    at: datetime
    backlog: Backlog
    #: Overdue for less than this is the ordinary coming and going of visits.
    patience: timedelta = timedelta(minutes=15)
    #: None before the policy was fitted, and where a fixed interval replaces it.
    load: Load | None = None

    @property
    def is_over(self) -> bool:
        """Tell whether the budget is short."""
        return self.load is not None and 0 < self.load.budget * ENOUGH < self.load.wanted


def load_from(values: Mapping[str, Any] | None) -> Load | None:
    """Return what plain values stand for; None for values of another form."""
    names = {one.name for one in fields(Load)}
    return Load(**values) if values is not None and values.keys() == names else None


def words_of(status: LoadStatus) -> list[str]:
    """Say it in sentences; nothing where nothing is watched, or all is well and there is no budget."""
    said = []
    load, backlog = status.load, status.backlog
    if load is not None and status.is_over:
        said.append(
            f"The budget of {load.budget:,.0f} fetches a day is short: an edit waits {_span(load.delay_h)} in the mean, "
            f"{load.delay_h / max(load.least_delay_h, 1e-9):.1f} times as long as it had to. "
            f"{load.wanted:,.0f} a day would be enough for {_span(load.least_delay_h)}; "
            "`lateedition plan` shows what lies between."
        )
    elif load is not None and load.fetches:
        said.append(
            f"About {load.fetches:,.0f} fetches a day are made; an edit waits {_span(load.delay_h)} in the mean."
        )
    if load is not None and load.slow_hosts:
        hosts = "1 host allows" if load.slow_hosts == 1 else f"{load.slow_hosts:,} hosts allow"
        said.append(f"{hosts} less than that; only their own articles wait longer for it.")
    if backlog.oldest is not None and status.at - backlog.oldest > status.patience:
        late = (status.at - backlog.oldest).total_seconds() / 3600
        articles = "1 article is" if backlog.overdue == 1 else f"{backlog.overdue:,} articles are"
        said.append(f"{articles} overdue, the longest for {_span(late)}.")
    return said


def _span(hours: float) -> str:
    if hours < 2:
        return f"{max(1, round(hours * 60))} min"
    return f"{hours:.1f} h" if hours < 48 else f"{hours / 24:.1f} days"
