"""How long to wait between tries, and when to give a delivery or a channel a rest. Pure."""

from datetime import timedelta

__all__ = ["BREAK", "GIVE_UP", "LATE", "pause", "rest"]

#: Time after which a delivery is given up.
GIVE_UP = timedelta(hours=24)
#: What waited longer than it should is sent together, and marked.
LATE = timedelta(hours=1)
#: Failures in a row after which a channel is tried with one message at a time.
BREAK = 5
#: The wait between two tries grows no longer than this, in seconds.
LONGEST = 3600.0


def pause(attempts: int, *, base: float, chance: float, asked: float = 0.0) -> float:
    """
    Return the seconds before a delivery's next try: doubling, with jitter, never less than the receiver asks.

    Args:
        attempts: how often it was tried.
        base: the wait after the first try.
        chance: between 0 and 1.
        asked: what the receiver asked for.
    """
    doubled = base * 2.0 ** min(max(attempts - 1, 0), 30)
    return max(min(doubled, LONGEST) * (0.75 + 0.5 * chance), asked)


def rest(failures: int, *, base: float, asked: float = 0.0) -> float:
    """Return the seconds for which a channel is left alone after so many failures in a row; 0 for the first few."""
    if failures < BREAK:
        return asked
    return max(min(base * 2.0 ** min(failures - BREAK, 30), LONGEST / 4), asked)
