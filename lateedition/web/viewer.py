"""A frame around replay: when the page was captured, what came before and after, and where its bytes are."""

from typing import Any

from fastapi import APIRouter, Request
from starlette.responses import Response

from archive.errors import UnknownUrlError
from archive.model import Article
from archive.reading import Archive
from lateedition.web.api import archive_of
from lateedition.web.mementos import moment_of, nearest
from lateedition.web.policy import PAGE_POLICY
from lateedition.web.rendering import render

__all__ = ["router"]

router = APIRouter(include_in_schema=False)


@router.api_route("/replay", methods=["GET", "HEAD"])
def viewer(request: Request, url: str = "", at: str = "") -> Response:
    """Show an archived page in a frame that can do nothing."""
    archive = archive_of(request)
    mementos = archive.mementos(url)
    if not mementos:
        return render(request, "unknown.html", 404, url=url, nearest=())
    chosen = nearest(mementos, moment_of(at)) if at else mementos[-1]
    place = mementos.index(chosen)
    values: dict[str, Any] = {
        "chosen": chosen,
        "number": place + 1,
        "count": len(mementos),
        "older": mementos[place - 1] if place else None,
        "newer": mementos[place + 1] if place + 1 < len(mementos) else None,
        "article": _article(archive, url),
    }
    response = render(request, "replay.html", **values)
    response.headers["Content-Security-Policy"] = f"{PAGE_POLICY}; frame-src 'self'"
    return response


def _article(archive: Archive, url: str) -> Article | None:
    try:
        return archive.article(url)
    except UnknownUrlError:
        return None
