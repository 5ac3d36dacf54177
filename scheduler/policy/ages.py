"""Ages of articles, in hours: the bins in which hazards are learnt, and the fine grid on which visits are placed."""

import itertools
from bisect import bisect_right
from dataclasses import dataclass
from functools import lru_cache

__all__ = ["COARSEST", "EDGES", "FINEST", "RECENT", "SHARE", "Grid", "bin_of", "grid", "recency_class"]

#: Bins of age begin here; the last one is open.
EDGES = (0.0, 0.25, 0.5, 1.0, 2.0, 3.0, 6.0, 12.0, 24.0, 48.0, 72.0, 120.0, 168.0, 336.0, 720.0)
#: Classes of the time since the last change end here; beyond the last one there is an open class.
RECENT = (0.25, 0.5, 1.0, 2.0, 4.0, 8.0, 24.0)
#: Cells of the grid grow with the age, between these.
FINEST, COARSEST, SHARE = 1 / 60, 1.0, 1 / 40


@dataclass(frozen=True, slots=True)
class Grid:
    """Cells between ages."""

    #: Borders, one more than there are cells.
    ages: tuple[float, ...]
    #: Per cell: its width, its middle, and the bin of its middle.
    widths: tuple[float, ...]
    middles: tuple[float, ...]
    bins: tuple[int, ...]

    def cell(self, age: float) -> int:
        """Return the cell in which an age lies."""
        return min(bisect_right(self.ages, age) - 1, len(self.widths) - 1)


def bin_of(age: float) -> int:
    """Return the bin in which an age lies."""
    return bisect_right(EDGES, age) - 1


def recency_class(since: float | None) -> int:
    """Return the class of the time since the last change; the last class is that of articles without one."""
    return len(RECENT) + 1 if since is None else bisect_right(RECENT, since)


@lru_cache(maxsize=512)
def grid(horizon: float) -> Grid:
    """Return the grid up to an age: fine while the article is young."""
    ages = [0.0]
    while ages[-1] < horizon:
        ages.append(min(horizon, ages[-1] + min(COARSEST, max(FINEST, ages[-1] * SHARE))))
    pairs = list(itertools.pairwise(ages))
    middles = tuple((low + high) / 2 for low, high in pairs)
    return Grid(
        ages=tuple(ages),
        widths=tuple(high - low for low, high in pairs),
        middles=middles,
        bins=tuple(bin_of(middle) for middle in middles),
    )
