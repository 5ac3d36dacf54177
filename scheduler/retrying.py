"""
How long a failing page or listing is left alone, by what went wrong. Pure.

A time-out may be over in minutes; an address that may not be contacted will not be allowed tomorrow either.
"""

from dataclasses import dataclass
from datetime import timedelta

__all__ = ["retry_wait"]


@dataclass(frozen=True, slots=True)
class _Class:
    """Waits after failures of one class: the first one doubles up to the last."""

    first: timedelta
    last: timedelta


#: What may be over soon: time-outs, resets, names, servers in trouble.
PASSING = _Class(timedelta(minutes=2), timedelta(hours=12))
#: What a server's software or a certificate causes: mended by hand, in hours.
BROKEN = _Class(timedelta(minutes=10), timedelta(hours=24))
#: What the outlet wants: walls, refusals, limits.
WANTED = _Class(timedelta(hours=1), timedelta(days=7))
#: What the address itself is.
HOPELESS = _Class(timedelta(hours=24), timedelta(days=14))

CLASSES = {
    "timeout": PASSING,
    "reset": PASSING,
    "connect": PASSING,
    "dns": PASSING,
    "proxy": PASSING,
    "busy": PASSING,
    "blocked": PASSING,
    "suspect": PASSING,
    "truncated": PASSING,
    "browser_timeout": PASSING,
    "page_missing": PASSING,
    "browser": BROKEN,
    "robots_unreachable": PASSING,
    "bad_http": BROKEN,
    "bad_encoding": BROKEN,
    "bad_feed": BROKEN,
    "too_many_redirects": BROKEN,
    "tls": BROKEN,
    "too_large": WANTED,
    "robots_disallow": WANTED,
    "noarchive": WANTED,
    "forbidden_address": HOPELESS,
    "unsupported_scheme": HOPELESS,
    "bad_url": HOPELESS,
}
#: How many times longer than the operator's fixed interval a failing address waits at most.
FIXED_MOST = 8


def retry_wait(reason: str, failures: int, fixed: timedelta = timedelta(0)) -> timedelta:
    """
    Return the wait after so many failures in a row, the last of them for a reason.

    Args:
        fixed: the operator's own interval, which replaces the classes; it still grows a little.
    """
    if fixed:
        return fixed * min(1 << min(failures - 1, 20), FIXED_MOST)
    kind = _class_of(reason)
    return min(kind.first * (1 << min(max(failures - 1, 0), 20)), kind.last)


def _class_of(reason: str) -> _Class:
    if reason.startswith("http_"):
        return PASSING if reason[5:6] == "5" or reason in ("http_408", "http_429") else WANTED
    return CLASSES.get(reason, PASSING)
