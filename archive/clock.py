"""
Where the time comes from.

Everything that needs the time is handed a clock; nothing calls `datetime.now` by itself. A home may run on
an accelerated clock, so that a demonstration shows days in minutes.
"""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Protocol

__all__ = ["AcceleratedClock", "Clock", "SystemClock"]


class Clock(Protocol):
    """Tells the time."""

    def now(self) -> datetime:
        """Return the present moment, aware, in UTC."""
        raise NotImplementedError

    def real_seconds(self, seconds: float) -> float:
        """Return how long one has to wait, in seconds of the wall clock, for so many seconds of this one."""
        raise NotImplementedError


class SystemClock:
    """The machine's clock."""

    def now(self) -> datetime:
        """Return the machine's time in UTC."""
        return datetime.now(UTC)

    def real_seconds(self, seconds: float) -> float:
        """Return the seconds unchanged."""
        return seconds


@dataclass(frozen=True, slots=True)
class AcceleratedClock:
    """A clock that runs `speed` times as fast as the machine's since `anchor`, when both showed the same time."""

    anchor: datetime
    speed: float

    def now(self) -> datetime:
        """Return the accelerated time in UTC."""
        real = datetime.now(UTC)
        return self.anchor + (real - self.anchor) * self.speed

    def real_seconds(self, seconds: float) -> float:
        """Return the wall-clock seconds that so many accelerated ones take."""
        return seconds / self.speed
