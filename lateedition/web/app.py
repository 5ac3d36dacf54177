"""Puts the pages, the API, the feeds and replay together as one application over an opened archive."""

import logging
from collections.abc import Awaitable, Callable, Sequence
from pathlib import Path

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.staticfiles import StaticFiles

from alerts.desk import Desk
from alerts.errors import UnknownNameError
from archive.errors import ArchiveError, UnknownEventError, UnknownSourceError, UnknownUrlError
from archive.reading import Archive
from lateedition.web import (
    alerting,
    api,
    article,
    cdx,
    feeds,
    pages,
    picture,
    replay,
    search_page,
    searching,
    stream,
    viewer,
)
from lateedition.web.policy import OWN, STYLE
from lateedition.web.problems import BadRequestError, problem, wants_json
from lateedition.web.rendering import environment, render
from lateedition.web.tags import Tagged

__all__ = ["LOOPBACK", "create_app"]

STATIC = Path(__file__).parent / "static"
#: Names under which this machine may be asked.
LOOPBACK = ("127.0.0.1", "localhost", "[::1]")

log = logging.getLogger(__name__)


def create_app(
    archive: Archive,
    desk: Desk,
    *,
    notice: str = "",
    refresh_seconds: int = 0,
    allowed_hosts: Sequence[str] = LOOPBACK,
) -> FastAPI:
    """
    Build the application.

    Args:
        archive: what it shows; the caller closes it.
        desk: the alerts of the same home.
        notice: a line that stands above every page.
        refresh_seconds: how often the first page asks for itself anew; 0 for never.
        allowed_hosts: names under which it may be asked; others are refused, so that no foreign page can
            reach it through a name of its own.
    """
    app = FastAPI(
        title="Late Edition",
        docs_url=None,
        redoc_url=None,
        openapi_url="/api/v1/openapi.json",
        redirect_slashes=False,
    )
    app.state.archive = archive
    app.state.desk = desk
    app.state.notice = notice
    app.state.refresh_seconds = refresh_seconds
    # Answers that never end ask this; whoever runs the server says when it ends.
    app.state.is_ending = lambda: False
    app.state.templates = environment()
    app.mount("/static", StaticFiles(directory=STATIC), name="static")
    for router in (
        pages.router,
        alerting.router,
        article.router,
        api.router,
        searching.router,
        search_page.router,
        feeds.router,
        stream.router,
        picture.router,
        cdx.router,
        viewer.router,
        replay.router,
    ):
        app.include_router(router)
    app.add_middleware(Tagged)
    _add_health(app)
    _add_errors(app)

    @app.middleware("http")
    async def guard(request: Request, call_next: Callable[[Request], Awaitable[Response]]) -> Response:
        host = request.headers.get("host", "")
        name = host if host.endswith("]") else host.rpartition(":")[0] or host
        if name not in allowed_hosts:
            response: Response = problem(421, f"{host or 'no host'}: this page is reached as 127.0.0.1 only")
        elif _is_foreign(request):
            response = problem(403, "this archive answers its own pages only; follow a link to it instead")
        else:
            response = await _answered(request, call_next)
        for key, value in (STYLE if request.url.path.startswith("/static/") else OWN).items():
            response.headers.setdefault(key, value)
        return response

    return app


def _is_foreign(request: Request) -> bool:
    """
    Tell whether a page elsewhere asks, other than by a link that somebody follows.

    Replayed pages have no origin, so what they ask of the archive counts as foreign too: it is let through.
    """
    sent = request.headers
    is_cross = sent.get("sec-fetch-site") == "cross-site" and sent.get("sec-fetch-mode") != "navigate"
    return is_cross and not request.url.path.startswith("/web/")


async def _answered(request: Request, call_next: Callable[[Request], Awaitable[Response]]) -> Response:
    """Answer, whatever happens: a reader never sees a traceback, the log does."""
    try:
        return await call_next(request)
    except Exception:
        log.exception("web.failed path=%s", request.url.path)
        detail = "Something went wrong here, and the log says what. The archive itself is not touched by reading it."
        if wants_json(request):
            return problem(500, detail)
        return render(request, "error.html", 500, status=500, detail=detail)


def _add_health(app: FastAPI) -> None:
    @app.get("/healthz", include_in_schema=False)
    def healthz() -> Response:
        return PlainTextResponse("ok\n")

    @app.get("/readyz", include_in_schema=False)
    def readyz(request: Request) -> Response:
        overview = request.app.state.archive.overview()
        return JSONResponse({"ready": True, "captures": overview.captures})

    @app.get("/metrics", include_in_schema=False)
    def metrics(request: Request) -> Response:
        archive = request.app.state.archive
        overview, tallies = archive.overview(), archive.tallies()
        lines = [
            "# TYPE lateedition_captures gauge",
            f"lateedition_captures {overview.captures}",
            "# TYPE lateedition_articles gauge",
            f"lateedition_articles {overview.articles}",
            "# TYPE lateedition_edits gauge",
            *[
                f'lateedition_edits{{of="{name}"}} {sum(getattr(one, name) for one in tallies)}'
                for name in ("events", "silent", "corrections", "headlines", "removed")
            ],
        ]
        return PlainTextResponse("\n".join(lines) + "\n", media_type="text/plain; version=0.0.4")


def _add_errors(app: FastAPI) -> None:
    def answer(request: Request, status: int, detail: str) -> Response:
        if wants_json(request):
            return problem(status, detail)
        return render(request, "error.html", status, status=status, detail=detail)

    @app.exception_handler(HTTPException)
    def http_error(request: Request, error: HTTPException) -> Response:
        usual = {404: "There is no such page.", 405: "This page is only read: GET and HEAD are answered."}
        response = answer(request, error.status_code, usual.get(error.status_code, str(error.detail)))
        response.headers.update(error.headers or {})
        return response

    @app.exception_handler(RequestValidationError)
    def invalid(request: Request, error: RequestValidationError) -> Response:
        wrong = "; ".join(
            f"{'.'.join(str(part) for part in one['loc'][1:])}: {one['msg']}" for one in error.errors()
        )
        return answer(request, 422, wrong)

    @app.exception_handler(UnknownUrlError)
    @app.exception_handler(UnknownEventError)
    @app.exception_handler(UnknownSourceError)
    @app.exception_handler(UnknownNameError)
    def unknown(request: Request, error: ArchiveError | UnknownNameError) -> Response:
        return answer(request, 404, str(error))

    @app.exception_handler(BadRequestError)
    def bad_request(request: Request, error: BadRequestError) -> Response:
        return answer(request, 400, str(error))

    @app.exception_handler(ArchiveError)
    def failing(request: Request, error: ArchiveError) -> Response:
        log.error("web.archive_failed path=%s: %s", request.url.path, error)
        return answer(request, 503, str(error))
