"""
Sends through Apprise, held to the same bounds as webhooks.

Apprise's services follow redirects, read whole answers and connect to whatever a name leads to. All of them send
with Requests, so its one way out is bounded here: the address is asked first, no redirect is followed, and no
more of an answer is read than a person would.
"""

import logging
import socket
from functools import cache
from time import monotonic
from typing import Any
from urllib.parse import urlsplit

from alerts.answer import Answer
from alerts.message import Message
from alerts.wording import title_of, told_in_text
from archive.addresses import AddressGuard

__all__ = ["send_chat"]

log = logging.getLogger(__name__)

#: Bytes of an answer that are read.
BOUND = 65_536
#: Events and letters of a chat message: Discord takes 2,000.
EVENTS, LETTERS = 3, 1900


def send_chat(url: str, message: Message, guard: AddressGuard, timeout: float) -> Answer:
    """Send one message; never raises, and blocks for about the timeout at most."""
    import apprise

    way_out = _bounded_requests()
    # The service by itself: Apprise's own `notify` would send in threads that are not ours to bound.
    service = apprise.Apprise.instantiate(url, suppress_exceptions=True)
    if service is None:
        return Answer(is_taken=False, error="Apprise cannot read the channel's address")
    text = told_in_text(message, most=EVENTS)
    if len(text) > LETTERS:
        text = text[: LETTERS - 1] + "…"
    problems: list[str] = []
    way_out.bounds = (guard, monotonic() + timeout, timeout, problems)
    try:
        is_taken = bool(service.notify(title=title_of(message), body=text, body_format="text"))
    except Exception as error:  # noqa: BLE001 - its services raise whatever their libraries do
        log.warning("chat.failed error=%s", type(error).__name__)
        problems.append(type(error).__name__)
        is_taken = False
    finally:
        way_out.bounds = None
    said = problems[0] if problems else "the service did not take the message"
    return Answer(is_taken=is_taken, error="" if is_taken else said)


class _WayOut:
    """What bounds the thread that sends."""

    def __init__(self) -> None:
        import threading

        self._local = threading.local()

    @property
    def bounds(self) -> tuple[AddressGuard, float, float, list[str]] | None:
        return getattr(self._local, "bounds", None)

    @bounds.setter
    def bounds(self, value: tuple[AddressGuard, float, float, list[str]] | None) -> None:
        self._local.bounds = value


@cache
def _bounded_requests() -> _WayOut:
    """Bound Requests in threads that ask for it, once a process."""
    import requests

    way_out, plain_send = _WayOut(), requests.Session.send

    def send(self: Any, request: Any, **options: Any) -> Any:
        bounds = way_out.bounds
        if bounds is None:
            # A service that sends from a thread of its own would be unbounded.
            raise requests.ConnectionError
        guard, end, timeout, problems = bounds
        _check(request.url, guard, problems)
        left = max(min(end - monotonic(), timeout), 0.1)
        options |= {"allow_redirects": False, "stream": True, "timeout": left, "proxies": {}}
        try:
            answer = plain_send(self, request, **options)
            answer._content = _read(answer, end)
            answer._content_consumed = True
        except requests.RequestException as error:
            problems.append(_said(error, timeout))
            raise
        if not answer.ok or answer.is_redirect:
            problems.append(f"the service answered {answer.status_code}")
        return answer

    requests.Session.send = send  # type: ignore[method-assign]
    return way_out


def _said(error: Exception, timeout: float) -> str:
    import requests

    # The text of the others names addresses, which may hold tokens.
    return f"no answer within {timeout:g} s" if isinstance(error, requests.Timeout) else type(error).__name__


def _read(answer: Any, end: float) -> bytes:
    read = b""
    for piece in answer.iter_content(64):
        read += piece
        if len(read) >= BOUND or monotonic() > end:
            break
    answer.close()
    return read


def _check(url: str, guard: AddressGuard, problems: list[str]) -> None:
    import requests

    parts = urlsplit(url)
    try:
        found = socket.getaddrinfo(parts.hostname, parts.port or 443, type=socket.SOCK_STREAM)
    except OSError as error:
        problems.append("the service's name is not known")
        raise requests.ConnectionError from error
    for *_, place in found:
        if not guard.allows(str(place[0])):
            problems.append(f"forbidden_address: it leads to {place[0]}")
            raise requests.ConnectionError
