"""Events as the pages list them: a card each, under the day on which it was first seen."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from archive.model import Event
from archive.reading import Archive
from lateedition.web.snippets import Snippet, snippets

__all__ = ["Card", "Day", "days_of"]


@dataclass(frozen=True, slots=True)
class Card:
    """An event, the changed places that are shown of it, and the language of its article."""

    event: Event
    snippets: Sequence[Snippet]
    language: str | None


@dataclass(frozen=True, slots=True)
class Day:
    """The events of one day, as they were given."""

    at: datetime
    cards: list[Card] = field(default_factory=list)


def days_of(archive: Archive, events: Sequence[Event]) -> list[Day]:
    """Return events as cards, grouped by day; neighbours of one day stand together."""
    languages = archive.languages(events)
    days: list[Day] = []
    for event in events:
        if not days or days[-1].at.date() != event.first_seen_at.date():
            days.append(Day(event.first_seen_at))
        days[-1].cards.append(Card(event, snippets(event), languages.get(event.id)))
    return days
