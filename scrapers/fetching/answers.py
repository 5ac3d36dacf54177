"""Reads what an answer's headers ask for: where to look instead, when to come back, what archives may do."""

import email.utils
from datetime import UTC, datetime
from urllib.parse import urljoin

from archive.model import Exchange

__all__ = ["header_of", "headers_of", "redirect_of", "retry_after_of"]

REDIRECTS = frozenset({301, 302, 303, 307, 308})
#: Seconds of a Retry-After that are believed at most.
DAY = 86_400.0


def header_of(exchange: Exchange, name: str) -> str:
    """Return the first value of a field, or ""."""
    wanted = name.lower().encode()
    return next(
        (value.decode("latin-1") for key, value in exchange.response_headers if key.lower() == wanted), ""
    )


def headers_of(exchange: Exchange, name: str) -> list[str]:
    """Return all values of a field."""
    wanted = name.lower().encode()
    return [value.decode("latin-1") for key, value in exchange.response_headers if key.lower() == wanted]


def redirect_of(exchange: Exchange) -> str | None:
    """Return the address an answer sends us to, whole and without its fragment."""
    if exchange.status not in REDIRECTS:
        return None
    # Servers send UTF-8 in the field, though RFC 9110 §10.2.2 knows only URI characters.
    raw = header_of(exchange, "location").encode("latin-1")
    if not raw:
        return None
    try:
        return urljoin(exchange.url, raw.decode("utf-8", "replace").strip()).partition("#")[0]
    except ValueError:
        return raw.decode("latin-1")


def retry_after_of(exchange: Exchange) -> float:
    """Return the seconds of a Retry-After field, from seconds or from a date (RFC 9110 §10.2.3)."""
    if exchange.status not in (429, 503):
        return 0.0
    value = header_of(exchange, "retry-after").strip()
    if value.isdigit():
        return min(float(value), DAY)
    asked, told = _date(value), _date(header_of(exchange, "date"))
    if asked is None:
        return 0.0
    # The date is measured by the server's own clock, where it tells it.
    return min(max((asked - (told or exchange.at)).total_seconds(), 0.0), DAY)


def _date(text: str) -> datetime | None:
    try:
        moment = email.utils.parsedate_to_datetime(text)
    except (ValueError, TypeError):
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
