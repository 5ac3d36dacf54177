"""Errors of the API as problem documents (RFC 9457), and of the pages as pages."""

from http import HTTPStatus
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse

__all__ = ["BadRequestError", "problem", "wants_json"]

#: Addresses that programs read.
MACHINES = ("/api/", "/healthz", "/readyz", "/metrics", "/feeds/", "/cdx/")


class BadRequestError(ValueError):
    """What was asked makes no sense; the text says why."""


def problem(status: int, detail: str, **more: Any) -> JSONResponse:
    """Return a problem document."""
    body = {
        "type": "about:blank",
        "title": HTTPStatus(status).phrase,
        "status": status,
        "detail": detail,
        **more,
    }
    return JSONResponse(body, status, media_type="application/problem+json")


def wants_json(request: Request) -> bool:
    """Tell whether a request came to the API rather than to a page."""
    return request.url.path.startswith(MACHINES)
