"""What is watched."""

from dataclasses import dataclass
from datetime import datetime

__all__ = ["Source"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """An outlet, or one article, under watch."""

    name: str
    #: As it was given to `watch`.
    url: str
    #: "outlet" or "article".
    kind: str
    is_paused: bool
    added_at: datetime
