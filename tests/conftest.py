"""What every test shares: no internet, and a clock that stands still until it is told to go on."""

import ipaddress
import socket
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import settings

# What the suite says of a tree depends on the tree alone, not on the machine's speed or the day's dice;
# `make explore` throws dice.
settings.register_profile("steady", derandomize=True, deadline=None, database=None)
settings.register_profile("explore", deadline=None, max_examples=1_000)
settings.load_profile("steady")


@pytest.fixture(autouse=True)
def _no_internet(monkeypatch: pytest.MonkeyPatch) -> None:
    """Refuse every connection that would leave this machine."""
    connect = socket.socket.connect

    def guarded(self: socket.socket, address: Any) -> None:
        if self.family in (socket.AF_INET, socket.AF_INET6) and not _is_loopback(address[0]):
            message = f"a test tried to reach {address}"
            raise RuntimeError(message)
        connect(self, address)

    monkeypatch.setattr(socket.socket, "connect", guarded)


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


class StillClock:
    """A clock that moves when a test says so."""

    def __init__(self, start: datetime) -> None:
        self.time = start

    def now(self) -> datetime:
        """Return the moment it stands at."""
        return self.time

    def real_seconds(self, seconds: float) -> float:
        """Return the seconds unchanged."""
        return seconds

    def go(self, **units: float) -> datetime:
        """Move on by so many units (`hours=1`) and return the new moment."""
        self.time += timedelta(**units)
        return self.time


@pytest.fixture
def clock() -> StillClock:
    """A clock at the evening of the sample article."""
    return StillClock(datetime(2018, 7, 20, 0, 15, tzinfo=UTC))
