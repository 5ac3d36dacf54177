"""Scrapy's scheduler for a crawl whose frontier decides what comes when: first in, first out, nothing remembered."""

from collections import deque

from scrapy import Request
from scrapy.core.scheduler import BaseScheduler

__all__ = ["PassingScheduler"]


class PassingScheduler(BaseScheduler):
    """Hands requests on in the order they came; the frontier has already bounded and ordered them."""

    def __init__(self) -> None:
        self._waiting: deque[Request] = deque()

    def has_pending_requests(self) -> bool:
        """Tell whether something waits."""
        return bool(self._waiting)

    def enqueue_request(self, request: Request) -> bool:
        """Take a request; none is a duplicate, because the frontier hands each address out once."""
        self._waiting.append(request)
        return True

    def next_request(self) -> Request | None:
        """Return the next request, or None."""
        return self._waiting.popleft() if self._waiting else None
