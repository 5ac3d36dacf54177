"""What looking at the archive again found, before it is written."""

from dataclasses import dataclass, field
from typing import Any

from archive.model import Event, Observation

__all__ = ["ArticleChange", "Reprocessing", "SeenAnew"]


@dataclass(frozen=True, slots=True, kw_only=True)
class SeenAnew:
    """A capture that shows something else than before."""

    now: Observation
    #: Of its record.
    record_id: str
    uri: str
    #: A revisit that shows what another capture of this change shows: nothing has to be laid down for it.
    is_derived: bool


@dataclass(slots=True)
class ArticleChange:
    """What reprocessing changes in one article."""

    uri: str
    #: None for an address that is taken for an article only now.
    article_id: int | None
    seen: list[SeenAnew] = field(default_factory=list)
    appearing: list[Event] = field(default_factory=list)
    vanishing: list[Event] = field(default_factory=list)
    #: Events that hold and read otherwise: as they were, as they are.
    altered: list[tuple[Event, Event]] = field(default_factory=list)


@dataclass(slots=True)
class Reprocessing:
    """What was found, and is or would be changed."""

    articles: int = 0
    captures: int = 0
    #: Articles in which something changes; empty when the archive is as today's software would have it.
    changes: list[ArticleChange] = field(default_factory=list)
    #: One line for each record that could not be read.
    problems: list[str] = field(default_factory=list)

    def events(self, name: str) -> list[Any]:
        """Return all events that are `appearing`, `vanishing` or `altered`."""
        return [event for change in self.changes for event in getattr(change, name)]
