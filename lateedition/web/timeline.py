"""An article's versions and checks as a picture: a line of time, a dot for each version, a tick for each check."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from archive.model import Capture, Event, Verdict, Version
from lateedition.web.snippets import style_of
from lateedition.web.times import exact

__all__ = ["Dot", "Timeline", "describe", "timeline"]

#: What is left free at the ends of the line.
EDGE = 56
#: Room that a dot, its name and its time need.
DOT, NAME, TIME = 22, 30, 104
#: Ticks drawn at most.
TICKS = 160


@dataclass(frozen=True, slots=True)
class Dot:
    """One version on the line."""

    x: float
    number: int
    #: What stands above and below; "" where there is no room.
    name: str
    time: str
    #: Which of the badges' colours it has.
    style: str
    is_compared: bool


@dataclass(frozen=True, slots=True)
class Timeline:
    """What is drawn."""

    width: int
    dots: tuple[Dot, ...]
    ticks: tuple[float, ...]
    #: Checks that found the article gone.
    gaps: tuple[float, ...]
    #: Ends of the run between the two versions that are compared.
    run: tuple[float, float] | None


def timeline(
    versions: Sequence[Version],
    captures: Sequence[Capture],
    events: dict[str, Event],
    compared: tuple[int, int],
    width: int,
) -> Timeline:
    """Lay versions and checks out along a line; both must not be empty."""
    first, last = captures[0].captured_at, captures[-1].captured_at
    span = max((last - first).total_seconds(), 1.0)

    def place(moment: datetime) -> float:
        share = (moment - first).total_seconds() / span
        return round(EDGE + min(max(share, 0.0), 1.0) * (width - 2 * EDGE), 1)

    places = _apart([place(version.captured_at) for version in versions], width)
    step = max(1, len(captures) // TICKS)
    gone = {place(one.captured_at) for one in captures if one.verdict in (Verdict.MISSING, Verdict.REMOVED)}
    by_number = {version.number: x for version, x in zip(versions, places, strict=True)}
    run = sorted(by_number[number] for number in compared if number in by_number)
    return Timeline(
        width,
        tuple(_dots(versions, places, events, compared)),
        tuple(sorted({place(one.captured_at) for one in captures[::step]} - gone)),
        tuple(sorted(gone)),
        (run[0], run[-1]) if len(run) == 2 and run[0] < run[1] else None,
    )


def describe(versions: Sequence[Version], captures: Sequence[Capture]) -> str:
    """Say in words what the picture shows."""
    count = f"{len(versions)} version{'s' if len(versions) != 1 else ''}"
    checks = f"{len(captures)} check{'s' if len(captures) != 1 else ''}"
    return (
        f"{count} in {checks} between {exact(captures[0].captured_at)} and {exact(captures[-1].captured_at)}."
    )


def _apart(places: list[float], width: int) -> list[float]:
    """Move dots so far apart that none covers another, as far as there is room."""
    room = min(DOT, (width - 2 * EDGE) / max(1, len(places) - 1))
    moved = list(places)
    for number in range(1, len(moved)):
        moved[number] = max(moved[number], moved[number - 1] + room)
    limit = float(width - EDGE)
    for number in reversed(range(len(moved))):
        moved[number] = min(moved[number], limit)
        limit = moved[number] - room
    return [round(x, 1) for x in moved]


def _dots(
    versions: Sequence[Version], places: Sequence[float], events: dict[str, Event], compared: tuple[int, int]
) -> list[Dot]:
    """Name dots from both ends, those that are compared first, wherever there is room."""
    order = sorted(
        range(len(versions)),
        key=lambda number: (versions[number].number not in compared, number not in (0, len(versions) - 1)),
    )
    named: list[float] = []
    timed: list[float] = []
    dots: dict[int, Dot] = {}
    for number in order:
        version, x = versions[number], places[number]
        has_name, has_time = _has_room(x, named, NAME), _has_room(x, timed, TIME)
        dots[number] = Dot(
            x=x,
            number=version.number,
            name=f"v{version.number}" if has_name else "",
            time=f"{version.captured_at:%b} {version.captured_at.day}, {version.captured_at:%H:%M}"
            if has_time
            else "",
            style=style_of(events.get(version.event or "")),
            is_compared=version.number in compared,
        )
        named += [x] if has_name else []
        timed += [x] if has_time else []
    return [dots[number] for number in sorted(dots)]


def _has_room(x: float, others: Sequence[float], room: float) -> bool:
    return all(abs(x - other) >= room for other in others)
