"""Errors of the API as problem documents (RFC 9457), and of the pages as pages."""

from http import HTTPStatus
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse

__all__ = ["PROBLEMS", "BadRequestError", "problem", "wants_json"]

#: Addresses that programs read.
MACHINES = ("/api/", "/healthz", "/readyz", "/metrics", "/feeds/", "/cdx/")


SCHEMA = {
    "type": "object",
    "required": ["type", "title", "status", "detail"],
    "properties": {
        "type": {"type": "string"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string"},
    },
}
#: How the API's description names its errors.
PROBLEMS: dict[int | str, dict[str, Any]] = {
    status: {"description": said, "content": {"application/problem+json": {"schema": SCHEMA}}}
    for status, said in {
        400: "What was asked makes no sense",
        404: "Nothing is archived under this name or address",
        422: "A parameter is missing or of the wrong form",
        503: "The archive cannot be read at the moment",
    }.items()
}


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
